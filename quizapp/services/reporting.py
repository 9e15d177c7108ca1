"""What came out over time: a student's own progress, by quiz, topic, skill, kind of question and source."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import certainty
from quizapp.domain.certainty import Calibration
from quizapp.domain.item import is_blank
from quizapp.domain.marking import less
from quizapp.domain.quiz import Quiz
from quizapp.domain.review_policy import EVERYTHING
from quizapp.services.learners.strands import Strands, of_attempts
from quizapp.services.taking.lines import visible_aspects
from quizapp.services.taking.put_away import scores_put_away
from quizapp.services.taking.starting import AttemptLine, QuizLine
from quizapp.store import attempts, bank
from quizapp.store import progress as progress_store
from quizapp.store.tables import Attempt


@dataclass(frozen=True)
class Progress:
    """Everything that the student has finished and may see the score of, and what is still open.

    ``strands`` are of the attempts whose marks may be seen question by question. ``calibration`` is None where no quiz
    asked. To a teacher all marks are shown, ``may_see`` or not.
    """

    quizzes: tuple[QuizLine, ...]
    timeline: tuple[tuple[Quiz, AttemptLine], ...]
    strands: Strands
    questions: int
    open: tuple[tuple[Quiz, AttemptLine], ...]
    calibration: tuple[Calibration, ...] | None

    @property
    def calibration_in_words(self) -> str:
        """What the calibration says; empty where that cannot be said."""
        return certainty.in_words(self.calibration or ())


def progress(
    session: Session, *, user_id: int, now: datetime, zone: tzinfo = UTC, taught_in: int | None = None
) -> Progress:
    """The user's own progress, without the attempts whose scores are put away; nine queries at most.

    With ``taught_in`` it is what a teacher of that class sees: every mark, of what this class was set and of what was
    practised outside any class; nothing of other classes.
    """
    mine = attempts.of_user(session, user_id)
    if taught_in is not None:
        mine = _taught(session, mine, taught_in)
    quizzes = bank.quizzes(session, {attempt.quiz_digest for attempt in mine})
    aspects = _aspects(session, mine, quizzes, now) if taught_in is None else _all_aspects(mine)
    seen = [one for one in mine if "score" in aspects.get(one.id, ())]
    marked = [one for one in mine if "marks" in aspects.get(one.id, ())]
    items = bank.items(session, {slot.item_digest for one in marked for slot in one.slots})
    counted = [one for one in seen if one.number > 0]
    lines = {one.id: _line(one, quizzes[one.quiz_digest], now, taught_in) for one in mine}
    return Progress(
        quizzes=_by_quiz(counted, quizzes, lines),
        timeline=tuple((quizzes[one.quiz_digest], lines[one.id]) for one in counted),
        strands=of_attempts(session, marked, items, zone),
        questions=sum(len(one.slots) for one in seen),
        open=tuple((quizzes[one.quiz_digest], lines[one.id]) for one in mine if one.submitted_at is None),
        calibration=_calibration(session, mine, quizzes, aspects),
    )


Aspects = Mapping[uuid.UUID, frozenset[str]]


def _aspects(session: Session, mine: Sequence[Attempt], quizzes: Mapping[str, Quiz], now: datetime) -> Aspects:
    """What the student may see of each submitted attempt."""
    put_away = scores_put_away(session, mine, now)
    told = (one for one in mine if one.submitted_at and one.id not in put_away)
    return {one.id: visible_aspects(one, quizzes[one.quiz_digest], now) for one in told}


def _all_aspects(mine: Sequence[Attempt]) -> Aspects:
    return {one.id: EVERYTHING for one in mine if one.submitted_at}


def _taught(session: Session, mine: Sequence[Attempt], class_id: int) -> list[Attempt]:
    """Those that concern the teachers of a class."""
    set_to_it = progress_store.assignments_of(session, class_id)
    return [one for one in mine if one.assignment_id is None or one.assignment_id in set_to_it]


def _line(attempt: Attempt, quiz: Quiz, now: datetime, taught_in: int | None) -> AttemptLine:
    """The attempt in short, with its mark wherever the reader may see it."""
    line = AttemptLine.of(attempt, quiz, now)
    return line if taught_in is None else replace(line, mark=less(attempt.mark, attempt.late_percent))


def _calibration(
    session: Session, mine: Iterable[Attempt], quizzes: Mapping[str, Quiz], aspects: Aspects
) -> tuple[Calibration, ...] | None:
    """How sure and how right, of the answers whose correctness may be seen; None where no such attempt was asked."""
    asked = [one for one in mine if quizzes[one.quiz_digest].certainty and "correctness" in aspects.get(one.id, ())]
    if not asked:
        return None
    answers = attempts.answers(session, [one.id for one in asked])
    fractions = {(one.id, slot.number): slot.fraction for one in asked for slot in one.slots}
    return certainty.calibration(
        (answer.certainty, fractions[place] == 1)
        for place, answer in answers.items()
        if answer.certainty is not None and not is_blank(answer.response) and fractions[place] is not None
    )


def sorted_timeline(found: Progress, by: str) -> list[tuple[Quiz, AttemptLine]]:
    """The finished attempts by quiz, attempt, submitted or score; with «-» before it the other way round."""
    keys: dict[str, Callable[[tuple[Quiz, AttemptLine]], object]] = {
        "quiz": lambda pair: (pair[0].title.casefold(), pair[1].number),
        "attempt": lambda pair: pair[1].number,
        "submitted": lambda pair: pair[1].submitted_at,
        "score": lambda pair: pair[1].percent if pair[1].percent is not None else Decimal(-1),
    }
    name = by.removeprefix("-")
    key = keys.get(name, keys["submitted"])
    return sorted(found.timeline, key=key, reverse=by.startswith("-") or name not in keys)  # type: ignore[arg-type]


QUIZZES: Mapping[str, Callable[[QuizLine], Any]] = {
    "title": lambda line: line.quiz.title.casefold(),
    "attempts": lambda line: len(line.finished),
    "best": lambda line: line.best,
    "last": lambda line: line.last,
    "counts": lambda line: line.grade,
}


def sorted_quizzes(found: Progress, by: str) -> list[QuizLine]:
    """The quizzes by title, attempts, best, last or counts («-best»: downwards), unknown ones last; else as taken."""
    key = QUIZZES.get(by.removeprefix("-"))
    if key is None:
        return list(found.quizzes)
    known = sorted((line for line in found.quizzes if key(line) is not None), key=key, reverse=by.startswith("-"))
    return known + [line for line in found.quizzes if key(line) is None]


def _by_quiz(
    mine: Iterable[Attempt], quizzes: Mapping[str, Quiz], lines: Mapping[uuid.UUID, AttemptLine]
) -> tuple[QuizLine, ...]:
    grouped: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in mine:
        grouped[attempt.quiz].append(attempt)
    return tuple(
        QuizLine(quizzes[group[-1].quiz_digest], tuple(lines[one.id] for one in group)) for group in grouped.values()
    )

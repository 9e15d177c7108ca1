"""What came out over time: a student's own progress, by quiz, topic, skill, kind of question and source."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain import certainty
from quizapp.domain.certainty import Calibration
from quizapp.domain.item import Item, is_blank
from quizapp.domain.quiz import Quiz
from quizapp.formats import csv_table
from quizapp.services import reading
from quizapp.services.taking.lines import visible_aspects
from quizapp.services.taking.put_away import scores_put_away
from quizapp.services.taking.starting import AttemptLine, QuizLine
from quizapp.store import attempts, bank
from quizapp.store.tables import Attempt, Slot

FEW = 3  # fewer answers than this say too little about a topic or a skill


@dataclass(frozen=True)
class Share:
    """How much was earned of what was available in a group of questions; ``percent`` is None where there are few."""

    name: str
    answered: int
    earned: Decimal
    available: Decimal

    @property
    def percent(self) -> Decimal | None:
        """Per cent of the marks available; None with fewer than three questions."""
        return self.earned * 100 / self.available if self.answered >= FEW and self.available else None

    @property
    def lost(self) -> Decimal:
        """The marks that were not earned."""
        return self.available - self.earned


@dataclass(frozen=True)
class Progress:
    """Everything that the student has finished and may see the score of, and what is still open.

    ``topics``, ``skills``, ``kinds`` and ``sources`` are of the attempts whose marks may be seen question by question;
    an answer whose key rests on several sources counts for each. ``calibration`` is None where no quiz asked.
    """

    quizzes: tuple[QuizLine, ...]
    timeline: tuple[tuple[Quiz, AttemptLine], ...]
    topics: tuple[Share, ...]
    skills: tuple[Share, ...]
    kinds: tuple[Share, ...]
    sources: tuple[Share, ...]
    questions: int
    open: tuple[tuple[Quiz, AttemptLine], ...]
    calibration: tuple[Calibration, ...] | None

    @property
    def costliest(self) -> tuple[tuple[str, Share], ...]:
        """Where most marks were lost, by topic and by kind of question, with the plural that names each."""
        found = (("topics", costliest(self.topics)), ("kinds of question", costliest(self.kinds)))
        return tuple((what, share) for what, share in found if share is not None)

    @property
    def calibration_in_words(self) -> str:
        """What the calibration says; empty where that cannot be said."""
        return certainty.in_words(self.calibration or ())


def progress(session: Session, *, user_id: int, now: datetime) -> Progress:
    """The user's own progress, without the attempts whose scores are put away; nine queries at most."""
    mine = attempts.of_user(session, user_id)
    quizzes = bank.quizzes(session, {attempt.quiz_digest for attempt in mine})
    put_away = scores_put_away(session, mine, now)
    told = [one for one in mine if one.submitted_at and one.id not in put_away]
    aspects = {one.id: visible_aspects(one, quizzes[one.quiz_digest], now) for one in told}
    seen = [one for one in mine if "score" in aspects.get(one.id, ())]
    slots = [slot for one in mine if "marks" in aspects.get(one.id, ()) for slot in one.slots]
    items = bank.items(session, {slot.item_digest for slot in slots})
    counted = [one for one in seen if one.number > 0]
    return Progress(
        quizzes=_by_quiz(counted, quizzes, now),
        timeline=tuple(
            (quizzes[one.quiz_digest], AttemptLine.of(one, quizzes[one.quiz_digest], now)) for one in counted
        ),
        **_dimensions(session, slots, items),
        questions=sum(len(one.slots) for one in seen),
        open=_open(mine, quizzes, now),
        calibration=_calibration(session, mine, quizzes, aspects),
    )


def costliest(shares: Sequence[Share]) -> Share | None:
    """The group that cost most marks; None where nothing was lost, or there is nothing to compare it with."""
    told = [share for share in shares if share.percent is not None]
    most = max(told, key=lambda share: share.lost, default=None)
    return most if most is not None and most.lost > 0 and len(told) > 1 else None


def _dimensions(session: Session, slots: Sequence[Slot], items: Mapping[str, Item]) -> dict[str, tuple[Share, ...]]:
    titles = bank.topic_titles(session) if slots else {}
    named = {ref.split("/")[0]: ref for item in items.values() for ref in _key_passages(item)}
    voices = {ref.split("/")[0]: name.source.voice for ref, name in _names(session, named.values()).items()}
    groups: dict[str, Callable[[Item], Iterable[str]]] = {
        "topics": lambda item: [titles.get(item.topic, item.topic)],
        "skills": lambda item: [item.skill.replace("_", " ")],
        "kinds": lambda item: [item.label],
        "sources": lambda item: {
            voices[ref.split("/")[0]] for ref in _key_passages(item) if ref.split("/")[0] in voices
        },
    }
    return {name: _shares(slots, items, group) for name, group in groups.items()}


def _key_passages(item: Item) -> list[str]:
    return [evidence.passage for _, evidence in item.key_evidence()]


def _names(session: Session, refs: Iterable[str]) -> Mapping[str, reading.PassageName]:
    wanted = set(refs)
    return reading.passage_names(session, wanted) if wanted else {}


def _open(mine: Iterable[Attempt], quizzes: Mapping[str, Quiz], now: datetime) -> tuple[tuple[Quiz, AttemptLine], ...]:
    pairs = ((quizzes[one.quiz_digest], one) for one in mine if one.submitted_at is None)
    return tuple((quiz, AttemptLine.of(one, quiz, now)) for quiz, one in pairs)


def _calibration(
    session: Session, mine: Iterable[Attempt], quizzes: Mapping[str, Quiz], aspects: Mapping[uuid.UUID, frozenset[str]]
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


def progress_csv(found: Progress) -> str:
    """Every finished attempt as CSV, the earliest first; times in UTC."""
    heads = ("Quiz", "Attempt", "Started (UTC)", "Submitted (UTC)", "Marks", "Out of", "Per cent")
    rows = (
        (
            quiz.title,
            line.number,
            f"{line.started_at:%Y-%m-%d %H:%M}",
            f"{line.submitted_at:%Y-%m-%d %H:%M}",
            line.mark.normalize() if line.mark is not None else None,
            line.available.normalize(),
            round(line.percent, 1) if line.percent is not None else None,
        )
        for quiz, line in found.timeline
    )
    return csv_table.dump(heads, ([_plain_number(cell) for cell in row] for row in rows))


def _plain_number(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


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


def _by_quiz(mine: Iterable[Attempt], quizzes: Mapping[str, Quiz], now: datetime) -> tuple[QuizLine, ...]:
    grouped: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in mine:
        grouped[attempt.quiz].append(attempt)
    return tuple(
        QuizLine(
            quizzes[group[-1].quiz_digest],
            tuple(AttemptLine.of(one, quizzes[one.quiz_digest], now) for one in group),
        )
        for group in grouped.values()
    )


def _shares(
    slots: Iterable[Slot], items: Mapping[str, Item], group: Callable[[Item], Iterable[str]]
) -> tuple[Share, ...]:
    """A share for each group, the weakest first; those that cannot be told yet last."""
    earned: dict[str, Decimal] = defaultdict(Decimal)
    available: dict[str, Decimal] = defaultdict(Decimal)
    answered: dict[str, int] = defaultdict(int)
    for slot in slots:
        if slot.mark is None:
            continue
        for name in group(items[slot.item_digest]):
            earned[name] += slot.mark
            available[name] += slot.available
            answered[name] += 1
    shares = [Share(name, answered[name], earned[name], available[name]) for name in answered]
    return tuple(sorted(shares, key=lambda one: (one.percent is None, one.percent or Decimal(0), one.name)))

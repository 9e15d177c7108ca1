"""What came out over time: a student's own progress, by quiz, topic, skill and source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.formats import csv_table
from quizapp.services.taking.results import visible_aspects
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


@dataclass(frozen=True)
class Progress:
    """Everything that the student has finished and may see the score of, and what is still open."""

    quizzes: tuple[QuizLine, ...]
    timeline: tuple[tuple[Quiz, AttemptLine], ...]
    topics: tuple[Share, ...]
    skills: tuple[Share, ...]
    questions: int
    open: tuple[tuple[Quiz, AttemptLine], ...]


def progress(session: Session, *, user_id: int, now: datetime) -> Progress:
    """The user's own progress; the attempts with their slots, the quizzes and the items, in four queries at most."""
    mine = attempts.of_user(session, user_id)
    quizzes = bank.quizzes(session, {attempt.quiz_digest for attempt in mine})
    seen = [one for one in mine if one.submitted_at and "score" in visible_aspects(one, quizzes[one.quiz_digest], now)]
    slots = [slot for attempt in seen for slot in attempt.slots]
    items = bank.items(session, {slot.item_digest for slot in slots})
    titles = bank.topic_titles(session)
    counted = [one for one in seen if one.number > 0]
    return Progress(
        quizzes=_by_quiz(counted, quizzes),
        timeline=tuple((quizzes[one.quiz_digest], AttemptLine.of(one)) for one in counted),
        topics=_shares(slots, items, lambda item: titles.get(item.topic, item.topic)),
        skills=_shares(slots, items, lambda item: item.skill.replace("_", " ")),
        questions=len(slots),
        open=tuple((quizzes[one.quiz_digest], AttemptLine.of(one)) for one in mine if one.submitted_at is None),
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


def _by_quiz(mine: Iterable[Attempt], quizzes: Mapping[str, Quiz]) -> tuple[QuizLine, ...]:
    grouped: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in mine:
        grouped[attempt.quiz].append(attempt)
    return tuple(
        QuizLine(quizzes[group[-1].quiz_digest], tuple(AttemptLine.of(one) for one in group))
        for group in grouped.values()
    )


def _shares(slots: Iterable[Slot], items: Mapping[str, Item], group: Callable[[Item], str]) -> tuple[Share, ...]:
    """A share for each group, the weakest first; those that cannot be told yet last."""
    earned: dict[str, Decimal] = defaultdict(Decimal)
    available: dict[str, Decimal] = defaultdict(Decimal)
    answered: dict[str, int] = defaultdict(int)
    for slot in slots:
        name = group(items[slot.item_digest])
        if slot.mark is not None:
            earned[name] += slot.mark
            available[name] += slot.available
            answered[name] += 1
    shares = [Share(name, answered[name], earned[name], available[name]) for name in answered]
    return tuple(sorted(shares, key=lambda one: (one.percent is None, one.percent or Decimal(0), one.name)))

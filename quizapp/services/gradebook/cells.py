"""One student in one quiz: what stands there, and what of it counts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from quizapp.domain.attempt import Sitting
from quizapp.domain.counting import Counted, Finished, counted, mark_of
from quizapp.domain.marking import less, rounded
from quizapp.domain.quiz import Quiz
from quizapp.store.gradebook import Sat

State = Literal["not set", "excused", "not started", "missing", "working", "time is up", "to mark", "done"]
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Column:
    """A quiz of the class. ``key`` names it in addresses; ``counts`` is False where it is outside the total.

    ``assignment_id`` is None for a quiz that students took of themselves. ``available`` is what there is to earn in it
    (the most, where draws differ); None where nobody has begun it.
    """

    key: str
    quiz: Quiz
    assignment_id: int | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    set_at: datetime | None = None
    withdrawn: bool = False
    available: Decimal | None = None

    @property
    def title(self) -> str:
        """What the quiz is called."""
        return self.quiz.title

    @property
    def counts(self) -> bool:
        """Whether results of it go into the total: what is set and not withdrawn."""
        return self.assignment_id is not None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands for a student in a quiz.

    ``attempt_id`` is the attempt to look at: the one that counts, else the open one. ``share`` is what counts, exactly,
    after lateness; None where nothing does. ``counts`` says whether the result goes into the total, ``dropped`` whether
    it was left out there as one of the lowest. ``waits``: an answer waits for a person, so that the mark may yet rise.
    """

    state: State
    attempt_id: uuid.UUID | None = None
    counted: tuple[uuid.UUID, ...] = ()
    attempts: int = 0
    share: Fraction | None = None
    available: Decimal = NOTHING
    waits: bool = False
    late_by: timedelta | None = None
    late_percent: int = 0
    submitted_at: datetime | None = None
    by_hand: bool = False
    excused_because: str | None = None
    counts: bool = False
    dropped: bool = False

    @property
    def mark(self) -> Decimal | None:
        """What counts in points, to seven places."""
        return mark_of(self.share, self.available)

    @property
    def percent(self) -> Decimal | None:
        """What counts in per cent, to seven places."""
        return percent_of(self.share)


def percent_of(share: Fraction | None) -> Decimal | None:
    """A share in per cent, rounded once to seven places; None for None."""
    if share is None:
        return None
    return rounded(Decimal(100 * share.numerator) / Decimal(share.denominator))


def result(mine: Sequence[Sat], grading: str) -> Counted[uuid.UUID] | None:
    """What these attempts of a student at a quiz, in the order started, come to after lateness."""
    finished = [
        Finished(one.id, less(one.mark, one.late_percent) if one.late_percent else one.mark, one.available)
        for one in mine
        if one.submitted_at is not None
    ]
    return counted(finished, grading) if finished else None


def cell(mine: Sequence[Sat], grading: str, *, counts: bool, due: datetime | None, now: datetime) -> Cell:
    """What stands for a student with these attempts. ``due``: from when on what is not handed in is missing."""
    came_to = result(mine, grading)
    if came_to is None:
        return _unfinished(mine, due, now)
    seen = next(one for one in mine if one.id == came_to.attempts[-1])
    return Cell(
        state="to mark" if came_to.share is None and came_to.waits else "done",
        attempt_id=seen.id,
        counted=came_to.attempts,
        attempts=len(mine),
        share=came_to.share,
        available=came_to.available,
        waits=came_to.waits,
        late_by=_late_by(seen),
        late_percent=seen.late_percent,
        submitted_at=seen.submitted_at,
        by_hand=seen.set_mark is not None,
        counts=counts and came_to.share is not None,
    )


def _unfinished(mine: Sequence[Sat], due: datetime | None, now: datetime) -> Cell:
    if mine:
        running = mine[-1]
        grace = timedelta(seconds=running.grace_seconds)
        is_over = Sitting(running.started_at, running.deadline, grace).overdue(now)
        return Cell("time is up" if is_over else "working", running.id, attempts=len(mine), available=running.available)
    return Cell("missing" if due is not None and now > due else "not started")


def _late_by(one: Sat) -> timedelta | None:
    """How long after the due date, or the later end that the teacher gave, it was handed in."""
    if one.due_at is None or one.submitted_at is None:
        return None
    until = max(one.due_at, one.own_deadline) if one.own_deadline is not None else one.due_at
    return one.submitted_at - until if one.submitted_at > until else None

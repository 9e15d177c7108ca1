"""A student's attempt as a teacher sees it: each question with answer, key, mark and reason, and how marks moved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.attempt import Standing
from quizapp.domain.marking import less
from quizapp.domain.quiz import Quiz
from quizapp.domain.review_policy import EVERYTHING
from quizapp.services import marks
from quizapp.services.gradebook.seeing import seen_by
from quizapp.services.people import Person, person
from quizapp.services.taking.finishing import lateness, needs_closing
from quizapp.services.taking.lines import Line, line
from quizapp.store import assignments, attempts, bank, gradebook
from quizapp.store.class_tables import SchoolClass
from quizapp.store.mark_tables import WHOLE_ATTEMPT, MarkChange
from quizapp.store.tables import Attempt

A_COMMAND, SOMEBODY_ERASED = "command line", "an erased account"
KINDS = {"override": "by hand", "regrade": "by a regrade", "person": "by a person", "undo": "taken back"}


@dataclass(frozen=True)
class Moved:
    """A mark that moved after submission."""

    at: datetime
    who: str
    how: str
    old: Decimal | None
    new: Decimal | None
    why: str


@dataclass(frozen=True)
class Marked:
    """A question of the attempt: all of it, a teacher's comment, and how its mark moved, the oldest first."""

    line: Line
    comment: str | None
    moved: tuple[Moved, ...]
    may_take_back: bool

    @property
    def waits(self) -> bool:
        """Whether a person has still to mark it."""
        return self.line.fraction is None


@dataclass(frozen=True)
class SeenAttempt:
    """An attempt with everything in it. ``mark`` counts, after lateness; ``whole_mark`` is before it.

    ``others`` are all attempts of the student at the same quiz in the same place: number and id, this one too.
    """

    id: uuid.UUID
    student: Person
    quiz: Quiz
    school_class: SchoolClass | None
    assignment_id: int | None
    mode: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    overdue: bool
    closing: bool
    late_by: timedelta | None
    late_percent: int
    whole_mark: Decimal | None
    mark: Decimal | None
    available: Decimal
    set_by_hand: bool
    comment: str | None
    questions: tuple[Marked, ...]
    moved: tuple[Moved, ...]
    others: tuple[tuple[int, uuid.UUID], ...]

    @property
    def percent(self) -> Decimal | None:
        """What counts in per cent; None while it waits."""
        return None if self.mark is None or not self.available else self.mark * 100 / self.available

    @property
    def waiting(self) -> tuple[int, ...]:
        """The numbers of the questions that wait for a person."""
        if self.submitted_at is None:
            return ()
        return tuple(one.line.number for one in self.questions if one.waits)

    @property
    def passages(self) -> set[str]:
        """The passages that the page names."""
        return {ref for one in self.questions for ref in one.line.passages}

    @property
    def disputes(self) -> set[str]:
        """The disputes that the page names."""
        return {name for one in self.questions for name in one.line.disputes}


def seen_attempt(session: Session, attempt_id: uuid.UUID, *, teacher_id: int, now: datetime) -> SeenAttempt:
    """An attempt that this teacher may see; eleven queries. Raises ``NotFound``."""
    attempt = seen_by(session, attempt_id, teacher_id)
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    history = marks.history(session, attempt_id)
    people = {one.id: person(one) for one in assignments.users(session, {attempt.user_id, *_actors(history)})}
    moved = _moved(history, people)
    mark = less(attempt.mark, attempt.late_percent) if attempt.submitted_at is not None else None
    return SeenAttempt(
        id=attempt.id,
        student=people[attempt.user_id],
        quiz=quiz,
        school_class=gradebook.class_of(session, attempt.assignment_id),
        assignment_id=attempt.assignment_id,
        mode=attempt.mode,
        number=attempt.number,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        overdue=attempt.overdue,
        closing=needs_closing(attempt, now),
        late_by=lateness(attempt),
        late_percent=attempt.late_percent,
        whole_mark=attempt.mark,
        mark=mark,
        available=attempt.available,
        set_by_hand=attempt.set_mark is not None,
        comment=attempt.comment,
        questions=_questions(session, attempt, history, moved),
        moved=moved.get(WHOLE_ATTEMPT, ()),
        others=gradebook.attempts_beside(session, attempt),
    )


def _actors(history: Iterable[MarkChange]) -> set[int]:
    return {one.actor_id for one in history if one.actor_id is not None}


def _moved(history: Iterable[MarkChange], people: Mapping[int, Person]) -> dict[int, tuple[Moved, ...]]:
    """Slot → how its mark moved."""
    found: dict[int, tuple[Moved, ...]] = {}
    for one in history:
        known = people.get(one.actor_id or 0)
        who = A_COMMAND if one.actor_id is None else known.name if known is not None else SOMEBODY_ERASED
        moved = Moved(one.at, who, KINDS.get(one.kind, one.kind), one.old_mark, one.new_mark, one.why)
        found[one.slot] = (*found.get(one.slot, ()), moved)
    return found


def _questions(
    session: Session, attempt: Attempt, history: Iterable[MarkChange], moved: Mapping[int, tuple[Moved, ...]]
) -> tuple[Marked, ...]:
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    answers = attempts.answers(session, [attempt.id])
    others = attempts.others(session, attempt.id, [Standing.LATE, Standing.CONFLICT])
    last = {one.slot: one.kind for one in history}
    return tuple(
        Marked(
            replace(
                line(
                    slot,
                    items[slot.item_digest],
                    answers.get((attempt.id, slot.number)),
                    EVERYTHING,
                    others=others.get(slot.number, ()),
                    by_teacher=True,
                ),
                waiting=slot.fraction is None and attempt.submitted_at is not None,
            ),
            slot.comment,
            moved.get(slot.number, ()),
            may_take_back=last.get(slot.number) == "override",
        )
        for slot in attempt.slots
    )

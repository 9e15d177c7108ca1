"""What holds for one student of an assignment; and bringing attempts up to date when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.domain.schedule import Accommodation, Dates, LatePolicy, Schedule, for_student
from quizapp.services.taking.finishing import late_percent
from quizapp.store import assignments, bank
from quizapp.store import attempts as attempts_store
from quizapp.store.class_tables import Accommodation as Row
from quizapp.store.class_tables import Assignment
from quizapp.store.tables import Attempt

NOTHING = Accommodation()


@dataclass(frozen=True)
class Accommodations:
    """What students get beyond the others: (class, student) in all quizzes, (assignment, student) in that one."""

    general: Mapping[tuple[int, int], Accommodation]
    special: Mapping[tuple[int, int], Accommodation]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Accommodations:
        """What these rows say."""
        kept = list(rows)
        return cls(
            {(row.class_id, row.user_id): said(row) for row in kept if row.assignment_id is None},
            {(row.assignment_id, row.user_id): said(row) for row in kept if row.assignment_id is not None},
        )

    def get(self, assignment: Assignment, user_id: int) -> Accommodation:
        """What this student gets in this assignment."""
        special = self.special.get((assignment.id, user_id), NOTHING)
        return special.over(self.general.get((assignment.class_id, user_id), NOTHING))


def said(row: Row | None) -> Accommodation:
    """What a row says; nothing where there is none."""
    if row is None:
        return NOTHING
    extra = timedelta(minutes=row.extra_minutes) if row.extra_minutes is not None else None
    return Accommodation(row.time_percent, extra, row.extra_attempts, Dates(row.opens_at, row.due_at, row.closes_at))


def schedule(assignment: Assignment, quiz: Quiz, gets: Accommodation) -> Schedule:
    """What holds for a student who gets this."""
    dates = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at)
    policy = cast(LatePolicy, assignment.late_policy)
    return for_student(dates, quiz.limit(), gets, policy, assignment.late_percent_a_day)


def renew(session: Session, of: Iterable[Assignment], *, now: datetime, user_id: int | None = None) -> int:
    """Bring the attempts at these assignments (of one student) up to date with what holds now; how many changed.

    An open attempt's deadline never moves into the past, and never before one that the teacher gave it. What is
    submitted stays so; its lateness is counted anew. Four queries, and one for each late attempt.
    """
    known = {assignment.id: assignment for assignment in of}
    found = assignments.attempts(session, known, user_id)
    if not found:
        return 0
    class_ids = {one.class_id for one in known.values()}
    rows = [row for class_id in class_ids for row in assignments.accommodations_in(session, class_id)]
    gets, quizzes = Accommodations.of(rows), bank.quizzes(session, {one.quiz_digest for one in found})
    changed = 0
    for attempt in found:
        assignment = known[attempt.assignment_id or 0]
        holds = schedule(assignment, quizzes[attempt.quiz_digest], gets.get(assignment, attempt.user_id))
        changed += _renew(session, attempt, holds, now)
    return changed


def _renew(session: Session, attempt: Attempt, holds: Schedule, now: datetime) -> bool:
    before = (attempt.due_at, attempt.closes_at, attempt.deadline, attempt.late_percent)
    attempt.due_at, attempt.closes_at = holds.dates.due, holds.dates.closes
    if attempts_store.sitting(attempt).open(now):
        attempt.deadline = _deadline(attempt, holds, now)
    elif attempt.submitted_at is not None:
        attempt.late_percent = late_percent(session, attempt)
    return before != (attempt.due_at, attempt.closes_at, attempt.deadline, attempt.late_percent)


def _deadline(attempt: Attempt, holds: Schedule, now: datetime) -> datetime | None:
    end = holds.deadline(attempt.started_at)
    if end is None:
        return attempt.own_deadline
    return max(end, attempt.own_deadline or end, now)

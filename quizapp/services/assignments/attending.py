"""A student's attempts at an assignment, as the teacher attends to them: giving more time, opening one again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments.live import Seat, live
from quizapp.services.assignments.setting import taught
from quizapp.services.errors import Conflict, NotFound
from quizapp.store import assignments
from quizapp.store import attempts as attempts_store
from quizapp.store.class_tables import Assignment, SchoolClass
from quizapp.store.tables import Attempt

MOST_MINUTES = 7 * 24 * 60
LONGEST_REASON = 500


@dataclass(frozen=True)
class Attended:
    """A student of an assignment with all attempts at it."""

    assignment: Assignment
    school_class: SchoolClass
    title: str
    seat: Seat
    attempts: tuple[Attempt, ...]
    now: datetime

    def is_open(self, attempt: Attempt) -> bool:
        """Whether answers still count in this attempt."""
        return attempts_store.sitting(attempt).open(self.now)


def attend(session: Session, assignment_id: int, user_id: int, *, teacher_id: int, now: datetime) -> Attended:
    """The student's attempts; nine queries. Raises ``NotFound``."""
    page = live(session, assignment_id, teacher_id=teacher_id, now=now)
    seat = next((one for one in page.seats if one.person.id == user_id), None)
    if seat is None:
        raise NotFound("This student is not among those to whom the quiz is set.")
    found = tuple(assignments.attempts(session, [assignment_id], user_id))
    return Attended(page.assignment, page.school_class, page.quiz.title, seat, found, now)


def extend(session: Session, attempt_id: uuid.UUID, minutes: int, *, teacher_id: int, now: datetime) -> Attempt:
    """So many minutes more for an attempt that runs, whatever limit and close say.

    Raises ``NotFound``; ``Conflict`` where nothing ends it, or it has ended; ``Mistakes``.
    """
    attempt, assignment = _attempt(session, attempt_id, teacher_id)
    _check(minutes)
    if not attempts_store.sitting(attempt).open(now):
        raise Conflict("This attempt has ended meanwhile. You can open it again.")
    if attempt.deadline is None:
        raise Conflict("Nothing ends this attempt, so it needs no more time.")
    old = _said(attempt)
    attempt.deadline = max(attempt.deadline, now) + timedelta(minutes=minutes)
    attempt.own_deadline = attempt.deadline
    _note(session, "extend", attempt, assignment, old, {**_said(attempt), "minutes": minutes}, teacher_id, now)
    return attempt


def reopen(
    session: Session, attempt_id: uuid.UUID, minutes: int, reason: str, *, teacher_id: int, now: datetime
) -> Attempt:
    """Open a submitted attempt again for so many minutes; its answers stay, its marks are made anew at submission.

    What practice has checked stays final. Raises ``NotFound``; ``Conflict`` where it is open, or the student has
    another one open; ``Mistakes``.
    """
    attempt, assignment = _attempt(session, attempt_id, teacher_id)
    _check(minutes, reason)
    if attempts_store.sitting(attempt).open(now):
        raise Conflict("This attempt is open already. You can give it more time.")
    others = assignments.attempts(session, [assignment.id], attempt.user_id)
    if any(attempts_store.sitting(one).open(now) for one in others if one.id != attempt.id):
        raise Conflict("The student has a newer attempt open. That one must be handed in first.")
    old = _said(attempt)
    attempt.submitted_at, attempt.overdue, attempt.mark, attempt.late_percent = None, False, None, 0
    attempt.deadline = attempt.own_deadline = now + timedelta(minutes=minutes)
    for slot in attempt.slots:
        if slot.checked_at is None:
            slot.fraction = slot.mark = slot.reason = None
            slot.parts = {}
    new = {**_said(attempt), "minutes": minutes, "reason": reason.strip()}
    _note(session, "reopen", attempt, assignment, old, new, teacher_id, now)
    return attempt


def attempt_of(
    session: Session, assignment_id: int, user_id: int, attempt_id: uuid.UUID, *, teacher_id: int
) -> Attempt:
    """The attempt of this student at this assignment of this teacher's. Raises ``NotFound``."""
    taught(session, assignment_id, teacher_id)
    found = assignments.attempt(session, attempt_id)
    if found is None or (found.assignment_id, found.user_id) != (assignment_id, user_id):
        raise NotFound
    return found


def _attempt(session: Session, attempt_id: uuid.UUID, teacher_id: int) -> tuple[Attempt, Assignment]:
    """The attempt with its slots, locked, if it is one of this teacher's classes'."""
    found = assignments.attempt(session, attempt_id)
    if found is None or found.assignment_id is None:
        raise NotFound
    assignment, _ = taught(session, found.assignment_id, teacher_id)
    attempt = attempts_store.find(session, attempt_id, found.user_id, lock=True)
    if attempt is None:
        raise NotFound
    return attempt, assignment


def _check(minutes: int, reason: str | None = None) -> None:
    wrong: dict[str, list[str]] = {}
    if not 1 <= minutes <= MOST_MINUTES:
        wrong["minutes"] = [f"Write how many minutes, from 1 to {MOST_MINUTES:,}."]
    if reason is not None and not reason.strip():
        wrong["reason"] = ["Say why: it stands in the record of changes."]
    if reason is not None and len(reason) > LONGEST_REASON:
        wrong["reason"] = [f"Use at most {LONGEST_REASON} characters."]
    if wrong:
        raise Mistakes(wrong)


def _said(attempt: Attempt) -> dict[str, Any]:
    times = {"submitted": attempt.submitted_at, "deadline": attempt.deadline}
    mark = {"mark": f"{attempt.mark.normalize():f}"} if attempt.mark is not None else {}
    return {**{name: at.isoformat(timespec="seconds") if at else None for name, at in times.items()}, **mark}


def _note(
    session: Session,
    action: str,
    attempt: Attempt,
    assignment: Assignment,
    old: dict[str, Any],
    new: dict[str, Any],
    teacher_id: int,
    now: datetime,
) -> None:
    about = {"assignment": assignment.id, "student": attempt.user_id}
    audit.record(session, teacher_id, action, "attempt", str(attempt.id), {**about, **old}, {**about, **new}, now=now,
                 class_id=assignment.class_id)  # fmt: skip
    session.flush()

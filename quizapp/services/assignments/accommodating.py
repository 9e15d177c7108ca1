"""What one student gets beyond the others: in all quizzes of a class, or in one assignment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.schedule import Accommodation, Dates
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments.schedules import renew, said
from quizapp.services.assignments.setting import taught
from quizapp.services.classes import members, own
from quizapp.store import assignments
from quizapp.store.class_tables import Accommodation as Row
from quizapp.store.class_tables import Assignment

LEAST_TIME, MOST_TIME = 100, 1000  # per cent
MOST_MINUTES = 24 * 60
MOST_ATTEMPTS = 20


def get(session: Session, class_id: int, user_id: int, assignment_id: int | None = None) -> Accommodation:
    """What a student gets in all quizzes of the class, or what one assignment says beside that."""
    return said(assignments.accommodation(session, class_id, user_id, assignment_id))


def give(
    session: Session, class_id: int, user_id: int, wanted: Accommodation, *, teacher_id: int, now: datetime
) -> None:
    """In all quizzes of the class; attempts that run get it at once. Raises ``NotFound`` and ``Mistakes``."""
    own.taught(session, class_id, teacher_id, lock=True)
    _give(session, class_id, user_id, None, wanted, teacher_id, now)
    renew(session, assignments.of_class(session, class_id), now=now, user_id=user_id)


def give_in(
    session: Session, assignment_id: int, user_id: int, wanted: Accommodation, *, teacher_id: int, now: datetime
) -> Assignment:
    """In one assignment, which goes before what holds for all. Raises ``NotFound`` and ``Mistakes``."""
    assignment, _ = taught(session, assignment_id, teacher_id, lock=True)
    _check_dates(assignment, wanted.own)
    _give(session, assignment.class_id, user_id, assignment_id, wanted, teacher_id, now)
    renew(session, [assignment], now=now, user_id=user_id)
    return assignment


def _give(
    session: Session,
    class_id: int,
    user_id: int,
    assignment_id: int | None,
    wanted: Accommodation,
    teacher_id: int,
    now: datetime,
) -> None:
    members.student(session, class_id, user_id)
    _check(wanted)
    row = assignments.accommodation(session, class_id, user_id, assignment_id)
    old = _plain(said(row))
    if wanted == Accommodation():
        if row is not None:
            session.delete(row)
    else:
        if row is None:
            row = Row(class_id=class_id, user_id=user_id, assignment_id=assignment_id)
            session.add(row)
        for name, value in _columns(wanted).items():
            setattr(row, name, value)
    session.flush()
    new = _plain(wanted)
    if new != old:
        about = {"assignment": assignment_id} if assignment_id is not None else {}
        audit.record(session, teacher_id, "accommodate", "member", user_id, {**about, **old}, {**about, **new}, now=now,
                     class_id=class_id)  # fmt: skip


def _check(wanted: Accommodation) -> None:
    wrong: dict[str, list[str]] = {}
    minutes = int(wanted.extra.total_seconds() // 60) if wanted.extra is not None else 0
    if wanted.time_percent is not None and not LEAST_TIME <= wanted.time_percent <= MOST_TIME:
        wrong["time_percent"] = [f"Write from {LEAST_TIME} to {MOST_TIME} per cent; 200 is double time."]
    if not 0 <= minutes <= MOST_MINUTES:
        wrong["extra_minutes"] = [f"Write from 0 to {MOST_MINUTES} minutes."]
    if wanted.attempts is not None and not 0 <= wanted.attempts <= MOST_ATTEMPTS:
        wrong["extra_attempts"] = [f"Write from 0 to {MOST_ATTEMPTS}."]
    if wrong:
        raise Mistakes(wrong)


def _check_dates(assignment: Assignment, given: Dates) -> None:
    """Own dates must fit together with those of the assignment that still hold for the student."""
    common = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at)
    closes = given.closes or (None if assignment.late_policy == "refuse" else common.closes)
    holds = Dates(given.opens or common.opens, given.due or common.due, closes)
    found = holds.problems() if given != Dates() else {}
    if found:
        where = {"opens": given.opens, "due": given.due, "closes": given.closes}
        place = next((name for name in found if where[name]), next(name for name, at in where.items() if at))
        raise Mistakes({place: [f"{next(iter(found.values()))} The dates of the assignment hold where none is given."]})


def _columns(wanted: Accommodation) -> dict[str, Any]:
    return {
        "time_percent": wanted.time_percent,
        "extra_minutes": int(wanted.extra / timedelta(minutes=1)) if wanted.extra is not None else None,
        "extra_attempts": wanted.attempts,
        "opens_at": wanted.own.opens,
        "due_at": wanted.own.due,
        "closes_at": wanted.own.closes,
    }


def _plain(gets: Accommodation) -> dict[str, Any]:
    """What is given, for the audit trail; without what is not said."""
    return {
        name: value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
        for name, value in _columns(gets).items()
        if value is not None
    }

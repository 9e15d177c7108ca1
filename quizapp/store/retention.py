"""Deleting a class with all that was done in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from quizapp.store import reports
from quizapp.store.class_tables import (
    Accommodation,
    Assignment,
    AssignmentGroup,
    AssignmentStudent,
    ClassGroup,
    GroupMember,
    Membership,
    SchoolClass,
)
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot, User


def archived(session: Session) -> list[SchoolClass]:
    """The archived classes that are not kept for ever, those archived first to begin with."""
    query = select(SchoolClass).where(SchoolClass.archived_at.is_not(None), SchoolClass.keep_months.is_not(None))
    return list(session.scalars(query.order_by(SchoolClass.archived_at, SchoolClass.id)))


def attempts_in(session: Session, class_id: int) -> int:
    """How many attempts there are at what was set to the class."""
    query = select(func.count(Attempt.id)).where(Attempt.assignment_id.in_(_assignments(class_id)))
    return session.scalar(query) or 0


def only_here(session: Session, class_id: int) -> list[int]:
    """The students whose accounts a list made and who are in no other class."""
    elsewhere = select(Membership.user_id).where(Membership.class_id != class_id)
    query = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.class_id == class_id, Membership.role == "student", User.rostered_at.is_not(None))
        .where(User.id.not_in(elsewhere))
    )
    return list(session.scalars(query))


def remove(session: Session, class_id: int) -> None:
    """Delete the class, what was set to it and what was done there; nobody's account."""
    gone = list(session.scalars(select(Attempt.id).where(Attempt.assignment_id.in_(_assignments(class_id)))))
    for start in range(0, len(gone), 500):
        _remove_attempts(session, gone[start : start + 500])
    groups = select(ClassGroup.id).where(ClassGroup.class_id == class_id)
    for table, condition in (
        (Accommodation, Accommodation.class_id == class_id),
        (AssignmentGroup, AssignmentGroup.assignment_id.in_(_assignments(class_id))),
        (AssignmentStudent, AssignmentStudent.assignment_id.in_(_assignments(class_id))),
        (Assignment, Assignment.class_id == class_id),
        (GroupMember, GroupMember.group_id.in_(groups)),
        (ClassGroup, ClassGroup.class_id == class_id),
        (Membership, Membership.class_id == class_id),
        (SchoolClass, SchoolClass.id == class_id),
    ):
        session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
    session.expire_all()


def _remove_attempts(session: Session, ids: Sequence[Any]) -> None:
    reports.forget_attempts(session, ids)
    unlinked = {"synchronize_session": False}
    session.execute(
        update(PassageOpening)
        .where(PassageOpening.attempt_id.in_(ids))
        .values(attempt_id=None, slot=None)
        .execution_options(**unlinked)
    )
    session.execute(
        update(Attempt).where(Attempt.retry_of.in_(ids)).values(retry_of=None).execution_options(**unlinked)
    )
    for table, column in ((Response, Response.attempt_id), (Slot, Slot.attempt_id), (Attempt, Attempt.id)):
        session.execute(delete(table).where(column.in_(ids)).execution_options(**unlinked))


def _assignments(class_id: int) -> Any:
    return select(Assignment.id).where(Assignment.class_id == class_id)

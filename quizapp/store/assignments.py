"""Queries about what is set to classes, to whom, and who gets longer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from quizapp.domain.attempt import Standing
from quizapp.store.class_tables import (
    Accommodation,
    Assignment,
    AssignmentGroup,
    AssignmentStudent,
    GroupMember,
    Membership,
    SchoolClass,
)
from quizapp.store.tables import Attempt, Response, Slot, User

BLANKS = frozenset({"null", '""', "[]", "{}"})  # responses, as they are kept, that say nothing


@dataclass(frozen=True)
class Target:
    """Whom an assignment is for: the whole class where both are empty."""

    groups: frozenset[int] = frozenset()
    students: frozenset[int] = frozenset()


def by_id(session: Session, assignment_id: int, *, lock: bool = False) -> Assignment | None:
    """The assignment with this id."""
    return session.get(Assignment, assignment_id, with_for_update=lock)


def by_ids(session: Session, assignment_ids: Iterable[int]) -> list[Assignment]:
    """These assignments; one query."""
    return list(session.scalars(select(Assignment).where(Assignment.id.in_(list(assignment_ids)))))


def of_class(session: Session, class_id: int, *, withdrawn: bool = False) -> list[Assignment]:
    """What is set to a class, the newest first; what is withdrawn only where asked for."""
    query = select(Assignment).where(Assignment.class_id == class_id)
    if not withdrawn:
        query = query.where(Assignment.withdrawn_at.is_(None))
    return list(session.scalars(query.order_by(Assignment.created_at.desc(), Assignment.id.desc())))


def for_student(session: Session, user_id: int, *, assignment_id: int | None = None) -> list[tuple[Assignment, str]]:
    """What is set to a student now, with the class's name; one query."""
    query = (
        select(Assignment, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == Assignment.class_id)
        .join(Membership, Membership.class_id == Assignment.class_id)
        .where(Membership.user_id == user_id, Membership.role == "student", Membership.removed_at.is_(None))
        .where(SchoolClass.archived_at.is_(None), Assignment.withdrawn_at.is_(None), is_for(user_id))
        .order_by(Assignment.id)
    )
    if assignment_id is not None:
        query = query.where(Assignment.id == assignment_id)
    return [(row[0], row[1]) for row in session.execute(query)]


def is_for(user_id: object) -> ColumnElement[bool]:
    """Whether an assignment is for this user, who is in its class; the user may be a column."""
    by_name = exists().where(AssignmentStudent.assignment_id == Assignment.id, AssignmentStudent.user_id == user_id)
    by_group = exists().where(
        AssignmentGroup.assignment_id == Assignment.id,
        AssignmentGroup.group_id == GroupMember.group_id,
        GroupMember.user_id == user_id,
    )
    return or_(Assignment.target == "class", by_name, by_group)


def students(session: Session, assignment_id: int) -> list[User]:
    """Those whom an assignment is for and who are in the class, by name; one query."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Assignment, Assignment.class_id == Membership.class_id)
        .where(Assignment.id == assignment_id, Membership.role == "student", Membership.removed_at.is_(None))
        .where(is_for(User.id))
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.username_key)
    )
    return list(session.scalars(query))


def counts(session: Session, class_id: int) -> dict[int, tuple[int, int, int]]:
    """Assignment of a class → for how many it is, how many have begun, how many have submitted; two queries."""
    meant = (
        select(Assignment.id, func.count(Membership.user_id))
        .join(Membership, Membership.class_id == Assignment.class_id)
        .where(Assignment.class_id == class_id, Membership.role == "student", Membership.removed_at.is_(None))
        .where(is_for(Membership.user_id))
        .group_by(Assignment.id)
    )
    begun = (
        select(
            Attempt.assignment_id,
            func.count(Attempt.user_id.distinct()),
            func.count(Attempt.user_id.distinct()).filter(Attempt.submitted_at.is_not(None)),
        )
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.class_id == class_id)
        .group_by(Attempt.assignment_id)
    )
    done = {row[0]: (row[1], row[2]) for row in session.execute(begun)}
    return {row[0]: (row[1], *done.get(row[0], (0, 0))) for row in session.execute(meant)}


def target(session: Session, assignment_id: int) -> Target:
    """Whom an assignment is for; two queries."""
    groups = select(AssignmentGroup.group_id).where(AssignmentGroup.assignment_id == assignment_id)
    named = select(AssignmentStudent.user_id).where(AssignmentStudent.assignment_id == assignment_id)
    return Target(frozenset(session.scalars(groups)), frozenset(session.scalars(named)))


def set_target(session: Session, assignment: Assignment, wanted: Target) -> None:
    """Have an assignment be for these groups or students, else for the whole class."""
    for table in (AssignmentGroup, AssignmentStudent):
        session.execute(delete(table).where(table.assignment_id == assignment.id))
    assignment.target = "groups" if wanted.groups else "students" if wanted.students else "class"
    session.add_all(AssignmentGroup(assignment_id=assignment.id, group_id=one) for one in sorted(wanted.groups))
    session.add_all(AssignmentStudent(assignment_id=assignment.id, user_id=one) for one in sorted(wanted.students))
    session.flush()


# --- who gets longer -------------------------------------------------------------------------------------------------


def accommodations_of(session: Session, user_id: int) -> list[Accommodation]:
    """All that a student gets beyond the others, in whatever class."""
    return list(session.scalars(select(Accommodation).where(Accommodation.user_id == user_id)))


def accommodations_in(session: Session, class_id: int) -> list[Accommodation]:
    """All that students of a class get beyond the others."""
    return list(session.scalars(select(Accommodation).where(Accommodation.class_id == class_id)))


def accommodation(
    session: Session, class_id: int, user_id: int, assignment_id: int | None = None
) -> Accommodation | None:
    """What a student gets in all quizzes of a class, or in one assignment."""
    query = select(Accommodation).where(Accommodation.class_id == class_id, Accommodation.user_id == user_id)
    return session.scalar(query.where(Accommodation.assignment_id.is_not_distinct_from(assignment_id)))


# --- attempts --------------------------------------------------------------------------------------------------------


def attempts(
    session: Session, assignment_ids: Iterable[int], user_id: int | None = None, *, slots: bool = False
) -> list[Attempt]:
    """The attempts at assignments (of a student), in the order started."""
    query = select(Attempt).where(Attempt.assignment_id.in_(list(assignment_ids))).order_by(Attempt.started_at)
    if user_id is not None:
        query = query.where(Attempt.user_id == user_id)
    return list(session.scalars(query.options(selectinload(Attempt.slots)) if slots else query))


@dataclass(frozen=True)
class Reached:
    """How far an attempt is: the question touched last (from 1), answered of how many, when something last happened."""

    question: int | None = None
    answered: int = 0
    questions: int = 0
    last_seen: datetime | None = None


def reached(session: Session, attempt_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Reached]:
    """How far these attempts are; one query, a row for each question."""
    wanted = list(attempt_ids)
    if not wanted:
        return {}
    found: dict[uuid.UUID, list[Any]] = {}
    for row in session.execute(_TOUCHED, {"attempts": wanted}):
        found.setdefault(row.attempt_id, []).append(row)
    return {attempt_id: _reached(rows) for attempt_id, rows in found.items()}


def _reached(rows: Sequence[Any]) -> Reached:
    touched = [(max(filter(None, (row.saved_at, row.first_shown_at, row.checked_at))), row.number)
               for row in rows if row.saved_at or row.first_shown_at or row.checked_at]  # fmt: skip
    last = max(touched, default=None)
    answered = sum(1 for row in rows if row.response is not None and row.response not in BLANKS)
    return Reached(last[1] if last else None, answered, len(rows), last[0] if last else None)


def _touched_query() -> Any:
    """Each slot with when it was last saved and what its answer is, built once."""
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    here = (every.attempt_id == Slot.attempt_id) & (every.slot == Slot.number)
    newest = select(func.max(every.ordinal)).where(here, every.standing == Standing.CURRENT.value)
    saved = select(func.max(every.received_at)).where(here)
    return (
        select(
            *(Slot.attempt_id, Slot.number, Slot.first_shown_at, Slot.checked_at),
            cast(answer.response, Text).label("response"),
            saved.correlate(Slot).scalar_subquery().label("saved_at"),
        )
        .outerjoin(
            answer,
            (answer.attempt_id == Slot.attempt_id)
            & (answer.slot == Slot.number)
            & (answer.ordinal == newest.correlate(Slot).scalar_subquery()),
        )
        .where(Slot.attempt_id.in_(bindparam("attempts", expanding=True)))
    )


_TOUCHED = _touched_query()


def users(session: Session, user_ids: Iterable[int]) -> list[User]:
    """The users of these ids, by name; no query for none."""
    wanted = list(user_ids)
    return list(session.scalars(select(User).where(User.id.in_(wanted)).order_by(User.username_key))) if wanted else []


def attempt(session: Session, attempt_id: uuid.UUID) -> Attempt | None:
    """The attempt of this id, whoever's it is: access is for the caller."""
    return session.get(Attempt, attempt_id)

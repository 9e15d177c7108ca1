"""What exports of scores read: attempts, their slots and answers, page by page, so that memory stays bounded.

Rows go by class and quiz, as ``score_scope`` says.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Standing
from quizapp.store.assignments import is_for
from quizapp.store.class_tables import Assignment, Membership
from quizapp.store.score_scope import IS_STUDENT, STAFF, Block, Scope, free, ids_of
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot, User

PAGE = 200  # attempts that are read at once


class Student(NamedTuple):
    """Whose row it is."""

    user_id: int
    family_name: str
    given_name: str
    username: str
    student_number: str | None
    email: str | None


class Sat(NamedTuple):
    """An attempt."""

    id: uuid.UUID
    quiz: str
    quiz_digest: str
    mode: str
    number: int
    started_at: datetime
    deadline: datetime | None
    grace_seconds: int
    submitted_at: datetime | None
    overdue: bool
    mark: Decimal | None
    available: Decimal
    assignment_id: int | None
    due_at: datetime | None
    own_deadline: datetime | None
    late_percent: int
    set_mark: Decimal | None
    comment: str | None


class SatSlot(NamedTuple):
    """A place in an attempt with its current answer; what is kept as JSON is still text."""

    attempt_id: uuid.UUID
    number: int
    section: int
    item: str
    item_digest: str
    available: Decimal
    flagged: bool
    first_shown_at: datetime | None
    checked_at: datetime | None
    fraction: Decimal | None
    mark: Decimal | None
    reason: str | None
    parts: str
    comment: str | None
    response: str | None
    because: str | None
    certainty: int | None
    answered_at: datetime | None


PERSON = tuple(
    getattr(User, name) for name in ("id", "family_name", "given_name", "username", "student_number", "email")
)
BY_NAME = (func.lower(User.family_name), func.lower(User.given_name), User.username_key, User.id)
ATTEMPT = tuple(getattr(Attempt, name) for name in Sat._fields)
SLOT: list[Any] = [cast(Slot.parts, Text) if one == "parts" else getattr(Slot, one) for one in SatSlot._fields[:-4]]


def attempts(session: Session, scope: Scope, block: Block) -> Iterator[list[tuple[Student, Sat]]]:
    """The attempts of a block by name and number, retries and teachers' own left out, in pages."""
    query = (
        select(*PERSON, *ATTEMPT)
        .join(User, User.id == Attempt.user_id)
        .where(Attempt.id.in_(ids_of(scope, block)), User.role.not_in(STAFF))
        .order_by(*BY_NAME, Attempt.number)
        .execution_options(yield_per=PAGE)
    )
    width = len(PERSON)
    for rows in session.execute(query).partitions(PAGE):
        yield [(Student._make(row[:width]), Sat._make(row[width:])) for row in rows]


def of_nobody(session: Session, scope: Scope) -> Iterator[tuple[Student, Sat]]:
    """The attempts of those who are in no class, by name and in the order started."""
    query = (
        select(*PERSON, *ATTEMPT)
        .join(User, User.id == Attempt.user_id)
        .where(
            *free(scope), User.role.not_in(STAFF), Attempt.user_id.not_in(select(Membership.user_id).where(IS_STUDENT))
        )
        .order_by(*BY_NAME, Attempt.started_at)
        .execution_options(yield_per=PAGE)
    )
    width = len(PERSON)
    for row in session.execute(query):
        yield Student._make(row[:width]), Sat._make(row[width:])


def not_started(session: Session, scope: Scope, block: Block) -> list[Student]:
    """The students for whom the quiz is set and who have not begun it, by name."""
    if not block.is_set:
        return []
    meant = exists().where(
        Assignment.class_id == block.class_id,
        Assignment.quiz == block.quiz,
        Assignment.withdrawn_at.is_(None),
        is_for(User.id),
    )
    begun = select(Attempt.user_id).where(Attempt.id.in_(ids_of(scope, block)))
    query = _roster(block.class_id).where(meant, User.id.not_in(begun))
    return [Student._make(row) for row in session.execute(query)]


def roster(session: Session, class_id: int) -> list[Student]:
    """The students of a class, by name."""
    return [Student._make(row) for row in session.execute(_roster(class_id))]


def members(session: Session, class_id: int | None) -> set[int]:
    """Who is in the class as a student now."""
    query = select(Membership.user_id).where(Membership.class_id == class_id, IS_STUDENT)
    return set(session.scalars(query))


def slots(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[SatSlot]]:
    """The slots of a page of attempts with their current answers; one query."""
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    here = and_(every.attempt_id == Slot.attempt_id, every.slot == Slot.number)
    newest = select(func.max(every.ordinal)).where(here, every.standing == Standing.CURRENT.value)
    answered = (cast(answer.response, Text), answer.because, answer.certainty, answer.received_at)
    query = (
        select(*SLOT, *answered)
        .outerjoin(
            answer,
            and_(
                answer.attempt_id == Slot.attempt_id,
                answer.slot == Slot.number,
                answer.ordinal == newest.correlate(Slot).scalar_subquery(),
            ),
        )
        .where(Slot.attempt_id.in_(attempt_ids))
        .order_by(Slot.attempt_id, Slot.number)
    )
    found: dict[uuid.UUID, list[SatSlot]] = {one: [] for one in attempt_ids}
    for row in session.execute(query):
        found[row[0]].append(SatSlot._make(row))
    return found


Place = tuple[uuid.UUID, int]


def saves(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[Place, int]:
    """How many answers were saved in each slot of these attempts, later replaced ones included; one query."""
    query = select(Response.attempt_id, Response.slot, func.count()).where(Response.attempt_id.in_(attempt_ids))
    rows = session.execute(query.group_by(Response.attempt_id, Response.slot))
    return {(row[0], row[1]): row[2] for row in rows}


def openings(
    session: Session, attempt_ids: Sequence[uuid.UUID], user_ids: Sequence[int]
) -> dict[Place, list[tuple[str, datetime]]]:
    """The passages that were opened from each slot of these attempts, of these users, and when; one query."""
    query = select(
        PassageOpening.attempt_id, PassageOpening.slot, PassageOpening.passage, PassageOpening.opened_at
    ).where(PassageOpening.user_id.in_(user_ids), PassageOpening.attempt_id.in_(attempt_ids))
    found: dict[Place, list[tuple[str, datetime]]] = {}
    for attempt_id, slot, passage, opened_at in session.execute(query.order_by(PassageOpening.opened_at)):
        if attempt_id is not None and slot is not None:
            found.setdefault((attempt_id, slot), []).append((passage, opened_at))
    return found


def _roster(class_id: int | None) -> Select[Any]:
    query = select(*PERSON).join(Membership, Membership.user_id == User.id)
    return query.where(Membership.class_id == class_id, IS_STUDENT).order_by(*BY_NAME)

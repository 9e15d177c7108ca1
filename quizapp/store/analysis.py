"""What item analysis reads: finished attempts of a quiz, their slots and answers, and the passages opened meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from quizapp.domain.attempt import Standing
from quizapp.domain.marking import FULL
from quizapp.store.class_tables import Membership
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot, User

STAFF = ("teacher", "admin")
MOST_ATTEMPTS = 5000  # the latest; more say nothing new of a question


@dataclass(frozen=True)
class Whose:
    """Whose attempts: of one class; or of all that this teacher may see; or of everybody, for an administrator."""

    teacher_id: int | None = None
    class_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sat:
    """A finished attempt."""

    id: uuid.UUID
    user_id: int
    number: int
    started_at: datetime
    submitted_at: datetime
    mark: Decimal | None
    available: Decimal


@dataclass(frozen=True, slots=True)
class SatSlot:
    """A slot of a finished attempt."""

    attempt_id: uuid.UUID
    number: int
    section: int
    item: str
    item_digest: str
    available: Decimal
    first_shown_at: datetime | None
    fraction: Decimal | None
    mark: Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that became current when it arrived."""

    attempt_id: uuid.UUID
    slot: int
    response: Any
    certainty: int | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A passage that somebody opened."""

    user_id: int
    passage: str
    opened_at: datetime


def finished(session: Session, quiz: str, whose: Whose) -> list[Sat]:
    """The latest finished attempts of a quiz, the earliest first; retries and teachers' own trials are left out."""
    query = (
        select(*(getattr(Attempt, name) for name in Sat.__slots__))
        .where(Attempt.quiz == quiz, *_counted(whose))
        .order_by(Attempt.submitted_at.desc(), Attempt.id)
        .limit(MOST_ATTEMPTS)
    )
    return [Sat(*row) for row in session.execute(query)][::-1]


def counts(session: Session, whose: Whose) -> list[tuple[str, int, int]]:
    """Quiz, finished attempts and students, of every quiz that has any; one query."""
    students = func.count(Attempt.user_id.distinct())
    query = select(Attempt.quiz, func.count(), students).where(*_counted(whose)).group_by(Attempt.quiz)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def missed(session: Session, whose: Whose) -> dict[str, tuple[int, int]]:
    """Item → how many marked answers, and how many of them earned less than the full mark; one query."""
    less = func.count().filter(Slot.fraction < FULL)
    query = (
        select(Slot.item, func.count(), less)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(*_counted(whose), Slot.fraction.is_not(None))
        .group_by(Slot.item)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def quiz_digest(session: Session, quiz: str, whose: Whose) -> str | None:
    """The version of the quiz that was taken last; None where nobody has finished it."""
    query = select(Attempt.quiz_digest).where(Attempt.quiz == quiz, *_counted(whose))
    return session.scalar(query.order_by(Attempt.submitted_at.desc(), Attempt.id).limit(1))


def slots(session: Session, attempts: Sequence[uuid.UUID]) -> list[SatSlot]:
    """The slots of these attempts; one query."""
    query = select(*(getattr(Slot, name) for name in SatSlot.__slots__)).where(Slot.attempt_id.in_(attempts))
    return [SatSlot(*row) for row in session.execute(query.order_by(Slot.attempt_id, Slot.number))]


def answers(session: Session, attempts: Sequence[uuid.UUID]) -> list[Given]:
    """The answers of these attempts in the order in which they arrived; one query."""
    query = (
        select(*(getattr(Response, name) for name in Given.__slots__))
        .where(Response.attempt_id.in_(attempts), Response.standing == Standing.CURRENT.value)
        .order_by(Response.received_at, Response.id)
    )
    return [Given(*row) for row in session.execute(query)]


def opened(session: Session, users: Sequence[int], since: datetime) -> list[Opened]:
    """What these users have opened since then; one query."""
    query = select(PassageOpening.user_id, PassageOpening.passage, PassageOpening.opened_at).where(
        PassageOpening.user_id.in_(users), PassageOpening.opened_at >= since
    )
    return [Opened(*row) for row in session.execute(query)]


def names(session: Session, users: Sequence[int]) -> dict[int, User]:
    """The users with these ids."""
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(users)))}


def _counted(whose: Whose) -> list[ColumnElement[bool]]:
    staff = select(User.id).where(User.role.in_(STAFF))
    finished_ones = [Attempt.submitted_at.is_not(None), Attempt.number > 0, Attempt.user_id.not_in(staff)]
    if whose.class_id is not None:
        return [*finished_ones, Attempt.user_id.in_(_students(Membership.class_id == whose.class_id))]
    if whose.teacher_id is None:
        return finished_ones
    mine = select(Membership.class_id).where(
        Membership.user_id == whose.teacher_id, Membership.role == "teacher", Membership.removed_at.is_(None)
    )
    own = _students(Membership.class_id.in_(mine))
    others = _students(Membership.class_id.not_in(mine))
    return [*finished_ones, Attempt.user_id.in_(own) | Attempt.user_id.not_in(others)]


def _students(where: ColumnElement[bool]) -> Select[Any]:
    return select(Membership.user_id).where(where, Membership.role == "student", Membership.removed_at.is_(None))

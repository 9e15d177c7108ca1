"""Reasons beside answers that a teacher marks: those of submitted tests that classes were set."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Standing
from quizapp.store.assignments import BLANKS
from quizapp.store.class_tables import Assignment, Membership
from quizapp.store.tables import Attempt, Response, Slot


@dataclass(frozen=True, slots=True)
class Counted:
    """How many reasons a question of an assignment has, and how many of them wait."""

    assignment_id: int
    item: str
    item_digest: str
    given: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A slot with the answer and the reason that count, and what it earns now (None while it waits)."""

    attempt_id: uuid.UUID
    number: int
    user_id: int
    quiz: str
    submitted_at: datetime
    item_digest: str
    order: list[int]
    available: Decimal
    fraction: Decimal | None
    parts: dict[str, Any]
    response: Any
    because: str


def counts(session: Session, teacher_id: int) -> list[Counted]:
    """Every question with reasons in what this teacher's classes were set; one query."""
    mine = select(Membership.class_id).where(
        Membership.user_id == teacher_id, Membership.role == "teacher", Membership.removed_at.is_(None)
    )
    waiting = func.count().filter(Slot.fraction.is_(None))
    newest_digest = func.max(Slot.item_digest)
    columns: Any = select(Attempt.assignment_id, Slot.item, newest_digest, func.count(), waiting)
    query = (
        _joined(columns)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.class_id.in_(mine), *_given())
        .group_by(Attempt.assignment_id, Slot.item)
    )
    return [Counted(*row) for row in session.execute(query)]


def of_question(session: Session, assignment_id: int, item: str) -> list[Reason]:
    """The reasons given to one question of an assignment, in the order handed in; one query."""
    query = _columns().where(Attempt.assignment_id == assignment_id, Slot.item == item, *_given())
    return [Reason(*row) for row in session.execute(query.order_by(Attempt.submitted_at, Attempt.id))]


def of_slot(session: Session, attempt_id: uuid.UUID, number: int) -> Reason | None:
    """The reason of a slot; None where none is given, or it is not for a teacher to mark."""
    row = session.execute(_columns().where(Slot.attempt_id == attempt_id, Slot.number == number, *_given())).first()
    return None if row is None else Reason(*row)


def _columns() -> Select[Any]:
    return _joined(
        select(
            *(Slot.attempt_id, Slot.number, Attempt.user_id, Attempt.quiz, Attempt.submitted_at, Slot.item_digest),
            *(Slot.order, Slot.available, Slot.fraction, Slot.parts, Response.response, Response.because),
        )
    )


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(Attempt)
        .join(Slot, Slot.attempt_id == Attempt.id)
        .join(Response, (Response.attempt_id == Slot.attempt_id) & (Response.slot == Slot.number))
    )


def _given() -> list[ColumnElement[bool]]:
    every = aliased(Response, name="every")
    newest = select(func.max(every.ordinal)).where(
        every.attempt_id == Slot.attempt_id, every.slot == Slot.number, every.standing == Standing.CURRENT.value
    )
    return [
        Attempt.submitted_at.is_not(None),
        Attempt.mode == "test",
        Attempt.assignment_id.is_not(None),
        Response.because.is_not(None),
        cast(Response.response, Text).not_in(BLANKS),
        Response.ordinal == newest.correlate(Slot).scalar_subquery(),
    ]

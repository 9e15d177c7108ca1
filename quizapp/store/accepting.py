"""Short answers as a teacher looks through them, and those that are accepted for one quiz beyond what the item says."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, Text, func, select, true
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from quizapp.domain.attempt import Standing
from quizapp.store.class_tables import Membership
from quizapp.store.tables import Attempt, Base, BigId, Content, Response, Slot


class AcceptedAnswer(Base):
    """An answer that counts as right wherever this quiz sets this item. ``digest`` is that of the folded text."""

    __tablename__ = "accepted_answer"
    quiz: Mapped[str] = mapped_column(String(80), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    accepted_by: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives them
    accepted_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of a submitted attempt, and what it earns now."""

    attempt_id: uuid.UUID
    number: int
    user_id: int
    attempt_number: int
    mode: str
    assignment_id: int | None
    quiz: str
    item: str
    item_digest: str
    available: Decimal
    fraction: Decimal | None
    parts: dict[str, Any]
    response: Any
    because: str | None


def in_quiz(session: Session, quiz: str, items: Iterable[str]) -> list[AcceptedAnswer]:
    """What is accepted for these items in a quiz, the oldest first; one query."""
    query = select(AcceptedAnswer).where(AcceptedAnswer.quiz == quiz, AcceptedAnswer.item.in_(list(items)))
    return list(session.scalars(query.order_by(AcceptedAnswer.accepted_at, AcceptedAnswer.digest)))


def of_item(session: Session, item: str) -> list[AcceptedAnswer]:
    """What is accepted for an item, in whatever quiz; one query."""
    query = select(AcceptedAnswer).where(AcceptedAnswer.item == item)
    return list(session.scalars(query.order_by(AcceptedAnswer.quiz, AcceptedAnswer.accepted_at)))


def find(session: Session, quiz: str, item: str, digest: str) -> AcceptedAnswer | None:
    """The accepted answer of this digest."""
    return session.get(AcceptedAnswer, (quiz, item, digest))


def given(session: Session, items: Iterable[str], teacher_id: int | None, quiz: str | None = None) -> list[Given]:
    """The answers to items (in a quiz) of those who are students of this teacher, of everybody for None; one query."""
    every = aliased(Response, name="every")
    newest = select(func.max(every.ordinal)).where(
        every.attempt_id == Slot.attempt_id, every.slot == Slot.number, every.standing == Standing.CURRENT.value
    )
    query = (
        select(
            *(Slot.attempt_id, Slot.number, Attempt.user_id, Attempt.number, Attempt.mode, Attempt.assignment_id),
            *(Attempt.quiz, Slot.item, Slot.item_digest, Slot.available, Slot.fraction, Slot.parts),
            *(Response.response, Response.because),
        )
        .join_from(Slot, Attempt, Attempt.id == Slot.attempt_id)
        .join(Response, (Response.attempt_id == Slot.attempt_id) & (Response.slot == Slot.number))
        .where(Slot.item.in_(list(items)), Attempt.submitted_at.is_not(None), Attempt.number > 0)
        .where(Response.ordinal == newest.correlate(Slot).scalar_subquery(), _students_of(teacher_id))
        .order_by(Attempt.submitted_at, Attempt.id, Slot.number)
    )
    return [Given(*row) for row in session.execute(query if quiz is None else query.where(Attempt.quiz == quiz))]


def _students_of(teacher_id: int | None) -> ColumnElement[bool]:
    if teacher_id is None:
        return true()
    there = Membership.removed_at.is_(None)
    mine = select(Membership.class_id).where(Membership.user_id == teacher_id, Membership.role == "teacher", there)
    students = select(Membership.user_id).where(Membership.class_id.in_(mine), Membership.role == "student", there)
    return Attempt.user_id.in_(students)


def short_answers(session: Session, quiz: str) -> list[str]:
    """The short-answer items that submitted attempts at a quiz were set; one query."""
    query = (
        select(Slot.item)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .join(Content, (Content.kind == "item") & (Content.name == Slot.item))
        .where(Attempt.quiz == quiz, Attempt.submitted_at.is_not(None), Content.type == "short_answer")
        .distinct()
        .order_by(Slot.item)
    )
    return list(session.scalars(query))

"""Answers that a teacher accepts for one quiz, beyond what the item says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.store.tables import Base, BigId


class AcceptedAnswer(Base):
    """An answer that counts as right wherever this quiz sets this item. ``digest`` is that of the folded text."""

    __tablename__ = "accepted_answer"
    quiz: Mapped[str] = mapped_column(String(80), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    accepted_by: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives them
    accepted_at: Mapped[datetime]


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

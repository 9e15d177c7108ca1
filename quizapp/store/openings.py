"""Who opened which passage, and from which slot."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.store.tables import Attempt, PassageOpening, Slot


def record(
    session: Session, user_id: int, passage: str, now: datetime, slot: tuple[uuid.UUID, int] | None = None
) -> None:
    """Keep that a user opened a passage."""
    attempt_id, number = slot or (None, None)
    session.add(PassageOpening(user_id=user_id, passage=passage, attempt_id=attempt_id, slot=number, opened_at=now))
    session.flush()


def is_slot_of(session: Session, user_id: int, attempt_id: uuid.UUID, number: int) -> bool:
    """Whether there is such a slot in an attempt of this user's."""
    query = (
        select(Slot.number)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Attempt.id == attempt_id, Attempt.user_id == user_id, Slot.number == number)
    )
    return session.execute(query).first() is not None


def of_user(session: Session, user_id: int) -> list[PassageOpening]:
    """Which passages the user opened, in the order of time."""
    query = select(PassageOpening).where(PassageOpening.user_id == user_id)
    return list(session.scalars(query.order_by(PassageOpening.opened_at, PassageOpening.id)))

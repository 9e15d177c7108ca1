"""Recording who opened which passage: told to students, never marked, and never a reason for a page to fail."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.store import openings


def record_opening(session: Session, passage: str, *, user_id: int, now: datetime, slot: str | None = None) -> None:
    """Keep that the user opened the passage, from a slot of theirs where ``slot`` («attempt.number») names one."""
    place = slot_place(slot)
    if place is not None and not openings.is_slot_of(session, user_id, *place):
        place = None
    openings.record(session, user_id, passage, now, place)


def slot_place(slot: str | None) -> tuple[uuid.UUID, int] | None:
    """The attempt and the number of the slot that an address names; None where it names none."""
    attempt, _, number = (slot or "").partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    try:
        return uuid.UUID(attempt), int(number)
    except ValueError:
        return None

"""Answers that ask for a reason and have none yet: said before an attempt is handed in."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from quizapp.domain.item import is_blank
from quizapp.store import attempts, bank


def blank_reasons(session: Session, attempt_id: uuid.UUID, *, user_id: int) -> tuple[int, ...]:
    """The questions of an attempt that are answered, not checked, and lack the reason asked for; four queries."""
    attempt = attempts.find(session, attempt_id, user_id)
    if attempt is None:
        return ()
    items = bank.items(session, {slot.item_digest for slot in attempt.slots})
    asking = [slot for slot in attempt.slots if items[slot.item_digest].because and slot.checked_at is None]
    if not asking:
        return ()
    given = attempts.answers(session, [attempt_id])
    answered = [(slot.number, given[attempt_id, slot.number]) for slot in asking if (attempt_id, slot.number) in given]
    return tuple(number for number, one in answered if not is_blank(one.response) and one.because is None)

"""A user's marked answers over all attempts: what learning follows from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Standing
from quizapp.store.tables import Attempt, Response, Slot

LATEST = 1000  # slots looked at, the newest


@dataclass(frozen=True, slots=True)
class MarkedSlot:
    """A slot with what matters of its attempt, its mark, and its answer; ``number`` is the attempt's."""

    quiz_digest: str
    mode: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    closes_at: datetime | None
    item: str
    item_digest: str
    checked_at: datetime | None
    fraction: Decimal | None
    response: Any
    certainty: int | None

    @property
    def final_at(self) -> datetime | None:
        """When the answer became final; None while it can be changed."""
        return self.checked_at or self.submitted_at


def of_user(session: Session, user_id: int) -> list[MarkedSlot]:
    """The slots of the user's latest attempts, open ones included, with their answers; one query."""
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    here = and_(every.attempt_id == Slot.attempt_id, every.slot == Slot.number)
    newest = (
        select(func.max(every.ordinal)).where(here, every.standing == Standing.CURRENT.value).correlate(Slot)
    ).scalar_subquery()
    query = (
        select(
            *(Attempt.quiz_digest, Attempt.mode, Attempt.number, Attempt.started_at, Attempt.submitted_at),
            Attempt.closes_at,
            *(Slot.item, Slot.item_digest, Slot.checked_at, Slot.fraction, answer.response, answer.certainty),
        )
        .join_from(Attempt, Slot, Slot.attempt_id == Attempt.id)
        .outerjoin(
            answer,
            and_(answer.attempt_id == Slot.attempt_id, answer.slot == Slot.number, answer.ordinal == newest),
        )
        .where(Attempt.user_id == user_id)
        .order_by(Attempt.started_at.desc(), Attempt.id, Slot.number)
        .limit(LATEST)
    )
    return [MarkedSlot(*row) for row in session.execute(query)]


def responses_of_user(session: Session, user_id: int) -> dict[tuple[uuid.UUID, int], list[Response]]:
    """Every response of the user's, by attempt and slot, in the order received; one query."""
    query = (
        select(Response)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.user_id == user_id)
        .order_by(Response.attempt_id, Response.slot, Response.ordinal)
    )
    found: dict[tuple[uuid.UUID, int], list[Response]] = {}
    for response in session.scalars(query):
        found.setdefault((response.attempt_id, response.slot), []).append(response)
    return found

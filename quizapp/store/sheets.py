"""An attempt as its pages read it: all its slots with their answers, in one query that is built once."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Select, Text, Uuid, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Saved, Sitting, Stamp, Standing
from quizapp.store.tables import Attempt, Response, Slot, User

BLANKS = frozenset({"null", '""', "[]", "{}"})


@dataclass(frozen=True, slots=True)
class SheetSlot:
    """A slot with its answer, if it has one. What is kept as JSON is read when asked for: most slots only count."""

    attempt_id: uuid.UUID
    number: int
    section: int
    item: str
    item_digest: str
    order_json: str
    available: Decimal
    flagged: bool
    first_shown_at: datetime | None
    checked_at: datetime | None
    fraction: Decimal | None
    mark: Decimal | None
    reason: str | None
    parts_json: str
    stamp: Stamp | None
    response_json: str | None
    received_at: datetime | None
    certainty: int | None

    @property
    def order(self) -> tuple[int, ...]:
        """The options as shown, as indexes into the item's own."""
        return tuple(json.loads(self.order_json))

    @property
    def parts(self) -> dict[str, Any]:
        """The parts of the mark, in units of 10⁻⁷."""
        return dict(json.loads(self.parts_json))

    @property
    def answered(self) -> bool:
        """Whether there is an answer that says something."""
        return self.response_json is not None and self.response_json not in BLANKS

    @property
    def answer(self) -> Saved | None:
        """The current response; None where there is none."""
        if self.stamp is None or self.response_json is None or self.received_at is None:
            return None
        response = json.loads(self.response_json)
        return Saved(self.stamp, response, Standing.CURRENT, self.received_at, self.certainty)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attempt with its slots. ``session_epoch`` is that of its user's account now."""

    id: uuid.UUID
    session_epoch: int
    quiz_digest: str
    mode: str
    number: int
    submitted_at: datetime | None
    sitting: Sitting
    slots: tuple[SheetSlot, ...]


def sheet(session: Session, attempt_id: uuid.UUID, user_id: int) -> Sheet | None:
    """The attempt with all its slots and answers, if it is this user's."""
    rows = session.execute(_SHEET, {"attempt": attempt_id, "user": user_id}).all()
    if not rows:
        return None
    first = rows[0]
    return Sheet(
        id=attempt_id,
        session_epoch=first.session_epoch,
        quiz_digest=first.quiz_digest,
        mode=first.mode,
        number=first.attempt_number,
        submitted_at=first.submitted_at,
        sitting=Sitting(first.started_at, first.deadline, timedelta(seconds=first.grace_seconds), first.submitted_at),
        slots=tuple(_slot(attempt_id, row) for row in rows),
    )


def _slot(attempt_id: uuid.UUID, row: Any) -> SheetSlot:
    return SheetSlot(
        attempt_id,
        row.number,
        row.section,
        row.item,
        row.item_digest,
        row.order,
        row.available,
        row.flagged,
        row.first_shown_at,
        row.checked_at,
        row.fraction,
        row.mark,
        row.reason,
        row.parts,
        None if row.client is None else Stamp(row.client, row.sequence),
        row.response,
        row.received_at,
        row.certainty,
    )


def _query() -> Select[Any]:
    attempt: BindParameter[Any] = bindparam("attempt", type_=Uuid())
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    newest = (
        select(func.max(every.ordinal))
        .where(every.attempt_id == attempt, every.slot == Slot.number, every.standing == Standing.CURRENT.value)
        .correlate(Slot)
        .scalar_subquery()
    )
    return (
        select(
            User.session_epoch,
            *(Attempt.quiz_digest, Attempt.mode, Attempt.number.label("attempt_number"), Attempt.submitted_at),
            *(Attempt.started_at, Attempt.deadline, Attempt.grace_seconds),
            *(Slot.number, Slot.section, Slot.item, Slot.item_digest, _text(Slot.order), Slot.available),
            *(
                Slot.flagged,
                Slot.first_shown_at,
                Slot.checked_at,
                Slot.fraction,
                Slot.mark,
                Slot.reason,
                _text(Slot.parts),
            ),
            *(answer.client, answer.sequence, _text(answer.response), answer.received_at, answer.certainty),
        )
        .join_from(Attempt, Slot, Slot.attempt_id == Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .outerjoin(answer, and_(answer.attempt_id == attempt, answer.slot == Slot.number, answer.ordinal == newest))
        .where(Attempt.id == attempt, Attempt.user_id == bindparam("user"))
        .order_by(Slot.number)
    )


def _text(column: Any) -> Any:
    """A JSON column as the text that it is kept as."""
    return cast(column, Text).label(column.key)


_SHEET = _query()


def evidence_of(session: Session, attempt_id: uuid.UUID, number: int) -> dict[str, str]:
    """«kind:name» → digest of the passages and disputes that the slot was set with."""
    found = select(Slot.evidence).where(Slot.attempt_id == attempt_id, Slot.number == number)
    return dict(session.scalars(found).one())

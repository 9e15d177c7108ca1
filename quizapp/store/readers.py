"""What of a reader's attempts matters for what they may read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.attempt import Sitting
from quizapp.store.tables import Attempt, Slot


@dataclass(frozen=True)
class ReaderSlot:
    """A slot of the reader's with the facts of its attempt. ``is_retry`` of an attempt outside the grade."""

    attempt_id: uuid.UUID
    number: int
    quiz_digest: str
    mode: str
    is_retry: bool
    sitting: Sitting
    item: str
    item_digest: str
    evidence: Mapping[str, str]
    checked_at: datetime | None
    closes_at: datetime | None = None


NAMES = re.compile(r"[\w:/.-]+")
COLUMNS = (
    *(Attempt.id, Attempt.quiz_digest, Attempt.mode, Attempt.number.label("attempt_number")),
    *(Attempt.started_at, Attempt.deadline, Attempt.grace_seconds, Attempt.submitted_at, Attempt.closes_at),
    *(Slot.number, Slot.item, Slot.item_digest, Slot.evidence, Slot.checked_at),
)


def slots(session: Session, user_id: int, named: str | None = None) -> list[ReaderSlot]:
    """The slots of the user's open attempts and, newest first, all that name ``named`` («passage:…», «dispute:…»).

    One query. An attempt is open here while nobody has submitted it; the clock is for the caller.
    """
    query = _OPEN
    if named is not None and NAMES.fullmatch(named):  # nothing else is ever named, and SQLite's paths know no escapes
        query = _query(IS_OPEN, Slot.evidence[named].as_string().is_not(None))
    return [_slot(row) for row in store.read_all(session, query, {"user": user_id})]


def _query(*wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(Slot, Slot.attempt_id == Attempt.id)
        .where(Attempt.user_id == bindparam("user"), or_(*wanted))
        .order_by(Attempt.started_at.desc(), Attempt.id, Slot.number)
    )


IS_OPEN = Attempt.submitted_at.is_(None)
_OPEN = _query(IS_OPEN)  # built once: it is asked for at most pages


def _slot(row: Any) -> ReaderSlot:
    return ReaderSlot(
        attempt_id=row.id,
        number=row.number,
        quiz_digest=row.quiz_digest,
        mode=row.mode,
        is_retry=row.attempt_number == 0,
        sitting=Sitting(row.started_at, row.deadline, timedelta(seconds=row.grace_seconds), row.submitted_at),
        item=row.item,
        item_digest=row.item_digest,
        evidence=row.evidence,
        checked_at=row.checked_at,
        closes_at=row.closes_at,
    )

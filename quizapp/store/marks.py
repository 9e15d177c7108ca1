"""Marks that moved after submission."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.store.mark_tables import MarkChange
from quizapp.store.tables import Attempt


def attempt(session: Session, attempt_id: uuid.UUID) -> Attempt | None:
    """An attempt with its slots, held until the transaction ends."""
    query = select(Attempt).where(Attempt.id == attempt_id).options(selectinload(Attempt.slots))
    return session.scalars(query.with_for_update(of=Attempt)).one_or_none()


def add(session: Session, change: MarkChange) -> MarkChange:
    """Write down that a mark moved."""
    session.add(change)
    session.flush()
    return change


def history(session: Session, attempts: Collection[uuid.UUID]) -> list[MarkChange]:
    """What moved in these attempts, oldest first; one query."""
    query = select(MarkChange).where(MarkChange.attempt_id.in_(attempts)).order_by(MarkChange.id)
    return list(session.scalars(query))


def of_run(session: Session, run_id: int) -> Sequence[MarkChange]:
    """What one regrade moved, oldest first."""
    return session.scalars(select(MarkChange).where(MarkChange.run_id == run_id).order_by(MarkChange.id)).all()

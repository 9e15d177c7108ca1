"""Marks that moved after submission."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from quizapp.store.class_tables import Assignment
from quizapp.store.mark_tables import MarkChange
from quizapp.store.tables import Attempt

AT_ONCE = 500


def attempt(session: Session, attempt_id: uuid.UUID) -> Attempt | None:
    """An attempt with its slots, held until the transaction ends."""
    query = select(Attempt).where(Attempt.id == attempt_id).options(selectinload(Attempt.slots))
    return session.scalars(query.with_for_update(of=Attempt)).one_or_none()


def attempts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Attempt]:
    """The attempts with their slots, held until the transaction ends, as they are now; two queries for each 500."""
    ordered = sorted(ids)
    found: dict[uuid.UUID, Attempt] = {}
    for i in range(0, len(ordered), AT_ONCE):
        query = select(Attempt).where(Attempt.id.in_(ordered[i : i + AT_ONCE])).options(selectinload(Attempt.slots))
        locked = query.order_by(Attempt.id).with_for_update(of=Attempt).execution_options(populate_existing=True)
        found |= {one.id: one for one in session.scalars(locked)}
    return found


def classes(session: Session, assignments: Iterable[int | None]) -> dict[int, int]:
    """Assignment → its class; one query for each 500."""
    ids = sorted({one for one in assignments if one is not None})
    found: dict[int, int] = {}
    for i in range(0, len(ids), AT_ONCE):
        query = select(Assignment.id, Assignment.class_id).where(Assignment.id.in_(ids[i : i + AT_ONCE]))
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def add_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down that marks moved, all in one statement."""
    session.flush()
    if rows:
        session.execute(insert(MarkChange), rows)


def add(session: Session, change: MarkChange) -> MarkChange:
    """Write down that a mark moved."""
    session.add(change)
    session.flush()
    return change


def history(session: Session, attempts: Collection[uuid.UUID]) -> list[MarkChange]:
    """What moved in these attempts, oldest first; one query."""
    query = select(MarkChange).where(MarkChange.attempt_id.in_(attempts)).order_by(MarkChange.id)
    return list(session.scalars(query))


def of_user(session: Session, user_id: int) -> list[MarkChange]:
    """What moved in all attempts of a person, oldest first; one query."""
    query = select(MarkChange).join(Attempt, Attempt.id == MarkChange.attempt_id).where(Attempt.user_id == user_id)
    return list(session.scalars(query.order_by(MarkChange.id)))


def of_run(session: Session, run_id: int) -> Sequence[MarkChange]:
    """What one regrade moved, oldest first."""
    return session.scalars(select(MarkChange).where(MarkChange.run_id == run_id).order_by(MarkChange.id)).all()

"""Notes to people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from quizapp.store.mark_tables import Note


def add(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Leave notes, all in one statement."""
    if given := list(rows):
        session.execute(insert(Note), given)


def of_user(session: Session, user_id: int, *, unread: bool = False) -> list[Note]:
    """A person's notes, the newest first."""
    query = select(Note).where(Note.user_id == user_id).order_by(Note.id.desc())
    return list(session.scalars(query.where(Note.read_at.is_(None)) if unread else query))


def mark_read(session: Session, user_id: int, now: datetime, note_id: int | None = None) -> None:
    """Put away one of the person's notes, or all."""
    mine = update(Note).where(Note.user_id == user_id, Note.read_at.is_(None))
    session.execute((mine if note_id is None else mine.where(Note.id == note_id)).values(read_at=now))

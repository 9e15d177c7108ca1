"""Telling people what happened to their work: a note waits on their home page until they put it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.store import notes
from quizapp.store.mark_tables import Note


def tell(session: Session, user_ids: Iterable[int], text: str, *, address: str | None = None, now: datetime) -> None:
    """Leave each of the people a note, once; ``address`` is a path of this site where more is said."""
    if address is not None and (not address.startswith("/") or address.startswith("//")):
        raise ValueError(f"not a path of this site: {address}")
    rows = ({"user_id": one, "text": text, "address": address, "created_at": now} for one in dict.fromkeys(user_ids))
    notes.add(session, rows)


def tell_each(session: Session, told: Iterable[tuple[int, str, str]], *, now: datetime) -> None:
    """Leave people notes, to each their own: whose, what it says, and a path of this site where more is said."""
    given = list(told)
    if wrong := [path for _, _, path in given if not path.startswith("/") or path.startswith("//")]:
        raise ValueError(f"not a path of this site: {wrong[0]}")
    notes.add(
        session, ({"user_id": one, "text": text, "address": path, "created_at": now} for one, text, path in given)
    )


def unread(session: Session, user_id: int | None) -> list[Note]:
    """What the person has not put away yet, the newest first; nothing for a visitor."""
    return [] if user_id is None else notes.of_user(session, user_id, unread=True)


def put_away(session: Session, user_id: int, *, now: datetime, note_id: int | None = None) -> None:
    """The person has read a note, or all of them; another person's stays as it is."""
    notes.mark_read(session, user_id, now, note_id)

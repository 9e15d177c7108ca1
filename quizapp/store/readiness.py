"""Whether there is anything to serve."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.store.tables import Content


def has_items(session: Session) -> bool:
    """Whether an item is published."""
    query = select(Content.name).where(Content.kind == "item", Content.retired_at.is_(None)).limit(1)
    return session.scalar(query) is not None

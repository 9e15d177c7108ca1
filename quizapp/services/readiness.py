"""Whether everything is there that the app needs to work."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from quizapp.store.readiness import has_items


def checks(session: Session) -> dict[str, bool]:
    """Does the database answer, and is a bank published? Never raises."""
    try:
        return {"database": True, "bank": has_items(session)}
    except SQLAlchemyError:
        session.rollback()
        return {"database": False, "bank": False}

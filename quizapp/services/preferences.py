"""How somebody wants pages to look and behave, kept with the account so that it comes along to every device."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from quizapp.services.errors import NotFound
from quizapp.store import users

READING = "reading"


def keep(session: Session, user_id: int, reading: Mapping[str, str]) -> None:
    """Keep what was chosen with the account. Raises ``NotFound``."""
    user = users.by_id(session, user_id)
    if user is None:
        raise NotFound("This account is no longer there.")
    user.preferences = {**user.preferences, READING: dict(reading)}

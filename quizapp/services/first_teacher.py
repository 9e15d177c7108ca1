"""The link that makes the first teacher: it works once, and only while there is no teacher."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from quizapp.domain.permissions import STAFF
from quizapp.services.errors import NotFound
from quizapp.store import users

_PURPOSE = "first-teacher"
SPENT = (
    "This link has been used, or a newer one has taken its place. While there is no teacher yet, "
    "starting the app again prints a new link. If there is one, sign in."
)


def new_token(session: Session, *, now: datetime) -> str | None:
    """The token of a new link; earlier ones stop working. None once there is a teacher. Only its hash is kept."""
    if users.has_any(session, frozenset(STAFF)):
        return None
    token = secrets.token_urlsafe(24)
    users.add_link(session, _PURPOSE, _hash(token), now)
    return token


def check(session: Session, token: str) -> None:
    """Raises NotFound where this token does not make a teacher, or no longer."""
    if users.has_any(session, frozenset(STAFF)) or not users.is_unused(session, _PURPOSE, _hash(token)):
        raise NotFound(SPENT)


def use(session: Session, token: str, *, now: datetime) -> None:
    """Use the link up. Raises NotFound where that cannot be, also when somebody else did so a moment ago."""
    check(session, token)
    if not users.use_link(session, _PURPOSE, _hash(token), now):
        raise NotFound(SPENT)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()

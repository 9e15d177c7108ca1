"""Who somebody is: what the rest of the app may know of an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from quizapp.domain.permissions import Role
from quizapp.store import users
from quizapp.store.tables import User


@dataclass(frozen=True)
class Person:
    """An account as it was when it was read; never its password."""

    id: int
    username: str
    role: Role
    epoch: int
    given_name: str = ""
    family_name: str = ""
    email: str | None = None
    student_number: str | None = None
    time_zone: str | None = None
    preferences: dict[str, Any] = field(default_factory=dict)
    is_rostered: bool = False  # a teacher's list made the account
    must_change_password: bool = False
    deletion_asked_at: datetime | None = None

    @property
    def name(self) -> str:
        """What to call them: the names they gave, else the username."""
        return f"{self.given_name} {self.family_name}".strip() or self.username

    @property
    def is_guest(self) -> bool:
        """Whether this is someone who has not signed up."""
        return self.role == "guest"


def person(user: User | Row[Any]) -> Person:
    """What may be known of this user, or of the row."""
    return Person(
        id=user.id,
        username=user.username,
        role=cast(Role, user.role),
        epoch=user.session_epoch,
        given_name=user.given_name,
        family_name=user.family_name,
        email=user.email,
        student_number=user.student_number,
        time_zone=user.time_zone,
        preferences=dict(user.preferences),
        is_rostered=user.rostered_at is not None,
        must_change_password=user.must_change_password,
        deletion_asked_at=user.deletion_asked_at,
    )


def find(session: Session, user_id: int, epoch: int) -> Person | None:
    """Whose session this is; None when the account is gone or has ended its sessions since."""
    user = users.row(session, user_id)
    return person(user) if user is not None and user.session_epoch == epoch else None

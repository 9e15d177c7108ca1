"""What becomes of archived classes: deleted when the time that their teachers chose is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.schedule import months_later
from quizapp.services import audit, personal_data
from quizapp.store import classes, retention


@dataclass(frozen=True)
class Due:
    """An archived class whose time is over: what is deleted with it."""

    class_id: int
    name: str
    archived_at: datetime
    kept_until: datetime
    attempts: int
    accounts: int


def due(session: Session, *, now: datetime) -> list[Due]:
    """The classes to delete now, with what goes along."""
    found = []
    for one in retention.archived(session):
        if one.archived_at is None or one.keep_months is None:
            continue
        until = months_later(one.archived_at, one.keep_months)
        if until <= now:
            counts = (retention.attempts_in(session, one.id), len(retention.only_here(session, one.id)))
            found.append(Due(one.id, one.name, one.archived_at, until, *counts))
    return found


def forget(session: Session, one: Due, *, now: datetime) -> None:
    """Delete the class, the attempts at what was set to it, and accounts of lists that are in no other class."""
    accounts = retention.only_here(session, one.class_id)
    teachers = [user.id for user in classes.teachers_of(session, [one.class_id]).get(one.class_id, ())]
    retention.remove(session, one.class_id)
    for user_id in accounts:
        personal_data.erase(session, user_id)
    old = {"attempts": one.attempts, "accounts": len(accounts), "teachers": teachers}
    audit.record(session, None, "delete", "class", one.class_id, old, None, now=now, class_id=one.class_id)

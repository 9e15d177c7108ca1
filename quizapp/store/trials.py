"""Teachers' trials: attempts of stand-ins whom nobody counts, and their removal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.domain.quiz import TRIAL
from quizapp.store.tables import Attempt, User, Version

ROLE = "trial"  # no role of anybody: a stand-in cannot sign in, and may do nothing


def stand_in(session: Session, teacher: User, now: datetime) -> User:
    """A new stand-in for the teacher, whose sessions are the stand-in's. A colon is in nobody's username."""
    name = _name(teacher.id)
    user = User(username=name, username_key=name, role=ROLE, session_epoch=teacher.session_epoch, created_at=now)
    session.add(user)
    session.flush()
    return user


def stand_ins(session: Session, *, teacher_id: int, before: datetime | None = None) -> Sequence[User]:
    """The teacher's stand-in, if there is one, and everybody's from before a time."""
    gone = User.username_key == _name(teacher_id)
    if before is not None:
        gone = gone | (User.created_at < before)
    return session.scalars(select(User).where(User.role == ROLE, gone)).all()


def forget_versions(session: Session) -> None:
    """Let go of the versions that were made for trials and that no trial needs any more."""
    needed = select(Attempt.quiz_digest).where(Attempt.quiz == TRIAL)
    session.execute(
        delete(Version)
        .where(Version.kind == "quiz", Version.name == TRIAL, Version.digest.not_in(needed))
        .execution_options(synchronize_session=False)
    )


def _name(teacher_id: int) -> str:
    return f"{ROLE}:{teacher_id}"

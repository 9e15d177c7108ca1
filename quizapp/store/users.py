"""Queries about users and one-time links."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.store import reports
from quizapp.store.class_tables import Accommodation, AssignmentStudent, GroupMember, Membership
from quizapp.store.gradebook_tables import Excuse
from quizapp.store.mark_tables import Note
from quizapp.store.tables import USER, Attempt, OneTimeLink, PassageOpening, Response, Slot, User

# What belongs to a user, by its column user_id.
OWNED = (Attempt, Note, PassageOpening)
# Where a user stands in classes; guests, whose things are handed over, are in none.
IN_CLASSES = (AssignmentStudent, Excuse, GroupMember, Membership)
_ROW = select(*(column for column in USER.c if column.name != "password_hash")).where(USER.c.id == bindparam("id"))


def by_id(session: Session, user_id: int) -> User | None:
    """The user with this id."""
    return session.get(User, user_id)


def row(session: Session, user_id: int) -> Row[Any] | None:
    """The same without the password, to look at only: a row, for which no session needs to begin."""
    return store.read_one(session, _ROW, {"id": user_id})


def by_key(session: Session, username_key: str) -> User | None:
    """The user whose name reads like this, case and width apart."""
    return session.scalar(select(User).where(User.username_key == username_key))


def name(session: Session, user: User, username: str, username_key: str, role: str) -> bool:
    """Give a user, new or known, this name and role; False when the name is taken, also by someone a moment before."""
    try:
        with session.begin_nested():
            user.username, user.username_key, user.role = username, username_key, role
            session.add(user)
    except IntegrityError:
        if by_key(session, username_key) is None:
            raise
        return False
    return True


def has_any(session: Session, roles: frozenset[str]) -> bool:
    """Whether anybody has one of these roles."""
    return session.scalar(select(User.id).where(User.role.in_(sorted(roles))).limit(1)) is not None


def hand_over(session: Session, giver: User, taker: User) -> None:
    """Move all that one user has to another, and remove the one.

    The attempts of both are counted anew, in the order in which they began.
    """
    for table in OWNED:
        session.execute(update(table).where(table.user_id == giver.id).values(user_id=taker.id))
    reports.hand_over(session, giver, taker)
    _count_attempts(session, taker)
    session.delete(giver)
    session.flush()


def _count_attempts(session: Session, user: User) -> None:
    """Number the attempts of each quiz and assignment from 1; retries, which are outside the count, stay 0."""
    counted = select(Attempt).where(Attempt.user_id == user.id, Attempt.number > 0)
    so_far: dict[tuple[str, int | None], int] = defaultdict(int)
    for attempt in session.scalars(counted.order_by(Attempt.started_at, Attempt.id)):
        of = (attempt.quiz, attempt.assignment_id)
        so_far[of] += 1
        attempt.number = so_far[of]


def remove(session: Session, user: User, kept: Collection[uuid.UUID]) -> None:
    """Delete all that belongs to a user apart from the attempts ``kept``; the user too, where none is."""
    reports.forget_user(session, user.id)
    gone = select(Attempt.id).where(Attempt.user_id == user.id, Attempt.id.not_in(kept))
    ids = list(session.scalars(gone))
    from_kept = PassageOpening.attempt_id.in_(kept)
    session.execute(
        delete(PassageOpening).where(
            PassageOpening.user_id == user.id, or_(PassageOpening.attempt_id.is_(None), not_(from_kept))
        )
    )
    session.execute(update(Attempt).where(Attempt.retry_of.in_(ids)).values(retry_of=None))
    for table, column in ((Response, Response.attempt_id), (Slot, Slot.attempt_id), (Attempt, Attempt.id)):
        session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session=False))
    session.execute(delete(Accommodation).where(Accommodation.user_id == user.id))
    for place in (*IN_CLASSES, Note):
        session.execute(delete(place).where(place.user_id == user.id).execution_options(synchronize_session=False))
    if not kept:
        session.delete(user)
    session.flush()


def others_with(session: Session, user: User, role: str) -> bool:
    """Whether anybody else has this role."""
    return session.scalar(select(User.id).where(User.role == role, User.id != user.id).limit(1)) is not None


def add_link(session: Session, purpose: str, token_hash: str, now: datetime) -> None:
    """Keep a new link, and withdraw the unused ones of the same purpose."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None)))
    session.add(OneTimeLink(token_hash=token_hash, purpose=purpose, created_at=now))
    session.flush()


def is_unused(session: Session, purpose: str, token_hash: str) -> bool:
    """Whether there is such a link that nobody has used."""
    link = session.get(OneTimeLink, token_hash)
    return link is not None and link.purpose == purpose and link.used_at is None


def use_link(session: Session, purpose: str, token_hash: str, now: datetime) -> bool:
    """Use a link; of two who do so at once, one gets False."""
    used = (
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == token_hash, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    return session.connection().execute(used).rowcount == 1


def of_list(session: Session, keys: Collection[str], numbers: Collection[str]) -> list[User]:
    """The users with one of these names or student numbers; no query for none."""
    if not keys and not numbers:
        return []
    query = select(User).where(or_(User.username_key.in_(keys), User.student_number.in_(numbers)))
    return list(session.scalars(query))


def keys_taken(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these names that somebody has."""
    return set(session.scalars(select(User.username_key).where(User.username_key.in_(keys))))

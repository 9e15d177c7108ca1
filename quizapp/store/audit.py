"""The audit trail: adding to it, and finding in it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.store.class_tables import AuditEntry, Membership, SchoolClass
from quizapp.store.tables import Attempt, User

SORTS: Mapping[str, Any] = {
    "when": AuditEntry.id, "who": User.username_key, "action": AuditEntry.action, "kind": AuditEntry.kind,
    "class": SchoolClass.name,
}  # fmt: skip


NOT_CONTENT = ("account", "scores", "bank")  # whoever else did something to these is nobody's business


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is empty asks for nothing. ``seen_by``: None sees all."""

    seen_by: int | None = None
    action: str = ""
    kind: str = ""
    who: str = ""
    class_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def add(session: Session, entry: AuditEntry) -> None:
    """Add an entry."""
    session.add(entry)
    session.flush()


def add_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add many entries in one statement."""
    if rows:
        session.execute(insert(AuditEntry), rows)


def count(session: Session, wanted: Wanted) -> int:
    """How many entries there are of these."""
    found: int | None = session.scalar(_found(select(func.count(AuditEntry.id)), wanted))
    return found or 0


def page(session: Session, wanted: Wanted, sort: str, offset: int, limit: int) -> list[tuple[AuditEntry, Any, Any]]:
    """Entries with the user who did it and the class's name, each None where it is gone; ``sort`` "-when", say."""
    column = SORTS.get(sort.lstrip("-"), AuditEntry.id)
    query = _found(select(AuditEntry, User, SchoolClass.name), wanted)
    query = query.order_by(column.desc() if sort.startswith("-") else column.asc(), AuditEntry.id.desc())
    return [(row[0], row[1], row[2]) for row in session.execute(query.limit(limit).offset(offset))]


def choices(session: Session, seen_by: int | None) -> tuple[list[str], list[str]]:
    """The actions and the kinds that there are to filter by."""
    rows = session.execute(_found(select(AuditEntry.action, AuditEntry.kind).distinct(), Wanted(seen_by))).all()
    return sorted({row.action for row in rows}), sorted({row.kind for row in rows})


def people(session: Session, ids: Sequence[int]) -> dict[int, User]:
    """The users of these ids that are still there."""
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}


def attempts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[User, str]]:
    """Whose the attempts of these ids are, and the digests of their quizzes."""
    query = select(Attempt.id, User, Attempt.quiz_digest).join(User, User.id == Attempt.user_id)
    rows = session.execute(query.where(Attempt.id.in_(ids))) if ids else ()
    return {row[0]: (row[1], row[2]) for row in rows}


def _found(query: Any, wanted: Wanted) -> Any:
    query = query.select_from(AuditEntry).outerjoin(User, User.id == AuditEntry.actor_id)
    query = query.outerjoin(SchoolClass, SchoolClass.id == AuditEntry.class_id)
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = {AuditEntry.action: wanted.action, AuditEntry.kind: wanted.kind, AuditEntry.class_id: wanted.class_id}
    found: list[ColumnElement[bool]] = [column == given for column, given in columns.items() if given]
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    if wanted.who:
        names = (User.username_key, func.lower(User.given_name), func.lower(User.family_name))
        found.append(or_(*(name.contains(wanted.who.casefold(), autoescape=True) for name in names)))
    if wanted.seen_by is not None:
        found.append(_concerns(wanted.seen_by))
    return found


def _concerns(user_id: int) -> ColumnElement[bool]:
    """What this teacher did, what concerns a class of theirs, and content that they have themselves changed."""
    classes = select(Membership.class_id).where(
        Membership.user_id == user_id, Membership.role == "teacher", Membership.removed_at.is_(None)
    )
    own = aliased(AuditEntry)
    is_own_content = (
        select(own.id)
        .where(own.actor_id == user_id, own.kind == AuditEntry.kind, own.name == AuditEntry.name)
        .correlate(AuditEntry)
        .exists()
    )
    return or_(
        AuditEntry.actor_id == user_id,
        AuditEntry.class_id.in_(classes),
        and_(AuditEntry.class_id.is_(None), AuditEntry.kind.not_in(NOT_CONTENT), is_own_content),
    )

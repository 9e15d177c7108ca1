"""Questions as teachers work on them: what is being written, what was current when, and putting things in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from quizapp.store import versions
from quizapp.store.question_tables import ContentHistory, QuestionDraft
from quizapp.store.tables import Content, Slot, User, Version
from quizapp.store.versions import Thing

AFTER_THE_FILES = 100_000  # the position of what stands in no file


@dataclass(frozen=True)
class Standing:
    """What stands under a name: its current entry, and whether students get it."""

    name: str
    digest: str
    entry: dict[str, Any]
    status: str  # draft | ready | retired
    reason: str | None
    author_id: int | None
    published_digest: str | None
    to_look_at: str | None = None  # why somebody should look at it, though it is in use


def standing(session: Session, name: str, *, for_change: bool = False) -> Standing | None:
    """The question of this name as it is published, set aside or retired; None where only a draft has it, or nobody."""
    query = (
        select(Content, Version.entry)
        .join(Version, Version.digest == Content.digest)
        .where(Content.kind.in_(["item", "draft"]), Content.name == name)
        .order_by(Content.kind.desc())  # «item» before «draft»
    )
    row = session.execute(query.with_for_update(of=Content) if for_change else query).first()
    if row is None:
        return None
    content: Content = row.Content
    return Standing(
        name, content.digest, row.entry, status(content), content.set_aside_reason, content.author_id,
        content.published_digest, content.to_look_at if content.retired_at is None else None,
    )  # fmt: skip


def made(session: Session) -> dict[str, tuple[int | None, datetime]]:
    """Of each published question who wrote it, if anybody here did, and when its current version came; one query."""
    query = (
        select(Content.name, Content.author_id, Version.created_at)
        .join(Version, Version.digest == Content.digest)
        .where(Content.kind == "item", Content.retired_at.is_(None))
    )
    return {name: (author_id, at) for name, author_id, at in session.execute(query)}


def status(content: Content) -> str:
    """The status of an item's content: draft, ready or retired."""
    if content.kind == "draft":
        return "retired" if content.retired_at else "draft"
    if content.retired_at is None:
        return "ready"
    return "draft" if content.set_aside == "draft" else "retired"


def put_item(session: Session, thing: Thing, *, actor_id: int | None, now: datetime) -> None:
    """Makes this version of an item the current one, ready for students."""
    versions.keep(session, thing, now)
    content = session.get(Content, ("item", thing.name))
    if content is None:
        content = Content(kind="item", name=thing.name, digest=thing.digest, position=_last_position(session))
        content.author_id = actor_id
        session.add(content)
    content.digest, content.retired_at = thing.digest, None
    content.set_aside = content.set_aside_reason = content.to_look_at = None
    content.topic, content.type = thing.topic, thing.type
    content.skill, content.difficulty = thing.skill, thing.difficulty
    imported = session.get(Content, ("draft", thing.name))
    if imported is not None:
        imported.retired_at = now
    session.flush()


def put_topic(session: Session, thing: Thing, *, now: datetime) -> None:
    """Adds a topic, unless there is one of this name."""
    if session.get(Content, (thing.kind, thing.name)) is None:
        versions.keep(session, thing, now)
        position = _last_position(session)
        session.add(Content(kind=thing.kind, name=thing.name, digest=thing.digest, position=position))
        session.flush()


def _last_position(session: Session) -> int:
    return AFTER_THE_FILES + (session.scalar(select(func.count()).select_from(Content)) or 0)


def set_aside(session: Session, names: Iterable[str], how: str | None, reason: str | None, now: datetime) -> None:
    """Takes items out as «draft» or «retired», or with None makes them ready again."""
    for content in _contents(session, names):
        content.set_aside, content.set_aside_reason, content.to_look_at = how, reason, None
        content.retired_at = now if how else None
    session.flush()


def _contents(session: Session, names: Iterable[str]) -> Sequence[Content]:
    return session.scalars(select(Content).where(Content.kind == "item", Content.name.in_(list(names)))).all()


def is_taken(session: Session, name: str) -> bool:
    """Whether anything in the bank has this name as a question."""
    return bool(session.scalar(select(exists().where(Content.kind.in_(["item", "draft"]), Content.name == name))))


# --- drafts ----------------------------------------------------------------------------------------------------------


def draft(session: Session, name: str, *, for_change: bool = False) -> QuestionDraft | None:
    """What is being written under this name."""
    query = select(QuestionDraft).where(QuestionDraft.name == name)
    return session.scalar(query.with_for_update() if for_change else query)


def drafts_of(session: Session, user_id: int) -> Sequence[QuestionDraft]:
    """The drafts that the user began."""
    query = select(QuestionDraft).where(QuestionDraft.author_id == user_id)
    return session.scalars(query.order_by(QuestionDraft.created_at)).all()


def add_draft(session: Session, new: QuestionDraft) -> None:
    """Keeps a new draft."""
    session.add(new)
    session.flush()


def drop_draft(session: Session, name: str) -> None:
    """Lets go of what was being written."""
    session.execute(delete(QuestionDraft).where(QuestionDraft.name == name))


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, User]:
    """The users of these ids who still have accounts."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(wanted)))}


# --- history ---------------------------------------------------------------------------------------------------------


def remember(
    session: Session, kind: str, moved: Iterable[tuple[str, str]], action: str, *, actor_id: int | None,
    now: datetime, note: str | None = None,
) -> None:  # fmt: skip
    """Writes down that these (name and digest) became what they are."""
    rows = [
        {"kind": kind, "name": name, "digest": digest, "action": action, "actor_id": actor_id, "at": now, "note": note}
        for name, digest in moved
    ]
    if rows:
        session.execute(insert(ContentHistory), rows)


def history(session: Session, kind: str, name: str) -> list[ContentHistory]:
    """What happened under a name, the newest first."""
    query = select(ContentHistory).where(ContentHistory.kind == kind, ContentHistory.name == name)
    return list(session.scalars(query.order_by(ContentHistory.id.desc()).limit(500)))


def item_versions(session: Session, name: str) -> dict[str, tuple[dict[str, Any], datetime]]:
    """Every version of an item by digest, with when it was made, the oldest first; and how many places set it."""
    query = select(Version).where(Version.kind == "item", Version.name == name).order_by(Version.created_at)
    return {one.digest: (one.entry, one.created_at) for one in session.scalars(query)}


def slots_by_version(session: Session, name: str) -> dict[str, int]:
    """How many places in attempts set each version of an item."""
    query = select(Slot.item_digest, func.count()).where(Slot.item == name).group_by(Slot.item_digest)
    return {row[0]: row[1] for row in session.execute(query)}


def is_only_a_draft(session: Session, name: str) -> bool:
    """Whether the name stands for an imported draft that was never ready."""
    return session.get(Content, ("item", name)) is None

"""Files of questions on their way in: kept until they are imported; and what an import changed, for ever."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, Uuid, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from quizapp.store import versions
from quizapp.store.tables import Base, BigId, Content
from quizapp.store.versions import Thing

DRAFT, ITEM = "draft", "item"
AFTER_THE_FILES = 100_000  # the position of what stands in no file


class ImportBatch(Base):
    """An uploaded file. Once imported, it is let go, and ``changes`` says what it changed, so that it can be undone.

    ``changes`` are {name, kind, old, new, retired}: digests before and after; ``old`` is null for what is new.
    """

    __tablename__ = "import_batch"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId)  # no foreign key: the erased leave what they imported
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(16))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    defaults: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    changes: Mapped[list[Any]] = mapped_column(default=list)
    __table_args__ = (Index(None, "user_id", "created_at"),)


@dataclass(frozen=True)
class Standing:
    """What stands under an item's name now: published or a draft, its digest, and whether it is retired."""

    kind: str
    digest: str
    is_retired: bool


def add(session: Session, batch: ImportBatch) -> None:
    """Keeps an uploaded file."""
    session.add(batch)
    session.flush()


def batch(session: Session, user_id: int, batch_id: uuid.UUID) -> ImportBatch | None:
    """The user's batch of this id."""
    return session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.user_id == user_id))


def data(session: Session, batch_id: uuid.UUID) -> bytes:
    """The bytes of an uploaded file."""
    return session.scalar(select(ImportBatch.data).where(ImportBatch.id == batch_id)) or b""


def of_user(session: Session, user_id: int, most: int) -> Sequence[ImportBatch]:
    """The user's newest batches, without their bytes."""
    query = select(ImportBatch).where(ImportBatch.user_id == user_id).order_by(ImportBatch.created_at.desc())
    return session.scalars(query.limit(most)).all()


def with_data(session: Session, user_id: int) -> Sequence[ImportBatch]:
    """All of the user's batches with the bytes of those that wait, the oldest first; one query."""
    query = select(ImportBatch).where(ImportBatch.user_id == user_id).options(undefer(ImportBatch.data))
    return session.scalars(query.order_by(ImportBatch.created_at)).all()


def forget_unconfirmed(session: Session, user_id: int, *, before: datetime | None = None, keep: int = 0) -> None:
    """Lets go of files that were never imported: those from before a time, and all but the newest so many."""
    waiting = select(ImportBatch.id).where(ImportBatch.user_id == user_id, ImportBatch.imported_at.is_(None))
    newest = session.scalars(waiting.order_by(ImportBatch.created_at.desc()).limit(keep)).all() if keep else []
    gone = waiting.where(ImportBatch.id.not_in(newest))
    session.execute(delete(ImportBatch).where(ImportBatch.id.in_(gone)))
    if before is not None:
        session.execute(delete(ImportBatch).where(ImportBatch.imported_at.is_(None), ImportBatch.created_at < before))


def forget_user(session: Session, user_id: int) -> None:
    """Lets go of everything that a person uploaded."""
    session.execute(delete(ImportBatch).where(ImportBatch.user_id == user_id))


def standing(session: Session, names: Iterable[str]) -> dict[str, Standing]:
    """What stands under these items' names: the published item or, where there is none, the draft."""
    found: dict[str, Standing] = {}
    wanted = list(names)
    for i in range(0, len(wanted), 500):
        query = select(Content).where(Content.kind.in_([ITEM, DRAFT]), Content.name.in_(wanted[i : i + 500]))
        for one in session.scalars(query.order_by(Content.kind)):  # «draft» comes before «item»
            found[one.name] = Standing(one.kind, one.digest, one.retired_at is not None)
    return found


def standing_as(session: Session, kind: str, names: Sequence[str]) -> dict[str, Standing]:
    """What stands under these names as a draft, or as a published item."""
    return {
        name: Standing(kind, one.digest, one.retired_at is not None)
        for name, one in _contents(session, kind, names).items()
    }


def put(session: Session, kind: str, things: Sequence[Thing], now: datetime, *, actor_id: int | None = None) -> None:
    """Makes these versions the current ones of their names, as drafts or published; a published one's draft is done."""
    versions.add_versions(session, things, now)
    first = AFTER_THE_FILES + (session.scalar(select(func.count()).select_from(Content)) or 0)
    known = _contents(session, kind, [thing.name for thing in things])
    for i, thing in enumerate(things):
        content = known.get(thing.name)
        if content is None:
            content = Content(kind=kind, name=thing.name, digest=thing.digest, position=first + i)
            content.author_id = actor_id
            session.add(content)
        content.digest, content.retired_at = thing.digest, None
        content.set_aside = content.set_aside_reason = content.to_look_at = None
        content.topic, content.type = thing.topic, thing.type
        content.skill, content.difficulty = thing.skill, thing.difficulty
    if kind == ITEM:
        for draft in _contents(session, DRAFT, [thing.name for thing in things]).values():
            draft.retired_at = now
    session.flush()


def take_away(session: Session, kind: str, names: Sequence[str], now: datetime) -> None:
    """Drops drafts, and retires published items, whose versions attempts may need."""
    for content in _contents(session, kind, names).values():
        if kind == DRAFT:
            session.delete(content)
        else:
            content.retired_at = now
    session.flush()


def _contents(session: Session, kind: str, names: Sequence[str]) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for i in range(0, len(names), 500):
        query = select(Content).where(Content.kind == kind, Content.name.in_(names[i : i + 500]))
        found.update({one.name: one for one in session.scalars(query)})
    return found

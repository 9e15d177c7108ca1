"""Sources that teachers add: what they work on, their texts, and what is published of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.store import versions
from quizapp.store.catalogue import Window
from quizapp.store.own_source_tables import OtherCopy, OwnSource, OwnText
from quizapp.store.questions import AFTER_THE_FILES
from quizapp.store.tables import Content, User, Version
from quizapp.store.versions import Thing


def every(session: Session) -> list[tuple[OwnSource, User | None]]:
    """Every own source with who added it; one query."""
    query = select(OwnSource, User).outerjoin(User, User.id == OwnSource.owner_id).order_by(OwnSource.name)
    return [(row[0], row[1]) for row in session.execute(query)]


def one(session: Session, name: str, *, for_change: bool = False) -> OwnSource | None:
    """The own source of this name."""
    query = select(OwnSource).where(OwnSource.name == name)
    return session.scalar(query.with_for_update() if for_change else query)


def add(session: Session, new: OwnSource, text: OwnText) -> None:
    """Keeps a new source with its first text."""
    session.add_all([new, text])
    session.flush()


def names(session: Session) -> set[str]:
    """The names that sources have or had, whoever's."""
    published = session.scalars(select(Content.name).where(Content.kind == "source"))
    return {*published, *session.scalars(select(OwnSource.name))}


def owner(session: Session, source: OwnSource) -> User | None:
    """Who added it, where they still have an account."""
    return session.get(User, source.owner_id) if source.owner_id is not None else None


def number_of(session: Session, owner_id: int) -> int:
    """How many sources somebody has added."""
    return session.scalar(select(func.count()).select_from(OwnSource).where(OwnSource.owner_id == owner_id)) or 0


# --- texts -----------------------------------------------------------------------------------------------------------


def text(session: Session, source: str, sha256: str) -> OwnText:
    """One of a source's texts."""
    return session.get_one(OwnText, (source, sha256))


def texts(session: Session, source: str) -> list[OwnText]:
    """The texts that a source has had, the newest first."""
    return list(session.scalars(select(OwnText).where(OwnText.source == source).order_by(OwnText.number.desc())))


def add_text(session: Session, new: OwnText) -> OwnText:
    """Keeps another text of a source; the same one again is the one that is kept."""
    kept = session.get(OwnText, (new.source, new.sha256))
    if kept is not None:
        return kept
    session.add(new)
    session.flush()
    return new


def windows(session: Session, source: str, start: int, end: int) -> list[Window]:
    """The characters ``start`` to ``end`` of each of a source's texts, the newest first."""
    first = max(0, start)
    part = func.substr(OwnText.text, first + 1, max(0, end - first))
    query = select(OwnText.sha256, part.label("text"), func.length(OwnText.text).label("length"))
    rows = session.execute(query.where(OwnText.source == source).order_by(OwnText.number.desc()))
    return [Window(row.sha256, row.text, first, row.length) for row in rows]


# --- what readers get ------------------------------------------------------------------------------------------------


def published(session: Session, source: str) -> dict[str, Content]:
    """What is, or was, published of a source: the source by its name, its passages by «source/passage»."""
    wanted = (Content.kind == "source") & (Content.name == source) | (Content.kind == "passage") & (
        Content.topic == source
    )
    return {content.name: content for content in session.scalars(select(Content).where(wanted))}


def put(session: Session, thing: Thing, content: Content | None, *, author_id: int | None, now: datetime) -> None:
    """Makes this version of a source or passage the current one; ``content`` is what has its name already."""
    versions.keep(session, thing, now)
    if content is None:
        content = Content(kind=thing.kind, name=thing.name, digest=thing.digest, author_id=author_id)
        session.add(content)
    content.digest, content.retired_at = thing.digest, None
    content.position, content.topic = AFTER_THE_FILES + thing.position, thing.topic


def withdraw(session: Session, contents: Iterable[Content], now: datetime) -> None:
    """Publishes these no more."""
    for content in contents:
        content.retired_at = content.retired_at or now
    session.flush()


def last_entries(session: Session, kind: str, own: Collection[str]) -> dict[str, dict[str, object]]:
    """The entries of sources or passages as they were last published, withdrawn or not; one query."""
    if not own:
        return {}
    query = select(Content.name, Version.entry).join(Version, Version.digest == Content.digest)
    return {row[0]: row[1] for row in session.execute(query.where(Content.kind == kind, Content.name.in_(list(own))))}


# --- other copies ----------------------------------------------------------------------------------------------------


def copies(session: Session) -> dict[str, tuple[str, datetime]]:
    """Source → file name and time of the other copy that is attached to it; one query, without the texts."""
    rows = session.execute(select(OtherCopy.source, OtherCopy.file_name, OtherCopy.attached_at))
    return {row[0]: (row[1], row[2]) for row in rows}


def copy(session: Session, source: str) -> OtherCopy | None:
    """The other copy of a source's document."""
    return session.get(OtherCopy, source)


def put_copy(session: Session, new: OtherCopy) -> None:
    """Keeps a copy in place of any other."""
    session.merge(new)
    session.flush()


def drop_copy(session: Session, kept: OtherCopy) -> None:
    """Lets go of a copy."""
    session.delete(kept)
    session.flush()


def forget(session: Session, user_id: int) -> None:
    """Takes somebody's name off what they added; the sources stay, for the questions that rest on them."""
    session.execute(update(OwnSource).where(OwnSource.owner_id == user_id).values(owner_id=None))
    session.execute(update(OwnText).where(OwnText.added_by == user_id).values(added_by=None))
    session.execute(update(OtherCopy).where(OtherCopy.attached_by == user_id).values(attached_by=None))

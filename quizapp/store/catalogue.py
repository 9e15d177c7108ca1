"""The published sources, passages and disputes, and the text of attached documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.store.own_source_tables import OtherCopy
from quizapp.store.tables import Content, Document, Version


@dataclass(frozen=True)
class Published:
    """What is published under a name now."""

    kind: str
    name: str
    digest: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class ListedSource:
    """A published source, how many passages it has, and whether its document is attached."""

    entry: dict[str, Any]
    passages: int
    is_attached: bool


@dataclass(frozen=True)
class Window:
    """Part of an attached document: its text from ``offset`` on, and how long the whole is, in characters."""

    sha256: str
    text: str
    offset: int
    length: int


@dataclass(frozen=True)
class Shelf:
    """What of a source is published now: its version, None where it is not; and its passages in the order of the files.

    ``document`` is the SHA-256 of its document; None where none is attached.
    """

    digest: str | None
    document: str | None
    passages: tuple[str, ...]


def sources(session: Session) -> list[ListedSource]:
    """The published sources in the order of the files; one query."""
    passage = aliased(Content)
    counted = (
        select(func.count())
        .where(passage.kind == "passage", passage.topic == Content.name, passage.retired_at.is_(None))
        .scalar_subquery()
    )
    attached = exists().where(Document.source == Content.name)
    query = (
        select(Version.entry, counted.label("passages"), attached.label("is_attached"))
        .select_from(Content)
        .join(Version, Version.digest == Content.digest)
        .where(Content.kind == "source", Content.retired_at.is_(None))
        .order_by(Content.position, Content.name)
    )
    return [ListedSource(row.entry, row.passages, row.is_attached) for row in session.execute(query)]


def of_source(session: Session, source: str) -> list[Published]:
    """A published source, its passages and the edition record; one query."""
    return _published(session, or_(and_(Content.kind == "source", Content.name == source), *_inside(source)))


def around(session: Session, source: str, refs: Iterable[str] = ()) -> tuple[list[Published], bool]:
    """A source's passages and all that stands beside one of them; and whether a teacher has another copy of its
    document; one query.

    That is the edition record, every source, every dispute, and the passages referred to.
    """
    others = and_(Content.kind == "passage", Content.name.in_(list(refs)))
    wanted = or_(Content.kind.in_(["source", "dispute"]), others, *_inside(source))
    has_copy = exists().where(OtherCopy.source == source).label("has_copy")
    rows = session.execute(_query(wanted).add_columns(has_copy)).all()
    found = [Published(row.kind, row.name, row.digest, row.entry) for row in rows]
    return found, any(row.has_copy for row in rows)


def _inside(source: str) -> tuple[ColumnElement[bool], ...]:
    return and_(Content.kind == "passage", Content.topic == source), Content.kind == "edition"


def everything(session: Session) -> list[Published]:
    """Every published source, passage and dispute, the topics and the edition record; one query."""
    return _published(session, Content.kind.in_(["source", "passage", "dispute", "topic", "edition"]))


def disputes(session: Session) -> list[Published]:
    """Every published dispute and, for the names, every published source; one query."""
    return _published(session, Content.kind.in_(["dispute", "source"]))


def named_disputes(session: Session, names: Iterable[str]) -> list[Published]:
    """The published disputes of these names; one query."""
    return _published(session, and_(Content.kind == "dispute", Content.name.in_(list(names))))


def passages(session: Session, refs: Iterable[str]) -> list[Published]:
    """The published passages referred to, and every published source; one query."""
    named = and_(Content.kind == "passage", Content.name.in_(list(refs)))
    return _published(session, or_(named, Content.kind == "source"))


def shelves(session: Session, sources: Iterable[str]) -> dict[str, Shelf]:
    """The shelf of each of these sources; one query of short rows, by which versions already known are found again."""
    wanted = list(sources)
    is_source = and_(Content.kind == "source", Content.name.in_(wanted))
    rows = session.execute(
        select(Content.kind, Content.name, Content.digest, Content.topic, Document.sha256)
        .outerjoin(Document, and_(Content.kind == "source", Document.source == Content.name))
        .where(or_(is_source, and_(Content.kind == "passage", Content.topic.in_(wanted))), Content.retired_at.is_(None))
        .order_by(Content.position, Content.name)
    ).all()
    published = {row.name: row for row in rows if row.kind == "source"}
    return {
        source: Shelf(
            digest=published[source].digest if source in published else None,
            document=published[source].sha256 if source in published else None,
            passages=tuple(row.name for row in rows if row.kind == "passage" and row.topic == source),
        )
        for source in wanted
    }


def _published(session: Session, wanted: ColumnElement[bool]) -> list[Published]:
    rows = session.execute(_query(wanted))
    return [Published(row.kind, row.name, row.digest, row.entry) for row in rows]


def _query(wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Content.kind, Content.name, Content.digest, Version.entry)
        .join(Version, Version.digest == Content.digest)
        .where(wanted, Content.retired_at.is_(None))
        .order_by(Content.position, Content.name)
    )


def versions(session: Session, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The entries of versions, newest or not, by digest; no query where none is wanted."""
    wanted = list(digests)
    if not wanted:
        return {}
    rows = session.execute(select(Version.digest, Version.entry).where(Version.digest.in_(wanted)))
    return {row.digest: row.entry for row in rows}


def window(session: Session, source: str, start: int, end: int) -> Window | None:
    """The characters ``start`` to ``end`` of a source's document, as far as it goes; None where none is attached."""
    first = max(0, start)
    text = func.substr(Document.text, first + 1, max(0, end - first))
    row = session.execute(
        select(Document.sha256, text.label("text"), func.length(Document.text).label("length")).where(
            Document.source == source
        )
    ).one_or_none()
    return None if row is None else Window(row.sha256, row.text, first, row.length)

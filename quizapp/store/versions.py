"""What publishing reads and writes: things by kind and name, their versions, the texts of attached documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.store.tables import Content, Document, Version

Name = tuple[str, str]  # kind (item, passage, dispute, source, quiz, topic, edition) and id


@dataclass(frozen=True)
class Thing:
    """A thing to publish: its kind and name, its entry under its digest, and what the database chooses by."""

    kind: str
    name: str
    digest: str
    entry: Mapping[str, Any]
    position: int = 0
    topic: str | None = None
    type: str | None = None
    skill: str | None = None
    difficulty: int | None = None


def contents(session: Session) -> dict[Name, Content]:
    """Everything that has ever been published, retired or not, by kind and name, in the order of the files."""
    query = select(Content).order_by(Content.kind, Content.position, Content.name)
    return {(content.kind, content.name): content for content in session.scalars(query)}


def entries(session: Session, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The entries of versions by digest."""
    wanted = list(set(digests))
    found: dict[str, dict[str, Any]] = {}
    for i in range(0, len(wanted), 500):
        query = select(Version.digest, Version.entry).where(Version.digest.in_(wanted[i : i + 500]))
        found.update({row.digest: row.entry for row in session.execute(query)})
    return found


def current(session: Session, kind: str) -> list[tuple[Content, dict[str, Any]]]:
    """What the bank holds of a kind now, with its entry, in the order of the files: not what is retired, but what is
    only set aside until somebody has looked at it.
    """
    query = (
        select(Content, Version.entry)
        .join(Version, Version.digest == Content.digest)
        .where(Content.kind == kind, or_(Content.retired_at.is_(None), Content.set_aside == "draft"))
        .order_by(Content.position, Content.name)
    )
    return [(content, entry) for content, entry in session.execute(query)]


def add_versions(session: Session, things: Iterable[Thing], now: datetime) -> None:
    """Keeps the versions that are not kept yet; those that are never change."""
    by_digest = {thing.digest: thing for thing in things}
    known = entries(session, by_digest)
    rows = [
        {"digest": digest, "kind": thing.kind, "name": thing.name, "entry": dict(thing.entry), "created_at": now}
        for digest, thing in by_digest.items()
        if digest not in known
    ]
    if rows:
        session.execute(insert(Version), rows)


def keep(session: Session, thing: Thing, now: datetime) -> None:
    """Keeps a version, also where somebody else keeps the same one at this moment."""
    if session.get(Version, thing.digest) is not None:
        return
    try:
        with session.begin_nested():
            add_versions(session, [thing], now)
    except IntegrityError:
        if not entries(session, [thing.digest]):
            raise


def add_content(session: Session, thing: Thing) -> None:
    """Publishes a thing for the first time."""
    content = Content(kind=thing.kind, name=thing.name, digest=thing.digest, published_digest=thing.digest)
    place(content, thing)
    session.add(content)


def place(content: Content, thing: Thing) -> None:
    """Sets what the database chooses by; SQL is sent only for what differs."""
    content.position = thing.position
    content.topic, content.type = thing.topic, thing.type
    content.skill, content.difficulty = thing.skill, thing.difficulty


def documents(session: Session) -> dict[str, Document]:
    """The attached documents by source."""
    return {document.source: document for document in session.scalars(select(Document))}


def attach(session: Session, source: str, sha256: str, text: str, now: datetime) -> None:
    """Keeps the text of a source's document in place of any other."""
    session.merge(Document(source=source, sha256=sha256, text=text, attached_at=now))

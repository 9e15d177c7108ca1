"""What is published, as built things: versions never change, so each process keeps those that it has built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.item import Item
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Passage, Source
from quizapp.store.tables import Content, Document, Version

Built = TypeVar("Built")
KEPT = 20_000
_items: dict[str, Item] = {}
_quizzes: dict[str, Quiz] = {}
_passages: dict[str, Passage] = {}
_sources: dict[str, Source] = {}


def items(session: Session, digests: Iterable[str]) -> dict[str, Item]:
    """The item versions with these digests; a query only for those that this process has not met yet."""
    return _kept(session, digests, _items, build)


def item(session: Session, digest: str) -> Item:
    """The item version with this digest."""
    return items(session, [digest])[digest]


def quizzes(session: Session, digests: Iterable[str]) -> dict[str, Quiz]:
    """The quiz versions with these digests."""
    return _kept(session, digests, _quizzes, Quiz.model_validate)


def passages(session: Session, digests: Iterable[str]) -> dict[str, Passage]:
    """The passage versions with these digests."""
    return _kept(session, digests, _passages, Passage.model_validate)


def sources(session: Session, digests: Iterable[str]) -> dict[str, Source]:
    """The source versions with these digests."""
    return _kept(session, digests, _sources, Source.model_validate)


def _kept(
    session: Session, digests: Iterable[str], kept: dict[str, Built], make: Callable[[Any], Built]
) -> dict[str, Built]:
    wanted = list(dict.fromkeys(digests))
    found = {digest: kept[digest] for digest in wanted if digest in kept}
    missing = [digest for digest in wanted if digest not in found]
    if missing:
        rows = session.execute(select(Version.digest, Version.entry).where(Version.digest.in_(missing)))
        built = {digest: make(entry) for digest, entry in rows}
        if len(kept) + len(built) > KEPT:
            kept.clear()
        kept.update(built)
        found.update(built)
    return found


def current_digests(session: Session, kind: str, names: Iterable[str] | None = None) -> dict[str, str]:
    """Name → digest of what is published of a kind and not retired, in the order of the files."""
    query = select(Content.name, Content.digest).where(Content.kind == kind, Content.retired_at.is_(None))
    if names is not None:
        query = query.where(Content.name.in_(list(names)))
    return {row.name: row.digest for row in session.execute(query.order_by(Content.position, Content.name))}


def current_of(session: Session, names: Iterable[str]) -> dict[str, str]:
    """«kind:name» → digest of what is published under these names, whatever their kinds; one query."""
    wanted = set(names)
    rows = store.read_all(session, _PUBLISHED, {"names": sorted({name.partition(":")[2] for name in wanted})})
    found = {f"{row.kind}:{row.name}": row.digest for row in rows}
    return {name: found[name] for name in wanted & found.keys()}


def set_aside(session: Session, names: Iterable[str]) -> set[str]:
    """Those of these items that are there and set aside, as a draft or retired."""
    query = select(Content.name).where(Content.kind == "item", Content.name.in_(list(names)))
    return set(session.scalars(query.where(Content.retired_at.is_not(None))))


@dataclass(frozen=True)
class SetAside:
    """An item that new attempts do not get: how it was set aside (draft; else retired), and why."""

    name: str
    how: str | None
    reason: str | None
    entry: dict[str, Any]


def those_set_aside(session: Session, names: Iterable[str]) -> list[SetAside]:
    """Those of these items that are there and set aside, with their texts; one query."""
    query = select(Content.name, Content.set_aside, Content.set_aside_reason, Version.entry)
    query = query.join(Version, Version.digest == Content.digest).where(Content.kind == "item")
    found = session.execute(query.where(Content.name.in_(list(names)), Content.retired_at.is_not(None)))
    return [SetAside(*row) for row in found]


def current_items(session: Session) -> dict[str, Item]:
    """Every published item by id; one query once this process has met them all."""
    digests = current_digests(session, "item")
    built = items(session, digests.values())
    return {name: built[digest] for name, digest in digests.items()}


def current_quizzes(session: Session, names: Iterable[str] | None = None) -> Mapping[str, tuple[str, Quiz]]:
    """Name → digest and quiz of the published quizzes."""
    digests = current_digests(session, "quiz", names)
    built = quizzes(session, digests.values())
    return {name: (digest, built[digest]) for name, digest in digests.items()}


def last_quiz(session: Session, name: str) -> Quiz:
    """The last version of a quiz that is published no more."""
    entry = session.scalars(
        select(Version.entry).where(Version.kind == "quiz", Version.name == name).order_by(Version.created_at.desc())
    ).first()
    return Quiz.model_validate(entry)


def topic_titles(session: Session) -> dict[str, str]:
    """Topic → its title."""
    rows = session.execute(select(Version.entry).join(Content).where(Content.kind == "topic"))
    return {entry["id"]: entry["title"] for (entry,) in rows}


def attached_sources(session: Session) -> set[str]:
    """The sources whose documents are attached."""
    return set(session.scalars(select(Document.source)))


PUBLISHED: tuple[Any, ...] = (Content.kind, Content.name, Content.digest)
_PUBLISHED = select(*PUBLISHED).where(
    Content.name.in_(bindparam("names", expanding=True)), Content.retired_at.is_(None)
)

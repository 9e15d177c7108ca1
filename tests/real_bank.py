"""The true bank in a database of the test's own, with the documents attached or not; and quizzes that set all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.services import authoring, checking, documents, transactions
from quizapp.store import bank, versions
from quizapp.store.tables import Content
from quizapp.store.versions import Thing

YESTERDAY = datetime(2026, 1, 1, tzinfo=UTC)


def publish(app: Flask, folder: Path | None) -> None:
    """Make the tables, publish the bank, and attach the documents where a folder is given."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        transactions.upgrade()
        session = transactions.session()
        files = checking.read(settings.bank_dir, settings.seeds_dir)
        report = authoring.check(session, files, folder or settings.instance / "no-documents")
        authoring.publish(session, report, now=YESTERDAY)
        if folder is not None:
            documents.attach(session, folder, files, now=YESTERDAY)
        transactions.commit()


def items(session: Session) -> dict[str, Item]:
    """Every published item by id."""
    return bank.current_items(session)


def names(session: Session, kind: str) -> list[str]:
    """The names of all that is published of a kind: item, passage, dispute, source, quiz."""
    return list(bank.current_digests(session, kind))


def put_quiz(session: Session, entry: dict[str, Any]) -> None:
    """Publish a quiz of the test's own, as it is and unchecked."""
    put(session, "quiz", entry["id"], plain(Quiz.model_validate(entry)))


def put_item(session: Session, item: Item) -> None:
    """Publish an item, or another version of one."""
    put(session, "item", item.id, plain(item))


def put(session: Session, kind: str, name: str, entry: dict[str, Any]) -> None:
    """Publish a thing, or another version of it."""
    thing = Thing(kind, name, digest(entry), entry, 0)
    versions.add_versions(session, [thing], YESTERDAY)
    session.flush()
    content = session.get(Content, (kind, name))
    if content is None:
        versions.add_content(session, thing)
    else:
        content.digest = content.published_digest = thing.digest
    session.commit()


def covering(session: Session, chosen: Iterable[str], *, size: int = 24, **settings: Any) -> list[str]:
    """Publish quizzes that set all of the chosen items, so many in each; their ids."""
    ids = list(chosen)
    parts: Sequence[list[str]] = [ids[at : at + size] for at in range(0, len(ids), size)]
    made = [f"{settings.get('mode', 'practice')}-of-the-bank-{number}" for number in range(1, len(parts) + 1)]
    for name, part in zip(made, parts, strict=True):
        put_quiz(session, {"id": name, "title": "Everything", "sections": [{"items": part}], **settings})
    return made

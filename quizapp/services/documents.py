"""The documents that answers rest on: found by their checksum, attached to the database, checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.domain.source import EditionRecord, Source
from quizapp.domain.verification import ChangedDocument, read_document
from quizapp.formats.bank_yaml import BankFiles
from quizapp.store import versions


@dataclass(frozen=True)
class Found:
    """What a folder holds: the bytes of documents by source, and why others are refused."""

    data: Mapping[str, bytes] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """The texts by source."""
        return {source: data.decode("utf-8") for source, data in self.data.items()}


def find(folder: Path, sources: Iterable[Source], record: EditionRecord | None = None) -> Found:
    """The documents in a folder, each recognised by its SHA-256 whatever its file name.

    Refused is a file that has a document's name and other bytes; ``record`` knows the size that was expected.
    """
    by_checksum = {source.sha256: source for source in sources}
    by_name = {source.file: source for source in by_checksum.values()}
    sizes = {one.source: one.bytes for one in record.documents} if record else {}
    data: dict[str, bytes] = {}
    changed: dict[str, str] = {}
    for path in sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else ():
        content = path.read_bytes()
        if source := by_checksum.get(hashlib.sha256(content).hexdigest()):
            data[source.id] = content
        elif source := by_name.get(path.name):
            changed[source.id] = _refusal(source, content, sizes.get(source.id))
    return Found(data, tuple(message for source, message in changed.items() if source not in data))


def _refusal(source: Source, content: bytes, size: int | None) -> str:
    try:
        read_document(source, content, size)
    except ChangedDocument as error:
        return str(error)
    raise AssertionError(f"{source.file} is not changed")


@dataclass(frozen=True)
class Attached:
    """What attaching did: sources whose documents came, were there already, are missing; and why files are refused."""

    new: tuple[str, ...]
    unchanged: tuple[str, ...]
    missing: tuple[str, ...]
    refused: tuple[str, ...]


def attach(session: Session, folder: Path, catalogue: BankFiles, *, now: datetime) -> Attached:
    """Keeps the documents of a folder, each recognised by its SHA-256 whatever its file name; refuses changed ones."""
    sources = [placed.thing for placed in catalogue.sources]
    found = find(folder, sources, catalogue.record)
    kept = {source: document.sha256 for source, document in versions.documents(session).items()}
    there = {source.id for source in sources if kept.get(source.id) == source.sha256}
    checksums = {source.id: source.sha256 for source in sources}
    texts = found.texts
    new = [source for source in checksums if source in texts and source not in there]
    for source in new:
        versions.attach(session, source, checksums[source], texts[source], now)
    session.flush()
    return Attached(
        new=tuple(new),
        unchanged=tuple(source for source in checksums if source in there),
        missing=tuple(source for source in checksums if source not in there and source not in texts),
        refused=found.refused,
    )


def attached_texts(session: Session, sources: Iterable[Source]) -> dict[str, str]:
    """The attached texts by source, as far as they are those that the sources' checksums name."""
    checksums = {source.id: source.sha256 for source in sources}
    kept = versions.documents(session)
    return {source: one.text for source, one in kept.items() if checksums.get(source) == one.sha256}

"""The documents that answers rest on: found by their checksum, attached to the database, checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quizapp.domain.source import EditionRecord, Source
from quizapp.domain.verification import ChangedDocument, read_document


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

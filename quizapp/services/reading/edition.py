"""What the edition record says: that words were checked against their document, when, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.domain.source import EditionRecord, Passage, PassageRecord, Source
from quizapp.store.catalogue import Published

_built: dict[str, EditionRecord] = {}  # the last one met, by digest: versions never change


def edition_record(found: Iterable[Published]) -> EditionRecord | None:
    """The edition record among what is published; None where there is none."""
    published = next((one for one in found if one.kind == "edition"), None)
    if published is None:
        return None
    known = _built.get(published.digest)
    if known is None:
        known = EditionRecord.model_validate(published.entry)
        _built.clear()
        _built[published.digest] = known
    return known


def recorded(passage: Passage, ref: str, edition: EditionRecord | None) -> PassageRecord | None:
    """What the record says of this state of the passage; None where it says nothing."""
    found = edition.passage(ref) if edition else None
    return found if found and found.sha256 == passage.sha256 else None


def checked_on(source: Source, edition: EditionRecord | None) -> str | None:
    """The day on which the source was checked against its document; None where that is not on record."""
    checksums = {one.source: one.sha256 for one in edition.documents} if edition else {}
    return edition.date if edition and checksums.get(source.id) == source.sha256 else None

"""The edition record: which state of the bank was checked against which documents, when, and where the quotes stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quizapp.domain.entry import collective_digest, digest, plain
from quizapp.domain.items import item_digest
from quizapp.domain.source import DocumentRecord, EditionRecord, PassageRecord, QuotedWords
from quizapp.formats.bank_yaml import BankFiles
from quizapp.services.checking import Quoted, Report


def bank_digest(files: BankFiles) -> str:
    """The collective digest of all items, passages and disputes (examples are never published, and don't count)."""
    items = [item_digest(item.thing) for item in files.items]
    passages = [digest(plain(passage)) for source in files.sources for passage in source.thing.passages]
    disputes = [digest(plain(dispute.thing)) for dispute in files.disputes]
    return collective_digest([*items, *passages, *disputes])


def edition(report: Report, sizes: Mapping[str, int], on: date) -> EditionRecord:
    """The record of a report that found everything verified; ``sizes`` are the documents' in bytes, by source."""
    if not report.is_verified:
        raise ValueError("only what is verified goes on record")
    by_passage: dict[str, dict[tuple[str, int], Quoted]] = {}
    for one in report.quoted:
        of_passage = by_passage.setdefault(one.span.passage, {})
        of_passage.setdefault((one.span.quote, one.span.occurrence or 0), one)
    sources = [source.thing for source in report.files.sources]
    return EditionRecord(
        bank=bank_digest(report.files),
        date=on.isoformat(),
        documents=tuple(_document(report, source.id, source.sha256, sizes) for source in sources),
        passages=tuple(
            _passage(report, f"{source.id}/{passage.id}", passage.sha256, by_passage)
            for source in sources
            for passage in source.passages
        ),
    )


def _document(report: Report, source: str, sha256: str, sizes: Mapping[str, int]) -> DocumentRecord:
    words = next(share.words for share in report.shares if share.source == source)
    return DocumentRecord(source=source, sha256=sha256, bytes=sizes[source], words=words)


def _passage(
    report: Report, ref: str, sha256: str, by_passage: Mapping[str, Mapping[tuple[str, int], Quoted]]
) -> PassageRecord:
    text = report.library.passage_text(ref)
    quotes = sorted(by_passage.get(ref, {}).values(), key=lambda one: (one.span.start, one.span.end, one.span.quote))
    return PassageRecord(
        passage=ref,
        sha256=sha256,
        words=text.number_of_words if text else 0,
        quotes=tuple(_words(one) for one in quotes),
    )


def _words(one: Quoted) -> QuotedWords:
    span = one.span
    return QuotedWords(quote=span.quote, occurrence=span.occurrence, start=span.words.start, end=span.words.stop)


def staleness(files: BankFiles) -> str | None:
    """Why the edition record does not speak of these files; None where it does."""
    if files.record is None:
        return "there is no edition record"
    if files.record.bank != bank_digest(files):
        return f"the edition record of {files.record.date} speaks of another state of the bank"
    recorded = {one.source: one.sha256 for one in files.record.documents}
    if recorded != {source.thing.id: source.thing.sha256 for source in files.sources}:
        return f"the edition record of {files.record.date} speaks of other documents"
    return None

"""The edition record: which state of the bank was checked against which documents, when, and where the quotes stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quizapp.domain.entry import collective_digest, digest, plain
from quizapp.domain.items import item_digest
from quizapp.domain.source import DocumentRecord, EditionRecord, PassageRecord, QuotedWords, Source
from quizapp.domain.verification import Outcome, passage_problems, verify
from quizapp.formats.bank_dump import record_file
from quizapp.formats.bank_yaml import VERIFIED, BankFiles
from quizapp.services import checking, documents
from quizapp.services.checking import Quoted, Report
from quizapp.services.progress import Follow, follow_silently


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


@dataclass(frozen=True)
class SourceCheck:
    """What is known of one source's quotes; the numbers of words are None where its document is not at hand."""

    source: str
    outcome: Outcome
    words: int | None
    quoted: int | None


@dataclass(frozen=True)
class SourcesReport:
    """A check of all sources. ``stale`` says why the edition record does not fit; ``sizes`` are the documents'."""

    report: Report
    sources: tuple[SourceCheck, ...]
    sizes: Mapping[str, int]
    bank: str
    stale: str | None


def check(bank_dir: Path, seeds_dir: Path, documents_dir: Path, follow: Follow = follow_silently) -> SourcesReport:
    """Checks every quote against the documents in a folder, and the edition record against the files."""
    files = checking.read(bank_dir, seeds_dir)
    found = documents.find(documents_dir, [source.thing for source in files.sources], files.record)
    report = checking.check(files, found.texts, refused=found.refused, follow=follow)
    return SourcesReport(
        report=report,
        sources=tuple(_source_check(report, source.thing, found.texts) for source in files.sources),
        sizes={source: len(data) for source, data in found.data.items()},
        bank=bank_digest(files),
        stale=staleness(files),
    )


def _source_check(report: Report, source: Source, texts: Mapping[str, str]) -> SourceCheck:
    own = [
        (place, one)
        for _, _, evidence in checking.all_evidence(report.files)
        for place, one in evidence
        if one.passage.partition("/")[0] == source.id
    ]
    outcome: Outcome = "unattached" if source.id in report.unattached else verify(own, report.library).outcome
    if passage_problems(source, texts.get(source.id)):
        outcome = "broken"
    share = next((share for share in report.shares if share.source == source.id), None)
    return SourceCheck(source.id, outcome, share.words if share else None, share.quoted if share else None)


def record(found: SourcesReport, seeds_dir: Path, *, on: date) -> bool:
    """Writes the edition record if everything is verified; says whether it did."""
    if not found.report.is_verified:
        return False
    text = record_file(edition(found.report, found.sizes, on))
    (seeds_dir / VERIFIED).write_text(text, encoding="utf-8", newline="\n")
    return True

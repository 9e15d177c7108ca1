"""Checking the bank: every mistake of all files at once, evidence verified where documents are at hand, no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.domain.entry import Place
from quizapp.domain.quotation import quoted_words, share_allowed, too_long_together
from quizapp.domain.source import QUOTE_WORDS, Dispute, Evidence, Source
from quizapp.domain.verification import Library, Span, Verification, passage_problems, verify
from quizapp.formats import bank_schema, bank_yaml
from quizapp.formats.bank_yaml import BankFiles, Placed
from quizapp.formats.collection import without_collection
from quizapp.formats.yaml_tree import Mistake, Spot
from quizapp.services import bank_rules, documents
from quizapp.services.progress import Follow, follow_silently


@dataclass(frozen=True)
class Quoted:
    """A quote where it stands in its document, and where in the files it is quoted."""

    source: str
    words: range
    span: Span
    spot: Spot


@dataclass(frozen=True)
class DocumentShare:
    """How many of a document's words are quoted."""

    source: str
    words: int
    quoted: int


@dataclass(frozen=True)
class Report:
    """What a check found.

    ``verifications`` are by kind and id («item:…», «dispute:…», «source:…»); ``unattached`` are the sources whose
    documents are not at hand; ``refused`` says which documents have changed.
    """

    files: BankFiles
    mistakes: tuple[Mistake, ...]
    verifications: Mapping[str, Verification]
    unattached: tuple[str, ...]
    quoted: tuple[Quoted, ...]
    shares: tuple[DocumentShare, ...]
    library: Library
    refused: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong, as far as the documents at hand tell."""
        return not self.mistakes and not self.refused

    @property
    def is_verified(self) -> bool:
        """Whether nothing is wrong and every document was at hand."""
        return self.is_well and not self.unattached


KINDS = bank_schema.KINDS


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, one of ``KINDS``."""
    return bank_schema.schema(kind)


def read(bank_dir: Path, seeds_dir: Path) -> BankFiles:
    """The bank's files; mistakes call them by their path from the current folder, where they are below it."""
    return bank_yaml.load(bank_dir, seeds_dir, _short_name)


def _short_name(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def check_folders(bank_dir: Path, seeds_dir: Path, documents_dir: Path, follow: Follow = follow_silently) -> Report:
    """Checks the files of the bank against the documents in a folder, as far as they are there."""
    files = read(bank_dir, seeds_dir)
    found = documents.find(documents_dir, [source.thing for source in files.sources], files.record)
    return check(files, found.texts, refused=found.refused, follow=follow)


def check(
    files: BankFiles,
    texts: Mapping[str, str],
    *,
    refused: tuple[str, ...] = (),
    follow: Follow = follow_silently,
) -> Report:
    """Everything that is wrong with the files, in their order; ``texts`` are the attached documents by source."""
    with without_collection():
        return _check(files, texts, refused, follow)


def _check(files: BankFiles, texts: Mapping[str, str], refused: tuple[str, ...], follow: Follow) -> Report:
    library = Library([source.thing for source in files.sources], texts)
    mistakes = [*files.mistakes, *bank_rules.mistakes(files), *_passages(files, texts)]
    verifications: dict[str, Verification] = {}
    quoted: list[Quoted] = []
    for name, placed, evidence in follow(list(all_evidence(files)), "Verifying quotes"):
        found = verify(evidence, library)
        verifications[name] = found
        mistakes += _broken(files, placed, found)
        quoted += _quoted(placed, found, library)
    mistakes += _touching(quoted)
    shares = tuple(_shares(files, quoted, library))
    mistakes += _excess(files, shares)
    in_order = tuple(sorted(set(mistakes)))
    unattached = tuple(source.thing.id for source in files.sources if source.thing.id not in texts)
    return Report(files, in_order, verifications, unattached, tuple(quoted), shares, library, refused)


PlacedEvidence = tuple[tuple[Place, Evidence], ...]


def all_evidence(files: BankFiles) -> Iterator[tuple[str, Placed[Any], PlacedEvidence]]:
    """All evidence of the bank: who gives it, under a name such as «item:brest-litovsk-signed»."""
    for item in files.all_items():
        yield f"item:{item.thing.id}", item, item.thing.all_evidence()
    for dispute in files.disputes:
        yield f"dispute:{dispute.thing.id}", dispute, dispute_evidence(dispute.thing)
    for source in files.sources:
        yield f"source:{source.thing.id}", source, source_evidence(source.thing)


def dispute_evidence(dispute: Dispute) -> PlacedEvidence:
    """The evidence of a dispute's positions, each with its place in the entry."""
    return tuple(
        (("positions", i, "evidence", j), evidence)
        for i, position in enumerate(dispute.positions)
        for j, evidence in enumerate(position.evidence)
    )


def source_evidence(source: Source) -> PlacedEvidence:
    """The quotes of the claims of a source's passages, each with its place in the entry."""
    return tuple(
        (("passages", i, "claims", j), Evidence(passage=f"{source.id}/{passage.id}", quote=claim.quote))
        for i, passage in enumerate(source.passages)
        for j, claim in enumerate(passage.claims)
        if claim.quote
    )


def _broken(files: BankFiles, placed: Placed[Any], found: Verification) -> Iterator[Mistake]:
    """The reasons of a verification, but for passages that are named and could not be built."""
    for reason in found.reasons:
        unknown = reason.message.removeprefix("unknown passage «").removesuffix("»")
        if not files.is_named("passage", unknown):
            yield Mistake(placed.spot(reason.place), reason.message)


def _passages(files: BankFiles, texts: Mapping[str, str]) -> Iterator[Mistake]:
    for source in files.sources:
        for problem in passage_problems(source.thing, texts.get(source.thing.id)):
            yield Mistake(source.spot(problem.place), problem.message)


def _quoted(placed: Placed[Any], found: Verification, library: Library) -> Iterator[Quoted]:
    for span in found.spans:
        source, words = library.document_span(span)
        yield Quoted(source, words, span, placed.spot(span.place))


def _touching(quoted: list[Quoted]) -> Iterator[Mistake]:
    """Quotes that overlap or adjoin, and so count as one, which is too long."""
    for source in sorted({one.source for one in quoted}):
        first: dict[range, Quoted] = {}
        for one in sorted((one for one in quoted if one.source == source), key=lambda one: one.spot):
            first.setdefault(one.words, one)
        different = list(first.values())
        for group in too_long_together([one.words for one in different], QUOTE_WORDS):
            yield _too_long([different[i] for i in group])


def _too_long(group: list[Quoted]) -> Mistake:
    last = max(group, key=lambda one: one.spot)
    others = ", ".join(f"«{one.span.quote}» ({one.spot})" for one in group if one is not last)
    number = max(one.words.stop for one in group) - min(one.words.start for one in group)
    return Mistake(
        last.spot,
        f"«{last.span.quote}» overlaps or adjoins {others}: quotes that touch count as one, and these have together "
        f"{number} words; {QUOTE_WORDS} at most",
    )


def _shares(files: BankFiles, quoted: list[Quoted], library: Library) -> Iterator[DocumentShare]:
    for source in files.sources:
        text = library.text(source.thing.id)
        if text is not None:
            words = quoted_words(one.words for one in quoted if one.source == source.thing.id)
            yield DocumentShare(source.thing.id, text.number_of_words, words)


def _excess(files: BankFiles, shares: tuple[DocumentShare, ...]) -> Iterator[Mistake]:
    placed = {source.thing.id: source for source in files.sources}
    for share in shares:
        allowed = int(share.words * share_allowed(share.words))
        if share.quoted > allowed:
            message = f"the quotes of this document cover {share.quoted} of its {share.words} words; {allowed} at most"
            yield Mistake(placed[share.source].spot(("id",)), message)

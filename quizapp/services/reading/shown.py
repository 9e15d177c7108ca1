"""Passages shown with a question: the document's words where it is attached, else our account of them, and no more.

Claims, damage and heading would name a speaker or a gap that the question may ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.source import OWN, Evidence, Passage, Source, is_own
from quizapp.domain.verification import Text, occurrences
from quizapp.services.reading.names import source_name
from quizapp.store import bank, catalogue, own_sources
from quizapp.store.catalogue import Shelf

WORDS_KEPT = 2_000  # passages, in each process
_words: dict[tuple[str, str], tuple[str, ...]] = {}


@dataclass(frozen=True)
class Stretch:
    """Words of a paragraph, and whether they are the quote in question."""

    text: str
    is_quote: bool


@dataclass(frozen=True)
class ShownPassage:
    """A passage beside a question. ``paragraphs`` are the document's; where it isn't attached, ``account`` is ours.

    ``number`` is its number in its source's reading order; None of one that is no longer published.
    """

    ref: str
    voice: str
    number: int | None
    account: str
    paragraphs: tuple[str, ...]

    def marked(self, evidence: Evidence) -> tuple[tuple[Stretch, ...], ...]:
        """The paragraphs, cut where the evidence's quotes begin and end; nothing is marked where none stands there."""
        return tuple(tuple(_cut(text, evidence)) for text in self.paragraphs)


def shown_passages(session: Session, digests: Mapping[str, str]) -> tuple[ShownPassage, ...]:
    """The passages, as they were when the attempt began: reference → digest of the passage's version.

    One query once this process has met the versions and the documents' words; none where no passage is wanted.
    """
    if not digests:
        return ()
    passages = bank.passages(session, digests.values())
    shelves = catalogue.shelves(session, dict.fromkeys(_source_of(ref) for ref in digests))
    sources = bank.sources(session, [shelf.digest for shelf in shelves.values() if shelf.digest])
    shown = []
    for ref, digest in digests.items():
        shelf = shelves[_source_of(ref)]
        source = sources[shelf.digest] if shelf.digest else None
        voice = source_name(source).voice if source and ref in shelf.passages else _source_of(ref)
        words = _paragraphs(session, ref, digest, passages[digest], shelf.document)
        shown.append(ShownPassage(ref, voice, _number(ref, shelf, source), passages[digest].account, words))
    return tuple(shown)


def _source_of(ref: str) -> str:
    return ref.split("/", maxsplit=1)[0]


def _number(ref: str, shelf: Shelf, source: Source | None) -> int | None:
    """The passage's number in its source's reading order, from 1, as the source's page counts."""
    first = {f"{source.id}/{passage}": i for i, passage in enumerate(source.reading_order)} if source else {}
    ordered = sorted(shelf.passages, key=lambda one: first.get(one, len(first)))
    return ordered.index(ref) + 1 if ref in ordered else None


def _cut(paragraph: str, evidence: Evidence) -> Iterator[Stretch]:
    at = 0
    for start, end in sorted(_spans(paragraph, evidence)):
        if start >= at:
            yield Stretch(paragraph[at:start], is_quote=False)
            yield Stretch(paragraph[start:end], is_quote=True)
            at = end
    yield Stretch(paragraph[at:], is_quote=False)


def _spans(paragraph: str, evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Where the quotes stand in the paragraph."""
    text = Text(paragraph)
    for quote in evidence.quotes:
        yield from occurrences(text, quote)


def _paragraphs(session: Session, ref: str, digest: str, passage: Passage, document: str | None) -> tuple[str, ...]:
    """The passage's own paragraphs; none where it isn't attached, or the text isn't the one that was checked.

    Each process keeps them by the document's and the passage's digests, of which they are made.
    """
    if is_own(ref):
        return _own_paragraphs(session, ref, digest, passage)
    if document is None:
        return ()
    if (document, digest) not in _words:
        window = catalogue.window(session, _source_of(ref), passage.start, passage.end)
        if window is None or window.sha256 != document:
            return ()
        is_the_one = hashlib.sha256(window.text.encode()).hexdigest() == passage.sha256
        parts = window.text.split("\n\n") if is_the_one else []
        _keep(document, digest, parts)
    return _words[document, digest]


def _own_paragraphs(session: Session, ref: str, digest: str, passage: Passage) -> tuple[str, ...]:
    """The same of a teacher's source, whose earlier texts are kept for attempts that run, or are looked back at."""
    if (OWN, digest) not in _words:
        texts = (one.text for one in own_sources.windows(session, _source_of(ref), passage.start, passage.end))
        own = next((one for one in texts if hashlib.sha256(one.encode()).hexdigest() == passage.sha256), "")
        _keep(OWN, digest, own.split("\n\n"))
    return _words[OWN, digest]


def _keep(document: str, digest: str, paragraphs: Iterable[str]) -> None:
    if len(_words) >= WORDS_KEPT:
        _words.clear()
    _words[document, digest] = tuple(one for one in paragraphs if one.strip())

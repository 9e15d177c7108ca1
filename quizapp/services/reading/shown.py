"""Passages shown with a question: the document's words where it is attached, else our account of them, and no more.

Claims, damage and heading would name a speaker or a gap that the question may ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.source import Evidence, Passage
from quizapp.domain.verification import Text, occurrences
from quizapp.services.reading.names import passage_names, passage_numbers
from quizapp.store import catalogue


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
    """The passages, as they were when the attempt began: reference → digest of the passage's version."""
    if not digests:
        return ()
    entries = catalogue.versions(session, digests.values())
    names, numbers = passage_names(session, digests), passage_numbers(session, digests)
    shown = []
    for ref, digest in digests.items():
        passage = Passage.model_validate(entries[digest])
        voice = names[ref].source.voice if ref in names else ref.split("/")[0]
        shown.append(ShownPassage(ref, voice, numbers.get(ref), passage.account, _paragraphs(session, ref, passage)))
    return tuple(shown)


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


def _paragraphs(session: Session, ref: str, passage: Passage) -> tuple[str, ...]:
    """The passage's own paragraphs; none where it isn't attached, or the text isn't the one that was checked."""
    window = catalogue.window(session, ref.split("/", maxsplit=1)[0], passage.start, passage.end)
    if window is None or hashlib.sha256(window.text.encode()).hexdigest() != passage.sha256:
        return ()
    return tuple(one for one in window.text.split("\n\n") if one.strip())

"""Where quotes stand in their passage: in its text where that is at hand, else as the edition record says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.source import Evidence, Passage, PassageRecord
from quizapp.domain.verification import Text, occurrences
from quizapp.services.reading.excerpt import Highlight
from quizapp.services.reading.strip import Kind, Placed, Strip, strip
from quizapp.store.catalogue import Window


@dataclass(frozen=True)
class Quoted:
    """A quote of the passage and what it is quoted for."""

    quote: str
    kind: Kind
    occurrence: int | None = None


@dataclass(frozen=True)
class PassageText:
    """The passage's own text inside a stretch of its document."""

    window: Window
    start: int  # of the passage, in the window
    end: int

    @property
    def text(self) -> Text:
        """The passage alone."""
        return Text(self.window.text[self.start : self.end])


def passage_text(passage: Passage, window: Window | None, sha256: str) -> PassageText | None:
    """The passage's text; None where no document is attached, or another one than was checked."""
    if window is None or window.sha256 != sha256:
        return None
    found = PassageText(window, passage.start - window.offset, passage.end - window.offset)
    is_same = hashlib.sha256(found.text.text.encode()).hexdigest() == passage.sha256
    return found if is_same else None


def quoted(evidence: Iterable[Evidence], ref: str, kind: Kind) -> list[Quoted]:
    """The quotes of this passage among the evidence."""
    return [Quoted(quote, kind, one.occurrence) for one in evidence if one.passage == ref for quote in one.quotes]


def highlights(text: PassageText, quotes: Iterable[Quoted]) -> list[Highlight]:
    """Where the quotes stand in the window; one that does not stand there exactly is left out, never guessed."""
    own = text.text
    spans = [(one, _span(own, one)) for one in quotes]
    return [Highlight(text.start + span[0], text.start + span[1], one.kind) for one, span in spans if span]


def strip_of(text: PassageText | None, record: PassageRecord | None, quotes: Iterable[Quoted]) -> Strip | None:
    """The strip of the passage; None where neither its text nor a record of it is at hand."""
    if text is not None:
        own = text.text
        spans = [(one.kind, _span(own, one)) for one in quotes]
        return strip(own.number_of_words, [Placed(own.words(*span), kind) for kind, span in spans if span])
    if record is not None:
        words = {(one.quote, one.occurrence): range(one.start, one.end) for one in record.quotes}
        placed = [(one.kind, words.get((one.quote, one.occurrence))) for one in quotes]
        return strip(record.words, [Placed(found, kind) for kind, found in placed if found])
    return None


def _span(text: Text, one: Quoted) -> tuple[int, int] | None:
    found = occurrences(text, one.quote)
    if one.occurrence is None:
        return found[0] if len(found) == 1 else None
    return found[one.occurrence - 1] if one.occurrence <= len(found) else None

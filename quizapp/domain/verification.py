"""Whether quotes stand in their documents: exactly, once, in their passage, in the very text that was checksummed."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from quizapp.domain.entry import Place, Problem
from quizapp.domain.source import Evidence, Passage, Source

Outcome = Literal["verified", "unattached", "broken"]
_SAME = str.maketrans({**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‐‑‒–—―−", "-")})
_WORD = re.compile(r"\S+")
_SENTENCE_ENDS = re.compile(r"""[.!?…]['")\]’”]*(?:\[[^\]\s]*\])*['")\]’”]*\Z""")
_SENTENCE_STOPS = re.compile(r"""['")\]’”]*[.!?…]""")


class ChangedDocument(Exception):
    """A document whose bytes are not those that its source's checksum names."""


def read_document(source: Source, data: bytes, expected_bytes: int | None = None) -> str:
    """The text of a document; raises ``ChangedDocument``, with what was expected and what came."""
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        size = f"{expected_bytes:,} bytes and " if expected_bytes is not None else ""
        raise ChangedDocument(
            f"«{source.file}» ({source.id}) has changed: expected {size}SHA-256 {source.sha256}, "
            f"found {len(data):,} bytes and SHA-256 {found}"
        )
    return data.decode("utf-8")


@dataclass(frozen=True)
class Text:
    """A text and where its words (runs without white space) begin and end."""

    text: str

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        spans = [found.span() for found in _WORD.finditer(self.text)]
        return [start for start, _ in spans], [end for _, end in spans]

    @property
    def starts(self) -> list[int]:
        """Where each word begins."""
        return self._places[0]

    @property
    def ends(self) -> list[int]:
        """Where each word ends."""
        return self._places[1]

    @cached_property
    def folded(self) -> str:
        """The text with one kind of quotation mark and of dash, character for character."""
        return self.text.translate(_SAME)

    @cached_property
    def spaced(self) -> tuple[str, list[int]]:
        """The folded text with one space between words, and where each word begins in that."""
        words = self.folded.split()
        starts = [0, *accumulate(len(word) + 1 for word in words[:-1])] if words else []
        return " ".join(words), starts

    def words(self, start: int, end: int) -> range:
        """The words that ``text[start:end]`` touches, counted from 0."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    @property
    def number_of_words(self) -> int:
        """How many words the text has."""
        return len(self.starts)


@dataclass(frozen=True)
class Span:
    """Where a quote stands: offsets into the document (``text[start:end]``) and words of its passage, from 0.

    ``place`` is where the quote stands in the entry that gives it.
    """

    place: Place
    passage: str
    quote: str
    occurrence: int | None
    start: int
    end: int
    words: range
    passage_words: int


@dataclass(frozen=True)
class Verification:
    """What checking evidence gave: verified; unattached, where a document is not at hand; broken, with the reasons."""

    outcome: Outcome
    reasons: tuple[Problem, ...] = ()
    spans: tuple[Span, ...] = ()


class Library:
    """The passages of a catalogue and the texts of those sources whose documents are attached."""

    def __init__(self, sources: Iterable[Source], texts: Mapping[str, str]) -> None:
        self._texts = {source: Text(text) for source, text in texts.items()}
        self._passages: dict[str, tuple[str, Passage]] = {}
        self._words: dict[str, Text] = {}
        for source in sources:
            for passage in source.passages:
                self._passages.setdefault(f"{source.id}/{passage.id}", (source.id, passage))

    def __contains__(self, ref: str) -> bool:
        return ref in self._passages

    def passage(self, ref: str) -> Passage:
        """The passage that is referred to."""
        return self._passages[ref][1]

    def text(self, source: str) -> Text | None:
        """The text of a source's document; None where it is not attached."""
        return self._texts.get(source)

    def passage_text(self, ref: str) -> Text | None:
        """The text of a passage; None where its document is not attached, or the passage ends before it starts."""
        if ref not in self._words:
            source, passage = self._passages[ref]
            whole = self._texts.get(source)
            if whole is None or passage.start >= passage.end:
                return None
            self._words[ref] = Text(whole.text[passage.start : passage.end])
        return self._words[ref]

    def document_span(self, span: Span) -> tuple[str, range]:
        """The source and the words of its whole document that a quote covers."""
        source, _ = self._passages[span.passage]
        return source, self._texts[source].words(span.start, span.end)


def verify(evidence: Iterable[tuple[Place, Evidence]], library: Library) -> Verification:
    """Checks every quote. Broken outweighs unattached, and both outweigh verified; every reason is told."""
    reasons: list[Problem] = []
    spans: list[Span] = []
    is_unattached = False
    for place, one in evidence:
        if one.passage not in library:
            reasons.append(Problem((*place, "passage"), f"unknown passage «{one.passage}»"))
            continue
        text = library.passage_text(one.passage)
        if text is None:
            is_unattached = True
            continue
        for where, quote in _placed_quotes(place, one):
            found = _find(text, quote, one.occurrence)
            if isinstance(found, str):
                reasons.append(Problem(where, found))
            else:
                spans.append(_span(where, one, quote, found, library))
    outcome: Outcome = "broken" if reasons else "unattached" if is_unattached else "verified"
    return Verification(outcome, tuple(reasons), tuple(spans))


def _placed_quotes(place: Place, evidence: Evidence) -> Iterable[tuple[Place, str]]:
    if isinstance(evidence.quote, tuple):
        return [((*place, "quote", i), quote) for i, quote in enumerate(evidence.quote)]
    return [((*place, "quote"), quote) for quote in evidence.quotes]


def _span(place: Place, evidence: Evidence, quote: str, found: tuple[int, int], library: Library) -> Span:
    start, end = found
    text = library.passage_text(evidence.passage)
    assert text is not None  # noqa: S101 the quote was found in it
    offset = library.passage(evidence.passage).start
    return Span(
        place=place,
        passage=evidence.passage,
        quote=quote,
        occurrence=evidence.occurrence,
        start=offset + start,
        end=offset + end,
        words=text.words(start, end),
        passage_words=text.number_of_words,
    )


def _find(text: Text, quote: str, occurrence: int | None) -> tuple[int, int] | str:
    """Where the quote stands in the passage, or in words why that cannot be said."""
    found = occurrences(text, quote)
    if not found:
        return f"«{quote}» does not stand in this passage, letter for letter"
    if occurrence is None and len(found) > 1:
        return f"«{quote}» stands {len(found)} times in this passage; quote more words, or say which with «occurrence»"
    if occurrence is not None and occurrence > len(found):
        return f"«{quote}» stands only {len(found)} times in this passage, so there is no occurrence {occurrence}"
    start, end = found[(occurrence or 1) - 1]
    if cuts_a_word(text.text, start) or cuts_a_word(text.text, end):
        return f"«{quote}» begins or ends inside a word; quote whole words"
    if is_whole_sentence(text, start, end):
        return "a quote is never a whole sentence; quote fewer words"
    return start, end


def occurrences(text: Text, quote: str) -> list[tuple[int, int]]:
    """Wherever the quote stands: white space folded, one kind of quotation mark and of dash, and nothing fuzzier."""
    wanted = " ".join(quote.translate(_SAME).split())
    spaced, starts = text.spaced
    found: list[tuple[int, int]] = []
    at = spaced.find(wanted) if wanted else -1
    while at >= 0:
        found.append((_unspaced(text, starts, at), _unspaced(text, starts, at + len(wanted) - 1) + 1))
        at = spaced.find(wanted, at + 1)
    return found


def _unspaced(text: Text, starts: Sequence[int], at: int) -> int:
    """Where in the text a letter stands that has this place among the words with one space between them."""
    word = bisect_right(starts, at) - 1
    return text.starts[word] + at - starts[word]


def cuts_a_word(text: str, at: int) -> bool:
    """Whether a word goes on across the position; words run together («CongressThroughout») may be cut apart."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    same_kind = (before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())
    return same_kind and not (before.islower() and after.isupper())


def is_whole_sentence(text: Text, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins where a sentence begins and ends where one ends."""
    before = text.text[:start].rstrip(" \n\t'\"‘“(")
    begins = not before or _SENTENCE_ENDS.search(before) is not None
    quoted = text.text[start:end]
    ends = _SENTENCE_ENDS.search(quoted) is not None or _SENTENCE_STOPS.match(text.text, end) is not None
    return begins and ends and len(quoted.split()) > 1


def passage_problems(source: Source, text: str | None) -> Sequence[Problem]:
    """What is wrong with the passages' places: order, overlap and, where the text is attached, length and checksum."""
    found: list[Problem] = []
    for i, passage in enumerate(source.passages):
        place: Place = ("passages", i)
        if passage.start >= passage.end:
            found.append(Problem((*place, "end"), f"the end, {passage.end}, is not after the start, {passage.start}"))
        elif text is not None and passage.end > len(text):
            message = f"the document has {len(text)} characters; the passage ends at {passage.end}"
            found.append(Problem((*place, "end"), message))
        elif text is not None and (sha256 := _checksum(text[passage.start : passage.end])) != passage.sha256:
            message = f"the text from {passage.start} to {passage.end} has the SHA-256 {sha256}"
            found.append(Problem((*place, "sha256"), message))
    return [*found, *_overlaps(source)]


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _overlaps(source: Source) -> Iterable[Problem]:
    ordered = sorted(enumerate(source.passages), key=lambda one: (one[1].start, one[1].end))
    furthest = None
    for i, passage in ordered:
        if furthest is not None and passage.start < furthest.end:
            message = f"begins inside «{furthest.id}», which ends at {furthest.end}; passages do not overlap"
            yield Problem(("passages", i, "start"), message)
        furthest = max((passage, furthest), key=lambda one: one.end) if furthest else passage

"""Where in another copy of a document a passage stands: told by its quotes, and only where they leave no doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.sentence import sentences
from quizapp.domain.source import Evidence
from quizapp.domain.verification import Text, cuts_a_word, occurrences

FURTHEST = 2_000  # characters by which a stretch may be longer than twice its passage
AROUND = 500  # characters shown before the first and after the last quote of a very long paragraph


@dataclass(frozen=True)
class Wanted:
    """A quote of the passage; ``occurrence`` where its words stand in the passage more than once."""

    quote: str
    occurrence: int | None = None


@dataclass(frozen=True)
class Stretch:
    """``text[start:end]`` of the copy: the paragraphs that hold the quotes, and those between."""

    start: int
    end: int


class NotThere(Exception):
    """The passage is not shown from the copy; the message says why."""


def wanted_of(evidence: Iterable[Evidence], ref: str) -> list[Wanted]:
    """The quotes of this passage among the evidence."""
    return [Wanted(quote, one.occurrence) for one in evidence if one.passage == ref for quote in one.quotes]


def stretch(copy: Text, quotes: Iterable[Wanted], length: int) -> Stretch:
    """Where the passage stands, which has so many characters in its document. Raises ``NotThere``.

    Every quote stands in the copy exactly once, in whole words, and none far from the others.
    """
    spans = [_span(copy, one) for one in dict.fromkeys(quotes)]
    if not spans:
        raise NotThere("No words of it are quoted, so it cannot be found.")
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    found = Stretch(_begin(copy.text, first), _end(copy.text, last))
    if last - first > 2 * length + FURTHEST:
        raise NotThere("Its quotes stand too far apart there to be one passage.")
    return found


def _span(copy: Text, wanted: Wanted) -> tuple[int, int]:
    found = occurrences(copy, wanted.quote)
    if wanted.occurrence is not None and wanted.occurrence > 1:
        raise NotThere(f"“{wanted.quote}” stands in the passage more than once.")
    if len(found) != 1:
        how_often = f"stands there {len(found)} times" if found else "does not stand there"
        raise NotThere(f"“{wanted.quote}” {how_often}.")
    start, end = found[0]
    if cuts_a_word(copy.text, start) or cuts_a_word(copy.text, end):
        raise NotThere(f"“{wanted.quote}” is part of other words there.")
    return start, end


def _begin(text: str, first: int) -> int:
    paragraph = text.rfind("\n\n", 0, first) + 2 if "\n\n" in text[:first] else 0
    if first - paragraph <= AROUND:
        return paragraph
    earlier = [a for a, _ in sentences(text, paragraph, first) if first - a <= AROUND]
    return earlier[0] if earlier else text.rfind(" ", 0, first - AROUND) + 1


def _end(text: str, last: int) -> int:
    after = text.find("\n\n", last)
    paragraph = len(text) if after < 0 else after
    if paragraph - last <= AROUND:
        return paragraph
    later = [b for _, b in sentences(text, last, paragraph) if b - last <= AROUND]
    return later[-1] if later else text.find(" ", last + AROUND)

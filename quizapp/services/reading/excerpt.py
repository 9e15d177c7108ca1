"""A passage of an attached document in its context, cut where highlights begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quizapp.services.reading.strip import Kind

CONTEXT = 200  # characters at least, in whole paragraphs, on either side
CONTEXT_MOST = 600
_BREAK = re.compile(r"\s*\n\s*\n\s*")
FIRST_TO_LAST: tuple[Kind, ...] = ("key", "other", "said")


@dataclass(frozen=True)
class Highlight:
    """Characters of the document that are quoted, and what for."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Run:
    """Characters that look alike: ``kinds`` begins with the kind that is seen. ``ends`` says which kinds end in it."""

    text: str
    inside: bool  # of the passage, not of its context
    kinds: tuple[Kind, ...] = ()
    ends: tuple[Kind, ...] = ()
    is_anchor: bool = False  # of one run in an excerpt


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the document, or what is shown of it."""

    runs: tuple[Run, ...]
    is_cut_before: bool = False
    is_cut_after: bool = False

    @property
    def inside(self) -> bool:
        """Whether any of it belongs to the passage."""
        return any(run.inside for run in self.runs)


def excerpt(text: str, start: int, end: int, highlights: Iterable[Highlight] = ()) -> tuple[Paragraph, ...]:
    """``text[start:end]`` with a paragraph before and after; every character of the passage is there, in order.

    The highlight that matters most is the anchor, or else the beginning of the passage.
    """
    marks = list(highlights)
    blocks = _blocks(text, start, end)
    low, high = _context(text, blocks, start, end)
    shown = [(max(a, low), min(b, high), a < low, b > high) for a, b in blocks if a < high and b > low]
    edges = sorted({start, end, *(one.start for one in marks), *(one.end for one in marks)})
    paragraphs = [
        Paragraph(tuple(_runs(text, a, b, edges, (start, end), marks)), cut_before, cut_after)
        for a, b, cut_before, cut_after in shown
    ]
    return _anchored(paragraphs)


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs: what blank lines part, except that blank space inside is never lost from the passage."""
    breaks = [found.span() for found in _BREAK.finditer(text)]
    firsts = [0, *(after for _, after in breaks)]
    lasts = [*(before for before, _ in breaks), len(text)]
    return [(a, b) for a, b in zip(firsts, lasts, strict=True) if a < b or start <= a < end]


def _context(text: str, blocks: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """From where to where text is shown: whole paragraphs where they are not too long, else whole words."""
    low = max((a for a, b in blocks if a <= start - CONTEXT and b <= start), default=blocks[0][0])
    high = min((b for a, b in blocks if a >= end and b >= end + CONTEXT), default=blocks[-1][1])
    if start - low > CONTEXT_MOST:
        low = _after_space(text, start - CONTEXT_MOST, start)
    if high - end > CONTEXT_MOST:
        high = _before_space(text, end, end + CONTEXT_MOST)
    return low, high


def _after_space(text: str, low: int, start: int) -> int:
    found = re.compile(r"\s+").search(text, low, start)
    return found.end() if found else low


def _before_space(text: str, end: int, high: int) -> int:
    return end + len(text[end:high].rsplit(None, 1)[0]) if re.search(r"\s\S", text[end:high]) else high


def _runs(
    text: str, low: int, high: int, edges: Iterable[int], passage: tuple[int, int], marks: Sequence[Highlight]
) -> list[Run]:
    cuts = [low, *(edge for edge in edges if low < edge < high), high]
    found: list[Run] = []
    for a, b in pairwise(cuts):
        covering = [one for one in marks if one.start <= a and b <= one.end]
        run = Run(
            text=text[a:b],
            inside=passage[0] <= a and b <= passage[1],
            kinds=_kinds(one.kind for one in covering),
            ends=_kinds(one.kind for one in covering if one.end == b),
        )
        if found and (found[-1].inside, found[-1].kinds[:1]) == (run.inside, run.kinds[:1]):
            run = _joined(found.pop(), run)
        found.append(run)
    return found


def _joined(one: Run, other: Run) -> Run:
    """Two runs, one after the other, that look alike, as one."""
    return Run(
        text=one.text + other.text,
        inside=one.inside,
        kinds=_kinds((*one.kinds, *other.kinds)),
        ends=_kinds((*one.ends, *other.ends)),
    )


def _kinds(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    present = set(kinds)
    return tuple(kind for kind in FIRST_TO_LAST if kind in present)


def _anchored(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    places = [(i, j, run) for i, one in enumerate(paragraphs) for j, run in enumerate(one.runs) if run.inside]
    best = min(places, key=lambda place: _rank(place[2]), default=None)
    if best is None:
        return tuple(paragraphs)
    i, j, _ = best
    runs = paragraphs[i].runs
    anchored = (*runs[:j], replace(runs[j], is_anchor=True), *runs[j + 1 :])
    return (*paragraphs[:i], replace(paragraphs[i], runs=anchored), *paragraphs[i + 1 :])


def _rank(run: Run) -> int:
    return min((FIRST_TO_LAST.index(kind) for kind in run.kinds), default=len(FIRST_TO_LAST))

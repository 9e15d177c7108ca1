"""Where the sentences of a text begin and end: good enough to cut passages between them, never inside one."""

from __future__ import annotations

import re
from itertools import pairwise

_STOP = re.compile(r"""[.!?…]['")\]’”»]{0,4}(?:\[\w{1,6}\]){0,4}\s+""")
LONGEST = 150  # words of a sentence, before its lines are taken for sentences
_OPENING = "'\"‘“«([–—- "
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.\Z")
ABBREVIATIONS = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "vs", "no",
    "nos", "vol", "vols", "p", "pp", "ed", "eds", "cf", "fig", "figs", "op", "cit", "ca", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "e.g", "i.e", "etc", "al",
})  # fmt: skip


def sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The sentences of ``text[start:end]`` as offsets, in order; a blank line ends one, too."""
    found: list[tuple[int, int]] = []
    at = start
    for paragraph in text[start:end].split("\n\n"):
        found += _of_paragraph(text, at, at + len(paragraph))
        at += len(paragraph) + 2
    return tuple(found)


def _of_paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, begin = [], start
    for stop in _STOP.finditer(text, start, end):
        if _ends_one(text, begin, stop.start(), stop.end()):
            found.append((begin, stop.end()))
            begin = stop.end()
    found.append((begin, end))
    short = [piece for a, b in found for piece in _shortened(text, a, b)]
    return [_bare(text, a, b) for a, b in short if text[a:b].strip()]


def _shortened(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence as it is or, where it has no end (a list, verse, a table), in its lines, or in stretches of words."""
    if len(text[start:end].split()) <= LONGEST:
        return [(start, end)]
    breaks = [found.end() for found in re.compile(r"\n").finditer(text, start, end) if found.end() < end]
    if not breaks:
        breaks = [found.start() for found in re.compile(r"\S+").finditer(text, start, end)][LONGEST::LONGEST]
    edges = [start, *breaks, end]
    return [piece for a, b in pairwise(edges) for piece in _shortened(text, a, b)]


def _ends_one(text: str, begin: int, stop: int, following: int) -> bool:
    """Whether the mark ends a sentence: no abbreviation or initial stands before it, no small letter after it."""
    after = text[following : following + 6].lstrip(_OPENING)
    if not after or after[0].islower():
        return False
    word = _WORD_BEFORE.search(text, max(begin, stop - 20), stop + 1)
    return word is None or not (len(word[1]) == 1 or word[1].casefold() in ABBREVIATIONS)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the white space around it."""
    whole = text[start:end]
    return start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip())

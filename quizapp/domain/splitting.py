"""A teacher's document cut into passages: paragraphs of whole sentences, of a size to read and to search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quizapp.domain.sentence import sentences

LEAST, ENOUGH, MOST = 40, 90, 240  # words of a passage
NAME_WORDS = 6


@dataclass(frozen=True)
class Cut:
    """A passage to be: ``text[start:end]``, and what it is called."""

    start: int
    end: int
    heading: str


@dataclass
class _Section:
    heading: str
    paragraphs: list[tuple[int, int]] = field(default_factory=list)


def split(
    text: str, headings: Sequence[tuple[int, int]] = (), start: int = 0, end: int | None = None
) -> tuple[Cut, ...]:
    """The text, or a stretch of it, as passages in order; headings stand between them and give them their names."""
    paragraphs = _paragraphs(text, start, len(text) if end is None else end)
    return tuple(cut for section in _sections(text, paragraphs, set(headings)) for cut in _cuts(text, section))


def _sections(text: str, paragraphs: Iterable[tuple[int, int]], headings: set[tuple[int, int]]) -> Iterator[_Section]:
    section = _Section("")
    for paragraph in paragraphs:
        if paragraph in headings:
            if section.paragraphs:
                yield section
            section = _Section(text[slice(*paragraph)])
        else:
            section.paragraphs.append(paragraph)
    if section.paragraphs:
        yield section


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for part in text[start:end].split("\n\n"):
        if part.strip():
            yield at + len(part) - len(part.lstrip()), at + len(part.rstrip())
        at += len(part) + 2


def _cuts(text: str, section: _Section) -> list[Cut]:
    pieces = [piece for paragraph in section.paragraphs for piece in _pieces(text, *paragraph)]
    spans = list(_grouped(text, pieces))
    return [Cut(a, b, _name(text, a, b, section.heading, i, len(spans))) for i, (a, b) in enumerate(spans)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph as it is or, where it is too long for one passage, in pieces of whole sentences."""
    if words(text, start, end) <= MOST:
        yield start, end
        return
    yield from _grouped(text, sentences(text, start, end))


def _grouped(text: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces joined until there is enough of them; a short rest goes with what stands before it."""
    groups: list[tuple[int, int]] = []
    for start, end in pieces:
        size = words(text, *groups[-1]) if groups else 0
        more = words(text, start, end)
        if groups and (size < ENOUGH or more < LEAST) and size + more <= MOST:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    yield from groups


def words(text: str, start: int, end: int) -> int:
    """How many words stand there."""
    return len(text[start:end].split())


def _name(text: str, start: int, end: int, heading: str, number: int, of: int) -> str:
    if not heading:
        return first_words(text[start:end])
    return f"{heading[:200]} ({number + 1} of {of})" if of > 1 else heading[:200]


def first_words(text: str) -> str:
    """The beginning of a text, to call it by."""
    found = text.split()
    return " ".join(found[:NAME_WORDS])[:80].rstrip(",;:") + (" …" if len(found) > NAME_WORDS else "")


# --- a text in place of another --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Old:
    """A passage of the text before: its id and its words."""

    id: str
    text: str


@dataclass(frozen=True)
class Placed:
    """A passage of the new text: the id of the old one that it goes on with, or None for one that is new."""

    id: str | None
    cut: Cut


def carried_over(old: Sequence[Old], text: str, headings: Sequence[tuple[int, int]] = ()) -> tuple[Placed, ...]:
    """The new text as passages: those whose words stand in it once, in their order, stay; the rest is cut anew.

    Where as many stand in a gap between two that stay as stood there before, they go on with the ids; where one stood
    there, what stands there now is one.
    """
    kept = _found_again(old, text)
    fences = [(-1, 0, 0), *((i, a, b) for i, (a, b) in kept), (len(old), len(text), len(text))]
    placed: list[Placed] = []
    for (i, _, end), (j, start, stop) in pairwise(fences):
        between = old[i + 1 : j]
        cuts = list(split(text, headings, end, start))
        if len(between) == 1 and cuts:
            cuts = [replace(cuts[0], end=cuts[-1].end)]
        ids = [one.id for one in between] if len(between) == len(cuts) else [None] * len(cuts)
        placed += [Placed(*pair) for pair in zip(ids, cuts, strict=True)]
        if j < len(old):
            placed.append(Placed(old[j].id, Cut(start, stop, "")))
    return tuple(placed)


def _found_again(old: Sequence[Old], text: str) -> list[tuple[int, tuple[int, int]]]:
    found, after = [], 0
    for i, one in enumerate(old):
        at = text.find(one.text, after)
        if at >= 0 and text.find(one.text) == at and text.find(one.text, at + 1) < 0:
            found.append((i, (at, at + len(one.text))))
            after = at + len(one.text)
    return found

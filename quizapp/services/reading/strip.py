"""Where in a passage the quotes stand, counted in words, for the strip that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from quizapp.domain.quotation import quoted_words, runs

Kind = Literal["said", "key", "other"]  # quoted for every reader; supports an answer; speaks about a wrong choice
KINDS: tuple[Kind, ...] = ("said", "key", "other")


@dataclass(frozen=True)
class Placed:
    """The words of a passage (from 0) that a quote covers, and what it is quoted for."""

    words: range
    kind: Kind


@dataclass(frozen=True)
class Lane:
    """One kind of quote: the stretches of words that it covers, in order, none touching the next."""

    kind: Kind
    stretches: tuple[range, ...]

    @property
    def words(self) -> int:
        """How many words the lane covers."""
        return sum(len(stretch) for stretch in self.stretches)


@dataclass(frozen=True)
class Strip:
    """A passage as a strip of words: how many it has, how many of them are quoted, and where."""

    words: int
    quoted: int
    lanes: tuple[Lane, ...]


def strip(words: int, placed: Iterable[Placed]) -> Strip:
    """The strip of a passage of so many words; each word counts once, however often it is quoted."""
    quotes = list(placed)
    lanes = (Lane(kind, tuple(runs(one.words for one in quotes if one.kind == kind))) for kind in KINDS)
    return Strip(
        words=words,
        quoted=quoted_words(one.words for one in quotes),
        lanes=tuple(lane for lane in lanes if lane.stretches),
    )

"""How much of a document may be quoted: quotes that touch count as one, and all of them together stay a small share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

SHORT_DOCUMENT = 500  # words
SHARE, SHARE_OF_SHORT = Fraction(1, 5), Fraction(1, 3)


def runs(quoted: Iterable[range]) -> list[range]:
    """The stretches of words that quotes cover; those that overlap or adjoin are one."""
    found: list[range] = []
    for words in sorted(quoted, key=lambda one: (one.start, one.stop)):
        if found and words.start <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, words.stop))
        else:
            found.append(words)
    return found


def quoted_words(quoted: Iterable[range]) -> int:
    """How many words are quoted, each counted once."""
    return sum(len(run) for run in runs(quoted))


def share_allowed(words: int) -> Fraction:
    """The share of a document of so many words that quotes may cover."""
    return SHARE_OF_SHORT if words < SHORT_DOCUMENT else SHARE


def too_long_together(quoted: Sequence[range], limit: int) -> list[list[int]]:
    """The groups of quotes that touch and have over ``limit`` words together: indexes, in the order of the text."""
    groups: list[list[int]] = []
    for run in runs(quoted):
        if len(run) > limit:
            inside = (i for i, words in enumerate(quoted) if run.start <= words.start and words.stop <= run.stop)
            groups.append(sorted(inside, key=lambda i: (quoted[i].start, quoted[i].stop)))
    return groups

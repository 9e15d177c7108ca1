"""In which order things are shown: one list of whole numbers a slot, plain JSON, that follows from the attempt's seed.

The options come first, each as its index. A type that shows a second list (the texts that matching offers, the options
of a part A) numbers it on from there, so that with three options 3 is the first thing of the second list. Where the
options of one list stand among the numbers says nothing about the other list.
"""

from __future__ import annotations

from collections.abc import Sequence


def joined(*orders: Sequence[int]) -> tuple[int, ...]:
    """Several lists' orders, each counted from 0, as one order."""
    numbers: list[int] = []
    for order in orders:
        first = len(numbers)
        numbers += [first + i for i in order]
    return tuple(numbers)


def parted(order: Sequence[int], *lengths: int) -> tuple[tuple[int, ...], ...]:
    """The lists' own orders, each counted from 0, out of the one that ``joined`` made of lists of these lengths."""
    found = []
    first = 0
    for length in lengths:
        found.append(tuple(i - first for i in order if first <= i < first + length))
        first += length
    return tuple(found)

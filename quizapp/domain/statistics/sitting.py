"""What was done when in an attempt: time spent on each question, and answers that were changed.

Time on task follows from what is recorded: when a question was first shown, and when each answer arrived. Answer
changes are counted as Benjamin, Cavell and Shallenberger (1984, «Staying with initial answers on objective tests») do:
the first answer beside the last.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EventKind = Literal["shown", "answered"]
RIGHT = 1.0


@dataclass(frozen=True, order=True)
class Event:
    """Something that happened in an attempt, in the order of time."""

    at: datetime
    slot: int
    kind: EventKind


@dataclass(frozen=True)
class Changes:
    """How many students ended with another answer than they began with, and whether that helped."""

    right_to_wrong: int = 0
    wrong_to_right: int = 0
    wrong_to_wrong: int = 0

    @property
    def total(self) -> int:
        """All changes."""
        return self.right_to_wrong + self.wrong_to_right + self.wrong_to_wrong


def time_spent(events: Iterable[Event]) -> dict[int, float]:
    """Seconds spent on each slot: a stretch of time that ends with an answer went into that answer's question; one
    that ends with another question being shown went into the question before it. What came after the last is unknown.
    """
    ordered = sorted(events)
    spent: dict[int, float] = {}
    for before, after in itertools.pairwise(ordered):
        slot = after.slot if after.kind == "answered" else before.slot
        spent[slot] = spent.get(slot, 0.0) + (after.at - before.at).total_seconds()
    return spent


def settled(slots: Sequence[int]) -> list[int]:
    """Which answers were left standing when their student turned to another slot: the last of each run, by index."""
    return [i for i, slot in enumerate(slots) if i + 1 == len(slots) or slots[i + 1] != slot]


def answer_changes(answers: Iterable[Sequence[tuple[object, float]]]) -> Changes:
    """Counts over students; each gives what was answered in turn, with the fraction that each answer earns."""
    kinds = [_change(one) for one in answers]
    return Changes(*(kinds.count(kind) for kind in ("right to wrong", "wrong to right", "wrong to wrong")))


def _change(answers: Sequence[tuple[object, float]]) -> str:
    """The kind of change between the first answer and the last; a better answer short of right stays a wrong one."""
    if not answers or answers[0][0] == answers[-1][0]:
        return "none"
    before, after = (fraction >= RIGHT for _, fraction in (answers[0], answers[-1]))
    return KINDS[before, after]


KINDS = {  # right before, right after
    (True, False): "right to wrong",
    (False, True): "wrong to right",
    (False, False): "wrong to wrong",
    (True, True): "none",  # two spellings of the right answer
}

"""The attempts that count as sheets: what each student was set, answered and earned, read in a few queries."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.statistics import sitting
from quizapp.store import analysis, bank
from quizapp.store.analysis import Given, Sat, SatSlot


@dataclass(frozen=True)
class Sheet:
    """One attempt: its slots in order, and the answers of each slot in the order in which they arrived."""

    sat: Sat
    slots: tuple[SatSlot, ...]
    answers: Mapping[int, tuple[Given, ...]]

    @property
    def is_marked(self) -> bool:
        """Whether no answer waits for a person."""
        return all(slot.mark is not None for slot in self.slots)

    @cached_property
    def total(self) -> float:
        """The share of all marks that was earned."""
        available = sum(slot.available for slot in self.slots)
        return float(sum(slot.mark or 0 for slot in self.slots) / available) if available else 0.0

    def rest(self, slot: SatSlot) -> float:
        """The share of the marks on all other questions that was earned; 0 where there is no other."""
        available = sum(one.available for one in self.slots) - slot.available
        earned = sum(one.mark or 0 for one in self.slots) - (slot.mark or 0)
        return float(earned / available) if available else 0.0

    @cached_property
    def seconds(self) -> dict[int, float]:
        """The time spent on each slot, as far as it is known."""
        shown = (sitting.Event(slot.first_shown_at, slot.number, "shown") for slot in self.slots if slot.first_shown_at)
        answered = (
            sitting.Event(one.received_at, slot, "answered") for slot, given in self.answers.items() for one in given
        )
        return sitting.time_spent([*shown, *answered])

    @cached_property
    def settled(self) -> set[int]:
        """The answers (by identity) that were left standing when their student turned to another question."""
        inorder = sorted((one for given in self.answers.values() for one in given), key=lambda one: one.received_at)
        return {id(inorder[i]) for i in sitting.settled([one.slot for one in inorder])}


def read(session: Session, attempts: Sequence[Sat]) -> tuple[list[Sheet], dict[str, Item]]:
    """The sheets of these attempts and the item versions in them; three queries."""
    ids = [one.id for one in attempts]
    slots: defaultdict[uuid.UUID, list[SatSlot]] = defaultdict(list)
    for slot in analysis.slots(session, ids):
        slots[slot.attempt_id].append(slot)
    answers: defaultdict[uuid.UUID, defaultdict[int, list[Given]]] = defaultdict(lambda: defaultdict(list))
    for given in analysis.answers(session, ids):
        answers[given.attempt_id][given.slot].append(given)
    sheets = [
        Sheet(one, tuple(slots[one.id]), {number: tuple(given) for number, given in answers[one.id].items()})
        for one in attempts
    ]
    return sheets, bank.items(session, {slot.item_digest for sheet in sheets for slot in sheet.slots})


def columns(sheets: Sequence[Sheet]) -> dict[object, list[float]] | None:
    """Each question's marks over all sheets, by item where all were set it; what is drawn goes by its place.

    The questions that a section draws differ from student to student: the first of a section's drawn ones makes a
    column, the second another. None where the sheets are not of one length.
    """
    if len({len(sheet.slots) for sheet in sheets}) != 1:
        return None
    numbers = Counter(slot.item for sheet in sheets for slot in sheet.slots)
    found: defaultdict[object, list[float]] = defaultdict(list)
    for sheet in sheets:
        drawn: Counter[int] = Counter()
        for slot in sheet.slots:
            key: object = slot.item
            if numbers[slot.item] < len(sheets):
                key = (slot.section, drawn[slot.section])
                drawn[slot.section] += 1
            found[key].append(float(slot.mark or 0))
    return dict(found) if all(len(marks) == len(sheets) for marks in found.values()) else None

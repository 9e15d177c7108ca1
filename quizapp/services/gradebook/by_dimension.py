"""Marks by topic, by skill and by source; and the answer, the evidence and the reason apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.marking import from_units
from quizapp.services import reading
from quizapp.services.gradebook.of_class import Row
from quizapp.store import bank, gradebook
from quizapp.store.gradebook import SatSlot

Dimension = Literal["topic", "skill", "source", "part"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
PARTS = {"answer": "The answer", "evidence": "The evidence", "because": "The reason"}


@dataclass(frozen=True, slots=True)
class Share:
    """What a student earned of what was available in so many answers of one kind."""

    answers: int
    earned: Decimal
    available: Decimal

    @property
    def share(self) -> Fraction | None:
        """Earned ÷ available; None where there was nothing to earn."""
        return Fraction(self.earned) / Fraction(self.available) if self.available else None


@dataclass(frozen=True)
class Shares:
    """Names, each with what it says in a heading, and for each student a share of each (None: nothing of it)."""

    dimension: Dimension
    names: tuple[str, ...]
    rows: Mapping[int, tuple[Share | None, ...]]


def shares(session: Session, rows: Sequence[Row], dimension: Dimension) -> Shares:
    """What these students' counted attempts come to by topic, skill, source, or part of an evidence question.

    An answer whose key rests on several sources counts for each. What waits for a person is left out. Three queries,
    and one more for each ten thousand attempts.
    """
    whose = {attempt: row.student.id for row in rows for one in row.cells if one.counts for attempt in one.counted}
    slots = gradebook.slots(session, whose)
    met: dict[int, dict[str, list[Decimal | int]]] = {}
    for slot, name, earned, available in _earned(session, slots, dimension):
        of_student = met.setdefault(whose[slot.attempt_id], {})
        so_far = of_student.setdefault(name, [0, Decimal(0), Decimal(0)])
        so_far[0] += 1
        so_far[1] += earned
        so_far[2] += available
    names = _ordered({name for of_student in met.values() for name in of_student}, dimension)
    found = {row.student.id: _line(met.get(row.student.id, {}), names) for row in rows}
    return Shares(dimension, names, found)


Earned = tuple[SatSlot, str, Decimal, Decimal]


def _earned(session: Session, slots: Sequence[SatSlot], dimension: Dimension) -> Iterable[Earned]:
    if dimension == "part":
        yield from _of_parts(slots)
        return
    named = _names(session, bank.items(session, {slot.item_digest for slot in slots}), dimension)
    for slot in slots:
        if slot.mark is not None:
            for name in named[slot.item_digest]:
                yield slot, name, slot.mark, slot.available


def _of_parts(slots: Iterable[SatSlot]) -> Iterable[Earned]:
    """Each part weighs one, whatever its question is worth: they are fractions of themselves."""
    for slot in slots:
        if slot.parts != "{}":
            for name, units in json.loads(slot.parts).items():
                if name in PARTS:
                    yield slot, PARTS[name], from_units(units), Decimal(1)


def _names(session: Session, items: Mapping[str, Item], dimension: Dimension) -> dict[str, tuple[str, ...]]:
    """Item version → the names that it counts for."""
    if dimension == "source":
        return _sources(session, items)
    if dimension == "skill":
        return {digest: (item.skill.replace("_", " ").capitalize(),) for digest, item in items.items()}
    titles = bank.topic_titles(session) if items else {}
    return {digest: (titles.get(item.topic, item.topic),) for digest, item in items.items()}


def _sources(session: Session, items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
    rest_on = {digest: {one.passage.split("/")[0]: one.passage for _, one in item.key_evidence()}
               for digest, item in items.items()}  # fmt: skip
    some = {source: ref for refs in rest_on.values() for source, ref in refs.items()}
    known = reading.passage_names(session, some.values()) if some else {}
    voices = {source: known[ref].source.voice for source, ref in some.items() if ref in known}
    return {digest: tuple(voices.get(source, source) for source in refs) for digest, refs in rest_on.items()}


def _ordered(names: set[str], dimension: Dimension) -> tuple[str, ...]:
    if dimension == "part":
        return tuple(name for name in PARTS.values() if name in names)
    return tuple(sorted(names, key=str.casefold))


def _line(met: Mapping[str, Sequence[Decimal | int]], names: Iterable[str]) -> tuple[Share | None, ...]:
    return tuple(Share(int(met[name][0]), Decimal(met[name][1]), Decimal(met[name][2])) if name in met else None
                 for name in names)  # fmt: skip

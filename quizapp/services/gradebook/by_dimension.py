"""Marks by topic, by skill and by source; and the answer, the evidence and the reason apart."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.marking import from_units, to_units
from quizapp.services import reading
from quizapp.services.gradebook.of_class import Row
from quizapp.store import bank, gradebook
from quizapp.store.gradebook import Tally

Dimension = Literal["topic", "skill", "source", "part"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
PARTS = {"answer": "The answer", "evidence": "The evidence", "because": "The reason"}
ONE = to_units(Decimal(1))


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
    """What these students' counted attempts come to by topic, skill, source, or part of a mark.

    An answer whose key rests on several sources counts for each. What waits for a person is left out. Four queries,
    and two more for each five thousand attempts.
    """
    whose = {attempt: row.student.id for row in rows for one in row.cells if one.counts for attempt in one.counted}
    met = _of_parts(session, whose) if dimension == "part" else _of_items(session, whose, dimension)
    names = _ordered({name for _, name in met}, dimension)
    found = {row.student.id: tuple(_share(met.get((row.student.id, name))) for name in names) for row in rows}
    return Shares(dimension, names, found)


def _share(one: Tally | None) -> Share | None:
    return None if one is None else Share(one.slots, from_units(one.earned), from_units(one.available))


def _of_items(session: Session, whose: Mapping[uuid.UUID, int], dimension: Dimension) -> dict[tuple[int, str], Tally]:
    """(student, name) → what it comes to."""
    of_items = gradebook.tallies(session, whose)
    named = _names(session, bank.items(session, {digest for _, digest in of_items}), dimension)
    met: defaultdict[tuple[int, str], Tally] = defaultdict(Tally)
    for (user_id, digest), one in of_items.items():
        for name in named[digest]:
            met[user_id, name].add(one.slots, one.earned, one.available)
    return met


def _of_parts(session: Session, whose: Mapping[uuid.UUID, int]) -> dict[tuple[int, str], Tally]:
    """The same of the parts of marks. Each weighs one, whatever its question is worth: they are fractions."""
    met: defaultdict[tuple[int, str], Tally] = defaultdict(Tally)
    for slot in gradebook.slots(session, whose, with_parts=True):
        for name, units in json.loads(slot.parts).items():
            if name in PARTS:
                met[whose[slot.attempt_id], PARTS[name]].add(1, units, ONE)
    return met


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

"""What a rule of lint is: what it is called, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quizapp.domain.entry import Place
from quizapp.domain.item import Item
from quizapp.domain.lint.bank import Bank

Found = Iterable[tuple[Place, str]]  # where in the item's entry, and what its author should look at


@dataclass(frozen=True)
class Finding:
    """Something that an author should look at: the rule, the item (for rules of a topic: the topic), and where."""

    item: str
    place: Place
    message: str
    rule: str = ""


@dataclass(frozen=True)
class Rule:
    """A sign that an item may be guessed, misread or given away; ``types`` names the item types that can show it."""

    name: str
    types: tuple[str, ...]
    find: Callable[[Item, Bank], Found]

    def concerns(self, item: Item) -> bool:
        """Whether the rule has anything to look at in this item."""
        return not self.types or item.type in self.types


def alone(find: Callable[[Item], Found]) -> Callable[[Item, Bank], Found]:
    """A rule that looks at one item and needs no other."""

    def find_alone(item: Item, bank: Bank) -> Found:  # noqa: ARG001 the others do not matter
        return find(item)

    return find_alone

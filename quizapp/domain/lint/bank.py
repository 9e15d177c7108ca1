"""The bank as lint looks things up in it: each word's items, each name, each item's question in full."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from quizapp.domain.item import Item
from quizapp.domain.items.corroboration import Corroboration
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.lint.similarity import near_duplicates
from quizapp.domain.lint.words import roots, subject
from quizapp.domain.short_text import folded, slips_allowed

NAME_WORDS = 4  # a longer option is no name
_POSSESSIVE = re.compile(r"['’]s?$")


def question(item: Item) -> str:
    """All that an item asks: its stem, with the claim or the question of its part A."""
    if isinstance(item, Corroboration):
        return f"{item.stem} {item.claim}"
    if isinstance(item, EvidenceItem) and item.answer is not None:
        return f"{item.stem} {item.answer.stem}"
    return item.stem


class Bank:
    """All items, and what rules look up that compare one with the others."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.questions = [question(item) for item in items]
        self.at = {item.id: i for i, item in enumerate(items)}

    @cached_property
    def roots(self) -> list[frozenset[str]]:
        """The roots of each item's question."""
        return [roots(text) for text in self.questions]

    @cached_property
    def asking(self) -> dict[str, list[int]]:
        """Root → the items, by index, whose questions have it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(self.roots):
            for word in words:
                found[word].append(i)
        return found

    @cached_property
    def passages(self) -> list[frozenset[str]]:
        """The passages that each item names."""
        return [frozenset(item.passages()) for item in self.items]

    @cached_property
    def names(self) -> list[str]:
        """Every answer and every short option of the bank, each once."""
        found: list[str] = []
        for item in self.items:
            if isinstance(item, ShortAnswer):
                found += [*item.answers(), *(wrong.answer for wrong in item.wrong)]
            elif isinstance(item, SingleChoice | MultipleChoice):
                found += [option.text for option in item.options if len(option.text.split()) <= NAME_WORDS]
        bare = [_POSSESSIVE.sub("", name) for name in found]
        return list({folded(name): name for name in bare}.values())

    @cached_property
    def names_by_length(self) -> dict[int, dict[str, str]]:
        """Length when folded → the names of that length: folded → name."""
        found: defaultdict[int, dict[str, str]] = defaultdict(dict)
        for name in self.names:
            found[len(folded(name))].setdefault(folded(name), name)
        return found

    def names_near(self, answer: str) -> list[str]:
        """The names that are no more slips away from an answer than its length forgives."""
        bare, slips = folded(answer), slips_allowed(answer)
        found: list[str] = []
        for length in range(len(bare) - slips, len(bare) + slips + 1):
            names = self.names_by_length.get(length, {})
            near = process.extract(bare, names.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
            found += [names[one] for one, _, _ in near]
        return found

    @cached_property
    def first_with_question(self) -> dict[str, int]:
        """Question, folded → the first item that asks it, by index."""
        found: dict[str, int] = {}
        for i, text in enumerate(self.questions):
            found.setdefault(folded(text), i)
        return found

    @cached_property
    def near_duplicates(self) -> dict[int, list[int]]:
        """For each item, by index, those before it that ask nearly the same."""
        return near_duplicates([subject(text) for text in self.questions])

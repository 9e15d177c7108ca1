"""The item types, one file each, and the pair that turns entries into items and back."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from quizapp.domain.entry import InvalidEntry, Problem, digest, explain, plain
from quizapp.domain.item import Item
from quizapp.domain.items.date import Date
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.items.true_false import TrueFalse

ITEM_TYPES: dict[str, type[Item]] = {
    "single_choice": SingleChoice,
    "multiple_choice": MultipleChoice,
    "true_false": TrueFalse,
    "short_answer": ShortAnswer,
    "date": Date,
}


def build(entry: dict[str, Any]) -> Item:
    """The item that a plain entry describes (``topic`` and ``type`` included).

    Raises ``InvalidEntry`` with every mistake at once.
    """
    item_type = ITEM_TYPES.get(str(entry.get("type")))
    if item_type is None:
        raise InvalidEntry([Problem(("type",), f"unknown type {entry.get('type')!r}; one of {', '.join(ITEM_TYPES)}")])
    try:
        item = item_type.model_validate(entry)
    except ValidationError as error:
        raise InvalidEntry(explain(error)) from error
    if problems := tuple(item.problems()):
        raise InvalidEntry(problems)
    return item


def entry(item: Item) -> dict[str, Any]:
    """The plain entry of the item, without defaults; ``build(entry(item)) == item``."""
    return plain(item)


def item_digest(item: Item) -> str:
    """The digest that names this version of the item."""
    return digest(entry(item))

"""The item types, one file each, and the pair that turns entries into items and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from quizapp.domain.entry import InvalidEntry, Place, Problem, digest, explain, plain
from quizapp.domain.explanation import suggestion
from quizapp.domain.item import Item
from quizapp.domain.items.corroboration import Corroboration
from quizapp.domain.items.date import Date
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.matching import Matching
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.numerical import Numerical
from quizapp.domain.items.ordering import Ordering
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.items.true_false import TrueFalse

ITEM_TYPES: dict[str, type[Item]] = {
    "single_choice": SingleChoice,
    "multiple_choice": MultipleChoice,
    "true_false": TrueFalse,
    "short_answer": ShortAnswer,
    "numerical": Numerical,
    "date": Date,
    "ordering": Ordering,
    "matching": Matching,
    "evidence": EvidenceItem,
    "corroboration": Corroboration,
}

SOUND = {"id": "sound", "topic": "sound", "stem": "…", "difficulty": 1, "skill": "recall", "explanation": "…"}


def build(entry: dict[str, Any]) -> Item:
    """The item that a plain entry describes (``topic`` and ``type`` included).

    Raises ``InvalidEntry`` with every mistake at once.
    """
    item_type = ITEM_TYPES.get(str(entry.get("type")))
    if item_type is None:
        raise InvalidEntry(_problems_without_type(entry))
    try:
        item = item_type.model_validate(entry)
    except ValidationError as error:
        faults = explain(error)
        raise InvalidEntry((*faults, *_problems_besides(faults, entry, item_type))) from error
    if problems := tuple(item.problems()):
        raise InvalidEntry(problems)
    return item


def _problems_without_type(entry: dict[str, Any]) -> tuple[Problem, ...]:
    """That no such type is known, and what is wrong with the fields that all types have."""
    names = list(ITEM_TYPES)
    known = f"{', '.join(names[:-1])} and {names[-1]}"
    message = f"missing field «type»: one of {known}"
    if "type" in entry:
        message = f"unknown type «{entry['type']}»{suggestion(str(entry['type']), names) or '.'} There are {known}"
    try:
        Item.model_validate({"type": "?", **{name: entry[name] for name in Item.model_fields if name in entry}})
    except ValidationError as error:
        return (Problem(("type",), message), *(one for one in explain(error) if one.place != ("type",)))
    return (Problem(("type",), message),)


def _problems_besides(faults: Sequence[Problem], entry: dict[str, Any], item_type: type[Item]) -> Iterable[Problem]:
    """What the type finds wrong with the rest of an entry of faulty shape, where the rest can be read by itself.

    A problem of something that contains a fault is left out: it may be the fault's doing.
    """
    rest = deepcopy(entry)
    for fault in faults:
        _drop(rest, fault.place)
    try:
        item = item_type.model_validate({**SOUND, **rest})
    except ValidationError:
        return ()
    return [one for one in item.problems() if all(f.place[: len(one.place)] != one.place for f in faults)]


def _drop(value: Any, place: Place) -> None:
    """Takes the innermost field on the way to ``place`` out of the value, if it is still there."""
    fields = [depth for depth, part in enumerate(place) if isinstance(part, str)]
    *way, last = place[: fields[-1] + 1] if fields else ("",)
    for part in way:
        held = isinstance(value, dict) and part in value
        value = value[part] if held or (isinstance(value, list) and isinstance(part, int)) else None
    if isinstance(value, dict):
        value.pop(last, None)


def entry(item: Item) -> dict[str, Any]:
    """The plain entry of the item, without defaults; ``build(entry(item)) == item``."""
    return plain(item)


def item_digest(item: Item) -> str:
    """The digest that names this version of the item."""
    return digest(entry(item))

"""What comes out of a file of questions or goes into one, and the report of what could not be carried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.domain.item import Item, Skill
from quizapp.domain.items import entry
from quizapp.domain.quiz_outline import QuizOutline

OPTION_IDS = "the short names of its options"  # what people see of them is their texts


class UnreadableFile(Exception):
    """A file that cannot be read at all, or is refused; the message says where, why and what to do."""


@dataclass(frozen=True)
class Remark:
    """Something to know of a question: where it stands (a line, a cell, an item's id) and what."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True)
class Defaults:
    """What a file may not say of its questions: the topic that they go to, how hard they are, which skill they ask."""

    topic: str
    difficulty: int = 3
    skill: Skill = "recall"
    explanation: str = "The file gives no explanation."


@dataclass(frozen=True)
class Arrival:
    """One question of a file: the item, or why there is none; ``remarks`` are what was lost or assumed on the way."""

    place: str
    title: str
    item: Item | None = None
    problems: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Arrivals:
    """All questions of a file in its order, and what else it holds that is not taken."""

    questions: tuple[Arrival, ...]
    remarks: tuple[Remark, ...] = ()
    outline: QuizOutline | None = None  # the quiz that the file holds beside its questions, by their ids

    @property
    def items(self) -> tuple[Item, ...]:
        """The questions that can come in."""
        return tuple(one.item for one in self.questions if one.item is not None)


@dataclass(frozen=True)
class Departure:
    """A file to send out, and its report.

    ``left_out`` are the items that the format cannot carry, with the reason; ``lost`` is what does not come back when
    the file is read again; ``elsewhere`` is what comes back here, but means less to other systems.
    """

    data: bytes
    left_out: tuple[Remark, ...] = ()
    lost: tuple[Remark, ...] = ()
    elsewhere: tuple[Remark, ...] = ()


def losses(sent: Sequence[Item], *back: Sequence[Item]) -> Iterator[Remark]:
    """What of the items is not there, or not the same, wherever they were read back; they stand in the same order."""
    for i, item in enumerate(sent):
        found = [_same(i, item, sent, one) for one in back]
        names = [name for one in found if one for name in _differences(entry(item), entry(one))]
        if None in found:
            yield Remark(item.id, "does not come back")
        elif names:
            yield Remark(item.id, ", ".join(dict.fromkeys(names)))


def _same(i: int, item: Item, sent: Sequence[Item], back: Sequence[Item]) -> Item | None:
    return back[i] if len(back) == len(sent) else next((one for one in back if one.id == item.id), None)


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names of the fields that differ; the ids of options apart, so that only they are named where only they do."""
    fields = [name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name)]
    bare = [name for name in fields if _without_ids(one.get(name)) != _without_ids(other.get(name))]
    return [*bare, OPTION_IDS] if len(bare) < len(fields) else bare


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(one) for name, one in value.items() if name != "id"}
    return [_without_ids(one) for one in value] if isinstance(value, list) else value


def with_ids_of(item_entry: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with the ids of the known version's options, where their words are the same."""
    ids = {_words(option): option["id"] for option in _options(known)}
    free = set(ids.values()) - {option.get("id") for option in _options(item_entry) if _words(option) not in ids}
    named = [
        {**option, "id": ids[_words(option)]} if ids.get(_words(option)) in free else option
        for option in _options(item_entry)
    ]
    made = {**item_entry, "options": named} if named else item_entry
    if isinstance(item_entry.get("answer"), dict) and isinstance(known.get("answer"), dict):
        made["answer"] = with_ids_of(item_entry["answer"], known["answer"])
    return made


def _options(of: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(of.get("options") or ())


def _words(option: Mapping[str, Any]) -> str:
    """What tells an option from its neighbours: its text or, in evidence, the passage and its quote."""
    return repr([option.get(name) for name in ("text", "passage", "quote", "occurrence")])

"""The bank as YAML files again: what ``bank_yaml.load`` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.domain.entry import plain
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, EditionRecord, Source
from quizapp.formats.bank_yaml import DISPUTES, QUIZZES, VERIFIED, Topic
from quizapp.formats.yaml_writing import write

FIRST = ("id", "type", "stem")


@dataclass(frozen=True)
class Bank:
    """What is dumped, each in the order in which it is to stand. ``topics`` are those of the items."""

    topics: Iterable[Topic]
    items: Iterable[Item]
    quizzes: Iterable[Quiz] = ()
    sources: Iterable[Source] = ()
    disputes: Iterable[Dispute] = ()
    record: EditionRecord | None = None


def dump(bank: Bank) -> dict[str, str]:
    """File → YAML, for the files below ``question_bank/`` and ``seeds/``; kinds of which there is nothing have none."""
    items = list(bank.items)
    files = {
        f"question_bank/{topic.id}.yaml": topic_file(topic, [item for item in items if item.topic == topic.id])
        for topic in bank.topics
    }
    files[f"question_bank/{QUIZZES}"] = write({"quizzes": [plain(quiz) for quiz in bank.quizzes]})
    files |= {f"seeds/{source.id}.yaml": write(plain(source)) for source in bank.sources}
    files[f"seeds/{DISPUTES}"] = write({"disputes": [plain(dispute) for dispute in bank.disputes]})
    if bank.record is not None:
        files[f"seeds/{VERIFIED}"] = record_file(bank.record)
    return files


def topic_file(topic: Topic, items: Iterable[Item]) -> str:
    """The YAML of one topic."""
    return write({"topic": topic.id, "title": topic.title, "items": [_item(item) for item in items]})


def record_file(record: EditionRecord) -> str:
    """The YAML of the edition record."""
    return write(plain(record))


def _item(item: Item) -> dict[str, Any]:
    """The entry as an author would write it: what it is and asks, then what its type adds, then the rest."""
    entry = plain(item)
    own = [name for name in entry if name not in Item.model_fields]
    rest = [name for name in entry if name in Item.model_fields and name not in (*FIRST, "topic")]
    return _in_order(entry, (*FIRST, *own, *rest))


def _in_order(entry: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: entry[name] for name in names}

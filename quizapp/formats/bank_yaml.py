"""The curated bank as YAML files: topics, quizzes, sources, disputes and the edition record, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import Field, ValidationError

from quizapp.domain.entry import Entry, Id, InvalidEntry, Place, Text, explain
from quizapp.domain.item import Item
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, EditionRecord, Source
from quizapp.formats import yaml_tree
from quizapp.formats.collection import without_collection
from quizapp.formats.placed_mistakes import note_mistakes
from quizapp.formats.yaml_tree import Mistake, Spot, Tree

E = TypeVar("E", bound=Entry)
QUIZZES, EXAMPLES, DISPUTES, VERIFIED = "quizzes.yaml", "examples.yaml", "disputes.yaml", "verified.yaml"
IN_BANK, IN_SEEDS = {"item", "example", "quiz", "topic"}, {"source", "passage", "dispute"}
NO_TOPIC = "no-topic"  # stands in where a file's own topic is missing or wrong, so that its items can be checked


class Topic(Entry):
    """What a topic is called."""

    id: Id
    title: Text


@dataclass(frozen=True)
class Placed(Generic[E]):
    """A thing and where its entry stands."""

    thing: E
    tree: Tree
    place: Place

    def spot(self, place: Place = ()) -> Spot:
        """Where a place inside the entry stands."""
        return self.tree.spot((*self.place, *place))


@dataclass
class BankFiles:
    """All that the files hold, with every mistake that one file alone shows.

    ``named`` holds what the files name, well built or not, and where: by kind (item, example, quiz, topic, source,
    passage, dispute) and id.
    """

    items: list[Placed[Item]] = field(default_factory=list)
    examples: list[Placed[Item]] = field(default_factory=list)
    topics: list[Placed[Topic]] = field(default_factory=list)
    quizzes: list[Placed[Quiz]] = field(default_factory=list)
    sources: list[Placed[Source]] = field(default_factory=list)
    disputes: list[Placed[Dispute]] = field(default_factory=list)
    record: EditionRecord | None = None
    named: dict[str, dict[str, list[Spot]]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  # kinds of which a file that is no YAML may name more
    mistakes: list[Mistake] = field(default_factory=list)

    def name(self, kind: str, name: object, spot: Spot) -> None:
        """Notes that the files name something."""
        if isinstance(name, str):
            self.named.setdefault(kind, {}).setdefault(name, []).append(spot)

    def is_named(self, kind: str, name: str) -> bool:
        """Whether the files name it, well built or not; yes, where a file that cannot be read may name it."""
        return kind in self.unreadable or name in self.named.get(kind, {})

    def all_items(self) -> list[Placed[Item]]:
        """The items and the examples."""
        return [*self.items, *self.examples]


def load(bank_dir: Path, seeds_dir: Path, name_of: Callable[[Path], str] = str) -> BankFiles:
    """Everything in the two folders; a mistake hides no other. ``name_of`` a path is how mistakes call the file."""
    files = BankFiles()
    with without_collection():
        for path in [*sorted(bank_dir.glob("*.yaml")), *sorted(seeds_dir.glob("*.yaml"))]:
            tree = yaml_tree.decode(path.read_bytes(), name_of(path))
            load_tree(files, tree, path.name, in_bank=path.parent == bank_dir)
            files.mistakes += tree.mistakes
    for path in [*sorted(bank_dir.glob("*.yml")), *sorted(seeds_dir.glob("*.yml"))]:
        files.mistakes.append(Mistake(Spot(name_of(path), 1, 1), "the file is not read; let its name end in .yaml"))
    return files


def load_tree(files: BankFiles, tree: Tree, file_name: str, *, in_bank: bool) -> None:
    """Adds what one file holds; the file's name and folder say what that is."""
    if tree.value is None:
        files.unreadable |= IN_BANK if in_bank else IN_SEEDS
        if not tree.mistakes:
            tree.add(tree.spot(), "the file is empty")
    elif not isinstance(tree.value, dict):
        tree.add(tree.spot(), "a file begins with fields («name: value»), not with a list or a text")
    elif in_bank:
        _load_quizzes(files, tree) if file_name == QUIZZES else _load_topic(files, tree, file_name == EXAMPLES)
    elif file_name == DISPUTES:
        _load_disputes(files, tree)
    elif file_name == VERIFIED:
        files.record = _one(tree, (), EditionRecord)
    else:
        _load_source(files, tree)


class _TopicFile(Entry):
    topic: Id
    title: Text
    items: tuple[Any, ...] = Field(min_length=1)


class _QuizFile(Entry):
    quizzes: tuple[Any, ...]


class _DisputeFile(Entry):
    disputes: tuple[Any, ...]


def _load_topic(files: BankFiles, tree: Tree, are_examples: bool) -> None:
    head = _one(tree, (), _TopicFile)
    if head and not are_examples:
        files.topics.append(Placed(Topic(id=head.topic, title=head.title), tree, ()))
    files.name("topic", tree.value.get("topic"), tree.spot(("topic",)))
    topic = head.topic if head else _good_topic(tree.value.get("topic"))
    for place, entry in _entries(tree, "items"):
        files.name("example" if are_examples else "item", entry.get("id"), tree.spot((*place, "id")))
        if (item := _item(tree, place, entry, topic)) is not None:
            (files.examples if are_examples else files.items).append(Placed(item, tree, place))


def _good_topic(topic: object) -> str:
    try:
        return Topic.model_validate({"id": topic, "title": "."}).id
    except ValidationError:
        return NO_TOPIC


def _item(tree: Tree, place: Place, entry: dict[str, Any], topic: str) -> Item | None:
    if "topic" in entry:
        tree.add(tree.spot((*place, "topic"), on_name=True), "the topic stands once, at the head of the file")
    try:
        return build({**entry, "topic": topic})
    except InvalidEntry as error:
        note_mistakes(tree, place, error.problems, error.__cause__)
    return None


def _load_quizzes(files: BankFiles, tree: Tree) -> None:
    _one(tree, (), _QuizFile)
    for place, entry in _entries(tree, "quizzes"):
        files.name("quiz", entry.get("id"), tree.spot((*place, "id")))
        if quiz := _one(tree, place, Quiz):
            files.quizzes.append(Placed(quiz, tree, place))


def _load_disputes(files: BankFiles, tree: Tree) -> None:
    _one(tree, (), _DisputeFile)
    for place, entry in _entries(tree, "disputes"):
        files.name("dispute", entry.get("id"), tree.spot((*place, "id")))
        if dispute := _one(tree, place, Dispute):
            files.disputes.append(Placed(dispute, tree, place))


def _load_source(files: BankFiles, tree: Tree) -> None:
    source_id = tree.value.get("id")
    files.name("source", source_id, tree.spot(("id",)))
    for place, entry in _mappings(tree, "passages"):
        files.name("passage", f"{source_id}/{entry.get('id')}", tree.spot((*place, "id")))
    if source := _one(tree, (), Source):
        files.sources.append(Placed(source, tree, ()))


def _entries(tree: Tree, name: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The entries of a list with their places; those that are no mappings are noted as mistakes."""
    entries = tree.value.get(name)
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            tree.add(tree.spot((name, i)), "should be fields with names («name: value»)")
    yield from _mappings(tree, name)


def _mappings(tree: Tree, name: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    entries = tree.value.get(name)
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (name, i), entry


def _one(tree: Tree, place: Place, model: type[E]) -> E | None:
    value = tree.value
    for part in place:
        value = value[part]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        note_mistakes(tree, place, explain(error), error)
    return None

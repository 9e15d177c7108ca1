"""YAML as plain data that remembers where each part stands: every mistake of spelling at once, with line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from quizapp.domain.entry import Place
from quizapp.formats.collection import without_collection
from quizapp.formats.yaml_scalar import read_plain
from quizapp.formats.yaml_spelling import Misspelling, misspellings, syntax_mistake

TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = {TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")}


@dataclass(frozen=True, order=True)
class Spot:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong at a spot, in the author's words."""

    spot: Spot
    message: str

    def __str__(self) -> str:
        return f"{self.spot}: {self.message}"


@dataclass
class Tree:
    """The plain data of one file, its nodes, and the mistakes of its spelling."""

    name: str
    root: yaml.Node | None = None
    value: Any = None
    mistakes: list[Mistake] = field(default_factory=list)

    def node(self, place: Place) -> yaml.Node | None:
        """The node at the place, or the nearest one around it; parts that the file does not spell are passed over."""
        return self._walk(place)[1]

    def spells(self, place: Place) -> bool:
        """Whether the file spells the whole place: a missing field is not spelt."""
        node: yaml.Node | None = self.root
        for part in place:
            found = _child(node, part)
            if found is None:
                return False
            node = found[1]
        return True

    def spot(self, place: Place = (), *, on_name: bool = False) -> Spot:
        """Where the place stands: a scalar where it starts, a list or mapping (``on_name``: anything) at its name."""
        name, node = self._walk(place)
        if node is None:
            return Spot(self.name, 1, 1)
        if name is not None and (on_name or not _is_written(node)):
            node = name
        return self.at(node.start_mark)

    def add(self, spot: Spot, message: str) -> None:
        """Notes a mistake."""
        self.mistakes.append(Mistake(spot, message))

    def at(self, mark: Any) -> Spot:
        """The spot of a mark of PyYAML's, which counts from 0."""
        return Spot(self.name, mark.line + 1, mark.column + 1)

    def _walk(self, place: Place) -> tuple[yaml.Node | None, yaml.Node | None]:
        name, node = None, self.root
        for part in place:
            found = _child(node, part)
            if found is not None:
                name, node = found
        return name, node


def _is_written(node: yaml.Node) -> bool:
    """Whether something stands there: a scalar that is not empty, or an empty one in quotation marks."""
    return isinstance(node, yaml.ScalarNode) and bool(node.value or node.style)


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode) and isinstance(part, str):
        return next(((name, value) for name, value in node.value if name.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None


def parse(text: str, name: str) -> Tree:
    """The tree of a YAML text; ``name`` is the file's, as mistakes will show it."""
    tree = Tree(name)
    found = list(misspellings(text))
    for one in found:
        _add(tree, one)
    with without_collection():
        try:
            tree.root = yaml.CSafeLoader(text.replace("\t", " ")).get_single_node()
            tree.value = None if tree.root is None else _value(tree, tree.root)
        except yaml.YAMLError as error:
            if not found:
                _add(tree, syntax_mistake(error, text))
    return tree


def decode(data: bytes, name: str) -> Tree:
    """The tree of a file's bytes, which must be UTF-8."""
    try:
        return parse(data.decode("utf-8-sig").replace("\r\n", "\n"), name)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        tree = Tree(name)
        tree.add(Spot(name, line, column), "this is not UTF-8; save the file as UTF-8")
        return tree


def _add(tree: Tree, one: Misspelling) -> None:
    tree.add(Spot(tree.name, one.line + 1, one.column + 1), one.message)


def _value(tree: Tree, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(tree, node)
    if isinstance(node, yaml.SequenceNode):
        _refuse_tag(tree, node, "seq")
        return [_value(tree, one) for one in node.value]
    assert isinstance(node, yaml.ScalarNode)  # noqa: S101 there are no other nodes
    if node.style:
        _refuse_tag(tree, node, "str")
        return node.value
    if node.tag not in PLAIN_TAGS:
        _refuse_tag(tree, node, "str")
    return read_plain(node.value)


def _mapping(tree: Tree, node: yaml.MappingNode) -> dict[str, Any]:
    _refuse_tag(tree, node, "map")
    found: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for name, value in node.value:
        key = read_plain(name.value) if isinstance(name, yaml.ScalarNode) and not name.style else name.value
        if not isinstance(key, str):
            tree.add(tree.at(name.start_mark), f"«{_typed(name)}» cannot be the name of a field")
        elif key in found:
            message = f"«{key}» stands twice (the first time in line {lines[key]}); keep one of them"
            tree.add(tree.at(name.start_mark), message)
        else:
            lines[key] = name.start_mark.line + 1
            found[key] = _value(tree, value)
    return found


def _typed(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else "a list or mapping"


def _refuse_tag(tree: Tree, node: yaml.Node, wanted: str) -> None:
    if node.tag != TAG + wanted:
        message = f"the tag «{node.tag.replace(TAG, '!!')}» is not used in these files; take it away"
        tree.add(tree.at(node.start_mark), message)

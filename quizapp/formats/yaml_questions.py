"""Our own YAML, as people send it to each other: one file a topic; several topics are an archive of such files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import yaml

from quizapp.domain.exchange import Arrival, Arrivals, Defaults, Remark, UnreadableFile
from quizapp.domain.item import Item
from quizapp.formats import bank_yaml, yaml_tree
from quizapp.formats.bank_dump import topic_file
from quizapp.formats.bank_yaml import BankFiles, Placed, Topic
from quizapp.formats.evidence_lines import Links
from quizapp.formats.incoming_text import decode
from quizapp.formats.package import is_package, pack, unpack
from quizapp.formats.yaml_tree import Mistake, Tree

DEEPEST = 30
MOST_NODES = 100_000  # about fifteen hundred questions


def dump(items: Sequence[Item], _links: Links) -> bytes:
    """The items as a topic's file, or as an archive of them where they are of several topics."""
    topics = {topic: [item for item in items if item.topic == topic] for topic in dict.fromkeys(i.topic for i in items)}
    files = {
        f"{topic}.yaml": topic_file(Topic(id=topic, title=topic), listed).encode() for topic, listed in topics.items()
    }
    return next(iter(files.values())) if len(files) == 1 else pack(files)


def load(data: bytes, defaults: Defaults) -> Arrivals:
    """The questions of a topic's file, or of each in an archive; every mistake with its line and column."""
    if not is_package(data):
        return _load(data, "", defaults)
    parts = [_load(part, name, defaults) for name, part in unpack(data, (".yaml", ".yml")).items()]
    if not parts:
        raise UnreadableFile("The archive holds no .yaml file.")
    return Arrivals(
        tuple(one for part in parts for one in part.questions), tuple(one for part in parts for one in part.remarks)
    )


def _load(data: bytes, name: str, defaults: Defaults) -> Arrivals:
    text = decode(data)
    _refuse_deep(text)
    try:
        tree = yaml_tree.parse(text, name)
    except RecursionError as error:
        raise UnreadableFile("The file is nested too deeply.") from error
    if isinstance(tree.value, dict) and isinstance(tree.value.get("items"), list):
        tree.value = {"topic": defaults.topic, "title": "…", **tree.value}
    files = BankFiles()
    bank_yaml.load_tree(files, tree, "", in_bank=True)
    questions = list(_questions(files, tree))
    inside = {str(one) for question in questions for one in question.problems}
    rest = [remark for one in tree.mistakes if str(remark := _remark(one)) not in inside]
    if not questions and rest:
        raise UnreadableFile(f"{rest[0]}. A file of questions begins with «topic: …», «title: …», «items:».")
    return Arrivals(tuple(questions), tuple(rest))


def _refuse_deep(text: str) -> None:
    depth = nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            nodes += 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST or nodes > MOST_NODES:
                line = event.start_mark.line + 1 if event.start_mark else 1
                what = f"more than {DEEPEST} levels deep" if depth > DEEPEST else "more than any set of questions needs"
                raise UnreadableFile(f"Line {line}: the file is {what}. It is refused.")
    except yaml.YAMLError:
        return  # the tree says so with line and column


def _questions(files: BankFiles, tree: Tree) -> Iterator[Arrival]:
    """Each entry of the list with the mistakes that stand in its lines."""
    entries = tree.value.get("items") if isinstance(tree.value, dict) else None
    entries = entries if isinstance(entries, list) else []
    built: dict[int, Placed[Item]] = {int(placed.place[1]): placed for placed in files.items}
    starts = [tree.node(("items", i)) for i in range(len(entries))]
    lines = [node.start_mark.line + 1 if node else 1 for node in starts]
    mistakes = sorted(tree.mistakes)
    at = [one.spot.line for one in mistakes]
    for i, entry in enumerate(entries):
        end = bisect_left(at, lines[i + 1]) if i + 1 < len(lines) else len(at)
        own = mistakes[bisect_left(at, lines[i]) : end]
        place = f"{tree.name} line {lines[i]}".strip()
        title = str(entry.get("stem") or entry.get("id") or "") if isinstance(entry, dict) else ""
        item = built[i].thing if i in built and not own else None
        yield Arrival(place, title[:120] or place, item, tuple(map(_remark, own)))


def _remark(mistake: Mistake) -> Remark:
    spot = mistake.spot
    return Remark(f"{spot.file} line {spot.line}, column {spot.column}".strip(), mistake.message)

"""Each item type as it looks blank, right, half right and wrong: the examples of the bank, with sample responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.domain.gallery import sample_responses
from quizapp.domain.item import Form, Item, Question, Review
from quizapp.domain.marking import Mark
from quizapp.formats import bank_yaml, yaml_tree
from quizapp.services.errors import NotFound
from quizapp.services.reading import ShownPassage, passage_names, shown_passages
from quizapp.store import bank


@dataclass(frozen=True)
class Sample:
    """One response as it is asked for, marked and reviewed; ``name`` is blank, right, half right or wrong."""

    name: str
    form: Form
    mark: Mark
    review: Review


@dataclass(frozen=True)
class Specimen:
    """One example with its samples."""

    type: str
    label: str
    question: Question
    samples: tuple[Sample, ...]
    explanation: str
    shown: Mapping[str, ShownPassage]


@dataclass(frozen=True)
class Gallery:
    """The specimens, and what the passages that they name are called."""

    specimens: tuple[Specimen, ...]
    passages: Mapping[str, str]


def show(session: Session, bank_dir: Path) -> Gallery:
    """The examples in the bank's folder. Raises NotFound where there are none."""
    items = examples(bank_dir)
    refs = {ref for item in items for ref in item.passages()}
    names = {ref: str(name) for ref, name in passage_names(session, refs).items()}
    shown = {one.ref: one for one in shown_passages(session, bank.current_digests(session, "passage", refs))}
    return Gallery(tuple(_specimen(item, shown) for item in items), {ref: names.get(ref, ref) for ref in refs})


def examples(bank_dir: Path) -> list[Item]:
    """The examples in the bank's folder, one of each type. Raises NotFound where there are none."""
    path = bank_dir / bank_yaml.EXAMPLES
    if not path.exists():
        raise NotFound(f"There are no examples to show: {path.name} is missing from the folder of the question bank.")
    files = bank_yaml.BankFiles()
    tree = yaml_tree.decode(path.read_bytes(), path.name)
    bank_yaml.load_tree(files, tree, path.name, in_bank=True)
    return [placed.thing for placed in files.examples]


def _specimen(item: Item, shown: Mapping[str, ShownPassage]) -> Specimen:
    order = item.default_order()
    samples = tuple(
        Sample(name, item.form(response, order), item.mark(response), item.review(response, order))
        for name, response in sample_responses(item).items()
    )
    return Specimen(item.type, item.label, item.ask(order), samples, item.explanation, shown)

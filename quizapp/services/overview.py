"""The bank looked over as a whole: figures, and what its authors should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quizapp.domain import lint
from quizapp.domain.item import Item
from quizapp.domain.lint import Figures, Finding
from quizapp.formats.bank_yaml import BankFiles
from quizapp.formats.yaml_tree import Mistake
from quizapp.services import checking


@dataclass(frozen=True)
class RuleCount:
    """How many items a rule of lint concerns, and how much it found."""

    rule: str
    items: int
    found: int


@dataclass(frozen=True)
class Lint:
    """Figures of the bank, findings, each where it stands, and what each rule found."""

    figures: Figures
    findings: tuple[Mistake, ...]
    rules: tuple[RuleCount, ...]


def look_over(bank_dir: Path, seeds_dir: Path) -> Lint:
    """The bank in figures, and what its authors should look at; items that cannot be built are left out."""
    return lint_files(checking.read(bank_dir, seeds_dir))


def lint_files(files: BankFiles) -> Lint:
    """The same of files that are read."""
    items = [item.thing for item in files.items]
    placed = {topic.thing.id: topic for topic in files.topics} | {item.thing.id: item for item in files.items}
    found = [*lint.findings(items), *lint.topic_findings(items)]
    mistakes = tuple(sorted(Mistake(placed[one.item].spot(one.place), one.message) for one in found))
    return Lint(lint.figures(items), mistakes, _counts(items, found))


def _counts(items: Sequence[Item], found: Sequence[Finding]) -> tuple[RuleCount, ...]:
    numbers = Counter(one.rule for one in found)
    return tuple(RuleCount(rule, concerned, numbers[rule]) for rule, concerned in lint.looked_at(items).items())

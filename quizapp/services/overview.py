"""The bank looked over as a whole: figures, what authors should look at, and what of the sources it covers."""

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
from quizapp.services.checking import DocumentShare, Report


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


@dataclass(frozen=True)
class Coverage:
    """What the bank covers: ``questions`` counts items by passage, ``cells`` by (topic, skill, difficulty)."""

    questions: dict[str, int]
    cells: dict[tuple[str, str, int], int]
    distractors: int  # that can have evidence of their own
    proved: int  # those that have it
    shares: tuple[DocumentShare, ...]

    def unused(self) -> list[str]:
        """The passages that no item names."""
        return [passage for passage, number in self.questions.items() if not number]

    def proved_share(self) -> float | None:
        """The share of distractors with evidence of their own; None where there are no distractors."""
        return self.proved / self.distractors if self.distractors else None


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


def coverage(report: Report) -> Coverage:
    """What the checked bank covers."""
    items = [item.thing for item in report.files.items]
    distractors = [
        has_evidence for item in items for _, _, has_evidence in item.distractors() if has_evidence is not None
    ]
    return Coverage(
        questions=_questions(report.files),
        cells=dict(Counter((item.topic, item.skill, item.difficulty) for item in items)),
        distractors=len(distractors),
        proved=sum(distractors),
        shares=report.shares,
    )


def _questions(files: BankFiles) -> dict[str, int]:
    named = Counter(passage for item in files.items for passage in item.thing.passages())
    refs = [f"{source.thing.id}/{passage.id}" for source in files.sources for passage in source.thing.passages]
    return {ref: named[ref] for ref in refs}

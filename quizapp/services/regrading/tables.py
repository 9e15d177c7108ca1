"""The tables of regrades: sorted, a page at a time, and whole for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from quizapp.domain.marking import ZERO
from quizapp.formats import csv_table
from quizapp.services.regrading.cases import Case
from quizapp.services.regrading.planning import DryRun
from quizapp.services.regrading.runs import MovedLine, RunLine, RunPage

A_PAGE = 200
Row = TypeVar("Row")
Key = Callable[[Any], Any]


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """Some of the rows of a table, from ``first`` on (counted from 1)."""

    rows: tuple[Row, ...]
    number: int
    last: int
    total: int

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.number - 1) * A_PAGE + 1


def page_of(rows: Sequence[Row], number: int) -> PageOf[Row]:
    """The page of this number, or the nearest that there is."""
    last = max(1, -(-len(rows) // A_PAGE))
    number = min(max(1, number), last)
    return PageOf(tuple(rows[(number - 1) * A_PAGE : number * A_PAGE]), number, last, len(rows))


CASES: dict[str, Key] = {
    "quiz": lambda one: (one.quiz.casefold(), one.attempt_number),
    "answer": lambda one: one.given.casefold(),
    "old": lambda one: one.move.old.mark or ZERO,
    "new": lambda one: one.move.new.mark or ZERO,
    "why": lambda one: one.move.stays or one.move.new.reason,
    "total": lambda one: one.total.new if one.total.new is not None else ZERO,
}
RUNS: dict[str, Key] = {
    "when": lambda one: one.id,
    "question": lambda one: one.stem.casefold(),
    "who": lambda one: one.who.casefold(),
    "why": lambda one: one.why.casefold(),
    "marks": lambda one: one.moved,
    "back": lambda one: (one.undone_at is not None, one.undone_at or one.at),
}
LINES: dict[str, Key] = {
    "quiz": lambda one: (one.quiz.casefold(), one.attempt_number),
    "old": lambda one: one.old or ZERO,
    "new": lambda one: one.new or ZERO,
    "why": lambda one: one.reason,
}
USES: dict[str, Key] = {
    "version": lambda one: one.version,
    "mine": lambda one: one.mine,
    "others": lambda one: one.others,
    "open": lambda one: one.running,
    "alike": lambda one: not one.marks_alike,
}


def by(rows: Iterable[Row], keys: dict[str, Key], sort: str) -> list[Row]:
    """The rows sorted by a name of the table, with «-» before it the other way round; else by the order given.

    What is given comes by student; «student» and «-student» are known to every table.
    """
    name = sort.removeprefix("-")
    key = keys.get(name)
    if key is not None:
        return sorted(rows, key=key, reverse=sort.startswith("-"))
    given = list(rows)
    return given[::-1] if sort.startswith("-") else given


def dry_run_csv(run: DryRun) -> str:
    """Every place where the question was asked, those whose mark stays or is the same too."""
    heads = (
        "Student", "Quiz", "Attempt", "Submitted (UTC)", "Version seen", "Version now", "Answer", "What becomes of it",
        "Mark before", "Out of before", "Mark after", "Out of after", "Why", "Total before", "Out of before",
        "Total after", "Out of after", "Total set by hand",
    )  # fmt: skip
    return csv_table.dump(heads, (_case(run, one) for one in run.cases))


def uses_csv(run: DryRun) -> str:
    """The versions that were asked, and how often."""
    heads = ("Version", "As it stands now", "Your students", "Others", "Open", "Marks answers as now")
    rows = (
        (
            one.version[:12],
            "yes" if one.version == run.version else "no",
            *(one.mine, one.others, one.running),
            "yes" if one.marks_alike else "no",
        )
        for one in run.uses
    )
    return csv_table.dump(heads, rows)


def _case(run: DryRun, one: Case) -> Sequence[object]:
    old, new, total = one.move.old, one.move.new, one.total
    return (
        one.student, one.quiz, one.attempt_number, _time(one.submitted_at), one.version[:12], run.version[:12],
        one.given, one.way, _plain(old.mark), _plain(old.available), _plain(new.mark), _plain(new.available),
        one.move.stays or new.reason, _plain(total.old), _plain(total.old_available), _plain(total.new),
        _plain(total.new_available), "yes" if total.is_set_by_hand else "",
    )  # fmt: skip


def runs_csv(lines: Iterable[RunLine]) -> str:
    """The regrades, one a row."""
    heads = (
        "When (UTC)", "Who", "Question", "Stem", "Rule", "Why", "Marks moved", "Taken back (UTC)", "By", "Put back",
    )  # fmt: skip
    rows = (
        (
            _time(one.at), one.who, one.item, one.stem, one.rule, one.why, one.moved, _time(one.undone_at),
            one.undone_by if one.undone_at else "", one.put_back,
        )
        for one in lines
    )  # fmt: skip
    return csv_table.dump(heads, rows)


def run_csv(page: RunPage) -> str:
    """What one regrade moved."""
    heads = (
        "Student", "Quiz", "Attempt", "Submitted (UTC)", "Question", "Mark before", "Mark after", "Out of before",
        "Out of after", "Why", "Moved again since",
    )  # fmt: skip
    return csv_table.dump(heads, (_moved(one) for one in page.lines))


def _moved(one: MovedLine) -> Sequence[object]:
    return (
        one.student, one.quiz, one.attempt_number, _time(one.submitted_at), one.number, _plain(one.old),
        _plain(one.new), _plain(one.old_available), _plain(one.new_available), one.reason,
        "yes" if one.moved_again else "",
    )  # fmt: skip


def _time(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"

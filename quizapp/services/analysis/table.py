"""A table of an analysis: its columns, its rows sorted by any of them, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from quizapp.formats import csv_table
from quizapp.services.analysis.questions import QuestionLine
from quizapp.services.analysis.whole import Analysis
from quizapp.services.coverage_tables import Column, cell, sorted_by


@dataclass(frozen=True)
class Table:
    """A table of an analysis. ``more`` are columns that only specialists read: exported, and folded on the page."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: Callable[[Analysis], Iterable[Any]]
    more: tuple[Column, ...] = ()

    def sorted_rows(self, found: Analysis, sort: str) -> list[Any]:
        """The rows by a column («facility», «-facility»), unknown values last; as they come without such a column."""
        return sorted_by(self.rows(found), (*self.columns, *self.more), sort)

    def heads(self) -> list[str]:
        """The headings of an export."""
        return [column.label for column in (*self.columns, *self.more)]

    def cells(self, found: Analysis, sort: str = "") -> list[list[object]]:
        """The rows of an export; shares as fractions, times in seconds."""
        columns = (*self.columns, *self.more)
        return [[cell(column.value(row)) for column in columns] for row in self.sorted_rows(found, sort)]

    def of_line(self, found: Analysis, line: QuestionLine, sort: str) -> list[Any]:
        """The rows of one question alone."""
        return self.sorted_rows(replace(found, questions=(line,)), sort)

    def csv(self, found: Analysis, sort: str = "") -> str:
        """The table for a spreadsheet."""
        return csv_table.dump(self.heads(), self.cells(found, sort))

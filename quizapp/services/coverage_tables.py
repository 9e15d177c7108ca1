"""Coverage as tables: what their columns are, sorted by any of them, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from quizapp.domain.collation import in_order
from quizapp.domain.coverage import LEVELS, Coverage, PassageCoverage
from quizapp.formats import csv_table

Kind = Literal["text", "number", "mean", "share", "source", "passage"]


@dataclass(frozen=True)
class Column:
    """A column: its name (in addresses), its heading, what it says of a row and how that is to be shown."""

    name: str
    label: str
    value: Callable[[Any], Any]
    kind: Kind = "number"

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.kind in ("number", "mean", "share")


@dataclass(frozen=True)
class Table:
    """A table of coverage, and what it is sorted by at first."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: Callable[[Coverage], Sequence[Any]]

    def sorted_rows(self, coverage: Coverage, sort: str) -> list[Any]:
        """The rows by a column («items», «-items»); as they stand in the files where there is no such column."""
        return sorted_by(self.rows(coverage), self.columns, sort)

    def records(self, coverage: Coverage) -> list[dict[str, Any]]:
        """The rows as data, by the names of the columns."""
        return [{one.name: cell(one.value(row)) for one in self.columns} for row in self.rows(coverage)]

    def csv(self, rows: Sequence[Any]) -> str:
        """Rows of the table for a spreadsheet; shares as fractions."""
        cells = ([cell(column.value(row)) for column in self.columns] for row in rows)
        return csv_table.dump([column.label for column in self.columns], cells)


def sorted_by(rows: Iterable[Any], columns: Iterable[Column], sort: str) -> list[Any]:
    """Rows by the column that ``sort`` names («items», «-items»), unknown values last; else as they come."""
    column = next((one for one in columns if one.name == sort.removeprefix("-")), None)
    return list(rows) if column is None else in_order(rows, column.value, sort)


def cell(value: object) -> object:
    """What an export says: shares as fractions of four places."""
    return round(value, 4) if isinstance(value, float) else value


def _level(level: int) -> Column:
    words = {1: " (easy)", 5: " (hard)"}.get(level, "")
    return Column(f"level-{level}", f"Level {level}{words}", lambda row: row.levels[level - 1])


SOURCES = Table(
    "sources",
    "What rests on each source",
    (
        Column("source", "Source", lambda row: row.source.id, "source"),
        Column("passages", "Passages", lambda row: len(row.source.passages)),
        Column("used", "With questions", lambda row: row.used),
        Column("touched", "With questions or disputes", lambda row: row.touched),
        Column("items", "Questions", lambda row: row.items),
        Column("difficulty", "Mean difficulty", lambda row: row.difficulty, "mean"),
        Column("quoted", "Words quoted", lambda row: row.source.quoted),
        Column("words", "Words", lambda row: row.source.words),
        Column("share", "Share quoted", lambda row: row.share, "share"),
        Column("limit", "At most", lambda row: row.limit, "share"),
    ),
    lambda coverage: coverage.sources,
)
PASSAGES = Table(
    "passages",
    "What rests on each passage",
    (
        Column("passage", "Passage", lambda row: row.passage.ref, "passage"),
        Column("kind", "Kind", lambda row: row.passage.kind, "text"),
        Column("items", "Questions", lambda row: row.items),
        Column("disputes", "Disputes", lambda row: row.disputes),
        Column("difficulty", "Mean difficulty", lambda row: row.difficulty, "mean"),
        Column("easiest", "Easiest", lambda row: row.easiest),
        Column("hardest", "Hardest", lambda row: row.hardest),
        Column("quoted", "Words quoted", lambda row: row.passage.quoted),
        Column("words", "Words", lambda row: row.passage.words),
    ),
    lambda coverage: coverage.passages,
)
TOPICS = Table(
    "topics",
    "What each topic asks",
    (
        Column("topic", "Topic", lambda row: row.title, "text"),
        Column("items", "Questions", lambda row: row.items),
        *map(_level, LEVELS),
        Column("skills", "Skills", lambda row: row.skills),
        Column("beyond", "Beyond recall", lambda row: row.beyond_recall, "share"),
        Column("proved", "Wrong answers with evidence", lambda row: row.proved_share, "share"),
    ),
    lambda coverage: coverage.topics,
)
SKILLS = Table(
    "skills",
    "Each topic’s skills",
    (
        Column("topic", "Topic", lambda row: row.title, "text"),
        Column("skill", "Skill", lambda row: row.skill.replace("_", " "), "text"),
        Column("items", "Questions", lambda row: row.items),
        *map(_level, LEVELS),
    ),
    lambda coverage: coverage.skills,
)
TABLES = {table.name: table for table in (SOURCES, PASSAGES, TOPICS, SKILLS)}
MISSED = (
    Column("answers", "Answers", lambda row: row.answers),
    Column("missed", "Missed", lambda row: row.missed_share, "share"),
)
# Where it is known who looks, and so whose answers may be counted: the same, with how often the questions are missed.
TABLES_WITH_ANSWERS = {
    **TABLES,
    **{table.name: replace(table, columns=(*table.columns, *MISSED)) for table in (SOURCES, PASSAGES)},
}


@dataclass(frozen=True)
class Wanted:
    """Which passages to list: those of a source, and only those without questions, or without anything at all."""

    source: str = ""
    gaps: str = ""  # questions | anything

    def admits(self, row: PassageCoverage) -> bool:
        """Whether a passage is among them."""
        if self.source and row.source != self.source:
            return False
        return not (self.gaps and row.items) and not (self.gaps == "anything" and row.disputes)

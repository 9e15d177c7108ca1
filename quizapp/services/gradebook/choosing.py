"""Which rows of a gradebook are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from quizapp.domain.collation import collated
from quizapp.services.gradebook.cells import Cell
from quizapp.services.gradebook.of_class import Book, Row

A_PAGE = 50
T = TypeVar("T")
STANDINGS = {
    "": "Everybody",
    "open": "Something not handed in",
    "waits": "Something to be marked",
    "late": "Something late",
    "by hand": "A mark set by hand",
    "excused": "Excused from something",
    "failing": "Not passed so far",
}
IS_SO: dict[str, Callable[[Cell], bool]] = {
    "open": lambda one: one.state in ("not started", "missing", "working", "time is up"),
    "waits": lambda one: one.waits,
    "late": lambda one: one.late_by is not None,
    "by hand": lambda one: one.by_hand,
    "excused": lambda one: one.state == "excused",
}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: words of a name, a group, how somebody stands; the order and the page."""

    words: str = ""
    group: str = ""
    standing: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anybody may be left out."""
        return bool(self.words.strip() or self.group or self.standing)


@dataclass(frozen=True)
class Page:
    """The rows of one page; ``found`` counts those of all pages."""

    rows: tuple[Row, ...]
    number: int
    last: int
    found: int


def groups(book: Book) -> list[str]:
    """The groups that students of this gradebook are in."""
    return sorted({name for row in book.rows for name in row.groups}, key=collated)


def filtered(book: Book, wanted: Wanted) -> list[Row]:
    """The rows that are asked for, by name."""
    words = collated(wanted.words).split()
    return [row for row in book.rows if _fits(row, words) and _stands(book, row, wanted)]


def _fits(row: Row, words: Sequence[str]) -> bool:
    who = row.student
    text = collated(f"{who.family_name} {who.given_name} {who.username} {who.student_number or ''}")
    return all(word in text for word in words)


def _stands(book: Book, row: Row, wanted: Wanted) -> bool:
    if wanted.group and wanted.group not in row.groups:
        return False
    if wanted.standing == "failing":
        return row.total.share is not None and not book.policy.scale.passes(row.total.share)
    is_so = IS_SO.get(wanted.standing)
    return is_so is None or any(is_so(one) for one in row.cells)


def in_order(book: Book, found: Sequence[Row], sort: str) -> list[Row]:
    """The rows by name, username, number, groups, total, or by a column's key; with «-» before it downwards."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    texts: dict[str, Callable[[Row], str]] = {
        "name": lambda row: collated(row.sorted_name),
        "username": lambda row: collated(row.student.username),
        "number": lambda row: collated(row.student.student_number or ""),
        "group": lambda row: collated(", ".join(row.groups)),
    }
    if name in texts:
        return sorted(found, key=texts[name], reverse=down)
    at = next((at for at, column in enumerate(book.columns) if column.key == name), None)
    if at is not None:
        return by_share(found, lambda row: row.cells[at].share, down=down)
    return by_share(found, lambda row: row.total.share, down=down) if name == "total" else list(found)


def by_share(found: Sequence[T], share: Callable[[T], Fraction | None], *, down: bool) -> list[T]:
    """The rows by a share; those that have none stand last either way."""
    known = [(value, row) for row in found if (value := share(row)) is not None]
    told = [row for _, row in sorted(known, key=lambda pair: pair[0], reverse=down)]
    return [*told, *(row for row in found if share(row) is None)]


def page(found: Sequence[Row], number: int) -> Page:
    """One page of the rows; the nearest there is."""
    last = max(1, -(-len(found) // A_PAGE))
    number = min(max(1, number), last)
    return Page(tuple(found[(number - 1) * A_PAGE : number * A_PAGE]), number, last, len(found))

"""Tables that stream: CSV, JSON, XLSX and ODS, each written row by row as the rows come, in bounded memory.

Nothing in them is ever a formula: in the workbooks every cell has its type, and text is text whatever it begins with;
in CSV, which has no types, see ``csv_sheet``. The writers are ours and not XlsxWriter's or odfpy's: XlsxWriter keeps
every row in a temporary file until the last one is there, so that no download begins before; odfpy keeps the whole
document in memory and has had no release since 2020. What is needed here of both formats is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import chain
from typing import Literal

Cell = str | int | Decimal | datetime | None
Kind = Literal["text", "number", "percent", "time", "yes"]

CHUNK = 64 * 1024  # characters that are sent at once
MOST_ROWS = 1_000_000  # of one sheet, its head included; Excel and LibreOffice take 1,048,576
ROOM = 500_000_000  # characters of a sheet as XML, of four bytes at most
LONGEST_TEXT = 32_767  # characters in a cell of Excel's
WIDTHS: dict[Kind, int] = {"text": 18, "number": 9, "percent": 9, "time": 19, "yes": 7}


@dataclass(frozen=True)
class Column:
    """A column: its short name for programs, its head in words, what it says, and of what kind its cells are."""

    name: str
    head: str
    meaning: str = ""
    kind: Kind = "text"
    wide: int = 0

    @property
    def width(self) -> int:
        """How wide it is shown, in characters."""
        return self.wide or WIDTHS[self.kind]


@dataclass(frozen=True)
class Sheet:
    """A table. ``name`` is for people, ``key`` for programs; the rows are asked for once, one after another."""

    name: str
    key: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class Style:
    """What one chooses about a file: the zone of its times, and how its CSV is written."""

    zone: tzinfo = UTC
    zone_name: str = "UTC"
    mark: bool = True  # a byte-order mark, by which Excel knows UTF-8
    separator: str = ","
    short_heads: bool = False

    def heads(self, sheet: Sheet) -> list[str]:
        """The heads of a sheet, times with their zone."""
        if self.short_heads:
            return [column.name for column in sheet.columns]
        return [f"{one.head} ({self.zone_name})" if one.kind == "time" else one.head for one in sheet.columns]


class Pages:
    """The rows of a sheet in so many sheets as they need: (name, rows) one after another.

    Whoever writes them takes what was written from ``room``: a sheet is a part of an archive, which may have 2 GB.
    """

    def __init__(self, sheet: Sheet, most: int = MOST_ROWS - 1) -> None:
        self._sheet, self._most = sheet, most
        self.room = ROOM

    def __iter__(self) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
        rows = iter(self._sheet.rows)
        first, number = next(rows, None), 1
        while first is not None or number == 1:
            self.room = ROOM
            some = chain([] if first is None else [first], self._fitting(rows))
            yield self._sheet.name if number == 1 else f"{self._sheet.name} {number}", some
            first, number = next(rows, None), number + 1

    def _fitting(self, rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        for _ in range(self._most - 1):
            row = next(rows, None) if self.room > 0 else None
            if row is None:
                return
            yield row


def plain(number: Decimal) -> str:
    """An exact decimal without needless zeros: «3.5», «1200», «0.3333333»."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """The parts as UTF-8, gathered into chunks; the first part at once, so that a download begins."""
    gathered: list[str] = []
    size = CHUNK
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= CHUNK:
            yield "".join(gathered).encode("utf-8", "replace")
            gathered, size = [], 0
    if gathered:
        yield "".join(gathered).encode("utf-8", "replace")

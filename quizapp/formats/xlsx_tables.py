"""Tables as an Excel workbook: a sheet each, numbers as numbers, text as text whatever it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

LONGEST_NAME = 31  # of a sheet, in Excel
WIDEST = 60
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Sheet:
    """A table: its name, the headings of its columns, and its rows; None is an empty cell."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


def dump(sheets: Iterable[Sheet]) -> bytes:
    """The workbook. Heads are frozen and filter; nothing in a cell is ever a formula or a link."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write(book.add_worksheet(_FORBIDDEN.sub(" ", sheet.name)[:LONGEST_NAME]), sheet, head)
    return stream.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, head: object) -> None:
    for number, row in enumerate([sheet.heads, *sheet.rows]):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, value, head if number == 0 else None)
    for column, title in enumerate(sheet.heads):
        longest = max((len(str(row[column])) for row in sheet.rows if row[column] is not None), default=0)
        page.set_column(column, column, min(WIDEST, max(len(title) // 2 + 4, longest + 2)))
    page.freeze_panes(1, 1)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)

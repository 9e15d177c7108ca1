"""Tables as files for a spreadsheet: one of them as CSV, several as an Excel workbook."""

from __future__ import annotations

from decimal import Decimal

from quizapp.formats import csv_table, xlsx_tables
from quizapp.formats.xlsx_tables import Sheet


def csv(sheet: Sheet) -> str:
    """A table; decimals as they are written by hand."""
    return csv_table.dump(sheet.heads, ([_plain(cell) for cell in row] for row in sheet.rows))


def as_file(ending: str, sheet: Sheet) -> str | bytes:
    """A table as «csv» or as «xlsx»."""
    return csv(sheet) if ending == "csv" else xlsx_tables.dump([sheet])


def _plain(value: object) -> object:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value

"""A table as CSV that a spreadsheet opens right: UTF-8 with a byte-order mark, and no cell that it takes for code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


def dump(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as text. Numbers stay numbers; text that begins like a formula gets an apostrophe before it."""
    stream = io.StringIO()
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream)
    writer.writerow([_cell(head) for head in heads])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

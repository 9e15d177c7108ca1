"""A sheet as CSV whose cells are never formulas, and read right: UTF-8, quoted where needed, lines ending in CR LF.

CSV has no types, so a spreadsheet takes a cell for a formula by its first character. Wherever a spreadsheet could see
one begin, at the beginning of a cell, or within it after a separator or a line break (a spreadsheet set to another
separator than ours splits there, whatever the quotation marks), an apostrophe stands before it: the name ``=1+1`` is
written ``'=1+1``, and shown so. To take the apostrophes away again, in R, in pandas or anywhere, is exact: replace
``UNGUARD`` by its first group. Numbers are not guarded: they are written by us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from quizapp.formats.sheets import Cell, Sheet, Style, in_chunks, plain

BYTE_ORDER_MARK = "\ufeff"
# The full-width signs are formulas to spreadsheets in Chinese and Japanese.
_BEFORE = r"((?:^|[;,|\t\r\n])[ \u00a0\"']*)"
_SIGN = r"[=+\-@＝＋－＠]"
_GUARD = re.compile(rf"{_BEFORE}(?={_SIGN})")
UNGUARD = re.compile(rf"{_BEFORE}'(?={_SIGN})")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NEEDS_QUOTES = re.compile("[\",;\t\r\n|]|^[ ']|[ ]$")


def stream(sheet: Sheet, style: Style) -> Iterator[bytes]:
    """The sheet, chunk by chunk."""
    return in_chunks(_lines(sheet, style))


def _lines(sheet: Sheet, style: Style) -> Iterator[str]:
    separator = style.separator
    yield (BYTE_ORDER_MARK if style.mark else "") + separator.join(map(text, style.heads(sheet))) + "\r\n"
    write = writer(style.zone)
    for row in sheet.rows:
        yield separator.join([write[type(value)](value) for value in row]) + "\r\n"


def writer(zone: tzinfo) -> dict[type, Callable[..., str]]:
    """How the cells of each type are written."""

    def time(value: datetime) -> str:
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    return {str: text, int: str, bool: yes_or_no, Decimal: number, datetime: time, type(None): lambda _: ""}


def yes_or_no(value: bool) -> str:
    """«yes» or «no»."""
    return "yes" if value else "no"


@lru_cache(maxsize=4096)
def number(value: Decimal) -> str:
    """The decimal as it is."""
    return plain(value)


@lru_cache(maxsize=4096)
def text(value: str) -> str:
    """Text in a cell: guarded, quoted where needed."""
    safe = guarded(value)
    return '"' + safe.replace('"', '""') + '"' if _NEEDS_QUOTES.search(safe) else safe


def guarded(value: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could take what follows for a formula.

    A dash alone is none, and says «no grade» to Moodle.
    """
    if value == "-":
        return value
    return _GUARD.sub(r"\1'", _CONTROL.sub("", value))


def unguarded(value: str) -> str:
    """The text as it was before it was guarded."""
    return UNGUARD.sub(r"\1", value)


def rows(table: Iterable[Sequence[Cell]], style: Style) -> Iterator[bytes]:
    """Bare rows without a head of ours: for layouts that other systems prescribe."""
    write = writer(style.zone)
    lines = (style.separator.join([write[type(value)](value) for value in row]) + "\r\n" for row in table)
    return in_chunks(lines)

"""The rows of a list of students in a CSV file or a workbook, each with where it stands; or why it cannot be read."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

MOST_ROWS = 500
MOST_COLUMNS = 40
LARGEST_FILE = 1_000_000  # bytes; unpacked, twenty times that
LARGEST_UNPACKED = 20_000_000


class Unreadable(Exception):
    """The file cannot be taken as a list; the message says where and what to do."""


class Formula(str):
    """What stands in a cell that computes something."""

    __slots__ = ()


def rows(content: bytes, name: str = "") -> tuple[Iterable[tuple[int, Sequence[object]]], str]:
    """Number and cells of each row, and what such a row is called: «line», or «row» of a sheet. Raises ``Unreadable``.

    Lines of a text are read as they are asked for.
    """
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise Unreadable("The file is larger than one megabyte. A list of students is much smaller: save it anew.")
    if content.startswith(b"PK"):
        return _sheet(content), "row"
    if content.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith((".xls", ".ods", ".numbers", ".pdf")):
        raise Unreadable("This kind of file cannot be read. Save the list as .xlsx or .csv, then choose that file.")
    return _lines(_text(content)), "line"


# --- CSV -------------------------------------------------------------------------------------------------------------


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    return _decoded(content, "utf-8-sig")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"Line {line} holds letters that are not UTF-8. In Excel, save as “CSV UTF-8”, or save as .xlsx."
        ) from error
    if "\0" in text:
        raise Unreadable("This is no text file. Save the list as .xlsx or .csv, then choose that file.")
    return text


def _lines(text: str) -> Iterator[tuple[int, Sequence[object]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"Line {line} cannot be read ({error}). Is a quotation mark missing?") from error
        yield line, cells[:MOST_COLUMNS]


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _sheet(content: bytes) -> list[tuple[int, Sequence[object]]]:
    """The rows of the first sheet, as far as a list may be long."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("This workbook is far too large. Copy the list into a new one and save that.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that we do not read
            return _rows(content)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("This workbook cannot be read. Save it again as .xlsx, or save the list as .csv.") from error


def _rows(content: bytes) -> list[tuple[int, Sequence[object]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        found: list[tuple[int, Sequence[object]]] = []
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > 20 * MOST_ROWS:
                raise Unreadable(f"There are more than {MOST_ROWS} students in the list. Split it into several.")
            found.append((number, [_value(cell) for cell in cells]))
        return found
    finally:
        book.close()


def _value(cell: Any) -> object:
    return Formula(cell.value) if cell.data_type == "f" else cell.value

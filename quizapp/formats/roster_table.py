"""A list of students as CSV or XLSX: rows with the columns that are known, and what cannot be read, with its place."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from quizapp.formats import name_list, roster_file
from quizapp.formats.roster_file import MOST_ROWS, Formula, Unreadable

__all__ = ["HEADS", "MOST_ROWS", "NAMES", "NEEDED", "TEMPLATE", "Row", "Table", "Unreadable", "dump", "load"]

LONGEST_CELL = 200
FORMULA_STARTS = ("=", "+", "@", "\t", "\r")
NAMES: Mapping[str, tuple[str, ...]] = {
    "family_name": ("family name", "last name", "surname", "lastname", "familyname"),
    "given_name": ("given name", "first name", "forename", "firstname", "givenname"),
    "username": ("username", "user name", "login", "account"),
    "student_number": ("student number", "number", "student id", "id number", "id", "sis user id"),
    "email": ("email", "e mail", "email address", "e mail address", "mail"),
    "group": ("group", "groups", "section", "set"),
    "time": ("time", "extra time", "time factor", "time allowance"),
}
NEEDED = ("family_name", "given_name")
HEADS = {"family_name": "Family name", "given_name": "Given name", "username": "Username",
         "student_number": "Student number", "email": "E-mail", "group": "Group", "time": "Time"}  # fmt: skip
TEMPLATE = "Family name,Given name,Username,Student number,Group,Time\n"


@dataclass(frozen=True)
class Row:
    """A student as the list says, with the line (or row of the sheet) and what is wrong with its cells."""

    line: int
    cells: Mapping[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The rows, the columns that were known, and the headings of those that were left out."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()
    left_out: tuple[str, ...] = field(default=())
    how: str = ""  # how it was read, where no row names the columns


def load(content: bytes, name: str = "") -> Table:
    """The list in a file. Raises ``Unreadable``."""
    found, what = roster_file.rows(content, name)
    return _table(found, what)


def dump(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """The rows as CSV, to be read again; every row in the line that it came from."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["Line", *(HEADS[one] for one in columns)])
    writer.writerows([row.line, *(row.cells.get(one, "") for one in columns)] for row in rows)
    return stream.getvalue()


# --- what stands where -----------------------------------------------------------------------------------------------


def _table(found: Iterable[tuple[int, Sequence[object]]], what: str) -> Table:
    rows = ((line, cells) for line, cells in found if any(map(_shown, cells)))
    head = next(rows, None)
    if head is None:
        raise Unreadable("The file is empty.")
    columns, left_out, at = _columns(head[1])
    if not columns and (alone := _names(head, rows)) is not None:
        return alone
    missing = [HEADS[one] for one in NEEDED if one not in columns]
    if missing:
        names = " or ".join(f"“{one}”" for one in missing)
        raise Unreadable(
            f"The first {what} must name the columns, and there is none called {names}. "
            f"Columns that are known: {', '.join(HEADS.values())}. "
            "Or write names alone, one student a line: “Anna Kern” or “Kern, Anna”."
        )
    kept = tuple(_row(line, cells, columns, at) for line, cells in _counted(rows))
    if not kept:
        raise Unreadable("There are columns in the file, and no student under them.")
    return Table(kept, tuple(columns), left_out)


def _counted(rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[tuple[int, Sequence[object]]]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise Unreadable(f"There are more than {MOST_ROWS} students in the list. Split it into several.")
        yield row


def _names(head: tuple[int, Sequence[object]], rows: Iterator[tuple[int, Sequence[object]]]) -> Table | None:
    """The list as names alone, one a line; None where it does not begin with a name."""
    first = next(rows, None) if name_list.is_above_names([_shown(cell) for cell in head[1]]) else head
    if first is None or not name_list.is_name([_shown(cell) for cell in first[1]]):
        return None
    kept = tuple(_name_row(line, cells) for line, cells in _counted(chain([first], rows)))
    return Table(kept, NEEDED, how=name_list.HOW)


def _name_row(line: int, cells: Sequence[object]) -> Row:
    shown = [_shown(cell) for cell in cells]
    parts = name_list.name_of(shown)
    if parts is None:
        told = ", ".join(cell for cell in shown if cell)[:60]
        return Row(line, {}, (f"“{told}” is not a given name and a family name.",))
    return _row(line, parts, {"family_name": 0, "given_name": 1}, None)


def _columns(heads: Sequence[object]) -> tuple[dict[str, int], tuple[str, ...], int | None]:
    """Column → place, the headings not known, and the place of the lines of a list that was read before."""
    found: dict[str, int] = {}
    left_out: list[str] = []
    known = {spelling: name for name, spellings in NAMES.items() for spelling in spellings}
    at = None
    for place, head in enumerate(heads):
        text = re.sub(r"[\W_]+", " ", _shown(head).casefold()).strip()
        name = known.get(text)
        if text == "line":
            at = place
        elif name is None or name in found:
            left_out += [_shown(head)[:60]] if text else []
        else:
            found[name] = place
    return found, tuple(left_out), at


def _row(line: int, cells: Sequence[object], columns: Mapping[str, int], at: int | None) -> Row:
    texts: dict[str, str] = {}
    problems: list[str] = []
    for name, place in columns.items():
        value = cells[place] if place < len(cells) else ""
        text = _shown(value)
        if isinstance(value, Formula) or text.startswith(FORMULA_STARTS):
            problems.append(f"“{HEADS[name]}” is a formula. Copy the column and paste its values.")
        elif len(text) > LONGEST_CELL:
            problems.append(f"“{HEADS[name]}” has {len(text):,} characters; {LONGEST_CELL} are the most.")
            text = text[: LONGEST_CELL + 1]  # still too long when it is read again
        texts[name] = text
    own = _shown(cells[at]) if at is not None and at < len(cells) else ""
    return Row(int(own) if own.isdecimal() and len(own) < 8 else line, texts, tuple(problems))


def _shown(value: object) -> str:
    """The cell as text, without what cannot be seen; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = unicodedata.normalize("NFC", str(value))
    seen = "".join(
        " " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    return " ".join(seen.split())

"""Sheets that stream: nothing is a formula, everything reads right, in readers of other people's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats.sheets import (
    Cell,
    Column,
    Pages,
    Sheet,
    Style,
    csv_sheet,
    json_sheet,
    ods_sheet,
    plain,
    xlsx_sheet,
)

COLUMNS = (
    Column("name", "Name", "Who"), Column("mark", "Mark", kind="number"), Column("share", "Per cent", kind="percent"),
    Column("at", "Started", kind="time"), Column("late", "Late", kind="yes"), Column("n", "Attempts", kind="number"),
)  # fmt: skip
NASTY = (
    "=1+1", "-Ann", "+49 30", "@home", '=HYPERLINK("http://x","y")', "=cmd|'/c calc'!A0", "x;=1+1", "x,\t-1",
    "Łuczak, Vera", "Dvořák “Ž”", "two\nlines", "'=1", "''-2", "<b>&amp;", "007", "1/2", "  two  spaces ", "＝1",
    'q"=1', "\t=1", "10", "TRUE", "{=1}",
)  # fmt: skip
NOON = datetime(2027, 7, 12, 12, 0, 5, tzinfo=UTC)
IN_BERLIN = datetime(2027, 7, 12, 14, 0, 5)  # noqa: DTZ001  cells have no zone
BERLIN = Style(ZoneInfo("Europe/Berlin"), "Europe/Berlin")
ROWS: list[list[Cell]] = [
    *([name, Decimal("0.3333333"), Decimal("33.3333333"), NOON, True, 3] for name in NASTY),
    [None, None, None, None, None, None],
    ["last", Decimal("1200.0000000"), Decimal(100), NOON, False, 0],
]


def a_sheet(rows: Any = ROWS) -> Sheet:
    return Sheet("Scores", "scores", COLUMNS, iter(rows))


def read_csv(data: bytes, encoding: str = "utf-8-sig", **dialect: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline=""), **dialect))


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_csv_reads_right_and_its_apostrophes_come_off_again():
    rows = read_csv(b"".join(csv_sheet.stream(a_sheet(), BERLIN)))
    assert rows[0] == ["Name", "Mark", "Per cent", "Started (Europe/Berlin)", "Late", "Attempts"]
    assert rows[1] == ["'=1+1", "0.3333333", "33.3333333", "2027-07-12 14:00:05", "yes", "3"]
    assert rows[2][0] == "'-Ann"
    assert [csv_sheet.unguarded(row[0]) for row in rows[1 : len(NASTY) + 1]] == list(NASTY)
    assert rows[-2] == [""] * 6
    assert rows[-1] == ["last", "1200", "100", "2027-07-12 14:00:05", "no", "0"]


@pytest.mark.parametrize(("mark", "begins"), [(True, b"\xef\xbb\xbfName"), (False, b"Name")])
def test_the_byte_order_mark_is_a_choice(mark: bool, begins: bytes):
    assert b"".join(csv_sheet.stream(a_sheet(), Style(mark=mark))).startswith(begins)


def test_short_heads_and_other_separators():
    data = b"".join(csv_sheet.stream(a_sheet(), Style(mark=False, separator=";", short_heads=True)))
    assert read_csv(data, delimiter=";")[0] == ["name", "mark", "share", "at", "late", "n"]


@given(st.text("=+-@;,|\t\r\n \"'aé＝\x00\u00a0", max_size=12) | st.text(max_size=40))
def test_no_text_is_a_formula_to_any_spreadsheet_and_none_is_lost(text: str):
    """Whatever separator a spreadsheet splits at, and whether it knows quotation marks or not."""
    for separator in (",", ";", "\t"):
        written = csv_sheet.text.__wrapped__(text)
        for cells in (next(csv.reader([written], delimiter=separator), []), _split_blindly(written, separator)):
            assert not [one for one in cells if one != "-" and _looks_like_a_formula(one)]
    kept = "".join(one for one in text if one not in CONTROL)
    assert csv_sheet.unguarded(csv_sheet.guarded(text)) == kept


FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROL = {chr(code) for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20))}


def _split_blindly(written: str, separator: str) -> list[str]:
    return [cell for line in written.splitlines() for cell in line.split(separator)]


def _looks_like_a_formula(cell: str) -> bool:
    rest = cell.lstrip(" \u00a0\"'\r\n")
    return rest.startswith(FORMULA) and not cell[: len(cell) - len(rest)].endswith("'")


# --- workbooks -------------------------------------------------------------------------------------------------------


def xlsx(*sheets: Sheet) -> bytes:
    return b"".join(xlsx_sheet.stream(sheets or [a_sheet()], BERLIN))


def ods(*sheets: Sheet) -> bytes:
    return b"".join(ods_sheet.stream(sheets or [a_sheet()], BERLIN))


def test_excel_cells_have_their_types_and_none_is_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(xlsx()))
    page = book["Scores"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == f"A1:F{len(ROWS) + 1}"
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "n", "d"}
    names = [row[0] for row in page.iter_rows(min_row=2, max_row=len(NASTY) + 1)]
    assert [cell.value for cell in names] == list(NASTY)
    assert {(cell.data_type, cell.number_format) for cell in names} == {("s", "@")}  # stays text when it is edited
    row = [cell.value for cell in page[2]]
    assert row[1:] == [0.3333333, 33.3333333, IN_BERLIN, "yes", 3]
    assert [cell.value for cell in page[len(NASTY) + 2]] == [None] * 6


@pytest.mark.parametrize("dump", [xlsx, ods])
def test_an_independent_reader_finds_the_same_in_both(dump: Any):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(dump()))
    rows = book.get_sheet_by_name("Scores").to_python(skip_empty_area=False)
    assert rows[0] == ["Name", "Mark", "Per cent", "Started (Europe/Berlin)", "Late", "Attempts"]
    unread_tabs = [name.replace("\t", "") if dump is ods else name for name in NASTY]  # by this reader of ODS
    assert [row[0] for row in rows[1 : len(NASTY) + 1]] == unread_tabs
    assert rows[1][1:] == [0.3333333, 33.3333333, IN_BERLIN, "yes", 3]
    assert rows[-1] == ["last", 1200, 100, IN_BERLIN, "no", 0]


def test_the_document_holds_no_formula_and_exact_decimals():
    with zipfile.ZipFile(io.BytesIO(ods())) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        content = archive.read("content.xml").decode()
        assert "VerticalSplitPosition" in archive.read("settings.xml").decode()
    assert "table:formula" not in content
    assert 'office:value="0.3333333"' in content
    assert "<text:p>=1+1</text:p>" in content


@pytest.mark.parametrize("dump", [xlsx, ods])
def test_what_xml_cannot_hold_is_left_out(dump: Any):
    sheet = Sheet("S", "s", COLUMNS[:1], [["a\x00\x0b\ufffeb\ud800c"], ["x" * 40_000]])
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(dump(sheet))).get_sheet_by_index(0).to_python()
    assert rows[1] == ["ab?c"]
    assert len(rows[2][0]) == (32_767 if dump is xlsx else 40_000)


@pytest.mark.parametrize("dump", [xlsx, ods])
def test_sheets_are_called_as_spreadsheets_allow(dump: Any):
    names = ("About: [it] / 'so'", "x" * 50)
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(dump(*(Sheet(name, "s", COLUMNS[:1], [["a"]]) for name in names)))
    )
    assert book.sheet_names == ["About   it     so ", "x" * 31]


def test_more_rows_than_a_sheet_takes_go_on_in_another(monkeypatch: pytest.MonkeyPatch):
    pages = Pages(Sheet("S", "s", COLUMNS[:1], ([str(number)] for number in range(5))), most=2)
    assert [(name, [row[0] for row in rows]) for name, rows in pages] == [
        ("S", ["0", "1"]), ("S 2", ["2", "3"]), ("S 3", ["4"]),
    ]  # fmt: skip
    assert [name for name, rows in Pages(Sheet("S", "s", COLUMNS, [])) if list(rows) == []] == ["S"]


def test_a_sheet_that_grows_too_large_goes_on_in_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quizapp.formats.sheets.ROOM", 1_000)
    sheet = Sheet("S", "s", COLUMNS[:1], [["x" * 400]] * 9)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx(sheet)))
    assert len(book.sheet_names) > 2
    assert sum(len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names) == 9


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_json_keeps_decimals_as_strings_and_times_with_their_zone():
    read = json.loads(b"".join(json_sheet.stream([a_sheet()], BERLIN, {"quiz": "x"})))
    assert read["quiz"] == "x"
    assert read["scores"]["columns"][0] == {"name": "name", "head": "Name", "meaning": "Who"}
    rows = read["scores"]["rows"]
    assert [row["name"] for row in rows[: len(NASTY)]] == list(NASTY)
    assert rows[0] == {
        "name": "=1+1", "mark": "0.3333333", "share": "33.3333333", "at": "2027-07-12T14:00:05+02:00", "late": True,
        "n": 3,
    }  # fmt: skip


# --- all -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dump", [xlsx_sheet, ods_sheet])
def test_the_beginning_comes_before_any_row_is_read(dump: Any):
    def rows() -> Iterator[list[Cell]]:
        raise AssertionError("read too early")
        yield []

    assert len(next(dump.stream([a_sheet(rows())], BERLIN))) > 30
    assert next(csv_sheet.stream(a_sheet(rows()), BERLIN)).endswith(b"Attempts\r\n")


@pytest.mark.parametrize(
    ("number", "text"), [("3.50", "3.5"), ("1200", "1200"), ("0.3333333", "0.3333333"), ("0E-7", "0"), ("1E+3", "1000")]
)
def test_decimals_are_exact_without_needless_zeros(number: str, text: str):
    assert plain(Decimal(number)) == text

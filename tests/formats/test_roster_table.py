"""Lists of students as files: what is read, and what is refused with a place and a way out."""

from __future__ import annotations

import io
import zipfile
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from quizapp.formats import roster_table
from quizapp.formats.roster_table import MOST_ROWS, Unreadable, load

HEAD = "Family name,Given name,Student number\n"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells(content: bytes, name: str = "") -> list[dict[str, str]]:
    return [dict(row.cells) for row in load(content, name).rows]


ANNA = {"family_name": "Kern", "given_name": "Anna", "student_number": "0017"}


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}Kern,Anna,0017\n".encode(),
        f"\ufeff{HEAD}Kern,Anna,0017\r\n".encode(),
        f"\n\n{HEAD}\n  Kern , Anna,0017\n\n".encode(),
        f"{HEAD}Kern,Anna,0017".replace(",", ";").encode(),
        f"{HEAD}Kern,Anna,0017".replace(",", "\t").encode("utf-16"),
        b'LAST NAME,First_Name,Student-ID\n"Kern",Anna,0017\n',
        workbook(("Family name", "Given name", "Student number"), ("Kern", "Anna", "0017")),
    ],
)
def test_a_list_is_read_however_a_spreadsheet_writes_it(content: bytes):
    assert cells(content) == [ANNA]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"Mia Lund\nOmar Said\nZoe Park", ["Lund|Mia", "Said|Omar", "Park|Zoe"]),
        (b"Lund, Mia\r\nSaid, Omar\r\n", ["Lund|Mia", "Said|Omar"]),
        (b"Mia Lund\n\nSaid, Omar\n", ["Lund|Mia", "Said|Omar"]),
        ("Lund\tMia\nSaid\tOmar".encode("utf-16"), ["Lund|Mia", "Said|Omar"]),
        (
            "Students:\nZoë O’Neil-Park\nAnna Maria van der Berg".encode(),
            ["O’Neil-Park|Zoë", "van der Berg|Anna Maria"],
        ),
        (workbook(("Mia Lund",), ("Said, Omar",)), ["Lund|Mia", "Said|Omar"]),
    ],
)
def test_names_alone_need_no_row_that_names_columns(content: bytes, names: list[str]):
    table = load(content)
    assert [f"{row.cells['family_name']}|{row.cells['given_name']}" for row in table.rows] == names
    assert "last word as the family name" in table.how
    assert load(roster_table.dump(table.rows, table.columns).encode()).rows == table.rows


def test_among_names_alone_a_line_that_is_none_is_a_mistake_of_its_own():
    rows = load(b"Mia Lund\nOmar\nPark,Zoe,9b\n=A1 B2\n").rows
    assert [row.line for row in rows if row.problems] == [2, 3, 4]
    assert "“Omar” is not a given name and a family name" in rows[1].problems[0]
    again = load(roster_table.dump(rows, roster_table.NEEDED).encode()).rows
    assert not any(row.cells.get("family_name") for row in again if row.line in (2, 3))


def test_a_table_with_headings_says_nothing_of_how_it_was_read():
    assert load(f"{HEAD}Kern,Anna,0017".encode()).how == ""


def test_rows_know_their_lines_and_unknown_columns_are_named():
    table = load(b'Family name,Shoe size,Given name\n\nKern,38,Anna\n"Okafor\nSmith",40,Ben\nLi,,Cy\n')
    assert [row.line for row in table.rows] == [3, 4, 6]
    assert table.left_out == ("Shoe size",)
    assert table.rows[1].cells["family_name"] == "Okafor Smith"


def test_numbers_and_days_of_a_workbook_are_text():
    table = load(workbook(("Surname", "Forename", "ID"), ("Kern", "Anna", 17.0), ("Li", None, 3.5)))
    assert [row.cells["student_number"] for row in table.rows] == ["17", "3.5"]
    assert table.rows[1].cells["given_name"] == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (HEAD.encode(), "no student"),
        (b"Kern,Anna,0017\nOkafor,Ben,0018\n", "must name the columns"),
        (b"Anna\nBen\n", "must name the columns.*Anna Kern"),
        (b"Students\n", "must name the columns"),
        (b"1. Anna Kern\n2. Ben Okafor\n", "must name the columns"),
        (b"Vorname;Nachname\nAnna;Kern\n", "must name the columns"),
        (b"Mia Lund\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS}"),
        (b"Family name\nKern\n", "none called “Given name”"),
        (f"{HEAD}Kern,Anna,1\nMüller,Bea,2\n".encode("latin-1"), "Line 3 holds letters that are not UTF-8"),
        (f"{HEAD}\0Kern,Anna,1".encode(), "no text file"),
        (f'{HEAD}Kern,"Anna{"x" * 200_000}'.encode(), "Line 2 cannot be read"),
        (b"\xd0\xcf\x11\xe0 old", "Save the list as .xlsx"),
        (b"PK\x03\x04 nonsense", "cannot be read"),
        (b"x" * 1_000_001, "larger than one megabyte"),
        ((HEAD + "Kern,Anna,\n" * (MOST_ROWS + 1)).encode(), f"more than {MOST_ROWS}"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_what_to_do(content: bytes, said: str):
    with pytest.raises(Unreadable, match=said):
        load(content)


def test_ten_thousand_rows_are_refused_in_no_time():
    rows = [("Family name", "Given name"), *((f"Kern{n}", "Anna") for n in range(10_000))]
    for content in ("\n".join(",".join(row) for row in rows).encode(), workbook(*rows)):
        begun = perf_counter()
        with pytest.raises(Unreadable, match="more than 500"):
            load(content)
        assert perf_counter() - begun < 10


def test_a_bomb_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(stream.getvalue()) < 1_000_000
    with pytest.raises(Unreadable, match="far too large"):
        load(stream.getvalue())


def test_formulas_and_huge_cells_are_mistakes_of_their_rows():
    rows = [("Family name", "Given name"), ("=A1", "Anna"), ("Kern", "x" * 5000), ("Li", "Cy")]
    for content in (workbook(*rows), "\n".join(",".join(row) for row in rows).encode()):
        found = load(content).rows
        assert [len(row.problems) for row in found] == [1, 1, 0]
        assert "“Family name” is a formula" in found[0].problems[0]
        assert "5,000 characters" in found[1].problems[0]


def test_what_was_read_is_read_again_the_same_with_its_lines():
    table = load(b'Family name,Given name,Time\n\n"Kern, the elder",Anna,150%\n\nLi,"Cy ""C""",\n')
    again = load(roster_table.dump(table.rows, table.columns).encode())
    assert again.rows == table.rows


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: (HEAD + text).encode()))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        rows = load(content).rows
    except Unreadable:
        return
    assert 0 < len(rows) <= MOST_ROWS

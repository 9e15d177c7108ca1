"""Files that mean harm, or that nobody meant: refused with a clear message, in bounded time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.domain.exchange import Arrivals, Defaults, UnreadableFile
from quizapp.domain.items import ITEM_TYPES
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from quizapp.formats.registry import FORMATS
from tests.builders import an_item

DEFAULTS = Defaults(topic="clocks")
SECONDS, BYTES = 2, 200 * 1024 * 1024  # the most that reading any file may take
every_format = pytest.mark.parametrize("name", list(FORMATS))


def read(name: str, data: bytes) -> Arrivals | str:
    """What comes of the file: its questions, or why it is refused; never anything else, and within bounds."""
    began = time.process_time()
    try:
        found: Arrivals | str = registry.read(name, data, DEFAULTS)
    except UnreadableFile as error:
        found = str(error)
        assert len(found) < 600
    assert time.process_time() - began < SECONDS
    return found


def refused(name: str, data: bytes, *words: str) -> None:
    found = read(name, data)
    assert isinstance(found, str), found
    for word in words:
        assert word in found, found


# --- any file at all


@every_format
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    read(name, data)


ALPHABET = st.sampled_from([*"{}[]()=~#:%\\<>&;,|*_-–>.\n\t/\"'“”!?@ aA1é", "::", "####", "->", "ANSWER: A", "A. "])


@pytest.mark.parametrize("name", ["gift", "aiken", "csv", "yaml"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(ALPHABET, max_size=120))
def test_any_text_is_read_or_refused(name: str, parts: list[str]) -> None:
    head = "question,type,right,answer 1,match 1,feedback 1\n" if name == "csv" else ""
    found = read(name, (head + "".join(parts)).encode())
    if not isinstance(found, str):
        assert all(one.item or one.problems for one in found.questions)


def a_file(name: str) -> bytes:
    """A file with one question of each type that the format can say."""
    made = FORMATS[name]
    assert made.dump is not None
    return registry.written(name, [an_item(item_type) for item_type in ITEM_TYPES], Links())


def mangled(data: bytes, at: int, cut: int, put: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + put + data[at + cut :]


@pytest.mark.parametrize("name", ["yaml", "csv", "gift", "aiken", "moodle"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, 10**6), cut=st.integers(0, 60), put=st.binary(max_size=12) | ALPHABET.map(str.encode))
def test_a_damaged_file_is_read_or_refused(name: str, at: int, cut: int, put: bytes) -> None:
    found = read(name, mangled(FILES[name], at, cut, put))
    if not isinstance(found, str):
        assert all(one.item or one.problems for one in found.questions)


@pytest.mark.parametrize("name", ["qti2", "qti3", "xlsx"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    at=st.integers(0, 10**6),
    cut=st.integers(0, 60),
    put=st.binary(max_size=12) | ALPHABET.map(str.encode),
    data=st.data(),
)
def test_a_damaged_package_is_read_or_refused(name: str, at: int, cut: int, put: bytes, data: st.DataObject) -> None:
    parts = unpacked(FILES[name])
    part = data.draw(st.sampled_from(sorted(parts)))
    read(name, packed({**parts, part: mangled(parts[part], at, cut, put)}))
    read(name, mangled(FILES[name], at, cut, put))


@pytest.mark.parametrize("name", ["xlsx", "qti2"])
def test_an_archive_with_a_file_without_a_name_is_refused(name: str) -> None:
    data = packed({"\x01nameless": "x"}).replace(b"\x01nameless", b"\x00nameless")
    assert "without a name" in str(read(name, data))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


FILES = {name: a_file(name) for name, one in FORMATS.items() if one.dump}


@pytest.mark.parametrize(
    "tag", ["difficulty:", "difficulty:12", "marks:", "marks:-1", "marks:NaN", "pin:x", "type:", "tie:²"]
)
def test_tags_that_mean_nothing_break_nothing(tag: str) -> None:
    found = read("gift", f"// [tag:{tag}]\n::a::Which?{{=one~two}}\n".encode())
    assert not isinstance(found, str)
    assert all(one.item or one.problems for one in found.questions)


# --- encodings and sizes


@pytest.mark.parametrize("name", ["gift", "aiken", "csv", "yaml"])
def test_a_wrong_encoding_is_named_with_its_byte(name: str) -> None:
    refused(name, "question\nCafé?".encode("latin-1"), "not UTF-8", "byte 13", "line 2", "0xE9")
    refused(name, b"\xff\xfeq\x00\x00\xd8", "not UTF-16")
    refused(name, b"question\0", "zero byte")
    refused(name, b"", "empty")


def test_utf_16_and_old_line_ends_are_read() -> None:
    text = "::a::Né à?{=oui~non}"
    for data in (b"\xff\xfe" + text.encode("utf-16-le"), b"\xef\xbb\xbf" + text.replace("{", "\r{").encode()):
        found = read("gift", data)
        assert not isinstance(found, str)
        assert [item.stem for item in found.items] == ["Né à?"]


@pytest.mark.parametrize("name", ["gift", "aiken", "csv", "yaml"])
def test_a_hundred_megabytes_in_one_line_are_refused_at_once(name: str) -> None:
    line = b"a" * (100 * 1024 * 1024)
    tracemalloc.start()
    refused(name, line, "100.0 MB")
    refused(name, b"question\n" + line[: 8 * 1024 * 1024 - 20], "Line 2", "characters")
    assert tracemalloc.get_traced_memory()[1] < BYTES
    tracemalloc.stop()


# --- depth and numbers


NESTED: dict[str, Callable[[int], str]] = {
    "yaml": lambda n: "a: " + "[" * n,
    "gift": lambda n: "::a::" + "{" * n,
    "moodle": lambda n: "<quiz>" + "<question>" * n,
    "qti3": lambda n: "<qti-assessment-item>" + "<div>" * n,
}


@pytest.mark.parametrize("name", list(NESTED))
@pytest.mark.parametrize("depth", [50, 1000, 90_000])
def test_absurd_nesting_is_refused(name: str, depth: int) -> None:
    text = NESTED[name](depth)
    read(name, text[:99_000].encode())
    read(name, text.replace("[", "\n[").encode())


LONG: dict[str, str] = {
    "yaml": "topic: a\ntitle: b\nitems:\n" + "  - {id: a, type: single_choice}\n" * 4_000,
    "gift": "::a::b {~c =d}\n\n" * 4_000,
    "aiken": "Question\nA. b\nB. c\nANSWER: A\n" * 4_000,
    "csv": "question,right,answer 1,answer 2\n" + "What?,1,b,c\n" * 4_000,
    "moodle": "<quiz>" + '<question type="essay"/>' * 4_000 + "</quiz>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(LONG))
def test_many_questions_are_read_in_bounded_memory(name: str) -> None:
    data = LONG[name].encode()
    read(name, data * 5 if name in ("gift", "aiken") else data)
    tracemalloc.start()
    with suppress(UnreadableFile):
        registry.read(name, data, DEFAULTS)
    assert tracemalloc.get_traced_memory()[1] < BYTES
    tracemalloc.stop()


# --- XML


ENTITIES = {
    "billion laughs": '<!DOCTYPE q [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>',
    "quadratic": f'<!DOCTYPE q [<!ENTITY a "{"x" * 50_000}">]><quiz>{"&a;" * 10_000}</quiz>',
    "file": '<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
    "network": '<!DOCTYPE q [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]><quiz/>',
}


@pytest.mark.parametrize("name", ["moodle", "qti2", "qti3"])
@pytest.mark.parametrize("what", list(ENTITIES))
def test_entities_are_refused(name: str, what: str) -> None:
    refused(name, ENTITIES[what].encode(), "declares entities")
    if name != "moodle":
        refused(name, packed({"imsmanifest.xml": ENTITIES[what]}), "declares entities", "imsmanifest.xml")


def test_a_document_type_without_entities_is_no_harm() -> None:
    found = read(
        "qti2", b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd"><questestinterop><item/></questestinterop>'
    )
    assert not isinstance(found, str)
    assert "cannot be carried" in str(found.questions[0].problems[0])


def test_broken_xml_is_said_with_its_line() -> None:
    refused("moodle", b"<quiz>\n<question>\n</quiz>", "line 3", "not XML")
    refused("moodle", b"<html/>", "<html>")
    refused("qti3", b"<html/>", "no assessment item")
    refused("qti3", packed({"items/a.xml": "<a>\n<b></a>"}), "items/a.xml", "line 2")


# --- archives


@pytest.mark.parametrize("name", ["qti3", "xlsx", "yaml"])
def test_zip_bombs_are_refused_while_they_inflate(name: str) -> None:
    dense = packed({"a.xml": b"0" * (60 * 1024 * 1024), "a.yaml": b"0" * (60 * 1024 * 1024)})
    noise = bytes(range(256)) * 900
    many = packed({f"{i}.{ending}": noise + bytes([i]) for i in range(200) for ending in ("xml", "yaml")})
    tracemalloc.start()
    refused(name, dense, "inflates")
    refused(name, many, "inflates")
    assert tracemalloc.get_traced_memory()[1] < BYTES
    tracemalloc.stop()


@pytest.mark.parametrize(
    "inside", ["../../etc/passwd.xml", "/etc/passwd.xml", "..\\x.xml", "C:\\x.xml", "a/../../b.xml"]
)
def test_names_that_leave_the_archive_are_refused(inside: str) -> None:
    for name in ("qti3", "xlsx", "yaml"):
        refused(name, packed({inside: "<a/>"}), "outside of itself")


def test_archives_that_are_none_or_locked_or_crowded() -> None:
    refused("qti3", b"PK\x03\x04" + b"x" * 100, "not a zip archive")
    refused("qti3", packed({f"{i}.txt": "" for i in range(3001)}), "3001 files")
    locked = bytearray(packed({"a.xml": "<a/>"}))
    locked[6] |= 1  # «is encrypted», in the local head and the directory
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    refused("qti3", bytes(locked), "password")


def test_an_archive_within_an_archive_is_left_alone() -> None:
    refused("qti3", packed({"inner.zip": packed({"a.xml": "<a/>"})}), "no assessment item")


# --- tables


def a_workbook(rows: list[list[Any]]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(stream)
    return stream.getvalue()


def problems(name: str, data: bytes) -> list[str]:
    found = read(name, data)
    assert not isinstance(found, str), found
    return [str(one) for question in found.questions for one in question.problems]


def test_formula_cells_are_refused_with_their_name() -> None:
    heads = ["question", "right", "answer 1", "answer 2"]
    rows = [heads, ["What?", 1, "=1+1", "c"], ["Which?", 1, '=HYPERLINK("http://x")', "d"], ["Who?", 1, "a", "b"]]
    formula = "a formula; put its value there, as text"
    assert problems("xlsx", a_workbook(rows)) == [f"cell C2: {formula}", f"cell C3: {formula}"]
    text = "\n".join(
        ",".join(f'"{cell}"'.replace('"http', "'http").replace('x")"', "x')\"") for cell in row) for row in rows
    )
    assert problems("csv", text.encode()) == [f"line 2, answer 1: {formula}", f"line 3, answer 1: {formula}"]


def test_a_mistake_names_its_cell() -> None:
    heads = ["question", "type", "right", "answer 1", "answer 2", "tolerance"]
    rows = [
        heads,
        ["", "", 1, "a", "b"],
        ["What?", "", 3, "a", "b"],
        ["Which?", "essay", 1, "a", "b"],
        ["When?", "true_false", "perhaps"],
        ["How far?", "numerical", 1, "far"],
        ["How far?", "numerical", 1, "5", "", "much"],
        ["Who?", "", "", "a", "a"],
    ]
    found = problems("xlsx", a_workbook(rows))
    for place in ("cell A2", "cell C3", "cell B4", "cell C5", "cell C6", "cell F7", "cell E8"):
        assert any(one.startswith(f"{place}: ") for one in found), (place, found)


def test_numbers_and_dates_of_a_spreadsheet_are_read_as_they_look() -> None:
    rows = [["question", "right", "answer 1", "answer 2", "answer 3"], ["How many?", 1.0, 12.0, 2.5, True]]
    found = read("xlsx", a_workbook(rows))
    assert not isinstance(found, str)
    assert [one.text for one in found.items[0].options] == ["12", "2.5", "True"]  # type: ignore[attr-defined]


def test_a_table_without_columns_says_where_to_begin() -> None:
    refused("csv", b"1,2\n3,4\n", "Start from the template")
    refused("xlsx", a_workbook([[1, 2], [3, 4]]), "Start from the template")


def test_semicolons_and_tabs_are_columns_too() -> None:
    for mark in (";", "\t"):
        text = (
            mark.join(["question", "right", "answer 1", "answer 2"]) + "\n" + mark.join(["What, then?", "2", "a", "b"])
        )
        found = read("csv", text.encode())
        assert not isinstance(found, str)
        assert found.items[0].correct_response() == "b"

"""Whatever is written is read again as it was, by our reader and by any other, in lines that fit a screen."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp.formats.yaml_scalar import Trap, read_plain, what_it_is_taken_for
from quizapp.formats.yaml_tree import parse
from quizapp.formats.yaml_writing import WIDTH, write

ODD = st.sampled_from(" :#-'\"\n,[]{}&*!|>%@`~=<.0179eoxNn\t\u2028\ufeff\x85é«")
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | ODD, max_size=200)
DATA = st.recursive(
    TEXT | st.booleans() | st.integers(-99, 99),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner, min_size=1),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b-c", "no", "12"]), DATA, min_size=1))
@example({"a": "---"})
@example({"a": ["word " * 60, "w: " * 60, "a\nb " * 50, "No", "12:30", ""]})
def test_what_is_written_is_read_again(data: dict[str, Any]) -> None:
    written = write(data)
    tree = parse(written, "written")
    assert tree.mistakes == []
    assert tree.value == data
    assert yaml.safe_load(written) == data


@pytest.mark.parametrize("unit", ["word ", "w: ", "ab\ncd ", "é "])
@pytest.mark.parametrize("indent", range(4))
def test_lines_are_short_where_there_are_spaces(unit: str, indent: int) -> None:
    data: dict[str, Any] = {"text": unit * 90}
    for _ in range(indent):
        data = {"inside": [data]}
    assert max(len(line) for line in write(data).splitlines()) <= WIDTH


def test_prose_is_folded_and_traps_are_quoted() -> None:
    prose = "one two three four five six seven eight nine ten " * 3
    written = write({"prose": prose.strip(), "trap": "No", "plain": "it isn’t", "year": "1917", "marks": 2})
    assert written.splitlines()[:2] == ["prose: >-", f"  {prose[:117].rstrip()}"]
    assert written.splitlines()[3:] == ['trap: "No"', "plain: it isn’t", 'year: "1917"', "marks: 2"]


@pytest.mark.parametrize(
    ("raw", "taken_for"),
    [
        *((raw, "nothing") for raw in ("", "~", "null", "Null", "NULL")),
        *((raw, "a truth value") for raw in ("y", "N", "yes", "No", "ON", "off", "true", "False")),
        *((raw, "a number") for raw in ("0", "-7", "1917", "010", "0o17", "0x1F", "0b11", "1_000", "12:30", "1:2:3")),
        *((raw, "a number") for raw in ("1.5", ".5", "1e3", "1.5e-3", "6.", "190:20:30.15", ".inf", "-.INF", ".nan")),
        *((raw, "a date") for raw in ("1917-10-25", "1900-02-29", "2001-12-14t21:59:43.10-05:00", "2001-1-1 1:02:03")),
        *((raw, "a sign of its own") for raw in ("<<", "=")),
        *((raw, None) for raw in ("1917-10", "nope", "09:30x", "1917–18", "Nov. 1917", "e3", "1.2.3.4x", "yes!")),
    ],
)
def test_what_yaml_takes_plain_characters_for(raw: str, taken_for: str | None) -> None:
    assert what_it_is_taken_for(raw) == taken_for
    assert (read_plain(raw) == raw) is (taken_for is None)


@pytest.mark.parametrize("raw", ["010", "1e3", "12:30", "1917-10-25", "~", "0x1F", ".inf", "1_000"])
def test_what_two_readers_take_for_different_things_is_a_trap(raw: str) -> None:
    assert read_plain(raw) == Trap(raw)


@given(TEXT)
def test_whatever_pyyaml_reads_as_something_else_is_no_text_to_us(text: str) -> None:
    node = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
    if not node.endswith(":str") and text not in {"&", "*", "!"}:  # with these no plain scalar begins
        assert what_it_is_taken_for(text) is not None

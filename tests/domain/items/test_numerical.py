"""Numbers: how they may be written, how near is near enough, and what an item of them gets wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.item import Item
from quizapp.domain.number import is_same_unit, read, shown
from tests.builders import an_entry, an_item, mistakes_in


def values(text: str) -> tuple[Decimal, ...] | None:
    written = read(text)
    return written.values if written else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500", "1500"), (" 1500 ", "1500"), ("+1500", "1500"), ("−1500", "-1500"), ("- 3", "-3"), ("1 500", "1500"),
        ("1\u00a0500", "1500"), ("1\u202f500", "1500"), ("1'500", "1500"), ("1’500", "1500"), ("1,500,000", "1500000"),
        ("1.500.000", "1500000"), ("1,500.5", "1500.5"), ("1.500,5", "1500.5"), ("1 500,5", "1500.5"), ("3.14", "3.14"),
        ("3,14", "3.14"), (".5", "0.5"), (",5", "0.5"), ("0.50", "0.50"), ("1500.", "1500"), ("１５００", "1500"),
        ("007", "7"), ("1,50", "1.50"), ("12345", "12345"), ("1.5 million", "1500000.0"), ("2 thousand", "2000"),
        ("3 Hundred men", "300"), ("1.0000001", "1.0000001"),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: str, value: str) -> None:
    assert values(text) == (Decimal(value),)


@pytest.mark.parametrize("text", ["1,500", "1.500", "0.500", "12,345"])
def test_a_single_separator_before_three_digits_may_mean_either(text: str) -> None:
    digits = text.replace(",", "").replace(".", "")
    assert values(text) == (Decimal(digits), Decimal(text.replace(",", ".")))


@pytest.mark.parametrize(
    "text",
    ["", "many", "5 or 6", "5-6", "1917/18", "1,50,0", "1.500,000.5", "1..5", "5 6", "--5", "1e3", "٣", "½", "IV"],
)
def test_what_is_not_one_number_is_not_guessed(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5 km", "km"), ("5km", "km"), ("$ 5", "$"), ("£5", "£"), ("5 %", "%"), ("5", ""), ("about 5", "about")],
)
def test_what_stands_around_the_number_is_its_unit(text: str, unit: str) -> None:
    written = read(text)
    assert written is not None
    assert written.unit == unit


@pytest.mark.parametrize(
    ("one", "other"),
    [("km", "KM"), ("km", "k.m."), ("month", "Months"), ("per cent", "percent"), ("%", "%"), ("Grad", "grad")],
)
def test_units_are_one_however_they_are_written(one: str, other: str) -> None:
    assert is_same_unit(one, other)


def test_other_units_are_others() -> None:
    assert not is_same_unit("km", "miles")
    assert not is_same_unit("£", "$")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1500", "1500"),
        ("15000", "15,000"),
        ("-1234567.50", "-1,234,567.5"),
        ("0.10", "0.1"),
        ("1E+3", "1000"),
        ("7.0", "7"),
    ],
)
def test_numbers_are_shown_for_reading(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_that_is_shown_can_be_read_again(value: Decimal) -> None:
    assert value in (values(shown(value)) or ())


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    written = read(text)
    assert written is None or all(value.is_finite() for value in written.values)


@pytest.fixture
def walk() -> Item:
    """1500 km, 50 more or less; 500 and 3000.5 are foreseen."""
    return an_item("numerical")


@pytest.mark.parametrize(
    ("response", "fraction", "reason"),
    [
        ("1500", 1, "The right number."),
        ("1,500 km", 1, "The right number."),
        ("1.500 KM", 1, "The right number."),
        ("1450", 1, "Near enough to the right number."),
        ("1550,0", 1, "Near enough to the right number."),
        ("1449.9999999", 0, "Not the right number."),
        ("1550.01", 0, "Not the right number."),
        ("1.5 thousand", 1, "The right number."),
        ("1500 miles", 0, "The answer was to be in km, not in “miles”."),
        ("-1500", 0, "Not the right number."),
        ("far", 0, "This could not be read as one number: write it in digits."),
    ],
)
def test_worked_examples(walk: Item, response: str, fraction: int, reason: str) -> None:
    mark = walk.mark(response)
    assert (mark.fraction, mark.reason) == (fraction, reason)


def test_without_a_unit_of_the_key_any_word_after_it_is_well() -> None:
    item = an_item("numerical", key={"value": 1500})
    assert item.mark("1500 steps").fraction == 1
    assert item.mark("1501").fraction == 0


@pytest.mark.parametrize(
    ("key", "answer", "fraction"), [("0.1", "0,10", 1), ("0.3", "0.30000000000000004", 0), (0.1, ".1", 1)]
)
def test_numbers_are_decimal(key: Any, answer: str, fraction: int) -> None:
    assert an_item("numerical", key={"value": key}, wrong=None).mark(answer).fraction == fraction


def test_a_foreseen_number_has_its_feedback_within_the_same_tolerance(walk: Item) -> None:
    chosen = [line for line in walk.review("520 km", ()).lines if line.chosen]
    assert [(line.text, line.feedback) for line in chosen] == [("500 km", "Not so few.")]
    assert not any(line.chosen for line in walk.review("560", ()).lines)
    assert not any(line.chosen for line in walk.review("500 miles", ()).lines)


def test_the_rule_says_the_unit_and_how_near_is_near_enough(walk: Item) -> None:
    assert walk.credit_rule() == "Give a number in km, in digits. Up to 50 km more or less is near enough."
    assert an_item("numerical", key={"value": 7}, wrong=None).credit_rule() == "Give a number, in digits."
    assert walk.ask(()).unit == "km"
    assert walk.review(None, ()).key == "1500 km"


def test_mistakes_are_told_together() -> None:
    wrong = [{"answer": 1540}, {"answer": "1e1"}, {"answer": 10}]
    assert mistakes_in(an_entry("numerical", wrong=wrong)) == {
        ("wrong", 0, "answer"): ["«1540» is right by the key; it cannot be wrong too"],
        ("wrong", 2, "answer"): ["«10» is listed twice among the wrong answers"],
    }
    assert mistakes_in(an_entry("numerical", key={"value": "many", "tolerance": -1, "unit": "m2"})) == {
        ("key", "value"): ["should be a number, not «many»"],
        ("key", "tolerance"): ["should be at least 0, not «-1»"],
    }
    assert mistakes_in(an_entry("numerical", key={"value": 5, "unit": "m2"}, wrong=None)) == {
        ("key", "unit"): ["a unit without digits, please: an answer’s digits are its number"]
    }
    for value in (True, [1], None, float("inf")):
        assert ("key", "value") in mistakes_in(an_entry("numerical", key={"value": value}))

"""Scales: rounded once, as chosen; thresholds met exactly; what a teacher types is read, or refused with its line."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import scale
from quizapp.domain.scale import NotAThreshold, Scale, Threshold, read_thresholds, rounded

LAWS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_CEILING}


@given(st.decimals(0, 1000, places=6), st.integers(0, 4), st.sampled_from(scale.ROUNDINGS))
def test_rounding_is_that_of_decimals(amount: Decimal, places: int, rounding: scale.Rounding):
    wanted = amount.quantize(Decimal(1).scaleb(-places), rounding=LAWS[rounding])
    assert rounded(Fraction(amount), places, rounding) == wanted


def test_what_is_not_a_decimal_is_rounded_from_its_exact_value():
    third = Fraction(1, 3)
    assert rounded(third * 100, 2, "half_up") == Decimal("33.33")
    assert rounded((third + Fraction(2, 3)) / 2 * 100, 0, "down") == Decimal(50)  # as decimals it would be 49.99…


@pytest.mark.parametrize(
    ("kind", "said"), [("points", "7.5"), ("percent", "62.5%"), ("letters", "D"), ("passed", "passed")]
)
def test_the_four_kinds(kind: scale.Kind, said: str):
    assert Scale(kind, places=1).shown(Fraction(5, 8), Decimal(12)) == said


def test_a_letter_follows_from_the_per_cent_that_is_read():
    share = Fraction(895, 1000)
    assert Scale("letters", places=0).letter(share) == "A"  # read as 90%
    assert Scale("letters", places=1).letter(share) == "B"  # read as 89.5%
    assert Scale("letters", rounding="down").letter(share) == "B"
    assert Scale("letters").letter(Fraction(0)) == "F"
    assert Scale(pass_percent=Decimal("89.5"), places=1).passes(share)
    assert not Scale(pass_percent=Decimal("89.6"), places=1).passes(share)


def test_grades_are_read_as_teachers_type_them():
    text = "very good: 92,5 %\n\n 2 = 81\n3 ≥ 67.25\npoor 0"
    read = read_thresholds(text)
    assert [(one.label, one.percent) for one in read] == [
        ("very good", Decimal("92.5")), ("2", Decimal(81)), ("3", Decimal("67.25")), ("poor", Decimal(0)),
    ]  # fmt: skip
    assert read_thresholds(scale.thresholds_text(read)) == read
    assert scale.problems(Scale("letters", thresholds=read)) == {}
    assert scale.from_plain(scale.as_plain(Scale("letters", 2, "up", read, Decimal("49.5")))) == Scale(
        "letters", 2, "up", read, Decimal("49.5")
    )


@pytest.mark.parametrize("line", ["A", "90", "A ninety", "A -5", "A 1e2"])
def test_a_line_that_is_no_grade_is_named(line: str):
    with pytest.raises(NotAThreshold, match="Line 2"):
        read_thresholds(f"A 90\n{line}\nF 0")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "stars"}, "kind"),
        ({"places": 5}, "places"),
        ({"rounding": "sideways"}, "rounding"),
        ({"pass_percent": Decimal(101)}, "pass_percent"),
        ({"thresholds": ()}, "thresholds"),
        ({"thresholds": (Threshold("A", Decimal(50)),)}, "thresholds"),
        ({"thresholds": (Threshold("A", Decimal(50)), Threshold("A", Decimal(0)))}, "thresholds"),
        ({"thresholds": (Threshold("A", Decimal(50)), Threshold("F", Decimal(0)), Threshold("G", Decimal(0)))},
         "thresholds"),
        ({"thresholds": (Threshold("A", Decimal(120)), Threshold("F", Decimal(0)))}, "thresholds"),
        ({"thresholds": (Threshold("A" * 21, Decimal(50)), Threshold("F", Decimal(0)))}, "thresholds"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scale_stands_beside_its_field(changes: dict[str, object], field: str):
    assert list(scale.problems(replace(Scale(), **changes))) == [field]

"""Which attempts count, what they come to, and totals with the lowest dropped: exact, whatever the marks."""

from __future__ import annotations

import uuid
from decimal import Decimal
from fractions import Fraction

import pytest

from quizapp.domain.counting import Finished, counted, total
from quizapp.domain.marking import from_units


def finished(*marks: str | None, available: int = 10) -> list[Finished[uuid.UUID]]:
    return [Finished(uuid.UUID(int=n), None if one is None else Decimal(one), Decimal(available))
            for n, one in enumerate(marks)]  # fmt: skip


@pytest.mark.parametrize(
    ("grading", "which", "mark"),
    [("best", [1], "9"), ("last", [2], "4"), ("first", [0], "5"), ("average", [0, 1, 2], "6")],
)
def test_each_way_of_grading(grading: str, which: list[int], mark: str):
    found = counted(finished("5", "9", "4"), grading)
    assert found is not None
    assert [one.int for one in found.attempts] == which
    assert found.mark == Decimal(mark)
    assert not found.waits


def test_what_waits_for_a_person_is_no_nought():
    best = counted(finished("5", None), "best")
    assert best is not None
    assert (best.mark, best.waits) == (Decimal(5), True)
    for grading in ("last", "best", "average"):
        nothing = counted(finished(None), grading)
        assert nothing is not None
        assert (nothing.share, nothing.mark, nothing.waits) == (None, None, True)
    first = counted(finished("5", None), "first")
    assert first is not None
    assert not first.waits
    assert counted([], "best") is None
    assert counted(finished("0", available=0), "best").share is None  # type: ignore[union-attr]


def test_averages_are_exact():
    found = counted(finished("1", "2", "2", available=3), "average")
    assert found is not None
    assert found.share == Fraction(5, 9)
    assert found.mark == from_units(1_6666667)


RESULTS = {
    "a": (Fraction(1, 2), Decimal(10)),
    "b": (Fraction(1, 4), Decimal(40)),
    "c": (Fraction(1), Decimal(4)),
    "d": (Fraction(1, 4), Decimal(1)),
}


def test_totals_by_points_and_with_equal_weights():
    by_points, equal = total(RESULTS), total(RESULTS, weighting="equal")
    assert (by_points.earned, by_points.available, by_points.counted) == (Decimal("19.25"), Decimal(55), 4)
    assert by_points.share == Fraction(77, 220)
    assert equal.share == Fraction(1, 2)
    assert equal.earned == by_points.earned


def test_the_lowest_are_dropped_and_one_is_always_kept():
    assert total(RESULTS, drop=1).dropped == {"b"}  # of equally low ones the first
    assert total(RESULTS, drop=2).dropped == {"b", "d"}
    most = total(RESULTS, drop=9, weighting="equal")
    assert most.dropped == {"a", "b", "d"}
    assert (most.share, most.counted) == (Fraction(1), 1)
    assert total({}, drop=3) == total({})
    assert total({}).share is None

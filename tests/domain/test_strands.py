"""Groups of questions over time: how time is cut, what is told of few answers, and which half is the later one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quizapp.domain.strands import MOST_PERIODS, Share, Strand, Tally, period_of, periods, strands, whole

MONDAY = date(2027, 3, 1)


def a_share(answered: int, earned: int | None = None, name: str = "dates") -> Share:
    return Share(name, answered, Decimal(answered if earned is None else earned), Decimal(answered))


def a_tally(item: str, period: int, earned: str, answered: int = 1) -> Tally:
    return Tally(item, period, answered, Decimal(earned), Decimal(answered))


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (0, ["3 Mar"]),
        (2, ["3 Mar", "4 Mar", "5 Mar"]),
        (14, ["week of 1 Mar", "week of 8 Mar", "week of 15 Mar"]),
        (100, ["Mar 2027", "Apr 2027", "May 2027", "Jun 2027"]),
        (500, ["Jan–Mar 2027", "Apr–Jun 2027"]),
        (2000, ["2027", "2028"]),
    ],
)
def test_time_is_cut_into_the_shortest_stretches_of_which_a_dozen_are_enough(days: int, names: list[str]):
    first = date(2027, 3, 3)
    found = periods(first, first + timedelta(days=days))
    assert [one.name for one in found][: len(names)] == names
    assert found[0].first <= first


@given(some.dates(date(1990, 1, 1), date(2080, 1, 1)), some.integers(0, 9000), some.integers(0, 9000))
def test_every_day_lies_in_one_of_at_most_a_dozen_periods(first: date, length: int, offset: int):
    found = periods(first, first + timedelta(days=length))
    assert 1 <= len(found) <= MOST_PERIODS
    day = first + timedelta(days=min(offset, length))
    place = period_of(day, found)
    assert place == 0 or found[place].first <= day
    assert place == len(found) - 1 or day < found[place + 1].first


def test_a_share_is_told_from_three_answers_on():
    assert a_share(2).percent is None
    assert a_share(2).fraction == 1
    assert a_share(3, 1).percent == Decimal(100) / 3
    assert a_share(0).fraction is None


def test_strands_add_up_by_period_and_come_the_weakest_first():
    labels = {"x": [("a", "Ants"), ("b", "Bees")], "y": [("b", "Bees")], "z": [("c", "Cats")]}
    tallies = [a_tally("x", 0, "2", 4), a_tally("y", 1, "4", 4), a_tally("z", 1, "0", 1)]
    found = strands(tallies, labels, 2)
    assert [one.name for one in found] == ["Ants", "Bees", "Cats"]  # the last has too few answers to be told
    assert [share.answered for share in found[1].over_time] == [4, 4]
    assert found[1].share == Share("Bees", 8, Decimal(6), Decimal(8))
    assert whole(tallies, 2).share.answered == 9


def test_halves_are_cut_between_periods_as_evenly_as_can_be():
    strand = Strand("d", "dates", tuple(a_share(n) for n in (2, 0, 2, 9, 0)))
    before, since = strand.halves()
    assert (before.answered, since.answered) == (4, 9)
    assert [one.answered for one in Strand("d", "dates", (a_share(7),)).halves()] == [0, 0]

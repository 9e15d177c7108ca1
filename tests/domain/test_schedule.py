"""When: openings, due dates and closes, and how they move for a student who gets longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.schedule import Accommodation, Dates, LatePolicy, Schedule, for_student

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMIT = 20 * MINUTE

moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)).map(  # noqa: DTZ001 made aware
    lambda at: at.replace(tzinfo=UTC)
)
limits = st.integers(1, 600).map(lambda minutes: minutes * MINUTE)
percents = st.integers(100, 400)
extras = st.integers(0, 300).map(lambda minutes: minutes * MINUTE)
dates = st.builds(Dates, *(st.none() | moments for _ in range(3)))
accommodations = st.builds(
    Accommodation,
    time_percent=st.none() | percents,
    extra=st.none() | extras,
    attempts=st.none() | st.integers(0, 5),
    own=dates,
)


# --- the arithmetic --------------------------------------------------------------------------------------------------


@given(dates, st.none() | limits, accommodations)
def test_the_opening_never_moves_unless_it_is_an_own_one(
    set_to_all: Dates, limit: timedelta | None, gets: Accommodation
):
    found = for_student(set_to_all, limit, gets)
    assert found.dates.opens == (gets.own.opens or set_to_all.opens)


@given(dates, limits, accommodations)
def test_close_and_due_are_own_ones_or_move_by_the_time_gained(
    set_to_all: Dates, limit: timedelta, gets: Accommodation
):
    found = for_student(set_to_all, limit, gets)
    assert found.time is not None
    gained = found.time - limit
    assert gained >= timedelta(0)
    for name in ("due", "closes"):
        own, common = getattr(gets.own, name), getattr(set_to_all, name)
        assert getattr(found.dates, name) == (own or (common + gained if common else None))


@given(dates, accommodations)
def test_without_a_limit_only_own_dates_apply(set_to_all: Dates, gets: Accommodation):
    found = for_student(set_to_all, None, gets)
    assert found.time is None
    for name in ("opens", "due", "closes"):
        assert getattr(found.dates, name) == (getattr(gets.own, name) or getattr(set_to_all, name))


@given(dates, st.none() | limits, accommodations, moments)
def test_the_deadline_is_the_earlier_of_the_time_and_the_close(
    set_to_all: Dates, limit: timedelta | None, gets: Accommodation, started: datetime
):
    found = for_student(set_to_all, limit, gets)
    ends = [started + found.time] if found.time is not None else []
    ends += [found.dates.closes] if found.dates.closes else []
    assert found.deadline(started) == (min(ends) if ends else None)


@given(limits, percents, extras, st.integers(0, 600), moments)
def test_who_gets_longer_loses_nothing_by_starting_when_the_others_may_still_start(
    limit: timedelta, percent: int, extra: timedelta, before: int, close: datetime
):
    """Somebody who starts so long before the common close that the others have their whole time has theirs too."""
    started = close - limit - before * MINUTE
    found = for_student(Dates(closes=close), limit, Accommodation(percent, extra))
    assert found.time is not None
    assert found.deadline(started) == started + found.time


@given(accommodations, accommodations)
def test_what_an_assignment_says_goes_before_what_holds_for_all_quizzes(special: Accommodation, general: Accommodation):
    both = special.over(general)
    for name in ("time_percent", "extra", "attempts"):
        said = getattr(special, name)
        assert getattr(both, name) == (said if said is not None else getattr(general, name))
    assert both.over(general) == both
    assert Accommodation().over(general) == general


def test_double_time_by_example():
    found = for_student(Dates(closes=NOON + 30 * MINUTE), LIMIT, Accommodation(time_percent=200))
    assert found.deadline(NOON) == NOON + 40 * MINUTE
    assert found.deadline(NOON + 20 * MINUTE) == NOON + 50 * MINUTE
    assert Schedule().deadline(NOON) is None
    assert Schedule(time=LIMIT).deadline(NOON) == NOON + LIMIT
    assert Accommodation(extra=5 * MINUTE).time(LIMIT) == 25 * MINUTE
    assert Accommodation(time_percent=150, extra=MINUTE).time(LIMIT) == 31 * MINUTE
    assert Accommodation(time_percent=200).time(None) is None


# --- late ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "percent"),
    [(timedelta(0), 0), (timedelta(microseconds=1), 10), (DAY, 10), (DAY + MINUTE, 20), (11 * DAY, 100)],
)
def test_each_day_begun_costs(after: timedelta, percent: int):
    found = for_student(Dates(due=NOON), None, Accommodation(), "percent", 10)
    assert found.late_percent(NOON + after) == percent


@given(dates, accommodations, moments, st.integers(0, 100))
def test_only_a_policy_of_percent_costs(set_to_all: Dates, gets: Accommodation, at: datetime, percent: int):
    accepting = for_student(set_to_all, LIMIT, gets, "accept", percent)
    assert accepting.late_percent(at) == 0
    assert 0 <= for_student(set_to_all, LIMIT, gets, "percent", percent).late_percent(at) <= 100


def test_where_late_work_is_refused_the_due_date_closes():
    found = for_student(Dates(due=NOON, closes=NOON + DAY), LIMIT, Accommodation(time_percent=200), "refuse")
    assert found.dates.closes == found.dates.due == NOON + LIMIT
    assert for_student(Dates(closes=NOON), None, Accommodation(), "refuse").dates.closes == NOON


# --- the state -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "state"), [(-1, "not_yet"), (0, "open"), (2, "open"), (3, "late"), (4, "closed"), (9, "closed")]
)
def test_the_state_follows_from_the_time(hours: int, state: str):
    found = Schedule(Dates(NOON, NOON + 2 * HOUR, NOON + 4 * HOUR))
    assert found.state(NOON + hours * HOUR) == state
    assert Schedule().state(NOON) == "open"


@given(dates, limits, accommodations, moments, st.sampled_from(["accept", "percent", "refuse"]))
def test_nobody_may_start_who_would_have_no_time(
    set_to_all: Dates, limit: timedelta, gets: Accommodation, now: datetime, policy: LatePolicy
):
    found = for_student(set_to_all, limit, gets, policy)
    if found.state(now) in ("open", "late"):
        left = found.time_left(now)
        assert left is not None
        assert left > timedelta(0)


@pytest.mark.parametrize(
    ("given_dates", "wrong"),
    [
        (Dates(NOON, NOON + HOUR, NOON + DAY), set()),
        (Dates(NOON, NOON), {"due"}),
        (Dates(NOON, None, NOON - HOUR), {"closes"}),
        (Dates(None, NOON, NOON - HOUR), {"closes"}),
        (Dates(None, NOON, NOON), set()),
        (Dates(NOON, NOON - HOUR, NOON - DAY), {"due", "closes"}),
        (Dates(), set()),
    ],
)
def test_dates_that_do_not_fit_are_named(given_dates: Dates, wrong: set[str]):
    assert set(given_dates.problems()) == wrong

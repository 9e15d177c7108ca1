from __future__ import annotations

import datetime as dt

import pytest
from convertdate import gregorian, julian
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.historical_date import (
    CHANGE,
    HistoricalDate,
    NoSuchDate,
    converted,
    day_number,
    days_in_month,
    is_too_coarse,
    meets,
    on_day_number,
    parse,
)

FIRST = day_number(HistoricalDate(1, 1, 3, "gregorian"))
LAST = day_number(HistoricalDate(9999, 12, 31, "gregorian"))
DAYS = st.integers(FIRST, LAST)


def date(text: str) -> HistoricalDate:
    """«1917-11-07», «1917-11-07 OS» or «… NS»."""
    written, _, style = text.partition(" ")
    return parse(written, {"OS": "julian", "NS": "gregorian", "": "unstated"}[style])  # type: ignore[arg-type]


@given(DAYS)
def test_conversion_agrees_with_convertdate(number: int) -> None:
    new, old = on_day_number(number, "gregorian"), on_day_number(number, "julian")
    assert julian.from_gregorian(*new.written) == old.written
    assert julian.to_gregorian(*old.written) == new.written
    assert gregorian.to_jd(*new.written) == number - 0.5 == julian.to_jd(*old.written)
    assert converted(new) == old
    assert converted(old) == new


@given(DAYS)
def test_a_day_and_its_number_are_one_to_one(number: int) -> None:
    for calendar in ("julian", "gregorian"):
        assert day_number(on_day_number(number, calendar)) == number
        assert day_number(on_day_number(number + 1, calendar)) == number + 1


@given(st.dates())
def test_gregorian_day_numbers_run_as_python_counts(day: dt.date) -> None:
    assert day_number(HistoricalDate(day.year, day.month, day.day, "gregorian")) - day.toordinal() == 1721425


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_are_as_long_as_convertdate_says(year: int, month: int) -> None:
    assert days_in_month(year, month, "gregorian") == gregorian.month_length(year, month)
    assert days_in_month(year, month, "julian") == julian.month_length(year, month)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1917-10-25 OS", "1917-11-07 NS"),
        ("1879-10-26 OS", "1879-11-07 NS"),  # twelve days in the nineteenth century
        ("1900-02-29 OS", "1900-03-13 NS"),  # the day that only one calendar has
        ("1918-01-31 OS", "1918-02-13 NS"),  # the last day of the Old Style in Russia
        ("1918-02-18 OS", "1918-03-03 NS"),
        ("0001-01-01 OS", "0000-12-30 NS"),
    ],
)
def test_known_days(old: str, new: str) -> None:
    if new.startswith("0000"):
        assert str(converted(date(old))) == "30 December 0 (New Style)"
    else:
        assert converted(date(old)) == date(new)
        assert converted(date(new)) == date(old)


@pytest.mark.parametrize(
    ("response", "key"),
    [
        ("1917-11-07", "1917-11-07 NS"),  # either calendar, where none is named
        ("1917-10-25", "1917-11-07 NS"),
        ("1917-11-07", "1917-10-25 OS"),
        ("1917-10-25 OS", "1917-11-07 NS"),  # the same day
        ("1917-11-07 NS", "1917-10-25 OS"),
        ("1918-02-13", "1918-01-31 OS"),
        ("1918-03-03", "1918-03-03 NS"),
        ("1918-02-18 OS", "1918-03-03 NS"),  # named, so it is read in it
        ("1918-02-18", "1918-02-18 OS"),  # the key itself names the Old Style
        ("1918-03-03", "1918-02-18 OS"),
        ("1900-02-29", "1900-03-13 NS"),
        ("1917-11-07", "1917-11-07"),
        ("1917-11-07 OS", "1917-11-07"),  # the key says no calendar: as written
        ("1917-11", "1917-11 NS"),
        ("1917-11 NS", "1917-11"),
        ("1917", "1917 NS"),
        ("1917 OS", "1917 NS"),  # a year is compared as written
        ("1917-11-07", "1917-11 NS"),  # more exact, and in it
        ("1917-11-07 NS", "1917-11 NS"),
        ("1917-10-25 OS", "1917-11 NS"),  # the day named is in November New Style
        ("1917-11-07 NS", "1917"),
        ("1917-11", "1917 NS"),
        ("1917-10 OS", "1917 NS"),
    ],
)
def test_meets(response: str, key: str) -> None:
    assert meets(date(response), date(key))


@pytest.mark.parametrize(
    ("response", "key"),
    [
        ("1917-11-07 OS", "1917-11-07 NS"),  # named, and another day
        ("1917-10-25 NS", "1917-11-07 NS"),
        ("1917-11-08", "1917-11-07 NS"),
        ("1918-02-18", "1918-03-03 NS"),  # after the change a day without calendar is New Style
        ("1918-02-01", "1918-02-14 NS"),  # the first day of the New Style was never 1 February
        ("1918-02", "1918-03-03 NS"),
        ("1918-02 OS", "1918-03-03 NS"),
        ("1918-02 OS", "1918-03 NS"),  # a month never converts
        ("1918-03 OS", "1918-03 NS"),
        ("1917-10", "1917-11 NS"),
        ("1917-10 OS", "1917-11 NS"),
        ("1917-10-25", "1917-11 NS"),  # no calendar, so as written
        ("1917-11-07 OS", "1917-10 OS"),
        ("1917-11", "1917-11-07 NS"),
        ("1917", "1917-11-07 NS"),
        ("1917", "1917-11"),
        ("1916", "1917"),
        ("1917-10-25", "1917-11-07"),
    ],
)
def test_does_not_meet(response: str, key: str) -> None:
    assert not meets(date(response), date(key))


@given(DAYS, st.sampled_from(["julian", "gregorian"]), st.sampled_from(["julian", "gregorian"]))
def test_a_day_before_the_change_is_met_in_either_calendar(number: int, asked: str, answered: str) -> None:
    key = on_day_number(number, asked)  # type: ignore[arg-type]
    response = on_day_number(number, answered)  # type: ignore[arg-type]
    assert meets(response, key)
    unstated = HistoricalDate(*response.written)
    assert meets(unstated, key) == (number < CHANGE or answered in {"gregorian", asked})


@given(DAYS, st.integers(1, 400))
def test_another_day_in_the_same_calendar_never_meets(number: int, apart: int) -> None:
    assert not meets(on_day_number(number + apart, "julian"), on_day_number(number, "julian"))
    assert not meets(on_day_number(number + apart, "julian"), on_day_number(number, "gregorian"))


def test_the_less_exact_is_too_coarse() -> None:
    assert is_too_coarse(date("1917-11"), date("1917-11-07"))
    assert is_too_coarse(date("1916"), date("1917-11"))
    assert not is_too_coarse(date("1917-11"), date("1917-11"))
    assert not is_too_coarse(date("1917-11-07"), date("1917"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1917-11-07 NS", "7 November 1917 (New Style)"),
        ("1917-10-25 OS", "25 October 1917 (Old Style)"),
        ("1917-10-25", "25 October 1917"),
        ("1917-11 NS", "November 1917 (New Style)"),
        ("1917 NS", "1917"),
        ("1918-03-03 NS", "3 March 1918"),  # nobody asks which style, a month after the change
        ("1918-02-18 OS", "18 February 1918 (Old Style)"),
        ("1918-02-18 NS", "18 February 1918 (New Style)"),
    ],
)
def test_in_words(text: str, words: str) -> None:
    assert str(date(text)) == words


@pytest.mark.parametrize(
    ("text", "calendar", "message"),
    [
        ("1900-02-30", "gregorian", "30 February 1900: there is no such day in the New Style calendar."),
        ("1900-02-29", "gregorian", "29 February 1900: there is no such day in the New Style calendar."),
        ("1900-02-30", "julian", "30 February 1900: there is no such day in the Old Style calendar."),
        ("1900-02-30", "unstated", "30 February 1900: there is no such day in either calendar."),
        ("1917-04-31", "unstated", "31 April 1917: there is no such day in either calendar."),
        ("1917-13", "unstated", "“13” is not a month."),
        ("1917-00-07", "unstated", "“00” is not a month."),
        ("1917-11-32", "unstated", "“32” is not a day of a month."),
        ("17", "unstated", "“17” is not a year of four digits."),
        ("0000", "unstated", "“0000” is not a year of four digits."),
        ("١٩١٧", "unstated", "“١٩١٧” is not a year of four digits."),
        ("1917--07", "unstated", "The month is missing."),
        ("-11-07", "unstated", "The year is missing."),
        ("", "unstated", "The year is missing."),
        ("1917-11-07-1", "unstated", "“1917-11-07-1” is not a date."),
    ],
)
def test_no_such_date(text: str, calendar: str, message: str) -> None:
    with pytest.raises(NoSuchDate) as caught:
        parse(text, calendar)  # type: ignore[arg-type]
    assert str(caught.value) == message


def test_a_day_that_one_calendar_has_is_a_day() -> None:
    assert parse("1900-02-29", "julian").day == 29
    assert parse("1900-02-29", "unstated").day == 29


@given(st.text(st.sampled_from("0123456789-x "), max_size=12), st.sampled_from(["julian", "gregorian", "unstated"]))
def test_parse_reads_a_date_or_refuses_it(text: str, calendar: str) -> None:
    try:
        found = parse(text, calendar)  # type: ignore[arg-type]
    except NoSuchDate:
        return
    assert text.startswith(f"{found.year:04d}")
    assert text.count("-") == ["year", "month", "day"].index(found.precision)

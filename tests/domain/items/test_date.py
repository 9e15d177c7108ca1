from __future__ import annotations

from typing import Any

import pytest

from tests.builders import an_entry, an_item, mistakes_in

OCTOBER = {"date": "1917-11-07", "calendar": "gregorian"}
NOVEMBER = {"date": "1917-11", "calendar": "gregorian", "accept": [{"date": "1917-10", "calendar": "julian"}]}
MARCH = {"date": "1918-03-03", "calendar": "gregorian"}


def response(text: str) -> dict[str, str]:
    written, _, style = text.partition(" ")
    return {"date": written, "calendar": {"OS": "julian", "NS": "gregorian", "": "unstated"}[style]}


@pytest.mark.parametrize(
    ("key", "given", "reason"),
    [
        (OCTOBER, "1917-11-07", "The right date. 7 November 1917 (New Style) is 25 October 1917 (Old Style)."),
        (OCTOBER, "1917-10-25", "The right date. 25 October 1917 (Old Style) is 7 November 1917 (New Style)."),
        (OCTOBER, "1917-10-25 OS", "The right date. 25 October 1917 (Old Style) is 7 November 1917 (New Style)."),
        (MARCH, "1918-03-03", "The right date."),
        (MARCH, "1918-02-18 OS", "The right date. 18 February 1918 (Old Style) is 3 March 1918."),
        (NOVEMBER, "1917-11", "The right date."),
        (NOVEMBER, "1917-10", "The right date."),
        (NOVEMBER, "1917-10 OS", "The right date."),
        (NOVEMBER, "1917-10-25", "The right date."),
    ],
)
def test_right(key: dict[str, Any], given: str, reason: str) -> None:
    mark = an_item("date", key=key, wrong=[]).mark(response(given))
    assert (mark.fraction, mark.reason) == (1, reason)


@pytest.mark.parametrize(
    ("key", "given", "reason"),
    [
        (OCTOBER, "1917-11-07 OS", "Not the right date. 7 November 1917 (Old Style) is 20 November 1917 (New Style)."),
        (OCTOBER, "1917-11-08", "Not the right date."),
        (OCTOBER, "1917-11", "Not exact enough: give the day, month and year."),
        (OCTOBER, "1917-02-30", "30 February 1917: there is no such day in either calendar."),
        (MARCH, "1918-02", "Not exact enough: give the day, month and year."),
        (MARCH, "1918-02-18", "Not the right date."),
        (NOVEMBER, "1917-12", "Not the right date."),
        (NOVEMBER, "1917-10 NS", "Not the right date."),
        (NOVEMBER, "1917", "Not exact enough: give the month and year."),
    ],
)
def test_wrong(key: dict[str, Any], given: str, reason: str) -> None:
    mark = an_item("date", key=key, wrong=[]).mark(response(given))
    assert (mark.fraction, mark.reason) == (0, reason)


def form(year: str = "", month: str = "", day: str = "", calendar: str = "") -> dict[str, list[str]]:
    return {"answer-year": [year], "answer-month": [month], "answer-day": [day], "answer-calendar": [calendar]}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (form("1917", "11", "7"), "1917-11-07"),
        (form("1917", "11", "07", "julian"), "1917-11-07 OS"),
        (form("1917", "11", calendar="gregorian"), "1917-11 NS"),
        (form(" 1917 "), "1917"),
        (form("１９１７", "１１"), "1917-11"),
        (form("1917", "2", "30"), "1917-02-30"),
        (form("1917", "", "30"), "1917--30"),
        (form("", "11", "7"), "-11-07"),
        (form("1917", "11", "7th"), "1917-11-7th"),
        (form("-17", "11", "7-8"), "–17-11-7–8"),
        (form("1917", calendar="mayan"), "1917"),
    ],
)
def test_what_was_typed_is_kept_even_where_it_is_no_date(typed: dict[str, list[str]], read: str) -> None:
    item = an_item("date")
    assert item.read(typed, ()) == response(read)
    assert item.read(item.form(response(read), ()), ()) == response(read)
    assert item.review(response(read), ()).given


def test_a_calendar_alone_is_blank() -> None:
    assert an_item("date").read(form(calendar="julian"), ()) is None


def test_no_date_is_shown_as_it_was_typed() -> None:
    item = an_item("date")
    assert item.review(response("1917-02-30"), ()).given == "30 February 1917"
    assert item.review(response("1917--07"), ()).given == "7 (no month) 1917"
    assert item.review(response("17-1x"), ()).given == "(no day) 1x 17"


def chosen(given: str) -> list[str]:
    lines = an_item("date").review(response(given), ()).lines
    return [line.text for line in lines if line.chosen]


def test_a_foreseen_wrong_date_gets_its_feedback() -> None:
    assert chosen("1905-07") == ["July 1905"]
    assert chosen("1905-07-20") == ["July 1905"]  # a day of it
    assert chosen("1905-07-04 OS") == ["4 July 1905 (Old Style)"]  # the exact one before the month
    assert chosen("1905-07-17 NS") == ["4 July 1905 (Old Style)"]
    assert chosen("1905-06-14") == []
    assert chosen("1905-02-30") == []
    assert chosen("1906") == []


def test_a_wide_wrong_date_that_holds_the_right_one_is_for_itself_only() -> None:
    item = an_item(
        "date", wrong=[{"answer": {"date": "1905-06", "calendar": "gregorian"}, "feedback": "The day, please."}]
    )
    assert [line.chosen for line in item.review(response("1905-06"), ()).lines] == [True]
    assert [line.chosen for line in item.review(response("1905-06-20"), ()).lines] == [False]


def test_the_rule_says_how_exact_the_answer_must_be() -> None:
    assert an_item("date", key=OCTOBER).credit_rule().startswith("Give the day, month and year.")
    assert an_item("date", key=NOVEMBER).credit_rule().startswith("Give the month and year.")
    wide = {**OCTOBER, "accept": [{"date": "1917", "calendar": "unstated"}]}
    assert an_item("date", key=wide).credit_rule().startswith("Give the year.")


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"key": {"date": "1900-02-30", "calendar": "gregorian"}}, ("key", "date"), "no such day in the New Style"),
        ({"key": {"date": "1900-02-29", "calendar": "gregorian"}}, ("key", "date"), "no such day in the New Style"),
        ({"key": {"date": "1905-13", "calendar": "gregorian"}}, ("key", "date"), "“13” is not a month"),
        ({"key": {"date": "1905-6-14", "calendar": "gregorian"}}, ("key", "date"), "in quotation marks, such as"),
        ({"key": {"date": 1905, "calendar": "gregorian"}}, ("key", "date"), "put it in quotation marks"),
        ({"key": {"date": "1905"}}, ("key", "calendar"), "missing field «calendar»"),
        ({"key": {"date": "1905", "calendar": "old"}}, ("key", "calendar"), "not one of julian, gregorian, unstated"),
        (
            {"key": {**OCTOBER, "accept": [{"date": "1917-04-31", "calendar": "julian"}]}},
            ("key", "accept", 0, "date"),
            "31 April 1917: there is no such day",
        ),
        (
            {"wrong": [{"answer": {"date": "1905-04-31", "calendar": "julian"}}]},
            ("wrong", 0, "answer", "date"),
            "31 April 1905: there is no such day",
        ),
        (
            {"wrong": [{"answer": {"date": "1905-06-01", "calendar": "julian"}}]},
            ("wrong", 0, "answer"),
            "1 June 1905 (Old Style) is right by the key",
        ),
        (
            {"wrong": [{"answer": {"date": "1906", "calendar": "unstated"}}] * 2},
            ("wrong", 1, "answer"),
            "1906 is listed twice",
        ),
    ],
)
def test_authors_mistakes(changes: dict[str, Any], place: tuple[str | int, ...], message: str) -> None:
    found = mistakes_in(an_entry("date", **changes))
    assert list(found) == [place]
    assert message in found[place][0]


def test_the_leap_day_of_1900_is_a_key_in_the_old_style() -> None:
    item = an_item("date", key={"date": "1900-02-29", "calendar": "julian"})
    assert item.mark(response("1900-03-13 NS")).fraction == 1
    assert item.mark(response("1900-02-29")).fraction == 1
    assert item.mark(response("1900-02-29 NS")).fraction == 0

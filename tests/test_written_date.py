"""Dates as people type them."""

from __future__ import annotations

import pytest

from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import untyped
from quizapp.domain.written_date import iso


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1905", "1905"),
        ("1905-11", "1905-11"),
        ("1905-11-26", "1905-11-26"),
        ("1905-3-6", "1905-03-06"),
        ("26 November 1905", "1905-11-26"),
        (" 26  november  1905 ", "1905-11-26"),
        ("26 Nov 1905", "1905-11-26"),
        ("6 Sept. 1905", "1905-09-06"),
        ("26th of November, 1905", "1905-11-26"),
        ("November 26, 1905", "1905-11-26"),
        ("November 1905", "1905-11"),
        ("May 1905", "1905-05"),
        ("26.11.1905", "1905-11-26"),
        ("3. 4. 1905", "1905-04-03"),
    ],
)
def test_what_people_type_is_read(text: str, wanted: str) -> None:
    assert iso(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "whenever", "03/04/1905", "26 Ju 1905", "Juu 1905", "26.11.05", "26 Brumaire 1799"]
)
def test_what_is_no_date_or_not_clear_stays_as_it_was_typed(text: str) -> None:
    assert iso(text) == text


def test_a_date_in_a_question_is_kept_in_the_form_of_entries() -> None:
    given = {"stem": "When?", "key": {"date": "26 Nov 1905"}, "wrong": [{"answer": {"date": "November 1905"}}]}
    entry = untyped(given, ITEM_TYPES["date"])
    assert entry["key"]["date"] == "1905-11-26"
    assert entry["wrong"][0]["answer"]["date"] == "1905-11"
    assert entry["stem"] == "When?"

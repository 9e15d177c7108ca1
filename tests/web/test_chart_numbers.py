"""The numbers beside a chart: a table that sorts as every other does; and how a number is rounded for showing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.web.filters import number, percent, short_day
from tests import small_bank
from tests.web.sittings import Taker, key_position

COLUMNS = [
    {"label": "Group", "sort": "by-skill.1", "by": "name"},
    {"label": "First", "sort": "by-skill.2", "by": "weeks.0.share"},
    {"label": "In time", "sort": "by-skill.3", "by": ""},
]
ROWS = [
    {"name": "sourcing", "weeks": [{"share": 50}]},
    {"name": "Écoles", "weeks": [{"share": None}]},
    {"name": "change", "weeks": [{"share": 90}]},
]


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app with the small bank."""
    with app.app_context():
        small_bank.publish(transactions.session(), quizzes=(small_bank.a_quiz(),))
        small_bank.put_passages(transactions.session())
    return app


def names(app: Flask, sort: str) -> list[str]:
    template = app.jinja_env.from_string("{{ rows | by_column(columns, sort) | map(attribute='name') | join(' ') }}")
    context: dict[str, Any] = {"rows": ROWS, "columns": COLUMNS, "sort": sort}
    return template.render(context).split()


def test_rows_go_by_the_column_that_was_pressed_and_unknown_ones_last(app: Flask):
    assert names(app, "by-skill.1") == ["change", "Écoles", "sourcing"]
    assert names(app, "by-skill.2") == ["sourcing", "change", "Écoles"]
    assert names(app, "-by-skill.2") == ["change", "sourcing", "Écoles"]
    assert names(app, "-by-skill.3") == ["change", "Écoles", "sourcing"]
    assert names(app, "another-chart.1") == ["sourcing", "Écoles", "change"]


def test_the_scores_over_time_sort_and_stay_open(app: Flask, student: Taker):
    for right in (1, 3, 2):
        student.start("harbours")
        for slot in range(1, right + 1):
            student.press(slot, answer=key_position(student.at(slot).text))
        student.press("submit")
    page = "/progress?sort={}your-scores-over-time.2"
    up, down = (scores(student.get(page.format(sign)).text) for sign in ("", "-"))
    assert (up, down) == ([20, 40, 60], [60, 40, 20])
    shown = student.get(page.format("-")).text
    assert 'aria-sort="descending"><a href="?sort=your-scores-over-time.2#your-scores-over-time">Score' in shown
    assert '<details class="details" open>' in shown
    assert '<details class="details" open>' not in student.get("/progress").text


def scores(page: str) -> list[int]:
    """The scores of the table beside the chart, from above to below."""
    table = page.split("Your scores over time: the numbers", 1)[1].split("</table>", 1)[0]
    return [int(one) for one in re.findall(r'class="numeric">(\d+)%', table)]


def test_a_half_goes_up_on_every_page_as_in_the_gradebook():
    assert number(Decimal("62.5"), 0) == "63"
    assert number(0.125, 2) == "0.13"
    assert percent(Decimal("0.625")) == "63%"
    assert number(Decimal("-2.5"), 0) == "−3"


def test_a_short_day_of_another_year_says_which(app: Flask):
    this_year = datetime.now(UTC).year
    with app.test_request_context():
        assert short_day(datetime(this_year, 3, 12, 12, tzinfo=UTC)) == "12 Mar"
        assert short_day(datetime(this_year, 3, 12, 12, tzinfo=UTC), year=True) == f"12 Mar {this_year}"
        assert short_day(datetime(this_year - 1, 3, 12, 12, tzinfo=UTC)) == f"12 Mar {this_year - 1}"

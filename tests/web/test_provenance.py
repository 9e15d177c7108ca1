"""The page of questions to look at: sorted, downloaded, settled in one press by who teaches."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.services.questions import provenance
from quizapp.store import bank
from tests.services.test_authoring import publish
from tests.services.test_provenance import SEEDS, shorter, without_the_end
from tests.web.sittings import Taker, new_taker

PAGE = "/teach/provenance"


@pytest.fixture
def teacher(app: Flask, tmp_path: Path) -> Taker:
    """Somebody who teaches where questions wait: three left out, two in use, and all for a panel that changed."""
    with app.app_context():
        session = transactions.session()
        shorter(session, tmp_path)
        files = without_the_end()
        publish(session, tmp_path, {**files, SEEDS: files[SEEDS].replace("reliability: medium", "reliability: low")})
        transactions.commit()
    return new_taker(app, "teacher")


def waiting(teacher: Taker) -> list[dict[str, str]]:
    """The lines of the table that can be downloaded."""
    return list(csv.DictReader(io.StringIO(teacher.get(f"{PAGE}.csv").text.lstrip("\ufeff"))))


def test_both_kinds_are_told_apart(teacher: Taker) -> None:
    page = teacher.get(PAGE).text
    assert page.index("<h2>Left out of new attempts") < page.index("<h2>In use, and to be looked at")
    assert "described otherwise now: reliability." in page
    assert [one["New attempts"] for one in waiting(teacher)] == [*["leave it out"] * 3, *["get it"] * 2]
    desk = teacher.get("/teach/").text
    assert "3 questions to look at" in desk
    assert "2 more stay in use" in desk


def test_a_question_in_use_says_on_its_own_page_why_it_should_be_looked_at(teacher: Taker) -> None:
    page = "/teach/questions/strike-effects"
    assert "In use, and to be looked at" in teacher.get(page).text
    told = teacher.post(PAGE, page=page, name="strike-effects")
    assert told.status_code == 303
    assert "In use, and to be looked at" not in teacher.get(page).text
    assert "Looked at: still right" in teacher.get(f"{page}/history").text
    assert "Set aside" in teacher.get("/teach/questions/keeper-glass").text


@pytest.mark.parametrize("sort", [*provenance.SORTS, "-question", "nonsense"])
def test_it_sorts(teacher: Taker, sort: str) -> None:
    page = teacher.get(f"{PAGE}?sort={sort}")
    assert page.status_code == 200
    assert page.text.count("aria-sort") == (0 if sort == "nonsense" else 2)


def test_all_are_settled_in_one_press_and_nothing_else_is_touched(app: Flask, teacher: Taker) -> None:
    names = [one["Name"] for one in waiting(teacher)]
    page = teacher.get(PAGE).text
    assert "I have looked: these 3 are still right" in page
    token = teacher.token(PAGE)
    data = {"csrf_token": token, "name": [*names, "no-such-question"]}
    told = teacher.client.post(PAGE, data=data, base_url=teacher.base_url, follow_redirects=True).text
    assert "Still right: 5. New attempts get them." in told
    assert "Nothing to look at" in told
    assert waiting(teacher) == []
    with app.app_context():
        assert set(names) <= set(bank.current_items(transactions.session()))
    again = teacher.client.post(PAGE, data=data, base_url=teacher.base_url, follow_redirects=True).text
    assert "Somebody else has looked at them meanwhile" in again

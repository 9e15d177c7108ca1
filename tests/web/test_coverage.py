"""The page of what the bank covers: for teachers only; each table sorted, filtered, exported, with links, charts."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_catalogue
from tests.web.sittings import new_taker

TABLES = ("sources", "passages", "topics", "skills")


@pytest.fixture
def published(app: Flask) -> Flask:
    with app.app_context():
        small_catalogue.publish(transactions.session(), record=True)
    return app


def test_it_is_for_teachers(app: Flask) -> None:
    for path in ("/teach/coverage", "/teach/coverage.csv"):
        assert app.test_client().get(path).status_code == 302
    student = new_taker(app, "student")
    assert student.get("/teach/coverage").status_code == student.get("/teach/coverage.csv").status_code == 403


def test_an_empty_bank_says_what_to_do(app: Flask) -> None:
    page = new_taker(app, "teacher").get("/teach/coverage").text
    assert "Nothing is published yet" in page
    assert "quizapp bank publish" in page


@pytest.mark.parametrize("table", TABLES)
def test_each_table_has_a_chart_sorts_and_exports(published: Flask, table: str) -> None:
    teacher = new_taker(published, "teacher")
    page = teacher.get(f"/teach/coverage?table={table}&sort=-items").text
    assert 'class="bars"' in page
    assert 'aria-sort="descending"' in page
    assert f'<a href="?table={table}" aria-current="page">' in page
    href = re.search(r'href="(/teach/coverage\.csv\?[^"]+)" download', page)
    assert href is not None
    export = teacher.get(href[1].replace("&amp;", "&"))
    assert export.mimetype == "text/csv"
    assert f"coverage-{table}-" in export.headers["Content-Disposition"]
    rows = page.split("<tbody>")[-1].count("<tr>")
    assert len(export.text.splitlines()) == rows + 1


def test_passages_link_to_their_pages_and_can_be_narrowed_down(published: Flask) -> None:
    teacher = new_taker(published, "teacher")
    page = teacher.get("/teach/coverage?table=passages").text
    assert 'href="/sources/almanac/pilots"' in page
    gaps = teacher.get("/teach/coverage?table=passages&gaps=questions").text
    assert "/sources/almanac/ships" in gaps
    assert "/sources/almanac/pilots" not in gaps
    assert "There is no such passage" in teacher.get("/teach/coverage?table=passages&gaps=anything&source=almanac").text
    narrowed = teacher.get("/teach/coverage.csv?table=passages&gaps=questions").text
    assert "almanac/ships" in narrowed
    assert "almanac/pilots" not in narrowed


def test_without_documents_it_says_where_the_shares_come_from(published: Flask) -> None:
    page = new_taker(published, "teacher").get("/teach/coverage").text
    assert "as the edition record tells" in page
    assert "of 33%" in page


def test_nonsense_in_the_address_is_harmless(published: Flask) -> None:
    teacher = new_taker(published, "teacher")
    for query in ("table=nonsense", "sort=__class__", "table=passages&page=-3", "table=passages&page=99&source=x"):
        assert teacher.get(f"/teach/coverage?{query}").status_code == 200

"""The page to export scores, and its file: for teachers, own classes only, streamed, with a message for bad input."""

from __future__ import annotations

import csv
import io
import re
from itertools import product
from urllib.parse import urlencode

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import update

from quizapp import store
from quizapp.services import scores, transactions
from quizapp.store.class_tables import SchoolClass
from quizapp.store.tables import Attempt
from tests.classes import NOON
from tests.score_stage import ScoreStage
from tests.web.browsing import errors
from tests.web.sittings import new_taker, signed_in

PAGE, FILE = "/teach/scores/export", "/teach/scores/export/file"
ASKED = {"rows": "attempts", "format": "csv", "separator": "comma", "zone": "Europe/Berlin"}


class Site:
    """The app with a class to export, and who may."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            stage = ScoreStage(transactions.session())
            self.nine, self.other = stage.nine.id, stage.other.id
            self.tess = signed_in(app, stage.tess, "teacher")


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def asked(**more: object) -> str:
    return f"{FILE}?{urlencode({**ASKED, **more}, doseq=True)}"


def test_the_page_offers_own_classes_and_their_quizzes(site: Site):
    page = site.tess.get(f"{PAGE}?class={site.nine}&quiz=harbour-test").text
    assert "History 9b" in page
    assert "Theo’s class" not in page
    assert f'<option selected value="{site.nine}">' in page
    assert '<option selected value="harbour-test">' in page
    assert "Theo’s class" in new_taker(site.app, "admin").get(PAGE).text


def test_before_anything_is_set_it_says_so(site: Site):
    page = new_taker(site.app, "teacher").get(PAGE).text
    assert "Nothing to export yet" in page
    assert "Download" not in page


def test_the_file_is_sent_while_it_is_made(site: Site):
    answer = site.tess.get(asked(**{"class": site.nine}))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=History-9b_all-quizzes_attempts_")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.is_streamed
    assert "Content-Length" not in answer.headers
    assert "'=1+1" in answer.text
    assert not answer.text.startswith("\ufeff")  # the box is not ticked


def test_who_took_which_scores_away_is_written_down(site: Site):
    site.tess.get(asked(**{"class": site.nine, "quiz": "harbour-test"}))
    site.tess.get(asked(format="moodle"))
    _, first, second = csv.reader(io.StringIO(site.tess.get("/teach/audit.csv?kind=scores&sort=when").text))
    assert first[2:6] == ["export", "scores", "harbour-test", "History 9b"]
    assert "format: csv; a row for: an attempt" in first[7]
    assert "quiz: Harbour test" in first[7]
    assert re.search(r"attempts: [1-9]", first[7])
    assert "format: moodle; a row for: a student" in second[7]
    assert site.tess.get(asked(**{"class": site.other})).status_code == 422
    assert len(site.tess.get("/teach/audit.csv?kind=scores").text.splitlines()) == 3  # nothing was taken, nothing said


def test_every_format_downloads_with_every_row(site: Site):
    for form, rows in product(scores.FORMATS, scores.ROWS):
        answer = site.tess.get(asked(format=form, rows=rows, parts=list(scores.PARTS)))
        assert answer.status_code == 200, (form, rows)
        assert len(answer.data) > 100, (form, rows)
        if form == "xlsx":
            assert "Responses" in openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames


def test_a_link_to_the_file_alone_is_enough(site: Site):
    answer = site.tess.get(f"{FILE}?format=xlsx&class={site.nine}")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")


def test_a_file_called_by_other_letters_keeps_its_name(site: Site):
    with site.app.app_context():
        session = transactions.session()
        one = session.get(SchoolClass, site.nine)
        assert one is not None
        one.name = 'Geschichte Ä/9 Ž"'
        session.commit()
    given = site.tess.get(asked(**{"class": site.nine})).headers["Content-Disposition"]
    assert "filename=Geschichte-A-9-Z_all-quizzes" in given
    assert "filename*=UTF-8''Geschichte-%C3%84-9-%C5%BD_all-quizzes" in given


BAD_INPUT = (
    ("class", "999999", "Choose one of the list"), ("class", "x", "Choose one of the list"),
    ("class", "1;DROP", "Choose one of the list"), ("class", "9" * 60, "Choose one of the list"),
    ("quiz", "no-such", "Choose one of the list"), ("quiz", "\0", "Choose one of the list"),
    ("rows", "__class__", "Choose one of the list"), ("format", "exe", "Choose one of the list"),
    ("parts", "keys", "Choose one of the list"), ("separator", "x", "Choose one of the list"),
    ("zone", "Nowhere/Town", "There is no time zone «Nowhere/Town»"), ("zone", "../../etc/passwd", "no time zone"),
    ("zone", "", "There is no time zone"),
)  # fmt: skip


def test_bad_input_is_told_beside_its_field(site: Site):
    for field, value, says in BAD_INPUT:
        answer = site.tess.get(asked(**{field: value}))
        assert answer.status_code == 422, (field, value)
        assert says in answer.text, (field, value)
        assert answer.text.count('class="error"') == 1, (field, value)


def test_another_teachers_class_does_not_exist(site: Site):
    answer = site.tess.get(asked(**{"class": site.other}))
    assert answer.status_code == 422
    assert "History 9b" in answer.text
    assert "Theo" not in answer.text


def test_a_quiz_that_was_not_taken_in_the_class_is_told(site: Site):
    admin = new_taker(site.app, "admin")
    answer = admin.get(asked(**{"class": site.other, "quiz": "free"}))
    assert answer.status_code == 422
    assert "has not been set to this class" in errors(answer)["quiz"]


def test_students_and_visitors_get_nothing(site: Site):
    for path in (PAGE, asked()):
        assert new_taker(site.app, "student").get(path).status_code == 403
        assert new_taker(site.app, "anyone").get(path).status_code == 302


def test_attempts_whose_time_is_up_are_closed_first(site: Site):
    with site.app.app_context():
        session = transactions.session()
        bobs = update(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline.is_not(None))
        session.execute(bobs.values(deadline=NOON.replace(year=2020)))
        session.commit()
    text = site.tess.get(asked(**{"class": site.nine, "quiz": "harbour-test"})).text
    assert "time is up" not in text
    (bob,) = [line for line in text.splitlines() if ",bob," in line]
    assert ",done,1,5,20," in bob


def test_the_connection_comes_back_whether_the_file_is_read_or_not(site: Site):
    def taken() -> int:
        with site.app.app_context():
            return store.db.engine.pool.checkedout()

    site.tess.get(asked()).get_data()
    assert taken() == 0
    answer = site.tess.get(asked())
    next(iter(answer.response))
    answer.close()
    assert taken() == 0

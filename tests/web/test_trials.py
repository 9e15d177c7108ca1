"""A teacher takes a quiz as a student would: the student's pages up to the result, and no mark anywhere."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.domain.quiz import TRIAL
from quizapp.services import personal_data, transactions
from quizapp.services.building import trials
from quizapp.store import analysis, provenance
from quizapp.store.tables import Attempt, Response, Slot, User, Version
from tests.web.sittings import Taker, key_position, new_taker

PREVIEW = "/teach/quizzes/harbour-test/preview"
TABLES = (Attempt, Slot, Response, User, Version)

pytestmark = pytest.mark.usefixtures("bank")


def begin(teacher: Taker, quiz: str = "harbour-test") -> str:
    begun = teacher.post(f"/teach/quizzes/{quiz}/trial", page="/teach/quizzes")
    assert begun.status_code == 303, begun.text
    teacher.attempt = begun.location
    return begun.location


def rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        session = transactions.session()
        return {table.__name__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def sit(teacher: Taker) -> str:
    """Answer the first question rightly, the second not, and hand in; the result's page."""
    assert teacher.get(teacher.attempt).location == f"{teacher.attempt}/1"
    page = teacher.at(1).text
    assert "A trial: it counts nowhere" in page
    teacher.press(1, answer=key_position(page))
    assert teacher.script(2, 1, answer="0").status_code == 200
    assert "2 of 5 answered" in teacher.at("summary").text
    assert teacher.press("submit").location == f"{teacher.attempt}/result"
    return teacher.at("result").text


def test_it_goes_through_the_students_pages_to_the_result(teacher: Taker):
    begin(teacher)
    result = sit(teacher)
    assert "of 5 marks" in result
    assert "Practise what you missed" not in result
    assert "attempt -1" not in result
    assert teacher.at("result?print=1").status_code == 200
    assert teacher.press("retry").status_code == 403


def test_it_counts_nowhere(app: Flask, teacher: Taker):
    begin(teacher)
    sit(teacher)
    for page in ("/progress", "/progress.csv", "/teach/analysis", "/teach/analysis/harbour-test", "/account/data.json"):
        response = teacher.get(page)
        assert TRIAL not in response.text
        assert "Key 1" not in response.text
    with app.app_context():
        session = transactions.session()
        assert provenance.uses(session, ["choice-1"]) == {}
        assert analysis.counts(session, analysis.Whose()) == []
    assert "2 attempts left" not in teacher.get("/quizzes/harbour-test").text
    assert "Your attempts" not in teacher.get("/quizzes/harbour-test").text


def test_ending_it_leaves_the_database_as_it_was(app: Flask, teacher: Taker):
    before = rows(app)
    begin(teacher)
    sit(teacher)
    assert rows(app) != before
    ended = teacher.post("/teach/quizzes/harbour-test/trial/end", page=PREVIEW)
    assert ended.location == "/teach/quizzes/harbour-test/edit"
    assert rows(app) == before
    assert teacher.at("result").status_code == 404


def test_another_trial_takes_the_place_of_the_first(app: Flask, teacher: Taker):
    begin(teacher)
    once = rows(app)
    begin(teacher, "harbours")
    assert rows(app) == once
    assert teacher.get(f"{teacher.attempt}/1").status_code == 200


def test_it_takes_the_draft_as_it_stands_and_asks_no_password(app: Flask, teacher: Taker):
    edit = "/teach/quizzes/harbours/edit"
    fields = {"do": "keep", "title": "Mine", "mode": "test", "access": "class", "password": "tide",
              "navigation": "one_way", "sections-0-kind": "items", "sections-0-items": "choice-3",
              "sections-0-points": ""}  # fmt: skip
    teacher.post(edit, **fields)
    begin(teacher, "harbours")
    page = teacher.at(1).text
    assert "Question 3: which harbour" in page
    assert "of 1" in page


def test_a_quiz_that_is_not_complete_is_refused_in_words(teacher: Taker):
    edit = teacher.post("/teach/quizzes/new", page="/teach/quizzes").location
    refused = teacher.post(edit.replace("/edit", "/trial"), page=edit)
    assert refused.status_code == 409
    assert "not complete yet" in refused.text


def test_it_is_nobody_elses(app: Flask, teacher: Taker):
    begin(teacher)
    for role in ("student", "teacher"):
        other = new_taker(app, role)
        other.attempt = teacher.attempt
        assert other.at(1).status_code == 404
        assert other.press(1, answer="0").status_code == 404
    assert new_taker(app, "student").post("/teach/quizzes/harbours/trial", page="/quizzes").status_code == 403


def test_the_cookie_of_a_trial_is_worth_nothing_to_another_account(app: Flask, teacher: Taker):
    begin(teacher)
    eve = new_taker(app, "student")
    with teacher.client.session_transaction() as kept:
        trial = kept["trial"]
    with eve.client.session_transaction() as other:
        other["trial"] = trial
    eve.attempt = teacher.attempt
    assert eve.at(1).status_code == 404


def test_it_is_gone_after_a_day_and_with_its_teacher(app: Flask, teacher: Taker):
    empty = rows(app)
    begin(teacher)
    now = datetime.now(UTC)
    with app.app_context():
        session = transactions.session()
        assert trials.forget(session, now=now + timedelta(hours=23)) == 0
        assert trials.forget(session, now=now + timedelta(hours=25)) == 1
        transactions.commit()
    assert rows(app) == empty
    begin(teacher)
    with app.app_context():
        personal_data.erase(transactions.session(), teacher.id)
        transactions.commit()
        assert transactions.session().scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_class_sits_the_quiz_meanwhile_and_loses_nothing(app: Flask, teacher: Taker):
    student = new_taker(app, "student")
    student.start("harbour-test")
    student.press(1, answer="1")
    begin(teacher)
    sit(teacher)
    teacher.post("/teach/quizzes/harbour-test/trial/end", page=PREVIEW)
    with app.app_context():
        left = transactions.session().scalars(select(Attempt)).one()
        assert left.id == uuid.UUID(student.attempt.rpartition("/")[2])
    assert "checked" in student.at(1).text

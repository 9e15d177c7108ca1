"""Quizzes with a password, and quizzes whose questions go one way, in a browser without JavaScript."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import store
from quizapp.domain.quiz import Quiz
from quizapp.services import transactions
from quizapp.store.tables import Attempt, Response, User
from tests import classes, small_bank
from tests.databases import count_queries
from tests.web.browsing import errors
from tests.web.sittings import Taker, new_taker

WORD = "Quiet Harbour"
ONE_WAY = small_bank.a_test(id="one-way", title="One way", navigation="one_way", time_limit="1 h")
PRACTICE = small_bank.a_quiz(id="one-way-practice", title="One-way practice", navigation="one_way")


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app with quizzes that have a password, or go one way, or neither."""
    locked = small_bank.a_quiz(id="locked", title="Locked", password=WORD)
    for_class = small_bank.a_test(id="locked-test", title="Locked test", password=WORD, access="class")
    with app.app_context():
        quizzes = (small_bank.a_quiz(), small_bank.a_test(), locked, for_class, ONE_WAY, PRACTICE)
        small_bank.publish(transactions.session(), quizzes=quizzes)
    return app


@pytest.fixture
def ann(app: Flask) -> Taker:
    """A visitor; another one has left questions behind in the same quizzes."""
    bob = Taker(app.test_client())
    bob.start("one-way")
    bob.press(1, answer="0", leave="1")
    return Taker(app.test_client())


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return transactions.session().scalar(select(func.count()).select_from(table)) or 0


def try_password(who: Taker, said: str, quiz: str = "locked"):
    return who.post(f"/quizzes/{quiz}/attempts", page=f"/quizzes/{quiz}", password=said)


# --- password ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_beside_its_field_and_makes_neither_attempt_nor_account(app: Flask, ann: Taker):
    people, begun = count(app, User), count(app, Attempt)
    for said in ("", "loud harbour", "quiet", "x" * 500, "\0"):
        refused = try_password(ann, said)
        assert refused.status_code == 422
        assert "password" in errors(refused)
    assert (count(app, User), count(app, Attempt)) == (people, begun)
    assert ann.get("/session").get_json()["user"] in ("", None)


@pytest.mark.parametrize("said", [WORD, "quiet harbour", "  QUIET   harbour "])
def test_capitals_and_spaces_do_not_matter(ann: Taker, said: str):
    assert try_password(ann, said).status_code == 302


def test_going_on_asks_for_no_password(ann: Taker):
    first = try_password(ann, WORD).location
    assert "Password of this quiz" not in ann.get("/quizzes/locked").text
    assert try_password(ann, "").location == first


def test_no_page_of_a_student_shows_the_password(ann: Taker):
    ann.sign_up("ann")
    ann.attempt = try_password(ann, WORD).location
    running = ["/quizzes", "/quizzes/locked", f"{ann.attempt}/1", f"{ann.attempt}/summary"]
    for page in running:
        assert WORD not in ann.get(page).text
    ann.press("submit")
    for page in (f"{ann.attempt}/result", f"{ann.attempt}/result?print=1", "/progress", "/progress.csv", "/account",
                 "/account/data.json", "/"):  # fmt: skip
        response = ann.get(page)
        assert response.status_code == 200
        assert WORD not in response.text


def test_guessing_ends_in_waiting(ann: Taker):
    ann.sign_up("ann")
    tries = [try_password(ann, f"guess {number}").status_code for number in range(12)]
    assert tries == [422] * 10 + [429] * 2
    assert ann.post("/quizzes/harbours/attempts", page="/quizzes/harbours").status_code in (302, 429)


def test_what_a_class_sets_asks_for_the_password_too(app: Flask):
    student = new_taker(app, "student")
    with app.app_context():
        session = transactions.session()
        teacher = classes.a_teacher(session)
        made = classes.a_class(session, teacher, student.id)
        page = f"/assignments/{classes.an_assignment(session, made, teacher, 'locked-test').id}"
    assert "It asks for a password" in student.get(page).text
    assert student.post(f"{page}/attempts", page=page, password="wrong").status_code == 422
    begun = student.post(f"{page}/attempts", page=page, password=WORD.upper())
    assert begun.status_code == 302
    assert begun.location.startswith("/attempts/")


# --- one way ----------------------------------------------------------------------------------------------------------


def test_the_student_is_told_before_the_start_and_before_leaving(ann: Taker):
    assert "you cannot come back to it" in ann.get("/quizzes/one-way").text
    ann.start("one-way")
    page = ann.at(1).text
    assert "you cannot come back to this question" in page
    assert 'data-press="previous"' not in page
    assert 'name="go" value="3"' not in page


def test_a_question_that_was_left_opens_no_more(app: Flask, ann: Taker):
    ann.start("one-way")
    on = ann.press(1, answer="0", leave="1")
    assert ann.get(on.location).location == f"{ann.attempt}/2"
    back = ann.at(1)
    assert back.location == f"{ann.attempt}/2"
    assert "question 1 has been left" in ann.at(2).text
    late = ann.script(1, 1, answer="1").get_json()
    assert late["standing"] == "late"
    assert late["form"] == {"answer": ["0"]}
    assert ann.press(1, answer="2", leave="1").location == ann.attempt
    assert ann.get(ann.attempt).location == f"{ann.attempt}/2"
    with app.app_context():
        standings = transactions.session().scalars(
            select(Response.standing)
            .where(Response.attempt_id == uuid.UUID(ann.attempt.rpartition("/")[2]), Response.slot == 1)
            .order_by(Response.ordinal)
        )
        assert list(standings) == ["current", "late", "late"]


def test_no_address_jumps_ahead(ann: Taker):
    ann.start("one-way")
    assert ann.at(4).location == f"{ann.attempt}/1"
    assert "question 4 comes later" in ann.at(1).text
    ann.press(4, leave="1", sure="1")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/1"
    ann.press(9999, leave="1", sure="1")
    ann.press(1, go="4")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/1"


def test_leaving_without_an_answer_takes_a_second_press(ann: Taker):
    ann.start("one-way")
    asked = ann.press(1, leave="1")
    assert asked.location == f"{ann.attempt}/1?sure=1"
    page = ann.get(asked.location).text
    assert "You have not answered this question" in page
    assert 'name="sure" value="1"' in page
    ann.press(1, leave="1", sure="1")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/2"


def test_another_device_goes_on_at_the_first_question_that_was_not_left(app: Flask):
    phone, desk = new_taker(app, "student"), Taker(app.test_client())
    with phone.client.session_transaction() as kept, desk.client.session_transaction() as other:
        other.update(kept)
    desk.attempt = phone.start("one-way")
    phone.press(1, answer="0", leave="1")
    phone.press(2, answer="0", leave="1")
    assert desk.get(desk.attempt).location == f"{desk.attempt}/3"
    assert desk.start("one-way") == phone.attempt


def test_the_summary_links_to_no_closed_question(ann: Taker):
    ann.start("one-way")
    ann.press(1, leave="1", sure="1")
    page = ann.at("summary").text
    assert "Left without an answer, and closed: 1." in page
    assert "Still to come: 3, 4, 5" in page
    assert re.findall(rf'href="{ann.attempt}/(\d)"', page) == ["2"]
    for number in (2, 3, 4):
        ann.press(number, answer="0", leave="1")
    ann.press(5, answer="0", go="summary")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/summary"
    assert "Back to question 5" in ann.at("summary").text
    assert ann.at(5).status_code == 200
    assert ann.press("submit").location == f"{ann.attempt}/result"


def test_practice_goes_one_way_too(ann: Taker):
    ann.start("one-way-practice")
    ann.press("1/check", answer="0")
    page = ann.at(1).text
    assert 'name="leave"' in page
    assert f'href="{ann.attempt}/2"' not in page
    ann.press(1, unchanged="1", leave="1")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/2"
    ann.press("1/check", give_up="1")
    assert ann.at(1).location == f"{ann.attempt}/2"


def test_a_save_costs_no_other_query_than_in_a_free_quiz(app: Flask, ann: Taker):
    costs = {}
    for quiz in ("harbour-test", "one-way"):
        ann.start(quiz)
        ann.script(1, 1, answer="0")
        token = ann.token("/quizzes")
        form = {"csrf_token": token, "client": "phone-0001", "sequence": "2", "base": "phone-0001:1", "answer": "1"}
        with app.app_context(), count_queries(store.db.engine) as statements:
            ann.client.post(f"{ann.attempt}/1", data=form, headers={"Accept": "application/json"})
        costs[quiz] = len(statements)
    assert costs["one-way"] == costs["harbour-test"] <= 2


def test_a_free_attempt_is_not_touched_by_the_button_of_another(ann: Taker):
    ann.start("harbour-test")
    ann.press(1, answer="0", leave="1")
    assert ann.at(1).status_code == 200
    assert ann.at(4).status_code == 200


def test_nobody_moves_an_attempt_of_somebody_else(app: Flask, ann: Taker):
    ann.start("one-way")
    eve = new_taker(app, "student")
    eve.attempt = ann.attempt
    assert eve.press(1, unchanged="1", leave="1", sure="1").status_code == 404
    assert ann.get(ann.attempt).location == f"{ann.attempt}/1"


@pytest.mark.parametrize(("field", "value"), [("password", ""), ("password", "x" * 81), ("password", 1905),
                                              ("navigation", "back"), ("navigation", True)])  # fmt: skip
def test_what_the_files_may_not_say(field: str, value: object):
    with pytest.raises(ValueError, match=field):
        Quiz.model_validate(small_bank.a_quiz(**{field: value}))


def test_the_builder_keeps_password_and_direction(app: Flask):
    teacher = new_taker(app, "teacher")
    edit = "/teach/quizzes/harbours/edit"
    settings = {"do": "save", "title": "Harbours", "mode": "practice", "password": "tide", "navigation": "one_way"}
    section = {"sections-0-kind": "items", "sections-0-items": "choice-1", "sections-0-points": ""}
    assert teacher.post(edit, **settings, **section).status_code == 303
    page = teacher.get(edit).text
    assert 'value="tide"' in page
    assert re.search(r'value="one_way"[^>]*checked|checked[^>]*value="one_way"', page)
    student = new_taker(app, "student")
    assert try_password(student, "tide", "harbours").status_code == 302

"""The pages of typed answers: looked through, accepted for the question or for one quiz."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_bank
from tests.builders import an_entry
from tests.web.classrooms import Classroom
from tests.web.sittings import Taker, new_taker

PAGE = "/teach/questions/named-after/answers"


@pytest.fixture
def teacher(app: Flask) -> Taker:
    """A teacher whose students wrote something unforeseen."""
    with app.app_context():
        session = transactions.session()
        small_bank.put_passages(session)
        small_bank.put_item(session, an_entry("short_answer", id="named-after"))
        small_bank.publish(session, quizzes=(small_bank.a_test(sections=[{"items": ["named-after"]}]),))
    classroom = Classroom(app, students=2)
    for one, text in zip(classroom.students, ("Gregory the Great", "<b>Me</b>"), strict=True):
        classroom.begin(one)
        one.press(1, answer=text)
        one.press("submit")
    return classroom.teacher


def version(teacher: Taker) -> str:
    found = re.search(r'name="version" value="(\w+)"', teacher.get(PAGE).text)
    assert found is not None
    return found[1]


def test_the_answers_stand_there_as_they_were_written(teacher: Taker) -> None:
    page = teacher.get(PAGE).text
    assert "Gregory the Great" in page
    assert "&lt;b&gt;Me&lt;/b&gt;" in page
    assert "2 that nobody foresaw" in page
    assert teacher.get(f"{PAGE}.csv").text.count("\n") == 3
    assert PAGE in teacher.get("/teach/questions/named-after").text
    assert f"{PAGE}?quiz=harbour-test" in teacher.get("/teach/quizzes/harbour-test/answers").text
    assert teacher.get("/teach/quizzes/harbour-test/answers.csv?sort=answers").text.endswith(",2,2,2\r\n")


def test_one_click_accepts_for_the_question_and_says_that_no_mark_moved(teacher: Taker) -> None:
    sent = teacher.post(PAGE, page=PAGE, scope="item", text="Gregory the Great", version=version(teacher))
    assert sent.status_code == 303
    assert sent.location.startswith((PAGE, "/teach/regrade/named-after"))
    assert "No mark has moved yet" in teacher.get(sent.location).text
    assert "1 right" in teacher.get(PAGE).text
    stale = teacher.post(PAGE, page=PAGE, scope="item", text="Me", version=64 * "0")
    assert stale.status_code == 409
    assert "changed meanwhile" in stale.text


def test_one_click_accepts_for_the_quiz_and_a_second_moves_the_marks(teacher: Taker) -> None:
    sent = teacher.post(PAGE, page=PAGE, scope="quiz", quiz="harbour-test", text="Gregory the Great")
    page = teacher.get(sent.location).text
    assert "1 of 1 mark would move." in page
    teacher.post(sent.location, page=sent.location)
    assert "No mark of your students is to be moved." in teacher.get(sent.location).text
    gone = teacher.post(f"{sent.location}/withdraw", page=sent.location)
    assert "1 mark is as before" in teacher.get(gone.location).text
    assert teacher.get(sent.location).status_code == 404


def test_bad_input_and_strangers(app: Flask, teacher: Taker) -> None:
    for fields in ({"text": ""}, {"text": "?!"}, {}, {"text": "Me", "version": ""}):
        assert teacher.post(PAGE, page=PAGE, scope="item", **fields).status_code == 409
    assert teacher.post(PAGE, page=PAGE, scope="quiz", quiz="none", text="Me").status_code == 404
    assert teacher.get("/teach/questions/nothing/answers").status_code == 404
    assert teacher.get("/teach/quizzes/nothing/answers").status_code == 404
    assert "<b>Me" not in new_taker(app, "teacher").get(PAGE).text.replace("&lt;", "<")
    assert new_taker(app, "student").get(PAGE).status_code == 403

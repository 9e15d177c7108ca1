"""Reasons on the pages: asked without script, kept from others, marked question by question."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_bank
from tests.web.classrooms import Classroom
from tests.web.sittings import Taker, new_taker

REASON = "Because <b>it</b> has a mole & a light."


@pytest.fixture(autouse=True)
def bank(app: Flask) -> None:
    with app.app_context():
        small_bank.publish(transactions.session(), because=(1,))


class School(Classroom):
    """A class that was set the test, with its teacher, and a student who is about to take it."""

    def sit(self, reason: str = REASON) -> Taker:
        """The student takes the test, and gives a reason for the first answer."""
        self.begin()
        self.student.press(1, answer="0", because=reason)
        for number in range(2, 6):
            self.student.press(number, answer="0")
        self.student.press("submit")
        return self.student

    @property
    def sheet(self) -> str:
        """The address where the reasons are marked."""
        return f"/teach/marking/{self.assignment}/choice-1"

    @property
    def reason(self) -> str:
        """The address to which its points are sent."""
        return self.sheet + self.student.attempt.removeprefix("/attempts") + "/1"


def test_the_rule_of_credit_stands_beside_the_question(app: Flask) -> None:
    school = School(app)
    page = school.begin().at(1).text
    assert re.search(r'<textarea id="because-text" name="because" rows="3" maxlength="1000"', page)
    assert "your teacher gives 0, 1 or 2 points" in page
    assert "because" not in school.student.at(2).text
    taker = new_taker(app, "student")
    taker.start("harbours")
    assert "It is not marked" in taker.at(1).text


def test_a_result_waits_for_the_teacher_and_then_tells(app: Flask) -> None:
    school = School(app)
    student = school.sit()
    result = student.at("result").text
    assert result.count("Waiting for your teacher") == 2
    assert "Because &lt;b&gt;it&lt;/b&gt; has a mole &amp; a light." in result
    assert "score-number" not in result
    assert "waiting for your teacher" in student.get(f"/assignments/{school.assignment}").text
    assert school.teacher.get("/teach/marking").text.count("Question 1: which harbour is meant?") == 1
    assert "choice-1" not in school.teacher.get("/teach/marking.csv").text
    sent = school.teacher.post(school.reason, page=school.sheet, points="1")
    assert sent.status_code == 303
    assert sent.location == f"{school.sheet}?last=1#reason-1"
    page = school.teacher.get(school.sheet).text
    assert "1 of 1 marked" in page
    assert 'value="1" aria-pressed="true"' in page
    result = student.at("result").text
    assert "Waiting for your teacher" not in result
    assert "Your reason: 1 of 2 points" in result
    assert "Your teacher has marked your reasons" in student.get("/").text


def test_names_are_hidden_until_they_are_asked_for(app: Flask) -> None:
    school = School(app)
    student = school.sit()
    with student.client.session_transaction() as session:
        name = session["name"]
    assert name not in school.teacher.get(school.sheet).text
    assert name in school.teacher.get(f"{school.sheet}?names=1").text
    sent = school.teacher.post(school.reason, page=school.sheet, points="2", names="1")
    assert "names=1" in sent.location


def test_a_script_is_told_the_points_and_can_take_them_back(app: Flask) -> None:
    school = School(app)
    school.sit()
    data = {"csrf_token": school.teacher.token(school.sheet), "points": "2"}
    headers = {"Accept": "application/json"}
    told = school.teacher.client.post(school.reason, data=data, headers=headers)
    assert told.json == {"points": 2, "done": 1, "total": 1}
    undone = school.teacher.client.post(school.reason, data={**data, "undo": "1"}, headers=headers)
    assert undone.json == {"points": None, "done": 0, "total": 1}


def test_others_and_bad_input_are_refused(app: Flask) -> None:
    school = School(app)
    school.sit()
    other = new_taker(app, "teacher")
    assert "Nothing to mark" in other.get("/teach/marking").text
    assert other.get(school.sheet).status_code == 404
    assert other.post(school.reason, page="/teach/", points="2").status_code == 404
    for points in ("3", "-1", "", "two", "01"):
        assert school.teacher.post(school.reason, page=school.sheet, points=points).status_code == 409
    for rest in ("/2", "/99"):
        assert school.teacher.post(school.reason[:-2] + rest, page=school.sheet, points="1").status_code == 404
    assert school.teacher.get(f"/teach/marking/{school.assignment}/choice-2").status_code == 404
    assert school.student.get(school.sheet).status_code == 403


def test_in_practice_the_student_compares_the_reason_with_the_explanation(app: Flask) -> None:
    taker = new_taker(app, "student")
    taker.start("harbours")
    taker.press(1, answer="0", because=REASON)
    assert "Explanation 1." not in taker.at(1).text
    assert taker.press("1/self-check", self_check="had").status_code == 409
    taker.press("1/check", answer="0", because=REASON)
    page = taker.at(1).text
    assert page.index("a light.") < page.index("Explanation 1.") < page.index("Does your reason say")
    sent = taker.press("1/self-check", self_check="partly")
    assert sent.location == f"{taker.attempt}/1#review"
    assert 'value="partly" aria-pressed="true"' in taker.at(1).text
    assert taker.press("1/self-check", self_check="perhaps").status_code == 404
    taker.press("submit")
    assert taker.press("1/self-check", self_check="no").location == f"{taker.attempt}/result#question-1"
    assert 'value="no" aria-pressed="true"' in taker.at("result").text


def test_two_devices_see_both_reasons(app: Flask) -> None:
    taker = new_taker(app, "student")
    taker.start("harbours")
    assert taker.script(1, 1, because="From the phone.", answer="0").status_code == 200
    told = taker.script(1, 1, client="laptop-01", because="From the laptop.", answer="0")
    assert told.status_code == 409
    assert told.json is not None
    assert told.json["form"]["because"] == ["From the phone."]


def test_the_page_that_offers_both_answers_shows_both_reasons(app: Flask) -> None:
    taker = new_taker(app, "student")
    taker.start("harbours")
    taker.script(1, 1, because="From the phone.", answer="0")
    data = {"csrf_token": taker.token("/quizzes"), "client": "laptop-01", "sequence": "1", "base": ""}
    page = taker.client.post(f"{taker.attempt}/1", data={**data, "because": "From the laptop.", "answer": "0"})
    assert page.status_code == 409
    mine, theirs = (re.search(rf'id="{who}-because-text"[^>]*>([^<]*)<', page.text) for who in ("mine", "theirs"))
    assert mine is not None
    assert theirs is not None
    assert (mine[1], theirs[1]) == ("From the laptop.", "From the phone.")


def test_reasons_left_blank_are_named_before_handing_in(app: Flask) -> None:
    school = School(app)
    student = school.student
    student.attempt = student.post(f"/assignments/{school.assignment}/attempts", page="/quizzes").location
    assert "No reason given" not in student.at("summary").text  # the question itself is not answered yet
    student.press(1, answer="0")
    student.press(2, answer="0")  # asks for none
    page = re.sub(r"<[^>]+>", "", student.at("summary").text)
    assert "No reason given for question 1." in page
    assert f'href="{student.attempt}/1"' in student.at("summary").text
    student.press(1, answer="0", because=REASON)
    assert "No reason given" not in student.at("summary").text


def test_nothing_of_the_explanation_reaches_a_browser_while_the_test_runs(app: Flask) -> None:
    school = School(app)
    student = school.begin()
    told = student.script(1, 1, because=REASON, answer="0")
    pages = [
        student.at(1).text,
        student.at("summary").text,
        student.get("/").text,
        student.get("/account/data.json").text,
    ]
    for text in (told.text, *pages):
        assert "Explanation 1." not in text
        assert "choice-1" not in text
    assert student.press("1/self-check", self_check="had").status_code == 409


def test_a_reason_is_cut_and_cleaned(app: Flask) -> None:
    taker = new_taker(app, "student")
    taker.start("harbours")
    told = taker.script(1, 1, because="\x00" + "é" * 5000)
    assert told.json is not None
    assert told.json["form"]["because"] == ["é" * 1000]
    assert told.json["answered"] is False

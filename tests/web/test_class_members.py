"""Students of a class on the pages: what they did in it, leaving it by themselves, one slip for one of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.store import users
from tests.web.classrooms import Classroom
from tests.web.sittings import new_taker

pytestmark = pytest.mark.usefixtures("bank")


class School(Classroom):
    """A class with one student, to which a test is set."""

    @property
    def seat(self) -> str:
        """The student's page in the class."""
        return f"{self.page}/students/{self.student.id}"

    def put_on_a_list(self) -> None:
        """The student's account is one that a list made."""
        with self.app.app_context():
            user = users.by_id(transactions.session(), self.student.id)
            assert user is not None
            user.rostered_at = datetime.now(UTC)
            transactions.commit()


@pytest.fixture
def school(app: Flask) -> School:
    return School(app)


def test_a_students_page_lists_what_they_did_in_the_class(school: School) -> None:
    assert "has not begun anything" in school.teacher.get(school.seat).text
    attempt = school.begin().attempt
    page = school.teacher.get(school.seat).text
    assert "still at work" in page
    assert f"/teach{attempt}" in page
    school.student.press("submit")
    page = school.teacher.get(school.seat).text
    assert "still at work" not in page
    assert "0%" in page
    assert school.teacher.get(f"/teach{attempt}").status_code == 200
    assert new_taker(school.app, "teacher").get(school.seat).status_code == 404


def test_students_leave_a_class_by_themselves_and_the_teacher_brings_them_back(school: School) -> None:
    leave = f"/classes/{school.class_id}/leave"
    assert "Leave History 9b" in school.student.get("/account").text
    sent = school.student.post(leave, page="/account")
    assert sent.location == "/account"
    page = school.student.get("/account").text
    assert "You have left History 9b" in page
    assert "Leave a class" not in page
    assert school.student.post(leave, page="/account").status_code == 404
    assert school.student.get(f"/assignments/{school.assignment}").status_code == 404
    assert "Taken out (1)" in school.teacher.get(school.page).text
    school.teacher.post(f"{school.seat}/bring-back", page=school.page)
    assert "Leave History 9b" in school.student.get("/account").text
    assert "leave" in school.teacher.get(f"/teach/audit?class_id={school.class_id}").text


def test_nobody_leaves_what_they_are_not_in_and_accounts_of_lists_ask_their_teacher(school: School) -> None:
    leave = f"/classes/{school.class_id}/leave"
    assert new_taker(school.app, "student").post(leave, page="/account").status_code == 404
    assert school.teacher.post(leave, page="/account").status_code == 404
    school.put_on_a_list()
    page = school.student.get("/account").text
    assert "Leave a class" not in page
    assert "ask your teacher" in page
    assert school.student.post(leave, page="/account").status_code == 409


def test_one_student_gets_a_new_slip_from_the_page_of_the_class(school: School) -> None:
    assert "a new slip for one student" not in school.teacher.get(school.page).text
    school.put_on_a_list()
    assert f'<option value="{school.student.id}">' in school.teacher.get(school.page).text
    slips = school.teacher.post(f"{school.page}/slips", page=school.page, student=str(school.student.id))
    assert "1 slip for History 9b" in slips.text
    assert school.student.get("/account").status_code == 302  # signed out everywhere

"""Classes on the pages: made and joined step by step, or there at once with a quiz set to its students."""

from __future__ import annotations

import re

from flask import Flask

from quizapp.services import transactions
from tests import classes
from tests.web.sittings import Taker, new_taker


class Classroom:
    """A class to which a test is set, with its teacher and its students; the bank must be there."""

    def __init__(self, app: Flask, students: int = 1, quiz: str = "harbour-test") -> None:
        self.app = app
        self.teacher = new_taker(app, "teacher")
        self.students = [new_taker(app, "student") for _ in range(students)]
        with app.app_context():
            session = transactions.session()
            made = classes.a_class(session, self.teacher.id, *(one.id for one in self.students))
            self.class_id = made.id
            self.assignment = classes.an_assignment(session, made, self.teacher.id, quiz).id
        self.page = f"/teach/classes/{self.class_id}"

    @property
    def student(self) -> Taker:
        """The first student."""
        return self.students[0]

    def begin(self, student: Taker | None = None) -> Taker:
        """The student, or the first one, has begun what was set."""
        return (student or self.student).start_assigned(f"/assignments/{self.assignment}")


def a_class(app: Flask, teacher: Taker, *students: Taker) -> str:
    """The address of a new class with these students."""
    with app.app_context():
        made = classes.a_class(transactions.session(), teacher.id, *(one.id for one in students))
        return f"/teach/classes/{made.id}"


def make_class(teacher: Taker, name: str = "History 9b") -> str:
    """The address of a new class, made on its page."""
    made = teacher.post("/teach/classes/new", name=name, keep_months="24")
    assert made.status_code == 303, made.text
    return made.location


def code_of(teacher: Taker, school_class: str) -> str:
    """The code with which students join the class."""
    found = re.search(r'class="join-code">([A-Z2-9]{4}-[A-Z2-9]{4})<', teacher.get(school_class).text)
    assert found
    return found[1]


def join(student: Taker, code: str) -> None:
    """The student types the code."""
    assert student.post("/join", code=code).status_code == 303


def set_quiz(teacher: Taker, school_class: str, **fields: str) -> str:
    """Set a quiz on the class's page; the assignment's address."""
    given = {"quiz": "harbour-test", "kind": "class", "late_policy": "accept", **fields}
    made = teacher.post(f"{school_class}/assign", **given)
    assert made.status_code == 303, made.text
    return made.location

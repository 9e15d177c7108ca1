"""Work for a person: a reason that waits for its teacher, a typed answer that nobody foresaw, one that is accepted."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from quizapp.services import short_answers, taking
from quizapp.services.people import person
from quizapp.store import users
from quizapp.store.class_tables import SchoolClass
from tests import classes

QUIZ = "why"


def sections(asks_why: str, typed: str) -> list[dict[str, Any]]:
    """What the quiz of this name sets: a question that asks for a reason, and one with typed answers."""
    return [{"items": [asks_why, typed]}]


def sat(session: Session, school_class: SchoolClass, teacher: int, student: int, typed: str) -> tuple[int, str]:
    """The student takes the quiz, which must be published; the assignment's id, and what is accepted in it."""
    assignment = classes.an_assignment(session, school_class, teacher, QUIZ)
    attempt = classes.begin(session, assignment, student)
    for number, form in ((1, {"answer": ["0"], "because": ["So it says."]}), (2, {"answer": ["Nobody foresaw this"]})):
        sent = taking.Sent(attempt.id, number, form, user_id=student, epoch=0, fresh=f"form-{number}")
        taking.respond(session, sent, now=classes.NOON)
    classes.submit(session, attempt)
    user = users.by_id(session, teacher)
    assert user is not None
    key = short_answers.accept_for_quiz(session, typed, QUIZ, "Nobody", who=person(user), now=classes.NOON)
    session.commit()
    return assignment.id, key

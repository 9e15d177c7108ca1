"""Classes to test with: a teacher, students, a quiz set to them; quiet unless told otherwise."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.schedule import Dates
from quizapp.services import taking
from quizapp.services.assignments import setting, student
from quizapp.services.assignments.setting import Wanted
from quizapp.services.classes import own
from quizapp.services.classes.own import Settings
from quizapp.store import classes as store_classes
from quizapp.store.class_tables import Assignment, SchoolClass
from quizapp.store.tables import Attempt
from tests import small_bank

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


def a_teacher(session: Session, name: str = "tess") -> int:
    """A teacher's id."""
    return small_bank.a_user(session, name, "teacher")


def a_class(session: Session, teacher: int, *students: int, name: str = "History 9b") -> SchoolClass:
    """A class with these students."""
    made = own.create(session, Settings(name, 24), teacher_id=teacher, now=NOON)
    for one in students:
        store_classes.put(session, made.id, one, "student", NOON)
    session.commit()
    return made


def an_assignment(
    session: Session, school_class: SchoolClass, teacher: int, quiz: str = "harbour-test", **given: Any
) -> Assignment:
    """A quiz set to the class; ``opens``, ``due`` and ``closes`` may be given, and whatever ``Wanted`` takes."""
    dates = Dates(*(given.pop(name, None) for name in ("opens", "due", "closes")))
    wanted = Wanted(quiz, dates=dates, **given)
    made = setting.create(session, school_class.id, wanted, teacher_id=teacher, now=NOON)
    session.commit()
    return made


def begin(session: Session, assignment: Assignment, user_id: int, now: datetime = NOON) -> Attempt:
    """The student starts the assignment, or goes on with it."""
    new = uuid.uuid4()
    attempt = student.start_assigned(session, assignment.id, user_id=user_id, attempt_id=new, seed=new.hex, now=now)
    session.commit()
    return attempt


def answer(session: Session, attempt: Attempt, number: int, now: datetime = NOON, choice: str = "0") -> taking.Receipt:
    """The student ticks a choice, as shown."""
    form = {"answer": [choice]}
    sent = taking.Sent(attempt.id, number, form, user_id=attempt.user_id, epoch=0, fresh=uuid.uuid4().hex)
    receipt = taking.respond(session, sent, now=now)
    session.commit()
    return receipt


def answer_rightly(session: Session, attempt: Attempt, number: int, now: datetime = NOON) -> taking.Receipt:
    """The student ticks the key."""
    order = attempt.slots[number - 1].order
    return answer(session, attempt, number, now, str(order.index(0)))


def submit(session: Session, attempt: Attempt, now: datetime = NOON) -> Attempt:
    """The student hands it in."""
    taking.submit(session, attempt.id, user_id=attempt.user_id, now=now)
    session.commit()
    return attempt

"""A teacher's first page: what waits, what is set now, the first steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import desk, people
from quizapp.services.classes import own
from quizapp.services.desk import Desk
from quizapp.services.people import Person
from tests import classes, small_bank
from tests.classes import NOON
from tests.databases import count_queries

DAY = timedelta(days=1)


@pytest.fixture
def teacher(session: Session) -> Person:
    small_bank.publish(session)
    found = people.find(session, classes.a_teacher(session), 0)
    assert found is not None
    return found


def look(session: Session, teacher: Person, now=NOON) -> Desk:
    return desk.desk_of(session, teacher, now=now)


def test_a_new_teacher_has_every_step_before_them(session: Session, teacher: Person):
    found = look(session, teacher)
    assert found.steps == desk.FirstSteps(False, False, False, False)
    assert not found.steps.done
    assert (found.waits, found.running) == (False, ())


def test_steps_are_done_as_they_are_taken(session: Session, teacher: Person):
    school_class = classes.a_class(session, teacher.id)
    assert look(session, teacher).steps.made_a_class
    classes.an_assignment(session, school_class, teacher.id)
    assert look(session, teacher).steps.set_a_quiz
    assert not look(session, teacher).steps.took_a_quiz


def test_what_is_set_says_how_many_have_handed_in(session: Session, teacher: Person):
    ann, ben = (small_bank.a_user(session, name) for name in ("ann", "ben"))
    school_class = classes.a_class(session, teacher.id, ann, ben)
    later = classes.an_assignment(session, school_class, teacher.id, due=NOON + 2 * DAY)
    sooner = classes.an_assignment(session, school_class, teacher.id, due=NOON + DAY, closes=NOON + DAY)
    classes.submit(session, classes.begin(session, later, ann))
    found = look(session, teacher).running
    assert [(one.id, one.submitted, one.students) for one in found] == [(sooner.id, 0, 2), (later.id, 1, 2)]
    assert [one.id for one in look(session, teacher, NOON + DAY + DAY).running] == [later.id]


def test_another_teachers_classes_do_not_stand_there(session: Session, teacher: Person):
    other = classes.a_teacher(session, "otto")
    classes.an_assignment(session, classes.a_class(session, other), other, due=NOON + DAY)
    assert look(session, teacher).running == ()
    assert not look(session, teacher).steps.made_a_class


def test_an_archived_class_sets_nothing(session: Session, teacher: Person):
    school_class = classes.a_class(session, teacher.id)
    classes.an_assignment(session, school_class, teacher.id)
    own.archive(session, school_class.id, archived=True, teacher_id=teacher.id, now=NOON)
    assert look(session, teacher).running == ()


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_costs_ten_queries_at_most(session: Session, teacher: Person, many: int):
    for number in range(many):
        school_class = classes.a_class(session, teacher.id, name=f"Class {number}")
        classes.an_assignment(session, school_class, teacher.id, due=NOON + DAY)
    look(session, teacher)
    with count_queries(store.db.engine) as statements:
        look(session, teacher)
    assert len(statements) <= 10, statements

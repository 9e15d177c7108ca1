"""Something to regrade: a class that has handed in a test in which every question can be answered at will."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from quizapp.domain.marking import FULL
from quizapp.domain.regrade import Rule
from quizapp.services.people import Person
from quizapp.services.regrading import planning, runs
from quizapp.services.regrading.runs import Choice
from quizapp.store.tables import ATTEMPT, RESPONSE, SLOT, Attempt, Response, Slot
from tests import classes, small_bank
from tests.small_bank import NOON

LETTERS = {"a": 0, "b": 1, "c": 2}


@dataclass(frozen=True)
class Taught:
    """A teacher with a class, and what its students have handed in."""

    teacher: Person
    students: tuple[int, ...]
    attempts: tuple[Attempt, ...]


def a_person(session: Session, name: str, role: Any = "teacher") -> Person:
    """Somebody with an account."""
    return Person(small_bank.a_user(session, name, role), name, role, 0)


def key_is(option: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """The entry of a question whose key is this option."""
    entry = small_bank.a_choice(number, **changes)
    for one in entry["options"]:
        one.pop("correct", None)
        if one["id"] == option:
            one["correct"] = True
    return entry


def handed_in(session: Session, answers: Sequence[str], teacher: str = "tess", number: int = 1) -> Taught:
    """A class of as many students as there are answers to the question of this number: a letter, or «» for a blank.

    The other questions of the test are answered rightly by every other student.
    """
    who = a_person(session, teacher)
    students = tuple(small_bank.a_user(session, f"{teacher}-{i:04}") for i in range(len(answers)))
    school_class = classes.a_class(session, who.id, *students)
    assignment = classes.an_assignment(session, school_class, who.id)
    attempts = []
    for i, (student, answer) in enumerate(zip(students, answers, strict=True)):
        attempt = classes.begin(session, assignment, student)
        for slot in attempt.slots:
            given = answer if slot.number == number else "ab"[i % 2]
            if given:
                classes.answer(session, attempt, slot.number, choice=str(slot.order.index(LETTERS[given])))
        attempts.append(classes.submit(session, attempt))
    return Taught(who, students, tuple(attempts))


def multiply(session: Session, taught: Taught, number: int) -> None:
    """More attempts of the students, each a copy of one that is there, until there are so many more."""
    answers = {(one.attempt_id, one.slot): one for one in session.scalars(select(Response))}
    for i in range(number):
        old = taught.attempts[i % len(taught.attempts)]
        new = uuid.uuid4()
        session.execute(insert(Attempt), {**_columns(old, ATTEMPT), "id": new, "number": 2 + i})
        session.execute(insert(Slot), [{**_columns(slot, SLOT), "attempt_id": new} for slot in old.slots])
        given = [answers[old.id, slot.number] for slot in old.slots if (old.id, slot.number) in answers]
        rows = [{**_columns(one, RESPONSE), "attempt_id": new} for one in given]
        session.execute(insert(Response), [{key: row[key] for key in row if key != "id"} for row in rows])
    session.commit()


def _columns(row: Any, table: Table) -> dict[str, Any]:
    return {column.name: getattr(row, column.key) for column in table.columns}


def twice(session: Session, teacher: int, attempt_id: uuid.UUID, but: str) -> int:
    """Two regrades of questions of this attempt, other than the one named: by this teacher, and, of everybody's, by an
    administrator; the id of the first.
    """
    mine = select(Slot.item).where(Slot.attempt_id == attempt_id, Slot.item != but, Slot.fraction < FULL)
    lost = session.scalars(mine.order_by(Slot.number)).all()
    done = []
    for who, item in ((Person(teacher, "teacher", "teacher", 0), lost[0]), (Person(0, "admin", "admin", 0), lost[-1])):
        plan = planning.dry_run(session, item, Rule("full_marks"), who=who)
        choice = Choice(plan.fingerprint)
        done.append(runs.commit(session, item, plan.rule, choice, "A faulty question.", who=who, now=NOON))
    session.commit()
    return done[0].id

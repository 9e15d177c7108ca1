"""The gradebook of a class: who is in it, what counts in each cell, and few queries however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import gradebook, taking, transactions
from quizapp.services.assignments import setting
from quizapp.store import classes as store_classes
from quizapp.store.tables import Attempt
from tests import classes, small_bank
from tests.classes import NOON, a_class, a_teacher, an_assignment
from tests.databases import count_queries

LAST = small_bank.a_test(id="last-one", title="The last counts", grading="last", time_limit=None)
MEAN = small_bank.a_test(id="mean-one", title="The mean counts", grading="average", time_limit=None)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        session = transactions.session()
        small_bank.publish(session, quizzes=(small_bank.a_quiz(), small_bank.a_test(), LAST, MEAN))
        yield session


def sit(session: Session, assignment: object, user: int, right: int, minutes: int = 0) -> Attempt:
    """The student answers so many of the five questions rightly and hands in."""
    now = NOON + timedelta(minutes=minutes)
    attempt = classes.begin(session, assignment, user, now)  # type: ignore[arg-type]
    for number in range(1, right + 1):
        classes.answer_rightly(session, attempt, number, now)
    return classes.submit(session, attempt, now)


def marks(book: gradebook.Book) -> dict[str, list[Decimal | None]]:
    return {row.student.username: [one.mark for one in row.cells] for row in book.rows}


def test_everybody_is_there_and_what_counts_follows_the_quiz(session: Session):
    tess = a_teacher(session)
    ann, bob, gone = (small_bank.a_user(session, name) for name in ("ann", "bob", "gone"))
    nine = a_class(session, tess, ann, bob, gone)
    other = a_class(session, a_teacher(session, "theo"), ann, name="Another")
    best, last, mean = (an_assignment(session, nine, tess, quiz) for quiz in ("harbour-test", "last-one", "mean-one"))
    elsewhere = an_assignment(session, other, store_classes.members(session, other.id, "teacher")[0][1].id)
    for number, assignment in enumerate((best, last, mean)):
        sit(session, assignment, ann, 4, number)
        sit(session, assignment, ann, 1, 10 + number)
    sit(session, elsewhere, ann, 5, 30)
    membership = store_classes.membership(session, nine.id, gone)
    assert membership is not None
    membership.removed_at = NOON
    session.commit()
    book = gradebook.rows(session, nine.id, now=NOON + timedelta(hours=1))
    assert [one.title for one in book.columns] == ["Harbour test", "The last counts", "The mean counts"]
    assert marks(book) == {"ann": [Decimal(4), Decimal(1), Decimal("2.5")], "bob": [None, None, None]}
    [row, nobody] = book.rows
    assert row.total.share == Fraction(75, 150)
    assert (row.total.earned, row.total.available) == (Decimal("7.5"), Decimal(15))
    assert [one.attempts for one in row.cells] == [2, 2, 2]
    assert {one.state for one in nobody.cells} == {"not started"}
    assert nobody.total.share is None
    assert book.mean(0) == Fraction(4, 5)
    assert book.shown(row.total.share, row.total.available) == "50%"


def test_lateness_open_attempts_and_what_is_missing(session: Session):
    tess = a_teacher(session)
    ann, bob, cy, dee = (small_bank.a_user(session, name) for name in ("ann", "bob", "cy", "dee"))
    nine = a_class(session, tess, ann, bob, cy, dee)
    due = {"due": NOON + timedelta(minutes=5), "late_policy": "percent", "percent_a_day": 10}
    late = an_assignment(session, nine, tess, "last-one", **due)
    timed = an_assignment(
        session, nine, tess, "harbour-test", target=setting.Target(students=frozenset([bob])), kind="students"
    )
    sit(session, late, ann, 5, 60)
    classes.begin(session, timed, bob)
    book = gradebook.rows(session, nine.id, now=NOON + timedelta(minutes=10))
    of = {row.student.username: row.cells for row in book.rows}
    assert (of["ann"][0].mark, of["ann"][0].late_percent, of["ann"][0].late_by) == (
        Decimal("4.5"), 10, timedelta(minutes=55),
    )  # fmt: skip
    assert [of[name][0].state for name in ("bob", "cy", "dee")] == ["missing"] * 3
    assert [of[name][1].state for name in ("ann", "bob")] == ["not set", "working"]
    assert not book.has_run_out
    later = NOON + timedelta(hours=1)
    assert gradebook.rows(session, nine.id, now=later).has_run_out
    taking.close_overdue(session, now=later)
    assert not gradebook.rows(session, nine.id, now=later).has_run_out


def test_what_is_taken_of_oneself_is_shown_where_asked_for_and_never_counts(session: Session):
    tess, ann = a_teacher(session), small_bank.a_user(session, "ann")
    nine = a_class(session, tess, ann, small_bank.a_user(session, "bob"))
    begun = taking.start(session, "harbours", user_id=ann, attempt_id=uuid.UUID(int=1), seed="1", now=NOON)
    classes.submit(session, begun)
    assert gradebook.rows(session, nine.id, now=NOON).columns == ()
    book = gradebook.rows(session, nine.id, now=NOON, own=True)
    assert [(one.key, one.counts) for one in book.columns] == [("q-harbours", False)]
    assert [row.cells[0].state for row in book.rows] == ["done", "not set"]
    assert [row.total.share for row in book.rows] == [None, None]


def test_queries_do_not_grow(session: Session):
    tess = a_teacher(session)
    nine = a_class(session, tess, small_bank.a_user(session, "student-0"))

    def queries() -> int:
        session.expire_all()
        with count_queries(store.db.engine) as statements:
            gradebook.rows(session, nine.id, now=NOON, own=True)
        return len(statements)

    [(_, first)] = store_classes.members(session, nine.id, "student")
    sit(session, an_assignment(session, nine, tess), first.id, 1)
    few = queries()
    for number in range(1, 6):
        one = small_bank.a_user(session, f"student-{number}")
        store_classes.put(session, nine.id, one, "student", NOON)
        sit(session, an_assignment(session, nine, tess, "last-one"), one, number % 5, number)
    assert queries() == few <= 14

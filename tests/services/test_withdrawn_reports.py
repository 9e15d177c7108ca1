"""Withdrawing what one has reported: while it is open, one's own alone; teachers have nothing to do about it then."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.problem_report import CHALLENGE, STATES
from quizapp.services import audit, personal_data
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person
from quizapp.services.questions import listing
from quizapp.services.reports import deciding, filing, inbox, own, withdrawing
from quizapp.services.reports.filing import Filed
from quizapp.services.taking.lines import Line
from quizapp.store import reports
from quizapp.store.class_tables import AuditEntry
from quizapp.store.report_tables import ProblemReport, Reporter
from quizapp.store.tables import User
from tests import small_catalogue
from tests.services.test_learning import Student
from tests.services.test_reports import LATER, PILOTS, a_teacher, answer, challenge, report, sat, seen, told


@pytest.fixture
def ann(session: Session) -> Student:
    """A student, in a small bank whose document is attached."""
    small_catalogue.publish(session, attach=small_catalogue.TEXT)
    return Student(session, "ann")


@pytest.fixture
def bob(ann: Student) -> Student:
    return Student(ann.session, "bob")


@pytest.fixture
def tess(ann: Student) -> Person:
    return a_teacher(ann.session)


def withdraw(student: Student, filed: Filed) -> ProblemReport:
    done = withdrawing.withdraw(student.session, filed.id, user_id=student.id, now=LATER)
    student.session.commit()
    return done


def problems(session: Session) -> int:
    """How many reports of the question wait, as the list of questions counts them."""
    listing.refresh(session, store.write_transaction(session))
    page = listing.page(session, listing.Wanted(), sort="stem", number=1)
    return next(one.line.problems for one in page.questions if one.line.name == "choice-1")


def mine(student: Student) -> list[tuple[str | None, int]]:
    """State and number of others, of each of their reports."""
    return [(one.state, one.others) for one in own.mine(student.session, student.id, now=LATER)]


def test_it_waits_for_nobody_any_more_and_teachers_see_it_as_withdrawn(ann: Student, tess: Person):
    session, filed = ann.session, report(ann)
    assert inbox.waiting(session, tess) == 1
    assert withdraw(ann, filed).decided_at == LATER
    assert mine(ann) == [("withdrawn", 0)]
    assert inbox.waiting(session, tess) == 0
    assert seen(session, tess, state="open") == []
    [found] = inbox.page(session, inbox.Wanted(tess.id), sort="last", number=1).reports
    assert (found.state, found.names, found.mine, found.others) == (STATES["withdrawn"], ("ann",), 1, 0)
    assert inbox.of_question(session, "choice-1", tess) == ()
    assert deciding.beside(session, "choice-1", teacher=tess) == ()
    assert problems(session) == 0
    assert [one.name for one in deciding.report_page(session, filed.id, teacher=tess).told] == ["ann"]
    assert ",withdrawn," in inbox.as_csv(session, inbox.Wanted(tess.id), sort="last")
    for deed in deciding.DEEDS:
        with pytest.raises(Conflict):
            deciding.answer(session, filed.id, deed, "Too late.", teacher=tess, now=LATER)


def test_it_is_written_down_once(ann: Student):
    filed = report(ann)
    withdraw(ann, filed)
    withdraw(ann, filed)  # pressed twice
    [entry] = ann.session.scalars(select(AuditEntry).where(AuditEntry.action == "withdraw"))
    assert (entry.actor_id, entry.kind, entry.name) == (ann.id, "report", str(filed.id))
    assert entry.old == {"state": "open"}
    assert entry.new == {"kind": "Unclear", "of": "choice-1", "state": "withdrawn"}
    lines = audit.page(ann.session, audit.Wanted(), sort="-when", number=1).lines
    assert (lines[0].who, lines[0].action) == ("ann", "withdraw")


def test_after_withdrawing_a_challenge_another_may_be_made(ann: Student):
    first = challenge(ann)
    with pytest.raises(Conflict):
        challenge(ann, counter=PILOTS)
    ann.session.rollback()
    withdraw(ann, first)
    second = challenge(ann, counter=PILOTS)
    assert second.id != first.id
    withdraw(ann, second)
    third = challenge(ann)  # with the words of the first
    assert (third.again, third.merged, third.id != first.id) == (False, False, True)
    assert [state for state, _ in mine(ann)].count("open") == 1


def test_who_said_the_same_stands_by_it_and_is_answered_alone(ann: Student, bob: Student, tess: Person):
    filed, same = challenge(ann), challenge(bob)
    assert same.id == filed.id
    withdraw(ann, filed)
    assert mine(ann) == [("withdrawn", 1)]
    assert mine(bob) == [("open", 0)]
    assert [one.name for one in deciding.report_page(ann.session, filed.id, teacher=tess).told] == ["bob"]
    [found] = inbox.page(ann.session, inbox.Wanted(tess.id), sort="last", number=1).reports
    assert (found.names, found.mine, found.others) == (("bob",), 1, 0)
    answer(tess, ann.session, filed, "decline")
    assert (len(told(ann)), len(told(bob))) == (0, 1)
    assert mine(ann) == [("withdrawn", 1)]
    assert not own.mine(ann.session, ann.id, now=LATER)[0].answers


def test_who_withdrew_may_say_the_same_again_beside_those_who_stand_by_it(ann: Student, bob: Student):
    filed = challenge(ann)
    challenge(bob)
    withdraw(ann, filed)
    again = challenge(ann, comment="I am sure after all.")
    assert (again.id, again.merged, again.again) == (filed.id, True, False)
    assert mine(ann) == [("open", 1)]
    withdraw(ann, filed)
    withdraw(bob, filed)
    assert mine(bob) == [("withdrawn", 0)]


def test_only_ones_own_and_only_while_it_is_open(ann: Student, bob: Student, tess: Person):
    filed = report(ann)
    for student, number in ((bob, filed.id), (ann, filed.id + 1)):
        with pytest.raises(NotFound):
            withdrawing.withdraw(student.session, number, user_id=student.id, now=LATER)
    answer(tess, ann.session, filed, "reply")
    assert own.mine(ann.session, ann.id, now=LATER)[0].may_be_withdrawn  # still open
    answer(tess, ann.session, filed, "accept")
    assert not own.mine(ann.session, ann.id, now=LATER)[0].may_be_withdrawn
    with pytest.raises(Conflict):
        withdraw(ann, filed)


def test_nothing_is_told_by_it_while_the_question_is_asked_again(ann: Student, tess: Person):
    filed = report(ann)
    answer(tess, ann.session, filed, "decline")
    ann.start("harbour-test")
    with pytest.raises(Conflict) as refused:
        withdrawing.withdraw(ann.session, filed.id, user_id=ann.id, now=ann.now)
    assert refused.value.message == withdrawing.ASKED_NOW


def test_when_the_last_who_stood_by_it_is_erased_it_is_withdrawn(ann: Student, bob: Student):
    session, filed = ann.session, challenge(ann)
    challenge(bob)
    withdraw(ann, filed)
    reports.forget_user(session, bob.id)
    session.commit()
    assert session.get_one(ProblemReport, filed.id).state == "withdrawn"
    assert problems(session) == 0
    reports.forget_user(session, ann.id)
    assert session.get(ProblemReport, filed.id) is None


def test_a_guests_report_goes_before_what_its_new_owner_has_withdrawn(ann: Student, bob: Student):
    session, filed = ann.session, challenge(ann)
    challenge(bob)
    withdraw(ann, filed)
    giver, taker = session.get_one(User, bob.id), session.get_one(User, ann.id)
    reports.hand_over(session, giver, taker)
    session.expire_all()
    [left] = session.scalars(select(Reporter).where(Reporter.report_id == filed.id))
    assert (left.user_id, left.withdrawn_at) == (ann.id, None)
    assert filing.open_challenge(session, filing.of_line(_line(ann)), CHALLENGE, user_id=ann.id) == filed.id


def test_ones_own_data_tells_that_it_is_withdrawn(ann: Student):
    filed = report(ann)
    withdraw(ann, filed)
    data = json.loads(json.dumps(personal_data.export(ann.session, ann.id, now=LATER)))
    assert [one["state"] for one in data["reports"]] == ["withdrawn"]


def _line(student: Student) -> Line:
    return filing.reviewed(student.session, sat(student).id, 1, user_id=student.id, now=LATER)

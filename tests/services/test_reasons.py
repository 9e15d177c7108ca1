"""Reasons beside answers: kept with every save, marked by the teacher of the class, waiting until then."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import analysis, marks, notes, personal_data, reasons, reporting, taking
from quizapp.services.assignments import attending
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import person
from quizapp.store import attempts, classes, users
from quizapp.store.tables import Attempt
from tests import small_bank
from tests.classes import NOON, a_class, a_teacher, an_assignment, begin, submit
from tests.databases import count_queries

LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _bank(session: Session) -> None:
    """The first question asks for a reason."""
    small_bank.publish(session, because=(1,))


def say(session: Session, attempt: Attempt, number: int, *, right: bool = True, because: str = "") -> taking.Receipt:
    """An answer with a reason, sent by a form."""
    order = attempt.slots[number - 1].order
    form = {"answer": [str(order.index(0 if right else 1))], "because": [because]}
    return send(session, attempt, number, form)


def send(session: Session, attempt: Attempt, number: int, form: dict[str, list[str]]) -> taking.Receipt:
    """A form as it is."""
    sent = taking.Sent(attempt.id, number, form, user_id=attempt.user_id, epoch=0, fresh=uuid.uuid4().hex)
    receipt = taking.respond(session, sent, now=NOON)
    session.commit()
    return receipt


def the_slot(session: Session, attempt: Attempt, number: int = 1) -> Any:
    """The slot as it stands in the database."""
    session.expire_all()
    found = attempts.find(session, attempt.id, attempt.user_id)
    assert found is not None
    return found.slots[number - 1]


class Sat:
    """A test that a class was set, taken by a student who gave a right answer and a reason to its first question."""

    def __init__(self, session: Session, because: str = "It has a mole.", right: bool = True) -> None:
        self.teacher, self.student = a_teacher(session), small_bank.a_user(session, "sam")
        school_class = a_class(session, self.teacher, self.student)
        self.assignment = an_assignment(session, school_class, self.teacher)
        self.attempt = begin(session, self.assignment, self.student)
        say(session, self.attempt, 1, right=right, because=because)
        for number in range(2, 6):
            say(session, self.attempt, number)
        submit(session, self.attempt)


def test_a_test_with_a_reason_waits_for_the_teacher(session: Session) -> None:
    sat = Sat(session)
    slot = the_slot(session, sat.attempt)
    assert slot.fraction is None
    assert slot.mark is None
    attempt = session.get(Attempt, sat.attempt.id)
    assert attempt is not None
    assert attempt.mark is None
    page = taking.result_page(session, sat.attempt.id, user_id=sat.student, now=LATER)
    assert page.waiting
    assert page.mark is None
    assert [line.waiting for line in page.lines] == [True, False, False, False, False]
    assert page.lines[0].because == "It has a mole."


@pytest.mark.parametrize(("points", "mark"), [(0, "0.5"), (1, "0.75"), (2, "1")])
def test_points_make_the_other_half_of_the_mark(session: Session, points: int, mark: str) -> None:
    sat = Sat(session)
    reasons.give(session, sat.attempt.id, 1, points, teacher_id=sat.teacher, now=LATER)
    slot = the_slot(session, sat.attempt)
    assert slot.mark == Decimal(mark)
    page = taking.result_page(session, sat.attempt.id, user_id=sat.student, now=LATER)
    assert not page.waiting
    assert page.mark == 4 + Decimal(mark)
    assert page.lines[0].points == points
    assert [note.address for note in notes.unread(session, sat.student)] == [f"/attempts/{sat.attempt.id}/result"]


def test_points_are_taken_back_one_by_one(session: Session) -> None:
    sat = Sat(session)
    for points in (1, 2):
        reasons.give(session, sat.attempt.id, 1, points, teacher_id=sat.teacher, now=LATER)
    reasons.take_back(session, sat.attempt.id, 1, teacher_id=sat.teacher, now=LATER)
    assert the_slot(session, sat.attempt).fraction == Decimal("0.75")
    reasons.take_back(session, sat.attempt.id, 1, teacher_id=sat.teacher, now=LATER)
    assert the_slot(session, sat.attempt).fraction is None
    assert [change.kind for change in marks.history(session, sat.attempt.id)] == ["person", "person", "undo", "undo"]
    with pytest.raises(Conflict):
        reasons.take_back(session, sat.attempt.id, 1, teacher_id=sat.teacher, now=LATER)
    assert len(notes.unread(session, sat.student)) == 1


def test_no_reason_waits_for_nobody(session: Session) -> None:
    sat = Sat(session, because="  ")
    slot = the_slot(session, sat.attempt)
    assert slot.fraction == Decimal("0.5")
    assert reasons.todo(session, sat.teacher) == []
    with pytest.raises(NotFound):
        reasons.give(session, sat.attempt.id, 1, 2, teacher_id=sat.teacher, now=LATER)


def test_a_reason_without_an_answer_earns_nothing_and_waits_for_nobody(session: Session) -> None:
    teacher, student = a_teacher(session), small_bank.a_user(session, "sam")
    attempt = begin(session, an_assignment(session, a_class(session, teacher, student), teacher), student)
    receipt = send(session, attempt, 1, {"because": ["Only this."]})
    assert not receipt.answered
    assert receipt.current_form == {"because": ["Only this."]}
    submit(session, attempt)
    assert the_slot(session, attempt).fraction == 0
    assert reasons.todo(session, teacher) == []


def test_another_teacher_finds_nothing(session: Session) -> None:
    sat = Sat(session)
    other = a_teacher(session, "tim")
    a_class(session, other, sat.student, name="Another class")
    assert reasons.todo(session, other) == []
    with pytest.raises(NotFound):
        reasons.sheet(session, sat.assignment.id, "choice-1", teacher_id=other)
    for deed in (reasons.take_back, lambda *a, **k: reasons.give(*a, 2, **k)):
        with pytest.raises(NotFound):
            deed(session, sat.attempt.id, 1, teacher_id=other, now=LATER)
    with pytest.raises(Conflict):
        reasons.give(session, sat.attempt.id, 1, 3, teacher_id=sat.teacher, now=LATER)


def test_the_sheet_has_every_reason_and_by_default_tells_no_name_by_its_order(session: Session) -> None:
    sat = Sat(session, right=False)
    found = reasons.sheet(session, sat.assignment.id, "choice-1", teacher_id=sat.teacher)
    line = found.lines[0]
    assert (line.because, line.outcome, line.answer, line.waiting) == ("It has a mole.", "wrong", "Lure 1", True)
    todo = reasons.todo(session, sat.teacher)
    assert [(one.item, one.waiting, one.done) for one in todo] == [("choice-1", 1, 0)]


def test_outside_a_class_and_in_practice_nobody_waits(session: Session) -> None:
    student = small_bank.a_user(session, "sam")
    for quiz in ("harbour-test", "harbours"):
        new = uuid.uuid4()
        attempt = taking.start(session, quiz, user_id=student, attempt_id=new, seed="s", now=NOON)
        session.commit()
        say(session, attempt, 1, because="It has a mole.")
        submit(session, attempt)
        slot = the_slot(session, attempt)
        assert slot.fraction == 1
        taking.self_check(session, attempt.id, 1, "partly", user_id=student, now=LATER)
        line = taking.result_page(session, attempt.id, user_id=student, now=LATER).lines[0]
        assert (line.self_check, line.may_self_check, line.points) == ("partly", True, None)


def test_a_self_check_waits_for_the_explanation(session: Session) -> None:
    student = small_bank.a_user(session, "sam")
    attempt = taking.start(session, "harbours", user_id=student, attempt_id=uuid.uuid4(), seed="s", now=NOON)
    session.commit()
    say(session, attempt, 1, because="It has a mole.")
    with pytest.raises(Conflict):
        taking.self_check(session, attempt.id, 1, "had", user_id=student, now=NOON)
    taking.check(session, attempt.id, 1, user_id=student, now=NOON)
    taking.self_check(session, attempt.id, 1, "had", user_id=student, now=NOON)
    say(session, attempt, 2)
    taking.check(session, attempt.id, 2, user_id=student, now=NOON)
    for number, verdict, error in ((1, "perhaps", NotFound), (9, "had", NotFound), (2, "had", Conflict)):
        with pytest.raises(error):
            taking.self_check(session, attempt.id, number, verdict, user_id=student, now=NOON)
    other = small_bank.a_user(session, "other")
    with pytest.raises(NotFound):
        taking.self_check(session, attempt.id, 1, "had", user_id=other, now=NOON)


def test_a_changed_reason_alone_is_a_new_response_and_a_repeated_form_is_none(session: Session) -> None:
    student = small_bank.a_user(session, "sam")
    attempt = taking.start(session, "harbours", user_id=student, attempt_id=uuid.uuid4(), seed="s", now=NOON)
    session.commit()
    assert not say(session, attempt, 1, because="One.\r\nTwo.").repeated
    assert say(session, attempt, 1, because="One.\nTwo. ").repeated
    assert not say(session, attempt, 1, because="Three.").repeated
    assert say(session, attempt, 2, because="Nobody asked.").current_form == {
        "answer": [str(attempt.slots[1].order.index(0))]
    }


def test_a_save_with_a_reason_costs_what_any_save_costs(session: Session) -> None:
    student = small_bank.a_user(session, "sam")
    attempt = taking.start(session, "harbours", user_id=student, attempt_id=uuid.uuid4(), seed="s", now=NOON)
    session.commit()
    say(session, attempt, 1, because="The first version is known from then on.")
    with count_queries(store.db.engine) as statements:
        say(session, attempt, 1, because="Another.")
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT"]


def test_a_sheet_costs_the_same_for_many_students(session: Session) -> None:
    sat = Sat(session)
    costs = []
    for number in range(3):
        with count_queries(store.db.engine) as statements:
            found = reasons.sheet(session, sat.assignment.id, "choice-1", teacher_id=sat.teacher)
            reasons.todo(session, sat.teacher)
        costs.append((len(found.lines), len(statements)))
        other = small_bank.a_user(session, f"other-{number}")
        classes.put(session, sat.assignment.class_id, other, "student", NOON)
        attempt = begin(session, sat.assignment, other)
        say(session, attempt, 1, because=f"Reason {number}")
        submit(session, attempt)
    assert [lines for lines, _ in costs] == [1, 2, 3]
    assert len({statements for _, statements in costs}) == 1


def test_after_reopening_a_reason_waits_anew_and_older_points_do_not_come_back(session: Session) -> None:
    sat = Sat(session)
    reasons.give(session, sat.attempt.id, 1, 2, teacher_id=sat.teacher, now=NOON)
    attending.reopen(session, sat.attempt.id, 10, "A fire drill.", teacher_id=sat.teacher, now=LATER)
    submit(session, sat.attempt, LATER + timedelta(minutes=1))
    assert the_slot(session, sat.attempt).fraction is None
    again = LATER + timedelta(minutes=2)
    reasons.give(session, sat.attempt.id, 1, 1, teacher_id=sat.teacher, now=again)
    reasons.take_back(session, sat.attempt.id, 1, teacher_id=sat.teacher, now=again)
    assert the_slot(session, sat.attempt).fraction is None


def test_what_waits_is_left_out_of_statistics_and_lists(session: Session) -> None:
    sat = Sat(session)
    user = users.by_id(session, sat.teacher)
    assert user is not None
    choice = analysis.choose(session, person(user), "first", "")
    assert analysis.analyse(session, "harbour-test", choice).waiting == 1
    line = taking.quiz_page(session, "harbour-test", user_id=sat.student, now=LATER)
    assert line.finished == ()  # a class set it; its own page shows it
    found = reporting.progress(session, user_id=sat.student, now=LATER)
    assert [(one.waiting, one.mark) for _, one in found.timeline] == [(True, None)]
    assert found.quizzes[0].grade is None
    reasons.give(session, sat.attempt.id, 1, 2, teacher_id=sat.teacher, now=LATER)
    assert analysis.analyse(session, "harbour-test", choice).waiting == 0
    assert [one.percent for _, one in reporting.progress(session, user_id=sat.student, now=LATER).timeline] == [100]


def test_ones_own_data_holds_reason_and_self_check(session: Session) -> None:
    student = small_bank.a_user(session, "sam")
    attempt = taking.start(session, "harbours", user_id=student, attempt_id=uuid.uuid4(), seed="s", now=NOON)
    session.commit()
    say(session, attempt, 1, because="It has a mole.")
    taking.check(session, attempt.id, 1, user_id=student, now=NOON)
    taking.self_check(session, attempt.id, 1, "had", user_id=student, now=NOON)
    question = personal_data.export(session, student, now=NOON)["attempts"][0]["questions"][0]
    assert question["responses"][0]["reason"] == "It has a mole."
    assert question["self_check"] == "I had it"


def test_a_reason_that_came_too_late_is_kept_and_shown_not_marked(session: Session) -> None:
    sat = Sat(session, because="In time.")
    say(session, sat.attempt, 1, because="Too late.")
    line = taking.result_page(session, sat.attempt.id, user_id=sat.student, now=LATER).lines[0]
    assert line.because == "In time."
    assert [one.given for one in line.late] == ["Key 1, because: Too late."]

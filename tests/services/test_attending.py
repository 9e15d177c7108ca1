"""Watching an assignment live, giving one student longer, opening an attempt again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.attempt import Standing
from quizapp.domain.schedule import Accommodation, Dates
from quizapp.services import taking
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments import accommodating, attending, live, student
from quizapp.services.assignments.live import LivePage, Seat
from quizapp.services.errors import Conflict, NotFound
from quizapp.store.class_tables import AuditEntry
from quizapp.store.tables import Attempt
from tests import classes, small_bank
from tests.classes import NOON
from tests.databases import count_queries

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Stage:
    """A class of three to which a test of twenty minutes is set, due in an hour, closed in two."""

    def __init__(self, session: Session) -> None:
        small_bank.publish(session)
        self.session = session
        self.teacher = classes.a_teacher(session)
        self.ann, self.ben, self.cy = (small_bank.a_user(session, name) for name in ("ann", "ben", "cy"))
        self.school_class = classes.a_class(session, self.teacher, self.ann, self.ben, self.cy)
        self.assignment = classes.an_assignment(
            session, self.school_class, self.teacher, due=NOON + HOUR, closes=NOON + 2 * HOUR
        )

    def live(self, now=NOON, **given) -> LivePage:
        return live.live(self.session, self.assignment.id, teacher_id=self.teacher, now=now, **given)

    def seat(self, user_id: int, now=NOON) -> Seat:
        return next(seat for seat in self.live(now).seats if seat.person.id == user_id)

    def begin(self, user_id: int, now=NOON) -> Attempt:
        return classes.begin(self.session, self.assignment, user_id, now)

    def give(self, user_id: int, *, here: bool = False, now=NOON, **what) -> None:
        gets = Accommodation(**what)
        if here:
            accommodating.give_in(self.session, self.assignment.id, user_id, gets, teacher_id=self.teacher, now=now)
        else:
            accommodating.give(self.session, self.school_class.id, user_id, gets, teacher_id=self.teacher, now=now)
        self.session.commit()


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


# --- live ------------------------------------------------------------------------------------------------------------


def test_everybody_has_a_seat_and_it_says_where_they_are(session: Session, stage: Stage):
    first = stage.begin(stage.ann)
    taking.mark_shown(session, [taking.Look(first.id, 1, stage.ann, NOON)])
    classes.answer(session, first, 1, NOON + MINUTE)
    taking.mark_shown(session, [taking.Look(first.id, 2, stage.ann, NOON + 2 * MINUTE)])
    classes.submit(session, stage.begin(stage.ben), NOON + MINUTE)
    page = stage.live(NOON + 3 * MINUTE)
    ann, ben, cy = page.seats
    assert [seat.state for seat in page.seats] == ["working", "submitted", "not started"]
    assert (ann.reached.question, ann.reached.answered, ann.reached.questions) == (2, 1, 5)
    assert ann.reached.last_seen == NOON + 2 * MINUTE
    assert (ben.percent, cy.percent) == (Decimal(0), None)
    assert page.count("working", "stuck") == 1


def test_who_saves_nothing_for_five_minutes_is_stuck_and_then_the_time_is_up(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    classes.answer(session, attempt, 1, NOON + MINUTE)
    states = [stage.seat(stage.ann, NOON + minutes * MINUTE).state for minutes in (5, 6, 7, 21, 22)]
    assert states == ["working", "working", "stuck", "stuck", "time is up"]


def test_a_blank_answer_is_no_answer_and_a_late_one_no_answer_that_counts(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    classes.answer(session, attempt, 1, NOON)
    taking.respond(session, taking.Sent(attempt.id, 1, {}, user_id=stage.ann, epoch=0, fresh="x"), now=NOON)
    classes.answer(session, attempt, 2, NOON + DAY)
    assert stage.seat(stage.ann, NOON + DAY).reached.answered == 0


def test_lateness_is_that_of_the_student(session: Session, stage: Stage):
    stage.give(stage.ben, time_percent=200)
    for user_id in (stage.ann, stage.ben):
        classes.submit(session, stage.begin(user_id, NOON + 55 * MINUTE), NOON + 70 * MINUTE)
    assert stage.seat(stage.ann).is_late
    assert not stage.seat(stage.ben).is_late
    assert stage.seat(stage.cy, NOON + 61 * MINUTE).is_late


def test_who_left_the_class_keeps_the_seat_of_what_was_begun(session: Session, stage: Stage):
    stage.begin(stage.ann)
    from quizapp.services.classes import members

    for user_id in (stage.ann, stage.cy):
        members.remove(session, stage.school_class.id, user_id, teacher_id=stage.teacher, now=NOON)
    assert [(seat.person.id, seat.is_member) for seat in stage.live().seats] == [(stage.ann, False), (stage.ben, True)]


@pytest.mark.parametrize("many", [2, 25])
def test_a_live_page_costs_the_same_however_many_there_are(session: Session, stage: Stage, many: int):
    for number in range(many):
        user_id = small_bank.a_user(session, f"more{number}")
        classes.store_classes.put(session, stage.school_class.id, user_id, "student", NOON)
        classes.answer(session, stage.begin(user_id), 1)
    session.expire_all()
    with count_queries(store.db.engine) as statements:
        assert len(stage.live().seats) == many + 3
    assert len(statements) <= 8, statements


def test_another_teacher_sees_nothing(session: Session, stage: Stage):
    other = classes.a_teacher(session, "otto")
    attempt = stage.begin(stage.ann)
    for deed in (
        lambda: live.live(session, stage.assignment.id, teacher_id=other, now=NOON),
        lambda: attending.attend(session, stage.assignment.id, stage.ann, teacher_id=other, now=NOON),
        lambda: attending.extend(session, attempt.id, 5, teacher_id=other, now=NOON),
        lambda: attending.reopen(session, attempt.id, 5, "why", teacher_id=other, now=NOON),
        lambda: accommodating.give_in(
            session, stage.assignment.id, stage.ann, Accommodation(), teacher_id=other, now=NOON
        ),
    ):
        with pytest.raises(NotFound):
            deed()


# --- longer ----------------------------------------------------------------------------------------------------------


def test_longer_given_while_an_attempt_runs_reaches_it_at_once_and_may_be_taken_back(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    stage.give(stage.ann, time_percent=200)
    assert attempt.deadline == NOON + 40 * MINUTE
    stage.give(stage.ann, here=True, extra=10 * MINUTE)
    assert attempt.deadline == NOON + 50 * MINUTE
    stage.give(stage.ann, here=True)
    stage.give(stage.ann, now=NOON + 30 * MINUTE)
    assert attempt.deadline == NOON + 30 * MINUTE


@pytest.mark.parametrize(
    ("gets", "field"),
    [
        ({"time_percent": 99}, "time_percent"),
        ({"time_percent": 1001}, "time_percent"),
        ({"extra": -MINUTE}, "extra_minutes"),
        ({"extra": 2 * DAY}, "extra_minutes"),
        ({"attempts": 21}, "extra_attempts"),
        ({"own": Dates(due=NOON + 3 * DAY)}, "due"),
        ({"own": Dates(opens=NOON + DAY)}, "opens"),
        ({"own": Dates(due=NOON + HOUR, closes=NOON)}, "closes"),
    ],
)
def test_what_cannot_be_given_is_said_beside_its_field(session: Session, stage: Stage, gets, field: str):
    with pytest.raises(Mistakes) as mistakes:
        stage.give(stage.ann, here=True, **gets)
    assert set(mistakes.value.fields) == {field}


def test_longer_is_for_students_of_the_class(session: Session, stage: Stage):
    with pytest.raises(NotFound):
        stage.give(small_bank.a_user(session, "stranger"), time_percent=200)


def test_an_extended_attempt_ends_later_whatever_limit_and_close_say(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann, NOON + 2 * HOUR - MINUTE)
    attending.extend(session, attempt.id, 10, teacher_id=stage.teacher, now=NOON + 2 * HOUR - MINUTE)
    assert attempt.deadline == NOON + 2 * HOUR + 10 * MINUTE
    stage.give(stage.ann, extra=MINUTE)
    assert attempt.deadline == NOON + 2 * HOUR + 10 * MINUTE
    receipt = classes.answer(session, attempt, 1, NOON + 2 * HOUR + 9 * MINUTE)
    assert receipt.standing is Standing.CURRENT


@pytest.mark.parametrize("minutes", [0, -5, 10_081])
def test_minutes_have_their_bounds(session: Session, stage: Stage, minutes: int):
    attempt = stage.begin(stage.ann)
    with pytest.raises(Mistakes):
        attending.extend(session, attempt.id, minutes, teacher_id=stage.teacher, now=NOON)


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_reopened_attempt_keeps_its_answers_and_is_marked_anew(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    classes.answer_rightly(session, attempt, 1)
    classes.submit(session, attempt, NOON + MINUTE)
    assert attempt.mark == 1
    again = NOON + 3 * HOUR
    attending.reopen(session, attempt.id, 15, "The fire alarm rang.", teacher_id=stage.teacher, now=again)
    session.commit()
    assert (attempt.submitted_at, attempt.mark, attempt.deadline) == (None, None, again + 15 * MINUTE)
    assert {slot.fraction for slot in attempt.slots} == {None}
    frame = taking.frame(session, attempt.id, user_id=stage.ann, now=again)
    assert (frame.submitted, frame.seconds_left, frame.closing) == (False, 900, False)
    assert student.assigned(session, user_id=stage.ann, now=again)[0].line.open_attempt is not None
    classes.answer_rightly(session, attempt, 2, again + MINUTE)
    done = classes.submit(session, attempt, again + 2 * MINUTE)
    assert (done.mark, done.late_percent) == (Decimal(2), 0)
    assert not stage.seat(stage.ann, again + HOUR).is_late


def test_nothing_of_the_review_is_seen_while_it_is_open_again(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    classes.submit(session, attempt, NOON + MINUTE)
    assert taking.result_page(session, attempt.id, user_id=stage.ann, now=NOON + HOUR).lines[0].explanation
    attending.reopen(session, attempt.id, 15, "why", teacher_id=stage.teacher, now=NOON + HOUR)
    page = taking.result_page(session, attempt.id, user_id=stage.ann, now=NOON + HOUR)
    assert (page.lines, page.mark, page.submitted_at) == ((), None, None)


def test_what_practice_has_checked_stays_final(session: Session, stage: Stage):
    practice = classes.an_assignment(session, stage.school_class, stage.teacher, "harbours")
    attempt = classes.begin(session, practice, stage.ann)
    classes.answer(session, attempt, 1)
    taking.check(session, attempt.id, 1, user_id=stage.ann, now=NOON)
    classes.submit(session, attempt)
    attending.reopen(session, attempt.id, 15, "why", teacher_id=stage.teacher, now=NOON)
    assert attempt.slots[0].fraction is not None
    assert classes.answer(session, attempt, 1, choice="1").standing is Standing.LATE
    assert classes.answer(session, attempt, 2).standing is Standing.CURRENT


def test_an_open_one_is_not_opened_nor_a_second_one_beside_it(session: Session, stage: Stage):
    first = stage.begin(stage.ann)
    with pytest.raises(Conflict, match="open already"):
        attending.reopen(session, first.id, 5, "why", teacher_id=stage.teacher, now=NOON)
    classes.submit(session, first)
    with pytest.raises(Conflict, match="has ended"):
        attending.extend(session, first.id, 5, teacher_id=stage.teacher, now=NOON)
    stage.begin(stage.ann)
    with pytest.raises(Conflict, match="newer attempt open"):
        attending.reopen(session, first.id, 5, "why", teacher_id=stage.teacher, now=NOON)


def test_a_reason_is_needed_and_stands_in_the_audit_trail(session: Session, stage: Stage):
    attempt = stage.begin(stage.ann)
    classes.submit(session, attempt, NOON + MINUTE)
    with pytest.raises(Mistakes):
        attending.reopen(session, attempt.id, 5, " ", teacher_id=stage.teacher, now=NOON)
    attending.reopen(session, attempt.id, 5, "The fire alarm rang.", teacher_id=stage.teacher, now=NOON + HOUR)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "reopen")).one()
    assert (entry.kind, entry.name, entry.class_id) == ("attempt", str(attempt.id), stage.school_class.id)
    assert entry.old is not None
    assert entry.new is not None
    assert (entry.old["submitted"], entry.old["mark"]) == ("2027-03-12T12:01:00+00:00", "0")
    assert (entry.new["submitted"], entry.new["reason"]) == (None, "The fire alarm rang.")


def test_practice_of_ones_own_is_nothing_a_teacher_can_open(session: Session, stage: Stage):
    own = taking.start(session, "harbours", user_id=stage.ann, attempt_id=classes.uuid.uuid4(), seed="s", now=NOON)
    with pytest.raises(NotFound):
        attending.reopen(session, own.id, 5, "why", teacher_id=stage.teacher, now=NOON)

"""What a class sets: who may take it and when, deadlines, lateness, attempts; and that changes reach what runs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.schedule import Dates
from quizapp.services import taking
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments import setting, student
from quizapp.services.assignments.setting import Target, Wanted
from quizapp.services.classes import grouping, members, own
from quizapp.services.errors import Conflict, NotAllowed, NotFound
from quizapp.store.class_tables import Accommodation, AuditEntry
from tests import classes, small_bank
from tests.classes import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Stage:
    """A teacher with a class of two, and somebody who is in no class."""

    def __init__(self, session: Session) -> None:
        closed = small_bank.a_test(id="exam", title="Exam", access="class", attempts=1)
        small_bank.publish(session, quizzes=(small_bank.a_quiz(), small_bank.a_test(), closed))
        self.session = session
        self.teacher = classes.a_teacher(session)
        self.ann, self.ben = small_bank.a_user(session, "ann"), small_bank.a_user(session, "ben")
        self.stranger = small_bank.a_user(session, "stranger")
        self.school_class = classes.a_class(session, self.teacher, self.ann, self.ben)

    def set(self, quiz: str = "exam", **given: object):
        return classes.an_assignment(self.session, self.school_class, self.teacher, quiz, **given)

    def gets(self, user_id: int, assignment_id: int | None = None, **columns: object) -> None:
        row = Accommodation(class_id=self.school_class.id, user_id=user_id, assignment_id=assignment_id, **columns)
        self.session.add(row)
        self.session.commit()

    def sees(self, user_id: int, now=NOON) -> list[str]:
        return [one.quiz.id for one in student.assigned(self.session, user_id=user_id, now=now)]


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


# --- who -------------------------------------------------------------------------------------------------------------


def test_a_quiz_for_classes_is_reached_through_an_assignment_alone(session: Session, stage: Stage):
    assert [line.quiz.id for line in taking.quizzes_page(session, user_id=stage.ann, now=NOON)] == [
        "harbour-test", "harbours",
    ]  # fmt: skip
    with pytest.raises(NotFound):
        taking.quiz_page(session, "exam", user_id=stage.ann, now=NOON)
    assignment = stage.set()
    assert stage.sees(stage.ann) == stage.sees(stage.ben) == ["exam"]
    assert stage.sees(stage.stranger) == stage.sees(stage.teacher) == []
    with pytest.raises(NotFound):
        student.assigned_page(session, assignment.id, user_id=stage.stranger, now=NOON)
    with pytest.raises(NotFound):
        classes.begin(session, assignment, stage.stranger)
    assert classes.begin(session, assignment, stage.ann).assignment_id == assignment.id


def test_it_may_be_for_groups_or_chosen_students(session: Session, stage: Stage):
    group = grouping.create(session, stage.school_class.id, "North", teacher_id=stage.teacher, now=NOON)
    grouping.change(session, stage.school_class.id, group.id, "North", [stage.ann], teacher_id=stage.teacher, now=NOON)
    stage.set("exam", kind="groups", target=Target(groups=frozenset({group.id})))
    stage.set("harbours", kind="students", target=Target(students=frozenset({stage.ben})))
    assert stage.sees(stage.ann) == ["exam"]
    assert stage.sees(stage.ben) == ["harbours"]


def test_who_is_removed_or_archived_away_sees_it_no_more_and_keeps_the_attempt(session: Session, stage: Stage):
    assignment = stage.set()
    attempt = classes.begin(session, assignment, stage.ann)
    members.remove(session, stage.school_class.id, stage.ann, teacher_id=stage.teacher, now=NOON)
    assert stage.sees(stage.ann) == []
    assert taking.frame(session, attempt.id, user_id=stage.ann, now=NOON).submitted is False
    own.archive(session, stage.school_class.id, archived=True, teacher_id=stage.teacher, now=NOON)
    assert stage.sees(stage.ben) == []


def test_what_is_withdrawn_can_be_finished_and_not_begun(session: Session, stage: Stage):
    assignment = stage.set()
    attempt = classes.begin(session, assignment, stage.ann)
    setting.withdraw(session, assignment.id, teacher_id=stage.teacher, now=NOON)
    classes.answer(session, attempt, 1)
    assert classes.submit(session, attempt).submitted_at == NOON
    with pytest.raises(NotFound):
        classes.begin(session, assignment, stage.ben)


# --- when ------------------------------------------------------------------------------------------------------------


def test_nobody_starts_before_it_opens_or_after_it_closes(session: Session, stage: Stage):
    assignment = stage.set(opens=NOON, closes=NOON + HOUR)
    with pytest.raises(NotAllowed, match="not open yet"):
        classes.begin(session, assignment, stage.ann, NOON - MINUTE)
    with pytest.raises(NotAllowed, match="closed"):
        classes.begin(session, assignment, stage.ann, NOON + HOUR)
    assert classes.begin(session, assignment, stage.ann, NOON).deadline == NOON + 20 * MINUTE
    assert classes.begin(session, assignment, stage.ben, NOON + 50 * MINUTE).deadline == NOON + HOUR


def test_double_time_moves_deadline_and_close_and_extra_attempts_count(session: Session, stage: Stage):
    stage.gets(stage.ann, time_percent=200, extra_attempts=1)
    assignment = stage.set(due=NOON + HOUR, closes=NOON + 2 * HOUR)
    attempt = classes.begin(session, assignment, stage.ann)
    assert attempt.deadline == NOON + 40 * MINUTE
    assert (attempt.due_at, attempt.closes_at) == (NOON + HOUR + 20 * MINUTE, NOON + 2 * HOUR + 20 * MINUTE)
    classes.submit(session, attempt)
    classes.submit(session, classes.begin(session, assignment, stage.ann))
    with pytest.raises(NotAllowed, match="All 2 attempts"):
        classes.begin(session, assignment, stage.ann)
    late_start = classes.begin(session, assignment, stage.ben, NOON + 2 * HOUR - 5 * MINUTE)
    assert late_start.deadline == NOON + 2 * HOUR


def test_what_an_assignment_gives_goes_before_what_all_quizzes_give(session: Session, stage: Stage):
    assignment, other = stage.set(closes=NOON + DAY), stage.set("harbour-test", closes=NOON + DAY)
    stage.gets(stage.ann, time_percent=200)
    stage.gets(stage.ann, assignment.id, time_percent=150, closes_at=NOON + 3 * DAY)
    first = student.assigned_page(session, assignment.id, user_id=stage.ann, now=NOON).schedule
    second = student.assigned_page(session, other.id, user_id=stage.ann, now=NOON).schedule
    assert (first.time, first.dates.closes) == (30 * MINUTE, NOON + 3 * DAY)
    assert (second.time, second.dates.closes) == (40 * MINUTE, NOON + DAY + 20 * MINUTE)


def test_changed_dates_reach_attempts_that_run_and_never_end_them_before_now(session: Session, stage: Stage):
    assignment = stage.set(closes=NOON + 10 * MINUTE)
    attempt = classes.begin(session, assignment, stage.ann)
    assert attempt.deadline == NOON + 10 * MINUTE

    def move(closes, now):
        wanted = Wanted("exam", dates=Dates(closes=closes))
        setting.change(session, assignment.id, wanted, teacher_id=stage.teacher, now=now)
        session.commit()
        return attempt.deadline

    assert move(NOON + DAY, NOON + MINUTE) == NOON + 20 * MINUTE
    assert move(NOON + MINUTE, NOON + 5 * MINUTE) == NOON + 5 * MINUTE
    assert attempt.closes_at == NOON + MINUTE


# --- late ------------------------------------------------------------------------------------------------------------


def test_late_work_costs_what_the_student_was_told_and_exactly_that(session: Session, stage: Stage):
    assignment = stage.set("harbours", due=NOON, late_policy="percent", percent_a_day=15)
    attempt = classes.begin(session, assignment, stage.ann)
    for number in range(1, 4):
        classes.answer_rightly(session, attempt, number)
    done = classes.submit(session, attempt, NOON + DAY + MINUTE)
    assert (done.mark, done.late_percent) == (Decimal(3), 30)
    page = taking.result_page(session, attempt.id, user_id=stage.ann, now=NOON + DAY + HOUR)
    assert (page.mark, page.whole_mark, page.percent) == (Decimal("2.1"), Decimal(3), Decimal(42))
    assert page.late_by == DAY + MINUTE
    (line,) = student.assigned_page(session, assignment.id, user_id=stage.ann, now=NOON + 2 * DAY).line.finished
    assert (line.mark, line.late_percent) == (Decimal("2.1"), 30)


def test_a_due_date_that_is_moved_counts_lateness_anew(session: Session, stage: Stage):
    assignment = stage.set("harbours", due=NOON, late_policy="percent", percent_a_day=10)
    attempt = classes.begin(session, assignment, stage.ann)
    classes.submit(session, attempt, NOON + HOUR)
    assert attempt.late_percent == 10
    wanted = Wanted("harbours", dates=Dates(due=NOON + DAY), late_policy="percent", percent_a_day=10)
    setting.change(session, assignment.id, wanted, teacher_id=stage.teacher, now=NOON + 2 * HOUR)
    assert attempt.late_percent == 0


def test_where_late_work_is_refused_the_due_date_ends_attempts(session: Session, stage: Stage):
    assignment = stage.set(due=NOON + 5 * MINUTE, late_policy="refuse")
    attempt = classes.begin(session, assignment, stage.ann)
    assert attempt.deadline == NOON + 5 * MINUTE
    with pytest.raises(NotAllowed, match="closed"):
        classes.begin(session, assignment, stage.ben, NOON + 5 * MINUTE)


# --- what may be seen, and when --------------------------------------------------------------------------------------


def test_what_waits_for_the_close_waits_for_this_students_close(session: Session, stage: Stage):
    hidden = {"right_after": ["score"], "while_open": ["score"]}
    small_bank.publish(session, quizzes=(small_bank.a_test(id="later", title="Later", access="class", review=hidden),))
    assignment = stage.set("later", closes=NOON + HOUR)
    stage.gets(stage.ann, time_percent=200)
    attempts = [classes.begin(session, assignment, one) for one in (stage.ann, stage.ben)]
    for attempt in attempts:
        classes.submit(session, attempt, NOON + MINUTE)

    def keys(minutes: int) -> list[bool]:
        now = NOON + minutes * MINUTE
        pages = [taking.result_page(session, one.id, user_id=one.user_id, now=now) for one in attempts]
        return [page.lines[0].explanation is not None for page in pages]

    assert keys(30) == [False, False]
    assert keys(70) == [False, True]
    assert keys(80) == [True, True]


# --- apart from what one does by oneself -----------------------------------------------------------------------------


def test_attempts_of_ones_own_do_not_count_for_the_class_nor_the_other_way_round(session: Session, stage: Stage):
    assignment = stage.set("harbour-test")
    mine = taking.start(session, "harbour-test", user_id=stage.ann, attempt_id=classes.uuid.uuid4(), seed="s", now=NOON)
    theirs = classes.begin(session, assignment, stage.ann)
    assert mine.id != theirs.id
    assert (mine.number, theirs.number) == (1, 1)
    assert taking.quiz_page(session, "harbour-test", user_id=stage.ann, now=NOON).attempts_left == 1
    page = student.assigned_page(session, assignment.id, user_id=stage.ann, now=NOON)
    assert page.line.open_attempt is not None
    assert page.line.open_attempt.id == theirs.id


def test_two_presses_start_one_attempt(session: Session, stage: Stage):
    assignment = stage.set()
    assert classes.begin(session, assignment, stage.ann).id == classes.begin(session, assignment, stage.ann).id


# --- setting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        (Wanted("nothing"), {"quiz"}),
        (Wanted("exam", dates=Dates(opens=NOON, due=NOON)), {"due"}),
        (Wanted("exam", kind="groups"), {"groups"}),
        (Wanted("exam", kind="students", target=Target(students=frozenset({999}))), {"students"}),
        (Wanted("exam", late_policy="percent", dates=Dates(due=NOON)), {"percent_a_day"}),
        (Wanted("exam", late_policy="refuse"), {"due"}),
        (Wanted("exam", late_policy="no such", dates=Dates(due=NOON)), {"late_policy"}),  # type: ignore[arg-type]
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(session: Session, stage: Stage, wanted: Wanted, fields: set[str]):
    with pytest.raises(Mistakes) as mistakes:
        setting.create(session, stage.school_class.id, wanted, teacher_id=stage.teacher, now=NOON)
    assert set(mistakes.value.fields) == fields


def test_another_teacher_reaches_nothing(session: Session, stage: Stage):
    assignment = stage.set()
    other = classes.a_teacher(session, "otto")
    for deed in (
        lambda: setting.taught(session, assignment.id, other),
        lambda: setting.create(session, stage.school_class.id, Wanted("exam"), teacher_id=other, now=NOON),
        lambda: setting.change(session, assignment.id, Wanted("exam"), teacher_id=other, now=NOON),
        lambda: setting.withdraw(session, assignment.id, teacher_id=other, now=NOON),
        lambda: own.taught(session, stage.school_class.id, other),
    ):
        with pytest.raises(NotFound):
            deed()
    own.add_teacher(session, stage.school_class.id, "OTTO", teacher_id=stage.teacher, now=NOON)
    assert setting.taught(session, assignment.id, other)[0] is assignment


def test_an_archived_class_is_set_nothing(session: Session, stage: Stage):
    own.archive(session, stage.school_class.id, archived=True, teacher_id=stage.teacher, now=NOON)
    with pytest.raises(Conflict):
        stage.set()


def test_what_was_set_and_changed_is_in_the_audit_trail(session: Session, stage: Stage):
    assignment = stage.set(due=NOON)
    wanted = Wanted("exam", dates=Dates(due=NOON + DAY))
    for _ in range(2):
        setting.change(session, assignment.id, wanted, teacher_id=stage.teacher, now=NOON)
    setting.withdraw(session, assignment.id, teacher_id=stage.teacher, now=NOON)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.kind == "assignment").order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["set", "change", "withdraw"]
    assert {entry.class_id for entry in entries} == {stage.school_class.id}
    changed = entries[1]
    assert changed.old is not None
    assert changed.new is not None
    assert (changed.old["due"], changed.new["due"]) == ("2027-03-12T12:00+00:00", "2027-03-13T12:00+00:00")

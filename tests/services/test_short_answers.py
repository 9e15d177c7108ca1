"""Typed answers that nobody foresaw: put together, accepted for the question or for one quiz, and marks that move."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from quizapp.services import marks, notes, reasons, short_answers, taking
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.store import attempts, users
from quizapp.store.tables import Attempt
from tests import small_bank
from tests.builders import an_entry
from tests.classes import NOON, a_class, a_teacher, an_assignment, begin, submit

WRITTEN = [
    "Gregory the Great",
    "gregory the great!",
    "Gregory the Grat",
    "Pope Gregory",
    "Julius Caesar",
    "",
    "???",
    "Me",
]


class School:
    """A class that was set a test with one typed answer, and students who wrote something."""

    def __init__(self, session: Session, *written: str, because: bool = False) -> None:
        small_bank.put_passages(session)
        small_bank.put_item(session, an_entry("short_answer", id="named-after", because=because))
        sections = [{"items": ["named-after"]}]
        small_bank.publish(session, quizzes=(small_bank.a_test(sections=sections),))
        self.session = session
        self.teacher_id = a_teacher(session)
        self.students = [small_bank.a_user(session, f"student-{i}") for i in range(len(written))]
        self.school_class = a_class(session, self.teacher_id, *self.students)
        self.assignment = an_assignment(session, self.school_class, self.teacher_id)
        self.attempts = [self.sit(who, text) for who, text in zip(self.students, written, strict=True)]

    @property
    def teacher(self) -> Person:
        """Who asks."""
        return somebody(self.session, self.teacher_id)

    def sit(self, who: int, text: str) -> Attempt:
        """The student answers and hands it in."""
        attempt = begin(self.session, self.assignment, who)
        form = {"answer": [text], "because": ["So it says."]}
        sent = taking.Sent(attempt.id, 1, form, user_id=who, epoch=0, fresh=uuid.uuid4().hex)
        taking.respond(self.session, sent, now=NOON)
        return submit(self.session, attempt)

    def mark(self, place: int) -> Decimal | None:
        """What an attempt earns now."""
        self.session.expire_all()
        attempt = self.attempts[place]
        found = attempts.find(self.session, attempt.id, attempt.user_id)
        assert found is not None
        return found.mark


def somebody(session: Session, user_id: int) -> Person:
    user = users.by_id(session, user_id)
    assert user is not None
    return person(user)


def test_answers_are_sorted_out_and_put_together(session: Session) -> None:
    school = School(session, *WRITTEN)
    page = short_answers.answers(session, "named-after", who=school.teacher)
    assert (page.quiz, page.answers, page.right, page.foreseen, page.blank) == ("harbour-test", 7, 1, 1, 0)
    told = [(one.group.text, one.group.count, one.group.near) for one in page.unforeseen]
    assert told == [
        ("Gregory the Great", 2, None), ("Gregory the Grat", 1, "Gregory the Great"), ("???", 1, None), ("Me", 1, None),
    ]  # fmt: skip
    assert short_answers.as_csv(page).splitlines()[1].endswith("Gregory the Great (1); gregory the great! (1)")
    title, lines = short_answers.of_quiz(session, "harbour-test", who=school.teacher)
    assert (title, [(one.answers, one.unforeseen, one.groups) for one in lines]) == ("Harbour test", [(7, 5, 4)])


def test_another_teacher_sees_none_of_them(session: Session) -> None:
    School(session, *WRITTEN)
    other = somebody(session, a_teacher(session, "tim"))
    assert short_answers.answers(session, "named-after", who=other).answers == 0
    assert short_answers.of_quiz(session, "harbour-test", who=other)[1] == []
    for name, quiz in (("choice-1", ""), ("nothing", ""), ("named-after", "harbour-test")):
        with pytest.raises(NotFound):
            short_answers.answers(session, name, who=other, quiz=quiz)


def test_accepted_for_the_question_it_makes_a_new_version_and_moves_no_mark(session: Session) -> None:
    school = School(session, "Gregory the Great")
    before = short_answers.answers(session, "named-after", who=school.teacher)
    short_answers.accept_for_item(
        session, "named-after", " Gregory the Great ", before.version, who=school.teacher, now=NOON
    )
    after = short_answers.answers(session, "named-after", who=school.teacher)
    assert after.item.key.accept[-1] == "Gregory the Great"
    assert after.version != before.version
    assert (after.right, after.unforeseen) == (1, ())
    assert school.mark(0) == 0
    for text, version in (("Another", before.version), ("Julius Caesar", after.version), ("?!", after.version)):
        with pytest.raises(Conflict):
            short_answers.accept_for_item(session, "named-after", text, version, who=school.teacher, now=NOON)


def test_accepted_for_a_quiz_it_holds_from_then_on_and_for_whom_the_teacher_says(session: Session) -> None:
    school = School(session, "Gregory the Great", "gregory the great", "Me")
    key = short_answers.accept_for_quiz(
        session, "named-after", "harbour-test", "Gregory the Great", who=school.teacher, now=NOON
    )
    one = short_answers.accepted(session, "named-after", "harbour-test", key)
    assert [school.mark(place) for place in range(3)] == [0, 0, 0]
    assert [each.moves for each in short_answers.concerned(session, one, who=school.teacher)] == [True, True]
    assert short_answers.give(session, one, who=school.teacher, now=NOON) == 2
    assert [school.mark(place) for place in range(3)] == [1, 1, 0]
    assert short_answers.give(session, one, who=school.teacher, now=NOON) == 0
    assert len(notes.unread(session, school.students[0])) == 1
    assert school.sit(school.students[2], "GREGORY the Great").mark == 1
    assert short_answers.withdraw(session, one, who=school.teacher, now=NOON) == 2
    assert [school.mark(place) for place in range(3)] == [0, 0, 0]
    with pytest.raises(NotFound):
        short_answers.accepted(session, "named-after", "harbour-test", key)


def test_a_mark_set_by_hand_stays(session: Session) -> None:
    school = School(session, "Gregory the Great")
    mark = marks.Mark(Decimal("0.3"), "Seen by the teacher.")
    marks.change(session, school.attempts[0].id, 1, mark, kind="override", why="so", actor_id=None, now=NOON)
    key = short_answers.accept_for_quiz(
        session, "named-after", "harbour-test", "Gregory the Great", who=school.teacher, now=NOON
    )
    one = short_answers.accepted(session, "named-after", "harbour-test", key)
    assert [each.stays for each in short_answers.concerned(session, one, who=school.teacher)] == [short_answers.BY_HAND]
    assert short_answers.give(session, one, who=school.teacher, now=NOON) == 0


def test_where_a_reason_waits_it_goes_on_waiting_with_the_answer_counted(session: Session) -> None:
    school = School(session, "Gregory the Great", because=True)
    key = short_answers.accept_for_quiz(
        session, "named-after", "harbour-test", "Gregory the Great", who=school.teacher, now=NOON
    )
    one = short_answers.accepted(session, "named-after", "harbour-test", key)
    assert short_answers.give(session, one, who=school.teacher, now=NOON) == 1
    assert school.mark(0) is None
    reasons.give(session, school.attempts[0].id, 1, 1, teacher_id=school.teacher_id, now=NOON)
    assert school.mark(0) == Decimal("0.75")


def test_other_teachers_marks_stay_and_unknown_quizzes_are_refused(session: Session) -> None:
    school = School(session, "Gregory the Great")
    key = short_answers.accept_for_quiz(
        session, "named-after", "harbour-test", "Gregory the Great", who=school.teacher, now=NOON
    )
    one = short_answers.accepted(session, "named-after", "harbour-test", key)
    other = somebody(session, a_teacher(session, "tim"))
    assert short_answers.concerned(session, one, who=other) == []
    assert short_answers.give(session, one, who=other, now=NOON) == 0
    with pytest.raises(NotFound):
        short_answers.accept_for_quiz(session, "named-after", "harbours", "Me", who=school.teacher, now=NOON)

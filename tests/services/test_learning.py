"""Which questions are mistakes, practising them, practising an attempt's, and what to do next."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.entry import plain
from quizapp.domain.items import build
from quizapp.domain.quiz import MISTAKES
from quizapp.services import learning, taking, transactions
from quizapp.services.errors import Conflict
from quizapp.store.tables import Attempt, Content, Slot, Version
from tests import real_bank, small_bank
from tests.databases import count_queries
from tests.small_bank import NOON

MINUTE = timedelta(minutes=1)
RIGHT, WRONG, BLANK, GIVEN_UP = "right", "wrong", "blank", "given up"
QUIZZES = (
    small_bank.a_quiz(),
    small_bank.a_test(),
    small_bank.a_quiz(id="large", title="Large", sections=[{"items": [f"choice-{n}" for n in range(1, 15)]}]),
    small_bank.a_quiz(id="one", title="One", sections=[{"items": ["choice-1"]}]),
    small_bank.a_test(id="secret", title="Secret", review={"right_after": ["score"], "while_open": ["score"]}),
    small_bank.a_test(id="later", title="Later", review={"right_after": []}),
    small_bank.a_test(id="class-only", title="Of a class", access="class"),
)


class Student:
    """Somebody who sits quizzes, a minute after another."""

    def __init__(self, session: Session, name: str = "ann") -> None:
        self.session, self.id, self.now = session, small_bank.a_user(session, name), NOON

    def start(self, quiz: str) -> Attempt:
        self.now += MINUTE
        given = {"user_id": self.id, "attempt_id": uuid.uuid4(), "seed": "seed", "now": self.now}
        attempt = taking.start(self.session, quiz, **given)
        self.session.commit()
        return attempt

    def answer(self, attempt: Attempt, number: int, how: str) -> None:
        """Answer a question; the key of the small bank is its option «a»."""
        slot = next(slot for slot in attempt.slots if slot.number == number)
        self.now += MINUTE
        if how in (RIGHT, WRONG):
            form = {"answer": [str(slot.order.index(0 if how == RIGHT else 1))]}
            sent = taking.Sent(attempt.id, number, form, user_id=self.id, epoch=0, fresh=uuid.uuid4().hex)
            taking.respond(self.session, sent, now=self.now)
        if how == GIVEN_UP:
            taking.check(self.session, attempt.id, number, user_id=self.id, now=self.now, give_up=True)
        self.session.commit()

    def sit(self, quiz: str, *answers: str, submit: bool = True) -> Attempt:
        attempt = self.start(quiz)
        for number, how in enumerate(answers, start=1):
            self.answer(attempt, number, how)
        if submit:
            self.submit(attempt)
        return attempt

    def submit(self, attempt: Attempt) -> None:
        self.now += MINUTE
        taking.submit(self.session, attempt.id, user_id=self.id, now=self.now)
        self.session.commit()

    def mistakes(self) -> list[str]:
        return [item.id for item in learning.mistakes(self.session, user_id=self.id, now=self.now)]

    def practise(self) -> Attempt:
        self.now += MINUTE
        attempt = learning.practise_mistakes(
            self.session, user_id=self.id, new_id=uuid.uuid4(), seed="again", now=self.now
        )
        self.session.commit()
        return attempt

    def retry(self, attempt: Attempt) -> Attempt:
        self.now += MINUTE
        new = taking.retry(self.session, attempt.id, user_id=self.id, new_id=uuid.uuid4(), seed="again", now=self.now)
        self.session.commit()
        return new

    def next(self) -> learning.WhatNext:
        return learning.what_next(self.session, user_id=self.id, now=self.now)


def items(attempt: Attempt) -> list[str]:
    return [slot.item for slot in sorted(attempt.slots, key=lambda slot: slot.number)]


def choices(*numbers: int) -> list[str]:
    return [f"choice-{number}" for number in numbers]


@pytest.fixture
def ann(session: Session) -> Student:
    """A student, with another one who got everything wrong."""
    small_bank.publish(session, items=14, quizzes=QUIZZES)
    Student(session, "bob").sit("large", *[WRONG] * 14)
    return Student(session)


# --- which questions are mistakes ------------------------------------------------------------------------------------


def test_who_has_done_nothing_has_no_mistakes(ann: Student):
    assert ann.mistakes() == []


def test_wrong_and_given_up_are_mistakes_and_right_and_blank_are_not(ann: Student):
    ann.sit("harbours", WRONG, RIGHT, GIVEN_UP, BLANK, WRONG)
    assert sorted(ann.mistakes()) == choices(1, 3, 5)


def test_what_was_answered_wrong_last_comes_first(ann: Student):
    ann.sit("harbours", BLANK, WRONG)
    ann.sit("harbour-test", WRONG)
    assert ann.mistakes() == choices(1, 2)


@pytest.mark.parametrize(("first", "then", "mistakes"), [
    (WRONG, RIGHT, []), (RIGHT, WRONG, choices(1)), (WRONG, BLANK, choices(1)), (RIGHT, BLANK, []),
    (WRONG, GIVEN_UP, choices(1)),
])  # fmt: skip
def test_the_last_answer_counts_whatever_quiz_it_was_given_in(ann: Student, first: str, then: str, mistakes: list[str]):
    ann.sit("harbours", first)
    ann.sit("one", then)
    assert ann.mistakes() == mistakes


def test_what_is_being_asked_is_put_away_and_what_is_checked_there_counts(ann: Student):
    ann.sit("harbours", WRONG, WRONG, WRONG)
    open_now = ann.sit("harbours", GIVEN_UP, WRONG, submit=False)
    assert ann.mistakes() == choices(1)
    ann.submit(open_now)
    assert sorted(ann.mistakes()) == choices(1, 2, 3)


def test_where_the_key_is_hidden_neither_wrong_nor_right_answers_tell(ann: Student):
    ann.sit("secret", WRONG)
    assert ann.mistakes() == []
    ann.sit("harbours", WRONG, RIGHT)
    ann.sit("secret", RIGHT, WRONG)
    assert ann.mistakes() == choices(1)


def test_what_may_be_seen_later_is_a_mistake_later(ann: Student):
    ann.sit("later", WRONG)
    assert ann.mistakes() == []
    ann.now += 2 * MINUTE
    assert ann.mistakes() == choices(1)


def test_the_question_is_practised_as_it_is_published_now(ann: Student):
    ann.sit("harbours", WRONG, WRONG)
    real_bank.put(ann.session, "item", "choice-1", plain(build(
        small_bank.a_choice(1, stem="Put better: which harbour?"))))  # fmt: skip
    withdrawn = update(Content).where(Content.name == "choice-2").values(retired_at=NOON)
    ann.session.execute(withdrawn)
    ann.session.commit()
    found = learning.mistakes(ann.session, user_id=ann.id, now=ann.now)
    assert [item.stem for item in found] == ["Put better: which harbour?"]


def test_a_question_that_needs_a_text_is_left_out_where_the_text_is_missing(ann: Student):
    ann.sit("harbours", WRONG, WRONG)
    real_bank.put(ann.session, "item", "choice-1", plain(build(
        small_bank.a_choice(1, needs_text=True))))  # fmt: skip
    assert ann.mistakes() == choices(2)


# --- practising them -------------------------------------------------------------------------------------------------


def test_a_practice_holds_ten_outside_the_grade(ann: Student):
    ann.sit("large", *[WRONG] * 14)
    attempt = ann.practise()
    assert (attempt.number, attempt.mode, attempt.quiz, len(attempt.slots)) == (0, "practice", MISTAKES.id, 10)
    assert set(items(attempt)) <= set(choices(*range(1, 15)))
    assert ann.next().lines[2].grade == 0


def test_a_practice_goes_on_where_one_is_open_and_ends_when_all_is_right(ann: Student):
    ann.sit("harbours", WRONG, RIGHT, WRONG)
    first = ann.practise()
    assert ann.practise().id == first.id
    assert sorted(items(first)) == choices(1, 3)
    for number in (1, 2):
        ann.answer(first, number, RIGHT)
    ann.submit(first)
    assert ann.mistakes() == []
    with pytest.raises(Conflict, match="nothing to practise"):
        ann.practise()


def test_no_two_questions_of_a_practice_give_each_other_away(ann: Student):
    for number in (1, 3):
        entry = small_bank.a_choice(number, not_with=["choice-2"])
        real_bank.put(ann.session, "item", entry["id"], plain(build(entry)))
    ann.sit("harbours", WRONG, WRONG, WRONG)
    assert sorted(items(ann.practise())) in (choices(1, 3), choices(2))


def test_the_quiz_of_a_practice_is_kept_once_and_never_published(app: Flask, ann: Student):
    others = [Student(ann.session, f"student-{n}") for n in range(4)]
    for other in others:
        other.sit("harbours", WRONG)
    ready = threading.Barrier(len(others))
    outcomes: list[object] = []

    def practise(user_id: int) -> None:
        with app.app_context():
            ready.wait(10)
            session = transactions.session()
            given = {"user_id": user_id, "new_id": uuid.uuid4(), "seed": "again", "now": NOON + 60 * MINUTE}
            outcomes.append(learning.practise_mistakes(session, **given).quiz_digest)
            transactions.commit()

    threads = [threading.Thread(target=practise, args=(other.id,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == len(others)
    kept = ann.session.scalars(select(Version.digest).where(Version.name == MISTAKES.id)).all()
    assert set(outcomes) == set(kept)
    assert len(kept) == 1
    assert MISTAKES.id not in [line.quiz.id for line in ann.next().lines]


# --- practising what an attempt missed -------------------------------------------------------------------------------


def test_a_retry_goes_on_where_one_is_open(ann: Student):
    attempt = ann.sit("harbours", WRONG, RIGHT)
    retry = ann.retry(attempt)
    assert ann.retry(attempt).id == retry.id
    assert items(retry) == choices(1, 3, 4, 5)
    ann.submit(retry)
    assert ann.retry(attempt).id != retry.id


def test_a_retry_of_a_retry_holds_what_is_still_missed(ann: Student):
    first = ann.retry(ann.sit("harbours", WRONG, RIGHT, RIGHT, RIGHT, WRONG))
    ann.answer(first, 1, RIGHT)
    ann.answer(first, 2, WRONG)
    ann.submit(first)
    assert items(ann.retry(first)) == choices(5)


def test_a_retry_leaves_out_what_an_open_attempt_asks(ann: Student):
    done = ann.sit("harbours", WRONG, RIGHT, RIGHT, RIGHT, RIGHT)
    test = ann.sit("harbour-test", submit=False)
    with pytest.raises(Conflict, match="open just now"):
        ann.retry(done)
    with pytest.raises(Conflict):
        ann.practise()
    ann.submit(test)
    assert items(ann.retry(done)) == choices(1)


def test_what_waits_for_a_person_is_not_missed(ann: Student):
    done = ann.sit("harbours", WRONG, RIGHT, RIGHT, RIGHT, RIGHT)
    ann.session.execute(update(Slot).where(Slot.attempt_id == done.id).values(fraction=None, mark=None))
    ann.session.commit()
    ann.session.expire_all()
    with pytest.raises(Conflict, match="Nothing was missed"):
        ann.retry(done)


# --- what next -------------------------------------------------------------------------------------------------------


def ids(lines: Iterable[learning.QuizLine]) -> list[str]:
    return [line.quiz.id for line in lines]


def test_a_visitor_and_a_newcomer_see_the_quizzes(ann: Student):
    for user_id in (None, ann.id):
        plan = learning.what_next(ann.session, user_id=user_id, now=ann.now)
        assert plan.is_new
        assert (plan.open, plan.due, plan.last, plan.mistakes) == ((), (), None, 0)
        assert ids(plan.fresh) == ids(plan.lines) == ["harbour-test", "harbours", "large", "later", "one", "secret"]


def test_what_is_open_comes_with_what_is_new_and_the_last_result(ann: Student):
    ann.sit("harbours", WRONG, WRONG)
    ann.sit("one", RIGHT)
    running = ann.sit("harbour-test", submit=False)
    plan = ann.next()
    assert [(quiz.id, line.id) for quiz, line in plan.open] == [("harbour-test", running.id)]
    assert plan.last is not None
    assert (plan.last[0].id, plan.last[1].percent) == ("one", 100)
    assert ids(plan.fresh) == ["large", "later", "secret"]
    assert plan.mistakes == 0  # the open test asks both
    ann.submit(running)
    assert ann.next().mistakes == 1


def test_what_the_clock_has_ended_is_not_open(ann: Student):
    ann.sit("harbour-test", submit=False)
    ann.now += 30 * MINUTE
    assert ann.next().open == ()


def test_an_open_practice_is_gone_on_with_too(ann: Student):
    ann.sit("harbours", WRONG)
    practice = ann.practise()
    assert [line.id for _, line in ann.next().open] == [practice.id]


def test_a_hidden_score_is_not_in_the_last_result(ann: Student):
    ann.sit("later", RIGHT)
    assert ann.next().last is not None
    assert ann.next().last[1].percent is None
    ann.now += 2 * MINUTE
    assert ann.next().last[1].percent == 20


@pytest.mark.parametrize("sittings", [1, 6])
def test_what_next_costs_five_queries_whatever_was_done(ann: Student, sittings: int):
    for _ in range(sittings):
        ann.sit("large", *[WRONG] * 5)
    ann.next()
    with count_queries(store.db.engine) as statements:
        ann.next()
    assert len(statements) <= 5, statements

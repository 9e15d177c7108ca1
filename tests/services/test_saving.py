"""Saving answers in a real database: what it costs, what two clients see, and what happens when things race."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.attempt import Stamp, Standing
from quizapp.services import taking, transactions
from quizapp.services.errors import NotFound, SignInNeeded
from quizapp.services.taking import saving as saving_module
from quizapp.store.tables import RESPONSE, User
from tests import small_bank
from tests.databases import count_queries
from tests.small_bank import NOON

SECOND = timedelta(seconds=1)


class Sitting:
    """An attempt of Ann's with short words for what she does in it."""

    def __init__(self, session: Session, quiz: str = "harbours") -> None:
        small_bank.publish(session)
        self.session = session
        self.user = small_bank.a_user(session)
        self.bob = small_bank.a_user(session, "bob")
        for user, number in ((self.bob, 99), (self.user, 1)):
            attempt = taking.start(
                session, quiz, user_id=user, attempt_id=uuid.UUID(int=number), seed=f"seed-{number}", now=NOON
            )
            session.commit()
        self.id = attempt.id

    def save(self, position: int | None, stamp: Stamp | None = None, base: Stamp | None = None, **changes: Any):
        form = {"answer": [] if position is None else [str(position)]}
        now = changes.pop("now", NOON + SECOND)
        given = {"number": 1, "user_id": self.user, "epoch": 0, "fresh": uuid.uuid4().hex, **changes}
        sent = taking.Sent(self.id, form=form, stamp=stamp, base=base, **given)
        receipt = taking.respond(self.session, sent, now=now)
        self.session.commit()
        return receipt

    def answer(self, now=NOON + SECOND) -> dict[str, list[str]]:
        return taking.question_page(self.session, self.id, 1, user_id=self.user, now=now).form


@pytest.fixture
def sitting(session: Session) -> Sitting:
    return Sitting(session)


@pytest.fixture
def test_sitting(session: Session) -> Sitting:
    return Sitting(session, "harbour-test")


def test_a_save_costs_one_select_and_one_insert(sitting: Sitting):
    sitting.save(0, Stamp("phone", 1))
    with count_queries(store.db.engine) as statements:
        sitting.save(1, Stamp("phone", 2))
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT"]


def test_what_is_saved_is_the_answer(sitting: Sitting):
    receipt = sitting.save(2, Stamp("phone", 1))
    assert (receipt.standing, receipt.answered, receipt.current) == (Standing.CURRENT, True, Stamp("phone", 1))
    assert sitting.answer() == {"answer": ["2"]}


def test_the_same_save_again_changes_nothing_and_is_answered_as_the_first_time(sitting: Sitting):
    first = sitting.save(2, Stamp("phone", 1))
    again = sitting.save(1, Stamp("phone", 1))
    assert (again.standing, again.stamp, again.repeated) == (first.standing, first.stamp, True)
    assert sitting.answer() == {"answer": ["2"]}


def test_a_save_overtaken_by_a_later_one_of_its_client_does_not_come_back(sitting: Sitting):
    sitting.save(2, Stamp("phone", 2))
    assert sitting.save(1, Stamp("phone", 1)).standing is Standing.STALE
    assert sitting.answer() == {"answer": ["2"]}


def test_two_devices_conflict_and_the_loser_is_shown_the_current_answer(sitting: Sitting):
    sitting.save(0, Stamp("phone", 1))
    sitting.save(1, Stamp("laptop", 1), base=Stamp("phone", 1))
    receipt = sitting.save(2, Stamp("phone", 2), base=Stamp("phone", 1))
    assert (receipt.standing, receipt.current_form) == (Standing.CONFLICT, {"answer": ["1"]})
    resolved = sitting.save(2, Stamp("phone", 3), base=receipt.current)
    assert resolved.standing is Standing.CURRENT
    assert sitting.answer() == {"answer": ["2"]}


def test_a_form_without_script_becomes_current_and_saying_the_same_again_adds_nothing(sitting: Sitting):
    sitting.save(0, Stamp("phone", 1))
    assert sitting.save(1).standing is Standing.CURRENT
    with count_queries(store.db.engine) as statements:
        assert sitting.save(1).repeated
    assert [statement.split()[0] for statement in statements] == ["SELECT"]
    assert sitting.answer() == {"answer": ["1"]}


def test_taking_an_answer_back_leaves_the_slot_unanswered(sitting: Sitting):
    sitting.save(0, Stamp("phone", 1))
    assert not sitting.save(None, Stamp("phone", 2)).answered
    assert sitting.answer() == {}


def test_values_that_are_no_positions_are_blank(sitting: Sitting):
    for value in (7, -1):
        assert not sitting.save(value, Stamp("phone", 10 + value)).answered


def test_a_save_counts_until_deadline_and_grace_and_is_kept_as_late_afterwards(test_sitting: Sitting):
    end = NOON + timedelta(minutes=21)
    assert test_sitting.save(0, Stamp("phone", 1), now=end).standing is Standing.CURRENT
    assert test_sitting.save(1, Stamp("phone", 2), now=end + SECOND).standing is Standing.LATE
    taking.close_overdue(test_sitting.session, now=end + SECOND)
    result = taking.result_page(test_sitting.session, test_sitting.id, user_id=test_sitting.user, now=end + SECOND)
    assert (result.time_ran_out, result.submitted_at) == (True, NOON + timedelta(minutes=20))
    first, late = result.lines[0].question.options[:2]
    assert (result.lines[0].review.given, [one.given for one in result.lines[0].late]) == (first, [late])


def test_a_save_after_submission_is_kept_as_late(sitting: Sitting):
    taking.submit(sitting.session, sitting.id, user_id=sitting.user, now=NOON + SECOND)
    assert sitting.save(0, Stamp("phone", 1)).standing is Standing.LATE


def test_a_save_after_checking_is_kept_as_late(sitting: Sitting):
    sitting.save(0, Stamp("phone", 1))
    taking.check(sitting.session, sitting.id, 1, user_id=sitting.user, now=NOON + SECOND)
    assert sitting.save(1, Stamp("phone", 2)).standing is Standing.LATE
    assert sitting.answer() == {"answer": ["0"]}


def test_another_students_slot_is_not_found(sitting: Sitting):
    with pytest.raises(NotFound):
        sitting.save(0, Stamp("phone", 1), user_id=sitting.bob)
    with pytest.raises(NotFound):
        sitting.save(0, Stamp("phone", 1), number=6)


def test_a_session_that_has_ended_saves_nothing(sitting: Sitting):
    with pytest.raises(SignInNeeded):
        sitting.save(0, Stamp("phone", 1), epoch=1)
    assert sitting.answer() == {}


@pytest.fixture(params=["in a transaction", "each statement alone"])
def session_of_request(request: pytest.FixtureRequest) -> Callable[[], Session]:
    """What a request is given to save by: a session that begins, or one that is made at need, as the web does."""
    return transactions.session if request.param == "in a transaction" else transactions.session_at_need


def in_threads(app: Flask, works: list[Any], session_of_request: Callable[[], Session]) -> list[Any]:
    """The outcomes of the works, begun together, each as a request of its own on the real database."""
    ready, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(at: int) -> None:
        with app.app_context():
            ready.wait(10)
            outcomes[at] = works[at](session_of_request())
            transactions.commit()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def saving(sitting: Sitting, stamp: Stamp, position: int, base: Stamp | None = None):
    def work(session: Session):
        sent = taking.Sent(sitting.id, 1, {"answer": [str(position)]}, sitting.user, 0, "", stamp, base)
        return taking.respond(session, sent, now=NOON + SECOND)

    return work


def test_of_two_devices_that_save_at_the_same_moment_one_is_told_of_the_conflict(
    app: Flask, sitting: Sitting, session_of_request: Callable[[], Session]
):
    base = Stamp("phone", 1)
    sitting.save(0, base)
    works = [saving(sitting, Stamp(f"device{n}", 1), n % 3, base) for n in range(6)]
    outcomes = in_threads(app, works, session_of_request)
    standings = sorted(receipt.standing for receipt in outcomes)
    assert standings == ["conflict"] * 5 + ["current"]


def test_the_same_save_sent_many_times_at_once_is_kept_once(
    app: Flask, sitting: Sitting, session_of_request: Callable[[], Session]
):
    outcomes = in_threads(app, [saving(sitting, Stamp("phone", 1), 1) for _ in range(6)], session_of_request)
    assert sorted(receipt.repeated for receipt in outcomes) == [False] + [True] * 5


def test_a_save_that_races_submission_is_either_marked_or_late(
    app: Flask, sitting: Sitting, session_of_request: Callable[[], Session]
):
    for attempt in range(5):
        in_order = [saving(sitting, Stamp("phone", attempt + 1), 1)]
        submit = [lambda s: taking.submit(s, sitting.id, user_id=sitting.user, now=NOON + SECOND)]
        receipt = in_threads(app, in_order + submit, session_of_request)[0]
        sitting.session.expire_all()
        result = taking.result_page(sitting.session, sitting.id, user_id=sitting.user, now=NOON + SECOND)
        if receipt.standing is Standing.CURRENT:
            assert result.lines[0].answered
            assert result.lines[0].reason != "No answer was given."
        else:
            assert receipt.standing is Standing.LATE
        sitting.session.commit()


def in_between(sitting: Sitting, happens: Callable[[Session], object], monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a save becomes when this happens, by another request, after it has looked and before it writes."""
    judge, pending = saving_module.judge, [happens]

    def judged(*args: Any, **more: Any) -> Standing:
        if pending:
            with Session(store.db.engine) as other:
                pending.pop()(other)
                other.commit()
        return judge(*args, **more)

    monkeypatch.setattr(saving_module, "judge", judged)
    return saving(sitting, Stamp("laptop", 1), 1, base=Stamp("phone", 1))(transactions.session_at_need())


@pytest.mark.parametrize(
    ("ends", "standing"),
    [
        (lambda sitting, other: taking.submit(other, sitting.id, user_id=sitting.user, now=NOON + SECOND), "late"),
        (lambda sitting, other: taking.check(other, sitting.id, 1, user_id=sitting.user, now=NOON + SECOND), "late"),
        (lambda sitting, other: saving(sitting, Stamp("phone", 2), 2, base=Stamp("phone", 1))(other), "conflict"),
    ],
    ids=["submitted", "checked", "saved"],
)
def test_what_came_in_between_is_seen_before_anything_is_written(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch, ends: Callable[..., object], standing: str
):
    sitting.save(0, Stamp("phone", 1))
    receipt = in_between(sitting, partial(ends, sitting), monkeypatch)
    assert receipt.standing == standing


def test_a_save_of_a_request_is_one_select_and_one_insert_and_kept_at_once(sitting: Sitting):
    saving(sitting, Stamp("phone", 1), 1)(transactions.session_at_need())  # which also reads the item, once
    transactions.commit()
    with count_queries(store.db.engine) as statements:
        saving(sitting, Stamp("phone", 2), 2)(transactions.session_at_need())
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT"]
    assert not sitting.session.in_transaction()
    with store.db.engine.connect() as other:
        assert other.execute(select(func.max(RESPONSE.c.sequence))).scalar_one() == 2


def test_a_save_of_a_request_that_has_begun_is_undone_with_it(sitting: Sitting):
    transactions.session().execute(select(User.id))
    saving(sitting, Stamp("phone", 1), 1)(transactions.session_at_need())
    transactions.rollback()
    assert sitting.answer() == {}


def test_an_earlier_result_keeps_back_what_is_open_again(test_sitting: Sitting):
    session, user = test_sitting.session, test_sitting.user
    taking.submit(session, test_sitting.id, user_id=user, now=NOON + SECOND)
    session.commit()
    before = taking.result_page(session, test_sitting.id, user_id=user, now=NOON + SECOND)
    assert all(line.review.key and line.evidence and not line.asked_in for line in before.lines)
    again = taking.start(
        session, "harbour-test", user_id=user, attempt_id=uuid.UUID(int=2), seed="again", now=NOON + SECOND
    )
    session.commit()
    during = taking.result_page(session, test_sitting.id, user_id=user, now=NOON + SECOND)
    assert all(line.asked_in for line in during.lines)
    assert not any(line.review.key or line.evidence or line.explanation or line.item for line in during.lines)
    taking.submit(session, again.id, user_id=user, now=NOON + 2 * SECOND)
    session.commit()
    after = taking.result_page(session, test_sitting.id, user_id=user, now=NOON + 2 * SECOND)
    assert [line.review for line in after.lines] == [line.review for line in before.lines]

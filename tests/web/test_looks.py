"""When a question was first shown: written a moment later, together with what else was looked at."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import store
from quizapp.services import transactions
from quizapp.store.tables import Slot
from quizapp.web.student import looks
from tests import small_bank
from tests.databases import count_queries
from tests.web.sittings import Taker, new_taker

LONG_ENOUGH = 20  # seconds, to tell a hang from an answer


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An app with looks of its own: some of these tests leave them unwritten."""
    return own_app


@pytest.fixture(autouse=True)
def _bank(app: Flask) -> None:
    with app.app_context():
        small_bank.publish(transactions.session(), quizzes=(small_bank.a_quiz(),))


@pytest.fixture
def ann(app: Flask) -> Taker:
    return new_taker(app, "student")


def shown(app: Flask, attempt: str) -> dict[int, datetime | None]:
    with app.app_context():
        transactions.begin(read_only=True)
        query = select(Slot.number, Slot.first_shown_at).where(Slot.attempt_id == uuid.UUID(attempt[-36:]))
        return {row.number: row.first_shown_at for row in transactions.session().execute(query)}


def later(monkeypatch: pytest.MonkeyPatch, seconds: float = 3600) -> list[threading.Timer]:
    """Looks are written after so long; the timers that were set, none of which is left running by these tests."""
    timers: list[threading.Timer] = []

    class Timer(threading.Timer):
        def start(self) -> None:
            timers.append(self)
            if seconds < LONG_ENOUGH:
                super().start()

    monkeypatch.setattr(looks, "WAIT", seconds)
    monkeypatch.setattr(looks.threading, "Timer", Timer)
    return timers


def test_a_look_is_written_a_moment_later(app: Flask, ann: Taker, monkeypatch: pytest.MonkeyPatch):
    timers = later(monkeypatch, 0.05)
    attempt = ann.start()
    before = datetime.now(UTC)
    assert ann.at(1).status_code == 200
    assert ann.at(2).status_code == 200
    after = datetime.now(UTC)
    for one in timers:
        one.join(LONG_ENOUGH)
    at = shown(app, attempt)
    assert at[3] is None
    for number in (1, 2):
        assert before <= (at[number] or before - timedelta(1)) <= after


def test_a_page_that_is_looked_at_first_writes_nothing(app: Flask, ann: Taker, monkeypatch: pytest.MonkeyPatch):
    timers = later(monkeypatch)
    ann.start()
    ann.at(1)
    with app.app_context(), count_queries(store.db.engine) as statements:
        ann.at(2)
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 1
    assert len(timers) == 1


def test_all_are_written_together_and_only_the_first_look_counts(
    app: Flask, ann: Taker, monkeypatch: pytest.MonkeyPatch
):
    timers = later(monkeypatch)
    attempt = ann.start()
    ann.at(1)
    first = datetime.now(UTC)
    time.sleep(0.01)
    for number in (2, 3, 1):
        ann.at(number)
    assert set(shown(app, attempt).values()) == {None}
    with app.app_context(), count_queries(store.db.engine) as statements:
        timers[0].function()
    assert len([one for one in statements if one.startswith("UPDATE")]) == 1
    at = shown(app, attempt)
    assert [number for number in sorted(at) if at[number]] == [1, 2, 3]
    assert (at[1] or first) <= first
    ann.at(4)
    assert len(timers) == 2  # what comes after is written once more


def test_what_cannot_be_written_fails_no_page(app: Flask, ann: Taker, monkeypatch: pytest.MonkeyPatch, caplog):
    attempt = ann.start()

    def broken(*_: object) -> None:
        raise transactions.UNAVAILABLE[0]("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(looks.taking, "mark_shown", broken)
    assert ann.at(1).status_code == 200
    assert "when a question was first shown was not recorded" in caplog.text
    monkeypatch.undo()
    ann.at(1)
    assert shown(app, attempt)[1]

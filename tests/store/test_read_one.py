"""One row, asked for alone: without a transaction where none has begun, and within it where one has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from quizapp import store
from quizapp.services import transactions
from quizapp.store.tables import USER, User
from tests import small_bank

NAME = select(USER.c.username).where(USER.c.username_key == "ann")


@pytest.fixture(autouse=True)
def _ann(app: Flask) -> None:
    with app.app_context():
        small_bank.a_user(transactions.session())


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """All that is said to the database, the beginning of transactions included."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with app.app_context():
        engine = store.db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def read() -> Any:
    return store.read_one(transactions.session_at_need(), NAME, {})


def test_where_nothing_has_begun_there_is_one_statement_and_nothing_stays_open(app: Flask, statements: list[str]):
    with app.test_request_context():
        transactions.begin(read_only=True)
        assert read().username == "ann"
        assert not store.db.session.registry.has()
        assert store.db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert len(statements) == 1


def test_what_a_request_has_done_itself_is_read_back(app: Flask):
    with app.test_request_context():
        transactions.begin(read_only=False)
        transactions.session().execute(update(User).values(username="Anna"))
        assert read().username == "Anna"
        transactions.rollback()
        assert read().username == "ann"


def test_a_reading_request_that_has_begun_reads_on_in_its_transaction(app: Flask, statements: list[str]):
    with app.test_request_context():
        transactions.begin(read_only=True)
        transactions.session().execute(select(User.id))
        begun = len(statements)
        assert read().username == "ann"
        assert len(statements) == begun + 1


def test_nobody_is_no_row(app: Flask):
    with app.test_request_context():
        transactions.begin(read_only=True)
        assert store.read_one(transactions.session_at_need(), NAME.where(USER.c.id == 0), {}) is None

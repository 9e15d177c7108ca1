"""Connections to PostgreSQL: what is prepared on the server, and what becomes of one that has died."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import OperationalError

from quizapp import create_app, store
from quizapp.services import transactions
from quizapp.store.tables import USER, Version
from tests import databases
from tests.conftest import settings_for
from tests.small_bank import NOON

pytestmark = pytest.mark.postgresql
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT%user%'")
EVERYBODY = select(USER.c.id)


@pytest.fixture
def url(postgresql_server: databases.Server, migrated_postgresql: str) -> Iterator[str]:
    name = postgresql_server.create(template=migrated_postgresql)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture
def app_on(url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an app on that database, with these settings, in whose context the test goes on."""
    contexts = []

    def make(**settings: Any) -> Flask:
        app = create_app(settings_for(tmp_path, url).model_copy(update=settings))
        contexts.append(app.app_context())
        contexts[-1].push()
        transactions.begin(read_only=True)
        return app

    yield make
    for one in contexts:
        databases.close(one.app)
        one.pop()


def kill_the_connection(server: databases.Server) -> None:
    """As a server that restarts does."""
    server.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() AND usename != ''")


def ask() -> object:
    """What one row is asked for that is not there."""
    return store.read_one(transactions.session_at_need(), EVERYBODY.where(USER.c.id == 0), {})


@pytest.mark.parametrize(("pooler", "prepared"), [("none", True), ("transaction", False)])
def test_what_is_asked_often_is_prepared_but_not_behind_a_pooler(
    app_on: Callable[..., Flask], pooler: str, prepared: bool
):
    app_on(database_pooler=pooler)
    with store.db.engine.connect() as connection:
        for _ in range(store.OFTEN + 2):
            connection.execute(EVERYBODY)
        assert bool(connection.execute(PREPARED).scalar_one()) is prepared


@pytest.mark.parametrize("pooler", ["none", "transaction"])
def test_nobody_waits_for_a_lock_for_ever(app_on: Callable[..., Flask], pooler: str):
    app_on(database_pooler=pooler, database_wait=timedelta(seconds=7))
    lock_timeout = text("SHOW lock_timeout")
    with store.db.engine.connect() as connection:
        assert connection.execute(lock_timeout).scalar_one() == "7s"
    with store.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        left = "7s" if pooler == "none" else "0"  # what another who gets this server connection finds
        assert connection.execute(lock_timeout).scalar_one() == left


def test_who_asks_one_thing_begins_no_transaction(app_on: Callable[..., Flask]):
    app_on()
    standing: list[TransactionStatus] = []

    def note(_connection: object, cursor: Any, *_: object) -> None:
        standing.append(cursor.connection.info.transaction_status)

    event.listen(store.db.engine, "after_cursor_execute", note)
    ask()
    transactions.session().execute(EVERYBODY)
    transactions.rollback()
    assert standing == [TransactionStatus.IDLE, TransactionStatus.INTRANS]


@pytest.mark.parametrize(
    ("pooler", "inside"), [("none", TransactionStatus.IDLE), ("transaction", TransactionStatus.INTRANS)]
)
def test_what_is_written_alone_begins_no_transaction_but_behind_a_pooler(
    app_on: Callable[..., Flask], pooler: str, inside: TransactionStatus
):
    """Where that is told for how long to wait for a lock."""
    app_on(database_pooler=pooler)
    transactions.begin(read_only=False)
    standing: list[TransactionStatus] = []

    def note(_connection: object, cursor: Any, *_: object) -> None:
        standing.append(cursor.connection.info.transaction_status)

    event.listen(store.db.engine, "after_cursor_execute", note)
    one = {"digest": "0" * 64, "kind": "item", "name": "a", "entry": {}, "created_at": NOON}
    assert store.write_one(transactions.session_at_need(), insert(Version), one) == 1
    assert standing[-1] == inside
    transactions.commit()
    assert transactions.session().scalars(select(Version.kind)).all() == ["item"]


def test_a_connection_that_died_while_nobody_used_it_is_not_taken(
    app_on: Callable[..., Flask], postgresql_server: databases.Server, monkeypatch: pytest.MonkeyPatch
):
    app_on()
    ask()
    kill_the_connection(postgresql_server)
    monkeypatch.setattr(store, "IDLE", 0)  # as if that had been a while ago
    assert ask() is None


def cut_at_work(server: databases.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two connections wait in the pool, and are cut before anybody asks whether they answer."""
    monkeypatch.setattr(store, "IDLE", 3600)
    with store.db.engine.connect(), store.db.engine.connect():
        pass
    kill_the_connection(server)


def test_what_only_reads_is_asked_again(
    app_on: Callable[..., Flask], postgresql_server: databases.Server, monkeypatch: pytest.MonkeyPatch
):
    app_on()
    cut_at_work(postgresql_server, monkeypatch)
    assert ask() is None


def test_a_transaction_that_is_cut_fails_once_and_takes_the_other_connections_along(
    app_on: Callable[..., Flask], postgresql_server: databases.Server, monkeypatch: pytest.MonkeyPatch
):
    app_on()
    cut_at_work(postgresql_server, monkeypatch)
    with pytest.raises(OperationalError) as failed:
        transactions.session().execute(EVERYBODY)
    assert transactions.trouble(failed.value)
    transactions.rollback()
    assert transactions.session().execute(EVERYBODY).all() == []


def test_a_connection_serves_in_turns_what_stands_alone_and_what_may_be_undone(app_on: Callable[..., Flask]):
    app_on()
    one = {"digest": "0" * 64, "kind": "item", "name": "a", "entry": {}, "created_at": NOON}
    other = {**one, "digest": "1" * 64}
    pids: list[int] = []

    def note(_connection: object, cursor: Any, *_: object) -> None:
        pids.append(cursor.connection.info.backend_pid)

    event.listen(store.db.engine, "after_cursor_execute", note)
    for _ in range(2):
        ask()
        transactions.begin(read_only=False)
        transactions.session().execute(insert(Version), other)
        transactions.rollback()
        transactions.snapshot()
        level = text("SHOW transaction_isolation")
        assert transactions.session().execute(level).scalar_one() == "repeatable read"
        transactions.commit()
        assert transactions.session().execute(level).scalar_one() == "read committed"
        transactions.commit()
    assert store.write_one(transactions.session_at_need(), insert(Version), one) == 1
    transactions.session().execute(insert(Version), other)
    transactions.rollback()
    assert transactions.session().scalars(select(Version.digest)).all() == [one["digest"]]
    assert len(set(pids)) == 1

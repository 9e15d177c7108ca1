"""Those who write to one SQLite file take turns."""

from __future__ import annotations

import errno
import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import column, insert, table, text
from sqlalchemy.exc import OperationalError

from quizapp import create_app, store
from quizapp.config import Settings
from quizapp.services import transactions
from quizapp.store import turns
from quizapp.store.turns import Turns
from tests import databases

NOTE = table("note", column("words"))
LONG_ENOUGH = 20  # seconds, to tell a hang from an answer


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "quizapp.sqlite")


@pytest.fixture
def mine(path: str) -> Iterator[Turns]:
    mine = Turns(path)
    yield mine
    mine.close()


@pytest.fixture
def theirs(path: str) -> Iterator[Turns]:
    """As another process has them."""
    theirs = Turns(path)
    yield theirs
    theirs.close()


@pytest.fixture
def app(path: str, tmp_path: Path) -> Iterator[Flask]:
    """An app with a file and one table."""
    app = create_app(Settings(instance=tmp_path, database_url=f"sqlite:///{path}", secret_key="a"))
    with app.app_context():
        transactions.begin(read_only=False)
        with store.db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE note (words TEXT NOT NULL)"))
        yield app
        databases.close(app)


def until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG_ENOUGH
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.001)


def somebody_is_next(path: str) -> bool:
    with Path(f"{path}-next").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def is_free(turn: Turns) -> bool:
    """Whether nobody has the turn."""
    if not turn.take():
        return False
    turn.give_back()
    return True


@pytest.mark.parametrize("time_", range(10))
def test_who_waits_comes_before_who_wants_the_next_turn_at_once(path: str, mine: Turns, theirs: Turns, time_: int):
    order: list[str] = []

    def write_once() -> None:
        assert theirs.take()
        order.append("theirs")
        theirs.give_back()

    assert mine.take()
    other = threading.Thread(target=write_once)
    other.start()
    until(lambda: somebody_is_next(path))
    mine.give_back()
    assert mine.take()
    order.append("mine")
    mine.give_back()
    other.join(LONG_ENOUGH)
    assert order == ["theirs", "mine"]


def test_threads_of_one_process_have_it_one_at_a_time(mine: Turns):
    at_once: list[int] = []
    inside = 0

    def write() -> None:
        nonlocal inside
        for _ in range(20):
            assert mine.take()
            inside += 1
            time.sleep(0.0001)
            at_once.append(inside)
            inside -= 1
            mine.give_back()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(LONG_ENOUGH)
    assert at_once == [1] * 80


def test_nobody_waits_for_ever(mine: Turns, theirs: Turns, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    assert mine.take()
    assert not mine.take()
    assert not theirs.take()
    mine.give_back()
    assert theirs.take()
    theirs.give_back()


def test_where_no_file_can_be_made_there_are_no_turns(tmp_path: Path):
    nowhere = Turns(str(tmp_path / "missing" / "quizapp.sqlite"))
    assert not nowhere.take()
    assert not nowhere.take()


def test_where_files_cannot_be_locked_there_are_no_turns(mine: Turns, monkeypatch: pytest.MonkeyPatch):
    def flock(_file: int, what: int) -> None:
        if what != fcntl.LOCK_UN:
            raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(turns, "flock", flock)
    assert not mine.take()
    assert not mine.take()


def test_a_writing_transaction_has_the_turn_until_it_ends(app: Flask, theirs: Turns, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    for end in (store.db.session.commit, store.db.session.rollback):
        store.db.session.execute(text("INSERT INTO note VALUES ('a')"))
        assert not is_free(theirs)
        end()
        assert is_free(theirs)


def test_a_statement_that_writes_alone_waits_for_its_turn_and_gives_it_back(app: Flask, path: str, theirs: Turns):
    written = threading.Event()

    def write() -> None:
        with app.app_context():
            assert store.write_one(transactions.session_at_need(), insert(NOTE), {"words": "a"}) == 1
        written.set()

    assert theirs.take()
    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: somebody_is_next(path))
    assert not written.is_set()
    theirs.give_back()
    writer.join(LONG_ENOUGH)
    assert written.is_set()
    assert is_free(theirs)


def test_reading_takes_no_turn(app: Flask, theirs: Turns):
    transactions.begin(read_only=True)
    assert theirs.take()
    assert store.db.session.execute(text("SELECT count(*) FROM note")).scalar_one() == 0
    theirs.give_back()


def test_a_transaction_that_cannot_begin_gives_the_turn_back(app: Flask, path: str, theirs: Turns):
    store.db.session.execute(text("PRAGMA busy_timeout=1"))
    store.db.session.commit()
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:  # who knows of no turns
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            store.db.session.execute(text("INSERT INTO note VALUES ('a')"))
        store.db.session.rollback()
    assert is_free(theirs)


def test_whoever_gets_no_turn_writes_all_the_same(app: Flask, theirs: Turns, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    assert theirs.take()
    store.db.session.execute(text("INSERT INTO note VALUES ('a')"))
    store.db.session.commit()
    theirs.give_back()
    assert is_free(theirs)

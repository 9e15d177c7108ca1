"""A database that is locked, read-only, full or away: a clear page, nothing half stored, well again when it clears."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, make_url, select, text
from werkzeug.test import TestResponse

from quizapp import create_app, store
from quizapp.services import transactions
from quizapp.store.tables import ATTEMPT, RESPONSE, SLOT, Base, User
from tests import databases, small_bank
from tests.conftest import settings_for
from tests.web.browsing import WORDS
from tests.web.sittings import Taker

JSON = {"Accept": "application/json"}
WAIT = timedelta(milliseconds=150)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The app with the small bank, which waits but a moment for its database."""
    app = create_app(settings_for(tmp_path, database_url).model_copy(update={"database_wait": WAIT}))
    with app.app_context():
        small_bank.publish(transactions.session())
    yield app
    with app.app_context():
        databases.close(app)


class Student(Taker):
    """Saves as the page's script does, with a token that was on the page before the trouble began."""

    def open(self) -> None:
        self.start()
        self.known = self.token("/quizzes")

    def send(self, path: str, script: bool = False, **fields: Any) -> TestResponse:
        data = {"csrf_token": self.known, **fields}
        headers = {"Referer": f"http://localhost{self.attempt}/1", **(JSON if script else {})}
        return self.client.post(path, data=data, headers=headers)

    def save(self, sequence: int, slot: int = 1, answer: str = "1") -> TestResponse:
        stamp = {"client": "phone-0001", "sequence": sequence, "base": ""}
        return self.send(f"{self.attempt}/{slot}", script=True, answer=answer, **stamp)


@pytest.fixture
def student(app: Flask) -> Student:
    one = Student(app.test_client())
    one.open()
    return one


def rows(url: str) -> dict[str, int]:
    """How many rows each table holds, by a connection of our own."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        counted = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    engine.dispose()
    return counted


# --- the troubles ----------------------------------------------------------------------------------------------------


@contextmanager
def said_to_each_connection(app: Flask, begin: str, end: str) -> Iterator[None]:
    """The app's connections are told ``begin`` before each use; at last ``end``."""
    with app.app_context():
        engine = store.db.engine
    said = [begin]

    def say(connection: Any, *_: object) -> None:
        connection.execute(said[0])

    event.listen(engine, "checkout", say)
    yield
    said[0] = end
    with engine.connect():
        pass
    event.remove(engine, "checkout", say)


@contextmanager
def locked_file(url: str) -> Iterator[None]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked_table(url: str) -> Iterator[None]:
    engine = create_engine(url)
    with engine.connect() as other:
        other.execute(text('LOCK TABLE response, attempt, slot, "user" IN ACCESS EXCLUSIVE MODE'))
        yield
        other.rollback()
    engine.dispose()


@contextmanager
def told_to_the_server(app: Flask, url: str, begin: str, end: str) -> Iterator[None]:
    """The PostgreSQL database is altered from outside, and its connections are cut, as when a server changes over."""
    name = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    cut = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name")

    def say(words: str) -> None:
        with engine.connect() as other:
            other.execute(text(f"ALTER DATABASE {name} {words}"))
            other.execute(cut, {"name": name})
        time.sleep(store.IDLE)  # within that time, one request may meet a connection that was cut

    say(begin)
    yield
    say(end)
    engine.dispose()


@contextmanager
def full_disk(url: str) -> Iterator[None]:
    """No table takes another row: PostgreSQL says what it says when the disk is full."""
    tables = [table.name for table in Base.metadata.sorted_tables]
    each = 'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON "{0}" FOR EACH STATEMENT EXECUTE FUNCTION full_disk()'
    raising = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as other:
        body = f"$$ BEGIN {raising}; END $$"
        other.execute(text(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS {body}"))
        for table in tables:
            other.execute(text(each.format(table)))
        yield
        other.execute(text("DROP FUNCTION full_disk() CASCADE"))
    engine.dispose()


def trouble(kind: str, app: Flask, url: str) -> AbstractContextManager[None]:
    """The database in that trouble, for as long as the block lasts."""
    is_file = url.startswith("sqlite")
    if kind == "locked":
        return locked_file(url) if is_file else locked_table(url)
    if kind == "read-only":
        if is_file:
            return said_to_each_connection(app, "PRAGMA query_only=ON", "PRAGMA query_only=OFF")
        words = "default_transaction_read_only"
        return told_to_the_server(app, url, f"SET {words} = on", f"RESET {words}")
    if kind == "full":
        if is_file:
            return said_to_each_connection(app, "PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823")
        return full_disk(url)
    if is_file:
        pytest.skip("a file has no server to be away")
    return told_to_the_server(app, url, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true")


KINDS = ["locked", "read-only", "full", "away"]


# --- what people see -------------------------------------------------------------------------------------------------


def until_refused(student: Student) -> int:
    """Save until nothing more fits (the last page of a full file may still have room); how many were acknowledged."""
    for sequence in range(100, 400):
        answer = student.save(sequence, answer=str(sequence % 3))
        if answer.status_code != 200:
            assert answer.status_code == 503, answer.text
            return sequence - 100
    raise AssertionError("it is never full")


@pytest.mark.parametrize("kind", KINDS)
def test_a_save_is_refused_clearly_and_goes_through_once_the_trouble_is_over(
    app: Flask, database_url: str, student: Student, kind: str
):
    assert student.save(1).status_code == 200
    before = rows(database_url)
    with trouble(kind, app, database_url):
        fitted = until_refused(student) if kind == "full" else 0
        refused = student.save(500)
        assert refused.status_code == 503
        assert refused.json["title"] == "Not available just now"
        assert "nothing was stored" in refused.json["message"]
        assert refused.json["request_id"] == refused.headers["X-Request-Id"]
        assert refused.headers["Retry-After"] == "10"
        assert refused.headers["Cache-Control"] == "no-store"
    assert rows(database_url) == {**before, "response": before["response"] + fitted}
    for _ in range(2):
        again = student.save(500)
        assert (again.status_code, again.json["standing"]) == (200, "current")
    assert rows(database_url)["response"] == before["response"] + fitted + 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_without_script_is_told_so_on_a_page_with_the_way_back(
    app: Flask, database_url: str, student: Student, kind: str
):
    with trouble(kind, app, database_url):
        if kind == "full":
            until_refused(student)
        refused = student.send(f"{student.attempt}/1", answer="2", go="2")
        assert refused.status_code == 503
        assert "<h1>Not available just now</h1>" in refused.text
        assert "nothing was stored" in refused.text
        assert f'href="{student.attempt}/1"' in refused.text
    assert student.send(f"{student.attempt}/1", answer="2", go="2").status_code == 302


NEW = {"username": "ben", "password": WORDS, "password_again": WORDS}


Deeds = dict[str, Callable[[], TestResponse]]


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that each table holds, by a connection of our own."""
    engine = create_engine(url)
    with engine.connect() as connection:
        held = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return held


def deeds(student: Student, visitor: Student) -> Deeds:
    """All that can be done with a form, by what it does."""
    return {
        "check": lambda: student.send(f"{student.attempt}/1/check", answer="2"),
        "flag": lambda: student.send(f"{student.attempt}/2/flag", flagged="1", unchanged="1"),
        "submit": lambda: student.send(f"{student.attempt}/submit"),
        "sign up": lambda: visitor.send("/sign-up", **NEW),
    }


def effect(url: str, student: Student, deed: str) -> list[bool]:
    """Everything that the deed is to have done, and whether it is so."""
    engine = create_engine(url)
    mine = uuid.UUID(student.attempt.rpartition("/")[2])
    with engine.connect() as connection:
        attempt = connection.execute(select(ATTEMPT).where(ATTEMPT.c.id == mine)).one()
        slots = connection.execute(select(SLOT).where(SLOT.c.attempt_id == mine).order_by(SLOT.c.number)).all()
        given = select(RESPONSE.c.response).where(RESPONSE.c.attempt_id == mine, RESPONSE.c.slot == 1)
        answer = connection.scalar(given.where(RESPONSE.c.standing == "current").order_by(RESPONSE.c.ordinal.desc()))
        users = connection.execute(select(User.username)).scalars().all()
    engine.dispose()
    return {
        "check": [slots[0].checked_at is not None, slots[0].mark is not None, answer == "abc"[slots[0].order[2]]],
        "flag": [slots[1].flagged],
        "submit": [
            attempt.submitted_at is not None, attempt.mark is not None, *(slot.mark is not None for slot in slots)
        ],
        "sign up": ["ben" in users],
    }[deed]  # fmt: skip


def fill_to_the_brim(url: str) -> None:
    """Let comments take what room is left in the pages with questions, so that no mark fits into them any more."""
    longer = "UPDATE slot SET comment = coalesce(comment, '') || ? WHERE rowid = ?"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("PRAGMA max_page_count=1")
        for size in (100, 10, 1):
            for (row,) in other.execute("SELECT rowid FROM slot").fetchall():
                with suppress(sqlite3.OperationalError):  # full
                    while True:
                        other.execute(longer, ("x" * size, row))


def do_everything(url: str, student: Student, visitor: Student, *, seen: bool) -> Deeds:
    """What was refused of all the deeds, which left everything as it was; the others had their whole effect."""
    refused = {}
    for deed, do in deeds(student, visitor).items():
        before = contents(url) if seen else None
        status = do().status_code
        if status == 503:
            refused[deed] = do
            assert before is None or contents(url) == before, deed
        else:
            assert status in (302, 303), deed
            assert all(effect(url, student, deed)), deed
    return refused


@pytest.mark.parametrize("kind", [*KINDS, "brimful"])
def test_nothing_breaks_and_nothing_is_half_stored(app: Flask, database_url: str, student: Student, kind: str):
    is_file, is_full = database_url.startswith("sqlite"), kind in ("full", "brimful")
    if kind == "brimful" and not is_file:
        pytest.skip("PostgreSQL takes nothing any more as soon as it is full")
    student.save(1)
    visitor = Student(app.test_client())
    visitor.known = visitor.token("/quizzes")
    with trouble("full" if is_full else kind, app, database_url):
        if is_full:
            until_refused(student)
        if kind == "brimful":
            fill_to_the_brim(database_url)
        refused = do_everything(database_url, student, visitor, seen=kind not in ("locked", "away"))
        surely = {"check", "submit"} if kind == "brimful" else set()  # what needs no new page still goes through
        assert set(refused) >= (surely if is_full and is_file else set(deeds(student, visitor)))
        assert student.get("/healthz").status_code == 200
        for page in ("/", "/quizzes", f"{student.attempt}/1", f"{student.attempt}/3", "/sources", "/progress"):
            assert student.get(page).status_code in ((200, 503) if "submit" in refused else (200, 302, 503)), page
    assert student.get("/readyz").status_code == 200
    for deed, do in refused.items():
        assert do().status_code in (302, 303), deed
        assert all(effect(database_url, student, deed)), deed


@pytest.mark.parametrize("kind", ["locked", "read-only", "full"])
def test_a_question_can_be_read_while_nothing_can_be_written(
    app: Flask, database_url: str, student: Student, kind: str
):
    if kind == "locked" and not database_url.startswith("sqlite"):
        pytest.skip("a table locked as for its removal cannot be read")
    with trouble(kind, app, database_url):
        if kind == "full":
            until_refused(student)
        assert student.at(4).status_code == 200
        assert student.get("/quizzes").status_code == 200


def test_who_is_signed_in_stays_so(app: Flask, database_url: str):
    """Trouble with the database must not look like the end of the session."""
    person = Student(app.test_client())
    person.sign_up()
    with trouble("locked", app, database_url):
        person.get("/account")
    assert person.get("/account").status_code == 200


def test_a_file_that_was_full_is_whole(app: Flask, database_url: str, student: Student):
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL looks after its files")
    with trouble("full", app, database_url):
        until_refused(student)
        student.send(f"{student.attempt}/submit")
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_log_names_the_trouble_and_no_parameters(app: Flask, database_url: str, caplog: pytest.LogCaptureFixture):
    visitor = Student(app.test_client())
    visitor.known = visitor.token("/quizzes")
    with trouble("read-only", app, database_url):
        assert visitor.send("/sign-up", **{**NEW, "given_name": "Benedicta"}).status_code == 503
    assert "the database does not answer" in caplog.text
    assert "$argon2" not in caplog.text
    assert "Benedicta" not in caplog.text

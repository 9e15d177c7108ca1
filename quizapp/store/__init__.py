"""How things are kept: the only SQL. Engine and transactions here, tables in ``tables``, queries a module a subject."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import flask_migrate
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Dialect, Engine, Insert, Row, Select, event, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry

from quizapp.store import (  # noqa: F401  their tables are metadata too
    accepting,
    building,
    class_tables,
    gradebook_tables,
    imports,
    mark_tables,
    own_source_tables,
    question_tables,
    regrade_tables,
    report_tables,
)
from quizapp.store.tables import Base
from quizapp.store.turns import Turns

Found = TypeVar("Found")

# The tables themselves are plain SQLAlchemy. Nothing is read again after a commit: that would begin a new transaction.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrations = Migrate(render_as_batch=True, directory=str(Path(__file__).with_name("migrations")), compare_type=True)

# Whether transactions that begin now will write. A deferred SQLite transaction that reads and then writes fails at once
# when another writer came between, whatever the time-out; so a writing one takes the lock as it begins.
will_write: ContextVar[bool] = ContextVar("will_write", default=True)

ALONE = "alone"  # the option of a connection that says one thing and is given back: that needs no BEGIN
TURN = "turn"  # what a connection knows of itself: whether it is its turn to write
USED = "used"  # what a connection to PostgreSQL knows of itself: when it was given back, by the monotonic clock
IDLE = 0.5  # seconds without use, after which a connection is asked whether it still answers
OFTEN = 3  # times that a connection is asked the same, until the server prepares it
COUNTED = {"preserve_rowcount": True}  # else nobody knows how many rows an INSERT has written
LONE = "quizapp.lone"  # among the app's extensions: how its statements that stand alone are said

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged answer survives a power cut
    "PRAGMA foreign_keys=ON",
)
PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Lone:
    """How statements that stand alone are said: by which engine, in whose turn, and whether they may write.

    What writes may wait for a lock. How long at most, a pooler's server is told for each transaction, so it needs one.
    """

    engine: Engine
    turns: Turns | None
    may_write: bool


def init_app(app: Flask, url: str, patience: timedelta = PATIENCE, *, pooled: bool = False) -> None:
    """Give the app its database: SQLite's folder is made, the engine prepared, migrations known.

    ``patience`` is how long a request waits for a lock, or for a server to answer, before it fails. ``pooled``: whether
    between us and PostgreSQL stands a pooler, which may give each transaction another connection.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS", engine_options(address.get_backend_name(), patience, pooled=pooled)
    )
    db.init_app(app)
    migrations.init_app(app, db)
    with app.app_context():
        turns = None
        if address.get_backend_name() == "sqlite" and address.database:
            turns = Turns(address.database)
            _write_in_turn(db.engine, turns)
        prepare_engine(db.engine, patience, pooled=pooled)
        alone = db.engine.execution_options(**{ALONE: True})
        app.extensions[LONE] = Lone(alone, turns, may_write=not pooled)


def read_one(session: Session, query: Select[Any], given: Mapping[str, Any]) -> Row[Any] | None:
    """The row that the query finds, or None; without the session where that has not begun.

    A transaction of a session costs more than a small query does, and a query is one by itself.
    """
    return _read(session, query, given, CursorResult.one_or_none)


def read_all(session: Session, query: Select[Any], given: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """The rows that the query finds, as ``read_one`` reads."""
    return _read(session, query, given, CursorResult.all)


def _read(
    session: Session, query: Select[Any], given: Mapping[str, Any], rows: Callable[[CursorResult[Any]], Found]
) -> Found:
    if not _stands_alone(session):
        session.flush()  # which a connection does not do by itself
        return rows(session.connection().execute(query, given))
    try:
        return _read_alone(query, given, rows)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _read_alone(query, given, rows)  # the server has cut what it had with us; what is read may be asked again


def write_one(session: Session, statement: Insert, given: Mapping[str, Any]) -> int:
    """How many rows were written; where the session has not begun, they may be kept for good as this returns.

    Raises ``IntegrityError``: then a session that has begun must be rolled back.
    """
    lone = _lone()
    if not (lone.may_write and _stands_alone(session)):
        return session.connection().execute(statement, given, execution_options=COUNTED).rowcount
    with lone.engine.connect() as connection:
        if lone.turns:
            connection.info[TURN] = lone.turns.take()  # it goes back with the connection
        return connection.execute(statement, given, execution_options=COUNTED).rowcount


def _read_alone(query: Select[Any], given: Mapping[str, Any], rows: Callable[[CursorResult[Any]], Found]) -> Found:
    with _lone().engine.connect() as connection:
        return rows(connection.execute(query, given))


def _lone() -> Lone:
    return cast(Lone, current_app.extensions[LONE])


def _stands_alone(session: Session | scoped_session[Session]) -> bool:
    """Whether a statement need not belong to a transaction: none has begun, and none of a writing request is to."""
    if isinstance(session, scoped_session):
        return not (session.registry.has() and session.registry().in_transaction())
    return not (will_write.get() or session.in_transaction())


def upgrade() -> None:
    """Bring the database of the current app to the newest revision."""
    flask_migrate.upgrade()


def engine_options(backend: str, patience: timedelta = PATIENCE, *, pooled: bool = False) -> dict[str, Any]:
    """How to make an engine for that kind of database; ``prepare_engine`` does the rest."""
    # What people type, password hashes among it, does not belong in logs of errors.
    options: dict[str, Any] = {"hide_parameters": True}
    if backend == "sqlite":
        return options
    connecting = {
        # What is asked often is prepared on the server; a pooler may send the next one to a server that knows nothing.
        "prepare_threshold": None if pooled else OFTEN,
        "connect_timeout": max(2, int(patience.total_seconds())),
        "tcp_user_timeout": _milliseconds(patience),
    }
    return {**options, "pool_size": 10, "connect_args": connecting}


def prepare_engine(engine: Engine, patience: timedelta = PATIENCE, *, pooled: bool = False) -> None:
    """Make an engine keep its promises: nobody waits longer than ``patience`` for a lock; and on SQLite the pragmas,
    and transactions that begin as ``will_write`` says.
    """
    if engine.dialect.name != "sqlite":
        wait = f"lock_timeout = {_milliseconds(patience)}"
        event.listen(engine, "begin", _begin_postgresql)
        if pooled:  # what one tells a connection, the pooler tells a server that may serve others next
            event.listen(engine, "begin", partial(_prepare_transaction, wait))
        else:
            event.listen(engine, "connect", partial(_prepare_postgresql, wait))
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_see_that_it_answers, engine.dialect))
        return
    event.listen(engine, "connect", partial(_prepare_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_postgresql(wait: str, dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.execute(f"SET {wait}")
    dbapi_connection.commit()


def _prepare_transaction(wait: str, connection: Connection) -> None:
    if not _is_alone(connection):  # what stands alone behind a pooler only reads, and waits for no lock
        connection.exec_driver_sql(f"SET LOCAL {wait}")


def _begin_postgresql(connection: Connection) -> None:
    """Let the driver say BEGIN, or not, as what begins here wants it.

    The driver's connection stays as it was used last: to change that each time costs as much as a small query.
    """
    driver, is_alone = connection.connection.dbapi_connection, _is_alone(connection)
    if driver is not None and driver.autocommit is not is_alone:
        driver.autocommit = is_alone


def _is_alone(connection: Connection) -> bool:
    options = connection.get_execution_options()
    return ALONE in options or options.get("isolation_level") == "AUTOCOMMIT"


def _note_use(_dbapi_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


def _see_that_it_answers(dialect: Dialect, dbapi_connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """Take no connection that has died while nobody used it.

    To ask each time would cost as much as what is asked. One that dies at work fails once, and takes the others of this
    process along.
    """
    if time.monotonic() - record.info.get(USED, -IDLE) < IDLE:
        return
    try:
        dialect.do_ping(dbapi_connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _prepare_sqlite(patience: timedelta, dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # the driver leaves BEGIN to us
    dbapi_connection.execute(f"PRAGMA busy_timeout={_milliseconds(patience)}")
    for pragma in SQLITE_PRAGMAS:
        dbapi_connection.execute(pragma)


def _milliseconds(time: timedelta) -> int:
    return int(time / timedelta(milliseconds=1))


def _begin_sqlite(connection: Connection) -> None:
    if not _is_alone(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write.get() else "BEGIN")


def _write_in_turn(engine: Engine, turns: Turns) -> None:
    """Let those who write through this engine wait for one another; before ``prepare_engine``, which begins."""
    event.listen(engine, "begin", partial(_take_turn, turns))
    event.listen(engine, "checkin", partial(_give_turn_back, turns))
    event.listen(engine, "engine_disposed", lambda _: turns.close())


def _take_turn(turns: Turns, connection: Connection) -> None:
    if will_write.get() and not _is_alone(connection) and not connection.info.get(TURN):
        connection.info[TURN] = turns.take()


def _give_turn_back(turns: Turns, _dbapi_connection: object, record: ConnectionPoolEntry) -> None:
    """As the connection goes back to its pool: the transaction has ended, one way or another."""
    if record.info.pop(TURN, False):
        turns.give_back()


@contextmanager
def write_transaction(session: Session) -> Iterator[None]:
    """A writing transaction inside a request that only reads: ends the reading one, and commits at the end."""
    session.commit()
    token = will_write.set(True)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        will_write.reset(token)

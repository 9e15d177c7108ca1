"""The request's transaction, for those who may not reach the store: its session, its end, and whether it writes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import cast

from sqlalchemy import event, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from quizapp import store

# What is raised when the database can't be used: gone, locked for too long, full, read-only, every connection taken.
UNAVAILABLE: tuple[type[Exception], ...] = (OperationalError, InterfaceError, InternalError, PoolTimeout)
# What is raised where something that was sent fits into no column, such as a NUL among letters.
UNFIT: type[Exception] = DataError
_NO_SUCH = ("no such table", "no such column", "has no column named")  # SQLite
_UNDEFINED = ("42P01", "42703")  # PostgreSQL: table, column

_queries: ContextVar[int] = ContextVar("queries", default=0)


def session() -> Session:
    """The session of the current request or command."""
    return store.db.session()


def session_at_need() -> Session:
    """The same, which is made only when something needs it: until then what is read or written stands alone."""
    return cast(Session, store.db.session)


def begin(*, read_only: bool) -> None:
    """Say, before anything is asked of the database, whether the coming transaction writes."""
    store.will_write.set(not read_only)
    _queries.set(0)


def commit() -> None:
    """Make what was done last. Only after this may it be acknowledged."""
    if store.db.session.registry.has():
        store.db.session.commit()


def snapshot() -> None:
    """From here on until the next commit, read what there is now, whatever others write meanwhile; for long reading.

    What was done before is committed, so that no lock is held.
    """
    store.db.session.commit()
    begin(read_only=True)
    if store.db.engine.dialect.name == "postgresql":  # SQLite reads so anyhow
        store.db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def rollback() -> None:
    """Undo what was done since the last commit."""
    store.db.session.rollback()


def write_transaction() -> AbstractContextManager[None]:
    """A writing transaction inside a request that only reads: ends the reading one, and commits at the end."""
    return store.write_transaction(session())


@contextmanager
def noting(what: str) -> Iterator[None]:
    """A writing transaction for what is good to know: where it cannot be kept, the page does not fail."""
    try:
        with write_transaction():
            yield
    except UNAVAILABLE:
        logging.getLogger("quizapp").warning("%s was not recorded", what, exc_info=True)


def count_queries() -> None:
    """From now on, count what is asked of the current app's database."""
    event.listen(store.db.engine, "before_cursor_execute", _count)


def queries() -> int:
    """How many statements were sent since ``begin``, where they are counted."""
    return _queries.get()


def upgrade() -> None:
    """Bring the database of the current app to the newest revision."""
    store.upgrade()


def answers() -> bool:
    """Whether the database answers."""
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def trouble(error: Exception) -> str | None:
    """What is the matter with the database, in one line, if the error comes from there being none that fits."""
    if not isinstance(error, (DBAPIError, *UNAVAILABLE)):
        return None
    cause = getattr(error, "orig", None) or error
    words = " ".join(str(cause).split())
    if any(one in words for one in _NO_SUCH) or getattr(cause, "sqlstate", None) in _UNDEFINED:
        return "the database lacks tables that this version needs; `quizapp setup` makes them"
    return f"the database cannot be used: {words}" if isinstance(error, UNAVAILABLE) else None


def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith("BEGIN"):
        _queries.set(_queries.get() + 1)

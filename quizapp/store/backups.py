"""Copying a database that is in use into a file, and back: SQLite by its online backup, PostgreSQL by its programs."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from quizapp.store.postgresql_programs import CannotCopy, PostgresqlDatabase

__all__ = ["CannotCopy", "Database", "of"]

LONGEST_WAIT = 30  # seconds, for those who write meanwhile
SQLITE_MAGIC = b"SQLite format 3\0"


class Database(Protocol):
    """A database that can be copied while it is in use. Everything raises ``CannotCopy`` with the reason."""

    ending: str

    def save(self, file: Path) -> None:
        """Copy it, as it is at one moment, into the file, and check the copy."""

    def revision_in(self, file: Path) -> str:
        """Check that the file is such a copy, whole, and tell its revision."""

    def load(self, file: Path) -> None:
        """Put the copy in the database's place, in one transaction."""


def of(engine: Engine) -> Database:
    """The database behind the engine."""
    if engine.dialect.name == "sqlite":
        return SqliteFile(Path(engine.url.database or ""))
    return PostgresqlDatabase(engine)


class SqliteFile:
    """SQLite. The online backup sees the database at one moment, and those who write do not wait for it."""

    ending = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, file: Path) -> None:
        """Copy the database; the copy is one file that needs no other beside it."""
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as kept:
                _copy(kept, file)
            with closing(sqlite3.connect(file)) as copy:
                copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise CannotCopy(f"the database could not be copied: {error}") from error
        self.revision_in(file)

    def revision_in(self, file: Path) -> str:
        """The revision, after SQLite has checked the file from end to end."""
        with file.open("rb") as content:
            if content.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
                raise CannotCopy(f"{file} is no backup of an SQLite database")
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
                checks = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
                revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.Error as error:
            raise CannotCopy(f"{file} is no backup of a quizapp database: {error}") from error
        if checks != ["ok"] or revision is None:
            raise CannotCopy(f"{file} is damaged: {'; '.join(checks)}")
        return str(revision[0])

    def load(self, file: Path) -> None:
        """Write the copy's pages over the database's, as one transaction that readers see at once or not at all."""
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
                _copy(copy, self.path)
        except sqlite3.Error as error:
            raise CannotCopy(f"the backup could not be put in place: {error}") from error


def _copy(origin: sqlite3.Connection, target: Path) -> None:
    end = time.monotonic() + LONGEST_WAIT

    def give_up(_status: int, _remaining: int, _total: int) -> None:
        if time.monotonic() > end:
            raise CannotCopy("the database is locked by somebody who does not let go; nothing was changed")

    with closing(sqlite3.connect(target, timeout=1)) as goal:
        goal.execute("PRAGMA synchronous=FULL")
        origin.backup(goal, progress=give_up)

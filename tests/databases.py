"""A throw-away PostgreSQL for tests, and counting what is asked of a database."""

from __future__ import annotations

import glob
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, event, text

from quizapp import store


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; the newest where there are several."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


@dataclass
class Server:
    """A running cluster in a folder of its own, reached by a socket."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of the template; its name."""
        name = f"test{next(self.numbers)}"
        strategy = " STRATEGY file_copy" if template != "template1" else ""
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database."""
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A cluster that lives as long as the block, ``durable`` for benchmarks. PostgreSQL refuses root: be ``postgres``."""
    bin_folder = programs()
    assert bin_folder is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync={'on' if durable else 'off'} -c max_connections=60"

    def run(*words: str) -> None:
        subprocess.run([*as_user, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")

    run(f"{bin_folder}/initdb", "-D", str(data), *"-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync".split())
    run(f"{bin_folder}/pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield Server(folder)
    finally:
        run(f"{bin_folder}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def close(app: Flask) -> None:
    """Let go of the database; call it in the app's context."""
    store.db.session.remove()
    store.db.engine.dispose()


@contextmanager
def count_queries(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database within the block, transactions' BEGIN and the like left out."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)

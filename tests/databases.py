"""A throw-away PostgreSQL for tests, and counting what is asked of a database."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, event, text

from quizapp import store

ROOM = 2 * 1024**3  # bytes; containers often have but 64 MB


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    path = str(found[-1]) if found else shutil.which("initdb")
    return Path(path).parent if path else None


@dataclass
class Server:
    """A cluster in a folder of its own, reached by a socket. PostgreSQL refuses root: then it runs as ``postgres``."""

    folder: Path
    programs: Path
    durable: bool = False
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template1", name: str = "") -> str:
        """A new database, a copy of the template; its name."""
        name = name or f"test{next(self.numbers)}"
        strategy = " STRATEGY file_copy" if template != "template1" else ""
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database."""
        self.do(f"DROP DATABASE {name} WITH (FORCE)")

    def do(self, statement: str) -> None:
        """Run a statement outside every transaction."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def prepare(self) -> None:
        """Make the cluster's files."""
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        fsync = "on" if self.durable else "off"
        options = f"-k {self.folder} -c listen_addresses='' -c fsync={fsync} -c max_connections=60"
        self._run("pg_ctl", "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        """Stop it at once, without tidying up."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill every process of it, without warning."""
        master = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(master, signal.SIGSTOP)  # so that it starts no more of them meanwhile
        processes = [master, *_children(master)]
        for one in processes:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        while any(_lives(one) for one in processes):
            time.sleep(0.01)
        # Where nobody buries the dead, they look alive to the next start.
        for lock in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    def _run(self, program: str, *words: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self.programs / program), "-D", str(self.data), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def quick_folder() -> Path:
    """Where files cost least that a test throws away: in memory, where there is room; a new database comes tenfold."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if has_room else Path("/tmp")


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A cluster that lives as long as the block; ``durable`` where it matters that it writes through to the disk."""
    found = programs()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if durable else quick_folder()))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    running = Server(folder, found, durable)
    running.prepare()
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def _lives(process: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


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

"""What benchmarks measure: the app or the floor under gunicorn, as ``quizapp serve`` starts it, and what that costs."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizapp.config import ROOT
from quizapp.serving import server_command
from tests import databases

WORKERS, THREADS = 2, 4  # as in quizapp serve
APP = "quizapp:create_app()"
FLOOR = "tests.bench.floor:create_app()"
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Service:
    """A running server: where it answers, and its first process."""

    port: int
    process: int

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return [int(one) for one in children.split()]

    def memory(self) -> float:
        """What the workers together hold in memory, in MB."""
        pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in self.workers())
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cpu_time(self) -> float:
        """Seconds of processor time that the workers together have used: this hardly depends on who else is at work."""
        return sum(_cpu_time(one) for one in self.workers())


def _cpu_time(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextlib.contextmanager
def running(factory: str, environ: Mapping[str, str]) -> Iterator[Service]:
    """The app that ``factory`` makes, served until the end of the block."""
    port = _free_port()
    words = [*server_command("127.0.0.1", port, WORKERS, THREADS)[:-1], factory]
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environ}, stdout=sys.stderr)
    try:
        _wait_for(port, process)
        yield Service(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def two_databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two databases of that kind, sqlite or postgresql: for the app and for the floor."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'app.sqlite'}", f"sqlite:///{folder / 'floor.sqlite'}"
        return
    with databases.server(durable=True) as server:
        yield server.url(server.create()), server.url(server.create())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until a worker answers: gunicorn takes connections before its workers have loaded the app."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")

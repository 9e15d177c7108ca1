"""The server that `quizapp serve` starts, in a form that starts in a tenth of a second and dies at a stroke.

Its processes are forked from one that has imported everything already; command line, master and workers are the real
ones.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from quizapp.config import ROOT
from quizapp.serving import server_command

IMPORTED = (
    "gunicorn.app.wsgiapp", "quizapp.serving.gunicorn_settings", "quizapp.config", "quizapp.web", "quizapp.store",
    "quizapp.cli", "psycopg", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite",
)  # fmt: skip
PATIENCE = 30

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(list(IMPORTED))


class AppServer:
    """gunicorn with the app on a port of its own; ``app`` names another factory."""

    def __init__(self, environ: Mapping[str, str], log: Path, *, app: str = "") -> None:
        self.environ, self.log = dict(environ), log
        self.port = free_port()
        self.command = server_command("127.0.0.1", self.port, workers=2, threads=4)[2:]
        self.command[-1] = app or self.command[-1]
        self.process = None

    def start(self) -> None:
        """Start it, and wait until it accepts connections."""
        self.process = forks.Process(target=_become_server, args=(self.command, self.environ, str(self.log)))
        self.process.start()
        end = time.monotonic() + PATIENCE
        while not is_open(self.port):
            assert self.process.is_alive(), self.log.read_text()
            assert time.monotonic() < end, "the server does not come up"
            time.sleep(0.01)

    def kill(self) -> None:
        """Kill every process of it, without warning."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join(PATIENCE)
        self.process.close()
        self.process = None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _become_server(command: list[str], environ: dict[str, str], log: str) -> None:
    os.setsid()
    with open(log, "ab", buffering=0) as file:  # noqa: PTH123 for its descriptor alone
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(ROOT)
    os.environ.update(environ)
    sys.argv = command
    from gunicorn.app.wsgiapp import run

    run()

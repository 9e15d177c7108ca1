"""gunicorn's own settings: it reads the lower-case names of this module."""

import gc
import socket
import time
from pathlib import Path
from typing import Any

from gunicorn.workers import gthread

A_MOMENT, LONGEST_MOMENT = 0.00005, 0.002  # seconds, for each connection and in all


class PatientWorker(gthread.ThreadWorker):
    """A worker with threads, in which a connection costs no thread before it says something, and which shares.

    gunicorn gives each new connection a thread that waits five seconds for the first byte, so a few idle ones, such as
    browsers open ahead of need, would stop all threads. And where many connect in one instant, whichever worker is
    awake takes them all, while the others have nothing to do for as long as these connections last.
    """

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; the more there are already, the longer others are let go first."""
        if self.nr_conns:
            time.sleep(min(self.nr_conns * A_MOMENT, LONGEST_MOMENT))
        super().accept(listener)

    def handle(self, conn: gthread.TConn) -> object:
        """What became of the connection; one without data goes back to be watched with the others."""
        if conn.initialized or conn.wait_for_data(0):
            return super().handle(conn)
        return gthread._DEFER  # noqa: SLF001 no public name says this; tests/test_serving.py holds it


worker_class = PatientWorker
keepalive = 5
timeout = 60
graceful_timeout = 30
# Whether to believe a proxy is for the app to decide (QUIZAPP_TRUST_PROXY).
forwarded_allow_ips = ""
# The app logs every request itself; the server need only say what goes wrong.
loglevel = "warning"
if Path("/dev/shm").is_dir():  # noqa: S108 a worker's sign of life; a slow disk must not make it look dead
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(_worker: Any) -> None:
    """Leave what the app is made of to itself: to go through it all for what is no longer used stops every thread."""
    gc.collect()
    gc.freeze()


def when_ready(server: Any) -> None:
    """Say where to point the browser, once connections are accepted."""
    host, port = server.address[0]
    print(f"quizapp answers at http://{host}:{port}/ (Ctrl-C stops it)", flush=True)  # noqa: T201 for who started it

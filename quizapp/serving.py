"""How the app is served: the command line of the server, and gunicorn's own settings, which it reads from this module.

It takes plain values and imports nothing of the app: gunicorn, started in place of this process, calls `create_app` in
each worker.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

APP = "quizapp:create_app"

# gunicorn reads the names below. Threads, since a few idle connections would stop workers of one request each.
worker_class = "gthread"
keepalive = 5
timeout = 60
graceful_timeout = 30
# Whether to believe a proxy is the app's to say (QUIZAPP_TRUST_PROXY).
forwarded_allow_ips = ""
# The app logs every request itself; the server need only say what goes wrong.
loglevel = "warning"
if Path("/dev/shm").is_dir():  # noqa: S108 a worker's sign of life; a slow disk must not make it look dead
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def when_ready(server: Any) -> None:
    """Say where to point the browser, once connections are accepted."""
    host, port = server.address[0] if isinstance(server.address, list) else server.address
    print(f"quizapp answers at http://{host}:{port}/ (Ctrl-C stops it)", flush=True)  # noqa: T201 for who started it


def server_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that serves the app on this system: gunicorn, or waitress where gunicorn does not run."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if sys.platform == "win32":
        words = ["waitress", f"--listen={address}", f"--threads={workers * threads}", "--call", APP]
    else:
        sizes = [f"--workers={workers}", f"--threads={threads}"]
        words = ["gunicorn", f"--config=python:{__name__}", f"--bind={address}", *sizes, f"{APP}()"]
    return [sys.executable, "-m", *words]


def serve(host: str, port: int, workers: int, threads: int) -> NoReturn:
    """Serve until stopped. The server takes this process's place, so signals reach it."""
    command = server_command(host, port, workers, threads)
    sys.stdout.flush()
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))  # noqa: S603 our own words
    os.execv(command[0], command)  # noqa: S606 our own words

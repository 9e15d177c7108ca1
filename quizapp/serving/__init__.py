"""How the app is served: gunicorn, or waitress where gunicorn does not run.

It takes plain values and imports nothing of the app: the server, started in place of this process, calls `create_app`
in each of its own.
"""

import os
import subprocess
import sys
from typing import NoReturn

APP = "quizapp:create_app"


def server_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that serves the app on this system."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if sys.platform == "win32":
        words = ["waitress", f"--listen={address}", f"--threads={workers * threads}", "--call", APP]
    else:
        sizes = [f"--workers={workers}", f"--threads={threads}"]
        words = ["gunicorn", f"--config=python:{__name__}.gunicorn_settings", f"--bind={address}", *sizes, f"{APP}()"]
    return [sys.executable, "-m", *words]


def serve(host: str, port: int, workers: int, threads: int) -> NoReturn:
    """Serve until stopped. The server takes this process's place, so signals reach it."""
    command = server_command(host, port, workers, threads)
    sys.stdout.flush()
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))  # noqa: S603 our own words
    os.execv(command[0], command)  # noqa: S606 our own words

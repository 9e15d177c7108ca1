"""Saved answers and question pages a second, beside the floor.

python -m tests.bench.saves                  SQLite, 1, 8, 32 and 128 students
python -m tests.bench.saves --students 32 --seconds 10 --database postgresql
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from quizapp import create_app
from quizapp.config import ROOT, Settings
from quizapp.services import taking, transactions
from tests import databases, small_bank
from tests.bench import floor, load

SLOTS = 20


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, _database(options.database, Path(folder)) as (url, floor_url):
        rows = _measure(Path(folder), url, floor_url, options)
    print(f"{'what':6} {'students':>8} {'floor/s':>8} {'app/s':>8} {'share':>6} {'p50':>7} {'p99':>7} {'floor p99':>9}")
    for what, bare, ours in rows:
        print(
            f"{what:6} {ours.students:8} {bare.rate:8.0f} {ours.rate:8.0f} {ours.rate / bare.rate:6.0%} "
            f"{ours.percentile(0.5):6.1f}m {ours.percentile(0.99):6.1f}m {bare.percentile(0.99):8.1f}m"
            + (f"  failures {ours.failures}" if ours.failures else "")
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, nargs="*", default=[1, 8, 32, 128])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    return parser.parse_args()


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two databases of that kind: for the app and for the floor."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'app.sqlite'}", f"sqlite:///{folder / 'floor.sqlite'}"
        return
    with databases.server(durable=True) as server:
        yield server.url(server.create()), server.url(server.create())


def _measure(
    folder: Path, url: str, floor_url: str, options: argparse.Namespace
) -> list[tuple[str, load.Measured, load.Measured]]:
    settings = Settings(instance=folder, database_url=url, secret_key="bench")
    os.environ["FLOOR_DATABASE_URL"] = floor_url
    floor.prepare()
    app = create_app(settings)
    with app.app_context():
        transactions.upgrade()
        students = [_student(app, number) for number in range(max(options.students))]
        databases.close(app)
    environ = {
        **os.environ,
        "QUIZAPP_INSTANCE": str(folder),
        "QUIZAPP_DATABASE_URL": url,
        "QUIZAPP_SECRET_KEY": "bench",
    }
    environ["QUIZAPP_LOG_LEVEL"] = "WARNING"
    rows = []
    with _server("quizapp:create_app", environ) as ours, _server("tests.bench.floor:create_app", environ) as bare:
        for number in options.students:
            for what, asks in (("save", (_floor_post, _save(students))), ("page", (_floor_get, _page(students)))):
                first = load.run(bare, asks[0], number, options.seconds)
                rows.append((what, first, load.run(ours, asks[1], number, options.seconds)))
    return rows


class Student:
    """What a browser of one student sends."""

    def __init__(self, cookie: str, token: str, attempt: uuid.UUID) -> None:
        self.cookie, self.token, self.attempt = cookie, token, attempt
        self.client = secrets.token_hex(12)


def _student(app: Flask, number: int) -> Student:
    session = transactions.session()
    if number == 0:
        quiz = small_bank.a_quiz(sections=[{"items": [f"choice-{n}" for n in range(1, SLOTS + 1)]}])
        small_bank.publish(session, items=SLOTS, quizzes=(quiz,))
    user = small_bank.a_user(session, f"student{number}")
    attempt = _attempt(session, user)
    raw = secrets.token_hex(20)
    kept = {
        "_permanent": True,
        "_user_id": f"{user}:0",
        "role": "student",
        "name": "Ann",
        "zone": None,
        "csrf_token": raw,
    }
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)
    return Student(serializer.dumps(kept), str(token), attempt)


def _attempt(session: Session, user: int) -> uuid.UUID:
    attempt = taking.start(
        session, "harbours", user_id=user, attempt_id=uuid.uuid4(), seed=secrets.token_hex(8), now=datetime.now(UTC)
    )
    session.commit()
    return attempt.id


def _save(students: list[Student]) -> load.Request:
    def ask(number: int, turn: int) -> bytes:
        who = students[number]
        slot, sequence = turn % SLOTS + 1, time.monotonic_ns() // 1_000_000
        body = f"csrf_token={who.token}&answer={turn % 3}&client={who.client}&sequence={sequence}&base="
        return _post(f"/attempts/{who.attempt}/{slot}", body, f"Cookie: quizapp={who.cookie}\r\n")

    return ask


def _page(students: list[Student]) -> load.Request:
    def ask(number: int, turn: int) -> bytes:
        who = students[number]
        path = f"/attempts/{who.attempt}/{turn % SLOTS + 1}"
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: quizapp={who.cookie}\r\n\r\n".encode()

    return ask


def _floor_post(_number: int, turn: int) -> bytes:
    return _post("/", f"answer={turn % 3}", "")


def _floor_get(_number: int, _turn: int) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def _post(path: str, body: str, more: str) -> bytes:
    heads = (
        "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\nOrigin: http://127.0.0.1\r\n"
    )
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{heads}{more}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@contextlib.contextmanager
def _server(factory: str, environ: dict[str, str]) -> Iterator[int]:
    """The app under gunicorn as ``quizapp serve`` starts it; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["gunicorn", "--config=python:quizapp.serving", f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4"]
    process = subprocess.Popen([sys.executable, "-m", *words, f"{factory}()"], cwd=ROOT, env=environ)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    main()

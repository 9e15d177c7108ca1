"""Scores as files: time, memory and when the download begins, for 1,000, 10,000 and 100,000 attempts of 20 answers.

An administrator asks for everything by the page's own address, a row an answer, with all there is; a process of its own
does it, so that its memory can be read. The rows are put into the database at once, 200 attempts a class.

python -m tests.bench.scores
python -m tests.bench.scores --attempts 1000 10000 --formats csv xlsx
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from quizapp import create_app
from quizapp.config import Settings
from quizapp.services import transactions
from quizapp.store import bank
from quizapp.store.class_tables import Assignment, Membership, SchoolClass
from quizapp.store.tables import ATTEMPT, RESPONSE, SLOT, User
from tests import databases, small_bank
from tests.small_bank import NOON
from tests.web.sittings import new_taker

SLOTS, STUDENTS, QUIZZES = 20, 40, 5
MOST_MEMORY, MOST_RATIO = 200.0, 1.3  # MB of the process; seconds an attempt beside those of the size before
EVERYTHING = "parts=questions&parts=answers&parts=times&parts=versions&parts=passages"


def main() -> None:
    """Measure and print; exit status 1 where memory or growth is more than wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--formats", nargs="+", default=["csv", "xlsx", "json"])
    parser.add_argument("--rows", default="responses")
    parser.add_argument("--measure", type=Path, help="used by the program itself: export from this folder")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.measure, options.formats[0], options.rows)))
        return
    print(
        f"{'attempts':>9} {'format':>6} {'begins':>8} {'CPU':>9} {'ms each':>8} {'ratio':>6} {'memory':>8} {'size':>9}"
    )
    good, before = True, dict[str, float]()
    for attempts in options.attempts:
        with tempfile.TemporaryDirectory() as folder:
            _fill(Path(folder), attempts)
            for name in options.formats:
                found = _in_its_own_process(Path(folder), name, options.rows)
                good = _say(attempts, name, found, before) and good
    sys.exit(not good)


def _say(attempts: int, name: str, found: dict[str, float], before: dict[str, float]) -> bool:
    """Print a line; whether memory is bounded, and an attempt costs no more than among fewer."""
    each = found["cpu"] / attempts
    ratio = each / before[name] if name in before else None
    before[name] = each
    print(
        f"{attempts:9,} {name:>6} {found['begins'] * 1000:5.0f} ms {found['cpu']:7.1f} s {each * 1000:8.2f} "
        f"{f'{ratio:6.2f}' if ratio else '     –'} {found['memory']:5.0f} MB {found['size'] / 1e6:6.1f} MB",
        flush=True,
    )
    return found["memory"] < MOST_MEMORY and (ratio is None or ratio < MOST_RATIO)


def _in_its_own_process(folder: Path, name: str, rows: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.scores", "--measure", str(folder), "--formats", name, "--rows", rows]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _measure(folder: Path, name: str, rows: str) -> dict[str, float]:
    app = _app(folder)
    admin = new_taker(app, "admin")
    cookie = admin.client.get_cookie("quizapp")
    assert cookie is not None
    query = f"format={name}&rows={rows}&{EVERYTHING}"
    environ = EnvironBuilder(
        path="/teach/scores/export/file", query_string=query, headers={"Cookie": f"quizapp={cookie.value}"}
    ).get_environ()
    begun, spent = time.perf_counter(), time.process_time()
    body, status, _ = run_wsgi_app(app, environ, buffered=False)
    assert status.startswith("200"), status
    chunks = iter(body)
    size = len(next(chunks))
    begins = time.perf_counter() - begun
    for chunk in chunks:
        size += len(chunk)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"begins": begins, "cpu": time.process_time() - spent, "memory": memory, "size": size}


def _app(folder: Path) -> Flask:
    return create_app(Settings(instance=folder, secret_key="bench", password_hashing="cheap"))


# --- the rows --------------------------------------------------------------------------------------------------------


def _fill(folder: Path, attempts: int) -> None:
    app = _app(folder)
    with app.app_context():
        transactions.upgrade()
        session = transactions.session()
        items = SLOTS * QUIZZES
        quizzes = tuple(
            small_bank.a_quiz(
                id=f"quiz-{quiz}", title=f"Quiz {quiz}",
                sections=[{"items": [f"choice-{quiz * SLOTS + n}" for n in range(1, SLOTS + 1)]}],
            )
            for quiz in range(QUIZZES)
        )  # fmt: skip
        small_bank.publish(session, items=items, quizzes=quizzes)
        digests = {kind: bank.current_digests(session, kind) for kind in ("quiz", "item")}
        transactions.commit()
        for number in range(max(1, attempts // (STUDENTS * QUIZZES))):
            _a_class(number, digests)
            transactions.commit()
        databases.close(app)


def _a_class(number: int, digests: dict[str, dict[str, str]]) -> None:
    session = transactions.session()
    made = SchoolClass(name=f"Class {number}", created_at=NOON)
    users = [
        User(username=f"s{number}-{n}", username_key=f"s{number}-{n}", given_name=f"Given {n}",
             family_name=f"Family {n}", role="student", student_number=f"{number:04}{n:03}", created_at=NOON)
        for n in range(STUDENTS)
    ]  # fmt: skip
    session.add_all([made, *users])
    session.flush()
    session.add_all(Membership(class_id=made.id, user_id=one.id, role="student", joined_at=NOON) for one in users)
    for quiz in range(QUIZZES):
        name = f"quiz-{quiz}"
        set_ = Assignment(class_id=made.id, quiz=name, target="class", late_policy="accept", created_at=NOON)
        session.add(set_)
        session.flush()
        _attempts(set_, [one.id for one in users], quiz, digests)
    session.expunge_all()


def _attempts(assignment: Assignment, users: list[int], quiz: int, digests: dict[str, dict[str, str]]) -> None:
    attempts, slots, responses = [], [], []
    for user_id in users:
        attempt_id = uuid.uuid4()
        attempts.append({
            "id": attempt_id, "user_id": user_id, "quiz": assignment.quiz,
            "quiz_digest": digests["quiz"][assignment.quiz],
            "mode": "test", "number": 1, "seed": "x", "started_at": NOON, "grace_seconds": 60,
            "submitted_at": NOON + timedelta(minutes=20), "overdue": False, "mark": Decimal(12),
            "available": Decimal(SLOTS), "assignment_id": assignment.id, "late_percent": 0,
        })  # fmt: skip
        for number in range(1, SLOTS + 1):
            item, right = f"choice-{quiz * SLOTS + number}", (user_id + number) % 3 > 0
            slots.append({
                "attempt_id": attempt_id, "number": number, "section": 0, "item": item,
                "item_digest": digests["item"][item], "evidence": {}, "order": [2, 0, 1], "available": Decimal(1),
                "flagged": False, "first_shown_at": NOON + timedelta(minutes=number), "fraction": Decimal(right),
                "mark": Decimal(right), "reason": f"{'The' if right else 'Not the'} right option.", "parts": {},
            })  # fmt: skip
            responses.append({
                "attempt_id": attempt_id, "slot": number, "ordinal": 1, "client": "c", "sequence": 1,
                "response": "a" if right else "b", "standing": "current",
                "received_at": NOON + timedelta(minutes=number, seconds=30),
            })  # fmt: skip
    session = transactions.session()
    for table, rows in ((ATTEMPT, attempts), (SLOT, slots), (RESPONSE, responses)):
        session.execute(table.insert(), rows)


if __name__ == "__main__":
    main()

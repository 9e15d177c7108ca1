"""Saved answers and question pages a second, beside the floor: the barest app on the same server and database.

It says of each goal whether it was met, and ends with status 1 where one was missed. Floor and app are measured in
turns, and what counts is the round in the middle, since whatever else is at work on a machine comes and goes.

python -m tests.bench.saves                  SQLite; 1, 8, 32 and 128 students; about three minutes
python -m tests.bench.saves --students 32 --seconds 10 --database postgresql
python -m tests.bench.saves --json > figures.json
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from quizapp import create_app, store
from quizapp.config import Settings
from quizapp.services import transactions
from tests import databases
from tests.bench import floor, load, service, students
from tests.bench.students import SLOTS, Student

SHARES = {"save": 0.6, "page": 0.4}  # of the floor's throughput
QUERIES, SLOWER, FIRST_VISIT, LATER, REQUESTS = 3, 2.0, 30_000, 8_000, 5
WARM_UP = 600  # requests, by as many connections as reach every worker: each compiles its templates once
CONNECTIONS = 12
MOST_LOOKS = 640
progress_on = Console(stderr=True)


@dataclass(frozen=True)
class Row:
    """What so many students measured, all rounds together: the app, and the floor just before it.

    ``share`` of the floor's throughput, and how many times ``slower`` p99 is: the median of the rounds.
    """

    what: str
    students: int
    floor_rate: float
    rate: float
    share: float
    slower: float
    floor_cpu: float  # milliseconds of the workers' processor time for a request
    cpu: float
    p50: float
    p95: float
    p99: float
    floor_p50: float
    floor_p95: float
    floor_p99: float
    memory_before: float
    memory_after: float
    bytes_each: float
    failures: dict[int, int]


@dataclass(frozen=True)
class Visit:
    """What a browser fetches for a question page: at the first visit, and later."""

    requests: int
    first: int
    later: int


@dataclass(frozen=True)
class Goal:
    """A goal, what was measured, and whether it was met."""

    goal: str
    measured: str
    met: bool


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and say of each goal whether it was met; ``words`` stand for those of the command line."""
    options = _options(words)
    with (
        tempfile.TemporaryDirectory() as folder,
        service.two_databases(options.database, Path(folder)) as (url, floor_url),
    ):
        app, environ, asking = prepare(Path(folder), url, floor_url, max(CONNECTIONS, *options.students))
        with service.running(service.APP, environ) as ours, service.running(service.FLOOR, environ) as bare:
            rows = _measure(app, ours, bare, asking, options)
            visit = _visit(ours, asking[0])
        queries = _queries(app, asking[0])
    goals = [*_goals(rows), *_goals_of_a_visit(visit), *_goals_of_queries(queries)]
    if options.json:
        figures = {"rows": rows, "goals": goals}
        print(json.dumps({name: [asdict(one) for one in kept] for name, kept in figures.items()}, indent=1))
    else:
        _print(rows, goals)
    sys.exit(0 if all(goal.met for goal in goals) else 1)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, nargs="*", default=[1, 8, 32, 128])
    parser.add_argument("--seconds", type=float, default=1.5, help="of each run (1.5)")
    parser.add_argument("--rounds", type=int, default=5, help="floor and app in turns, so many times (5)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--warm-up", type=int, default=WARM_UP, help=f"requests of each kind before that ({WARM_UP})")
    parser.add_argument("--json", action="store_true", help="figures and goals as JSON")
    return parser.parse_args(words)


def prepare(folder: Path, url: str, floor_url: str, number: int) -> tuple[Flask, dict[str, str], list[Student]]:
    """Fill both databases; the app, the servers' environment, and so many students in the middle of a quiz."""
    environ = {
        "QUIZAPP_INSTANCE": str(folder),
        "QUIZAPP_DATABASE_URL": url,
        "QUIZAPP_SECRET_KEY": "bench",
        "QUIZAPP_LOG_LEVEL": "WARNING",  # the floor logs no requests either
        "FLOOR_DATABASE_URL": floor_url,
    }
    floor.prepare(floor_url)
    app = create_app(Settings(instance=folder, database_url=url, secret_key="bench", log_level="WARNING"))
    with app.app_context(), Progress(console=progress_on, transient=True) as progress:
        transactions.upgrade()
        students.publish(transactions.session())
        asking = students.enrol(app, number)
        list(progress.track(students.begin(asking), number, description="students begin"))
        students.have_seen(transactions.session(), every_question=True)
        databases.close(app)
    return app, environ, asking


def _measure(
    app: Flask, ours: service.Service, bare: service.Service, asking: list[Student], options: argparse.Namespace
) -> list[Row]:
    rows = []
    kinds: tuple[tuple[str, load.Request, load.Request], ...] = (
        ("save", saves(asking), floor_post),
        ("page", pages(asking), _floor_get),
        ("first look", pages(asking), _floor_get),
    )
    for _, *asks in kinds:
        for served, ask in zip((ours, bare), asks, strict=True):
            load.run_times(served.port, ask, min(CONNECTIONS, len(asking)), options.warm_up)
    with Progress(console=progress_on, transient=True) as progress:
        task = progress.add_task("", total=len(options.students) * len(kinds))
        for number in options.students:
            for what, *asks in kinds:
                progress.update(task, description=f"{what}, {number} students")
                looks = min(number * SLOTS, MOST_LOOKS) if what == "first look" else None
                _have_seen(app, every_question=looks is None)
                rows.append(_row(what, ours, bare, (asks[0], asks[1]), number, options, looks))
                progress.advance(task)
    _have_seen(app, every_question=True)
    return rows


def _have_seen(app: Flask, *, every_question: bool) -> None:
    """As if everybody had seen every question, or nobody any: then each look is noted."""
    with app.app_context():
        students.have_seen(transactions.session(), every_question=every_question)
        databases.close(app)


def _row(
    what: str,
    ours: service.Service,
    bare: service.Service,
    asks: tuple[load.Request, load.Request],
    number: int,
    options: argparse.Namespace,
    times: int | None = None,
) -> Row:
    memory = ours.memory()
    app, floor_ = load.Measured(number), load.Measured(number)
    used, floor_used = 0.0, 0.0
    rounds: list[tuple[load.Measured, load.Measured]] = []
    for _ in range(1 if times else options.rounds):
        begun, floor_begun = ours.cpu_time(), bare.cpu_time()
        floor_round = load.run(bare.port, asks[1], number, options.seconds)
        app_round = _run(ours.port, asks[0], number, options.seconds, times)
        used, floor_used = used + ours.cpu_time() - begun, floor_used + bare.cpu_time() - floor_begun
        floor_.add(floor_round)
        app.add(app_round)
        rounds.append((app_round, floor_round))
    return Row(
        what=what,
        students=number,
        floor_rate=floor_.rate,
        rate=app.rate,
        share=statistics.median(mine.rate / theirs.rate for mine, theirs in rounds),
        slower=statistics.median(mine.percentile(0.99) / theirs.percentile(0.99) for mine, theirs in rounds),
        floor_cpu=1000 * floor_used / len(floor_.times),
        cpu=1000 * used / len(app.times),
        p50=app.percentile(0.5),
        p95=app.percentile(0.95),
        p99=app.percentile(0.99),
        floor_p50=floor_.percentile(0.5),
        floor_p95=floor_.percentile(0.95),
        floor_p99=floor_.percentile(0.99),
        memory_before=memory,
        memory_after=ours.memory(),
        bytes_each=app.bytes_each,
        failures=app.failures,
    )


def _run(port: int, ask: load.Request, number: int, seconds: float, times: int | None) -> load.Measured:
    return load.run_times(port, ask, number, times) if times else load.run(port, ask, number, seconds)


def saves(asking: list[Student]) -> load.Request:
    """Each student's next answer, question after question."""

    def ask(number: int, turn: int) -> bytes:
        return asking[number].save(turn % SLOTS + 1, turn % 3, time.monotonic_ns() // 1000 % 10**9)

    return ask


def pages(asking: list[Student]) -> load.Request:
    """Each student's next question page."""

    def ask(number: int, turn: int) -> bytes:
        return asking[number].page(turn % SLOTS + 1)

    return ask


def floor_post(_number: int, turn: int) -> bytes:
    """What the floor keeps."""
    return students.posted("/", f"answer={turn % 3}")


def _floor_get(_number: int, _turn: int) -> bytes:
    return f"GET / HTTP/1.1\r\n{students.LIKE_A_BROWSER}\r\n".encode()


def _visit(ours: service.Service, student: Student) -> Visit:
    """A question page and all that it names, each with its headers, as they come over the wire."""
    html = load.run_times(ours.port, lambda *_: student.page(1), 1, 1)
    named = _named(ours, student)
    sizes = [load.run_times(ours.port, lambda *_, path=path: student.get(path), 1, 1).bytes_read for path in named]
    return Visit(1 + len(named), html.bytes_read + sum(sizes), html.bytes_read)


def _named(ours: service.Service, student: Student) -> list[str]:
    text = load.body_of(ours.port, student.get(f"/attempts/{student.attempt}/1"))
    found = dict.fromkeys(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    return [one for one in found if "touch-icon" not in one]  # that is for home screens


def _queries(app: Flask, student: Student) -> dict[str, int]:
    """Statements for a page shown the first time, one shown again, and a save: the same requests, in this process."""
    client = app.test_client()
    client.set_cookie("quizapp", student.cookie)
    page = f"/attempts/{student.attempt}/{SLOTS}"
    form = {"csrf_token": student.token, "answer": "1", "client": student.client, "sequence": "999999999", "base": ""}

    def counted(ask: Callable[[], object]) -> int:
        with app.app_context(), databases.count_queries(store.db.engine) as statements:
            ask()
        return len(statements)

    client.get(page)
    return {
        "page": counted(lambda: client.get(page)),
        "save": counted(lambda: client.post(page, data=form, headers={"Accept": "application/json"})),
    }


def _goals(rows: list[Row]) -> Iterator[Goal]:
    for row in rows:
        name = f"{row.what}, {row.students} students"
        if row.what not in SHARES:
            continue
        yield Goal(f"{name}: ≥ {SHARES[row.what]:.0%} of the floor", f"{row.share:.0%}", row.share >= SHARES[row.what])
        yield Goal(f"{name}: p99 ≤ {SLOWER:g} × the floor's", f"{row.slower:.1f} ×", row.slower <= SLOWER)
        if row.failures:
            yield Goal(f"{name}: no refusals", str(row.failures), met=False)


def _goals_of_a_visit(visit: Visit) -> Iterator[Goal]:
    yield Goal(f"first visit ≤ {FIRST_VISIT:,} bytes", f"{visit.first:,}", visit.first <= FIRST_VISIT)
    yield Goal(f"question page later ≤ {LATER:,} bytes", f"{visit.later:,}", visit.later <= LATER)
    yield Goal(f"≤ {REQUESTS} requests with the icon", str(visit.requests), visit.requests <= REQUESTS)


def _goals_of_queries(queries: dict[str, int]) -> Iterator[Goal]:
    for what, number in queries.items():
        yield Goal(f"{what}: ≤ {QUERIES} queries", str(number), number <= QUERIES)


def _print(rows: list[Row], goals: list[Goal]) -> None:
    figures = Table("what", "students", "floor/s", "app/s", "share", "CPU ms", "p50", "p95", "p99", "MB", "bytes")
    for row in rows:
        figures.add_row(
            row.what,
            str(row.students),
            f"{row.floor_rate:.0f}",
            f"{row.rate:.0f}",
            f"{row.share:.0%}",
            f"{row.cpu:.2f} : {row.floor_cpu:.2f}",
            f"{row.p50:.1f} : {row.floor_p50:.1f}",
            f"{row.p95:.1f} : {row.floor_p95:.1f}",
            f"{row.p99:.1f} : {row.floor_p99:.1f}",
            f"{row.memory_before:.0f} → {row.memory_after:.0f}",
            f"{row.bytes_each:.0f}",
        )
    figures.caption = (
        "app : floor; share and goals: the median of the rounds; times in ms; MB: the app's workers together,"
        " before and after; a first look is noted"
    )
    console = Console(width=None if sys.stdout.isatty() else 130)
    console.print(figures)
    for goal in goals:
        console.print(f"{'met   ' if goal.met else 'MISSED'}  {goal.goal}: {goal.measured}", highlight=False)


if __name__ == "__main__":
    main()

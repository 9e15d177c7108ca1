"""A school rehearses: hundreds of students begin one test together, answer at their pace, and hand in together.

Some lose their connection in the middle of a save, and send it again when they are back. Afterwards what each was told
is compared with what the database holds. It ends with status 1 where an answer is lost, doubled or out of order, an
attempt is not handed in and marked, or a page took over two seconds. How much two seconds are on this machine tells the
floor, measured afterwards: how many answers the barest app keeps in one.

python -m tests.bench.rehearsal                                  500 students, 20 questions: about five minutes
python -m tests.bench.rehearsal --pace 30 --database postgresql  half a minute for each question, as in class
python -m tests.bench.rehearsal --students 30 --pace 0.5 --begin 5
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table
from sqlalchemy import create_engine, select

from quizapp import create_app
from quizapp.config import Settings
from quizapp.services import transactions
from quizapp.store.tables import ATTEMPT, SLOT
from tests import databases
from tests.bench import floor, load, saves, service, students
from tests.bench.browser import Browser, Timings
from tests.bench.students import QUIZ, SLOTS, Student
from tests.durability.comparison import differences, rows_of
from tests.durability.devices import Sent, Told

LONGEST = 2.0  # seconds for a page
SPREAD = 6.0  # seconds over which the page hands in when its time ends: SPREAD of static/js/timer.js
DROPPING = 0.02  # of the students
CHANGING = 0.1  # of the answers are changed once
POSITIONS = 3
CONNECTIONS, FLOOR_SECONDS = 32, 3


@dataclass
class Day:
    """What a rehearsal is made of, and what came of it."""

    port: int
    pace: float
    begin: float
    hand_in: float  # time.monotonic()
    timings: Timings = field(default_factory=Timings)
    sent: list[Sent] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    broken_off: int = 0
    problems: list[str] = field(default_factory=list)


def main() -> None:
    """Rehearse, print the report, and end with status 1 where something went wrong."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, service.two_databases(options.database, Path(folder)) as urls:
        day, problems = rehearse(Path(folder), urls[0], options)
        floor_rate = _floor_rate(urls[1])
    _print(day, problems, floor_rate)
    sys.exit(1 if problems else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--pace", type=float, default=10, help="seconds for a question, on average (10)")
    parser.add_argument("--begin", type=float, default=60, help="seconds within which all begin (60)")
    parser.add_argument("--dropping", type=float, default=DROPPING, help="share that loses its connection (0.02)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def rehearse(folder: Path, url: str, options: argparse.Namespace) -> tuple[Day, list[str]]:
    """Hold the rehearsal on an empty database; what came of it, and all that went wrong."""
    environ = {
        "QUIZAPP_INSTANCE": str(folder),
        "QUIZAPP_DATABASE_URL": url,
        "QUIZAPP_SECRET_KEY": "rehearsal",
        "QUIZAPP_LOG_LEVEL": "WARNING",
    }
    app = create_app(Settings(instance=folder, database_url=url, secret_key="rehearsal", log_level="WARNING"))
    with app.app_context():
        transactions.upgrade()
        students.publish(transactions.session(), mode="test", time_limit="2 h")
        taking_part = students.enrol(app, options.students)
        databases.close(app)
    with service.running(service.APP, environ) as served:
        lasting = options.begin + SLOTS * options.pace * 1.25 + 2
        day = Day(served.port, options.pace, options.begin, time.monotonic() + lasting)
        asyncio.run(_hold(day, taking_part, options))
    return day, list(verdict(url, taking_part, day))


def _floor_rate(url: str) -> float:
    """Answers a second that the barest app keeps on the same server and kind of database."""
    floor.prepare(url)
    with service.running(service.FLOOR, {"FLOOR_DATABASE_URL": url}) as bare:
        load.run_times(bare.port, saves.floor_post, CONNECTIONS, saves.WARM_UP)
        return load.run(bare.port, saves.floor_post, CONNECTIONS, FLOOR_SECONDS).rate


async def _hold(day: Day, taking_part: list[Student], options: argparse.Namespace) -> None:
    chance = random.Random(options.seed)
    dropping = set(chance.sample(range(len(taking_part)), round(options.dropping * len(taking_part))))
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("answers", total=len(taking_part) * SLOTS)
        visits = (
            _visit(day, student, random.Random(f"{options.seed}/{number}"), (progress, bar), drops=number in dropping)
            for number, student in enumerate(taking_part)
        )
        await asyncio.gather(*visits)


async def _visit(
    day: Day, student: Student, chance: random.Random, bar: tuple[Progress, TaskID], *, drops: bool
) -> None:
    browser = Browser(day.port, day.timings)
    try:
        await asyncio.sleep(chance.uniform(0, day.begin))
        await _begin(browser, student)
        drop_at = chance.randint(1, SLOTS) if drops else None
        for slot in range(1, SLOTS + 1):
            await _answer(day, browser, student, slot, chance, drops=slot == drop_at)
            bar[0].advance(bar[1])
        await asyncio.sleep(max(0.0, day.hand_in - time.monotonic()) + chance.uniform(0, SPREAD))
        await _hand_in(browser, student)
    except (OSError, AssertionError, TimeoutError, asyncio.IncompleteReadError) as error:
        day.problems.append(f"student {student.user_id}: {error!r}")
    finally:
        browser.drop()


async def _begin(browser: Browser, student: Student) -> None:
    page = await browser.ask("quiz", student.get(f"/quizzes/{QUIZ}"))
    assert page.status == 200, page
    begun = await browser.ask("begin", student.post(f"/quizzes/{QUIZ}/attempts"))
    assert begun.status in (302, 303), begun
    student.attempt = begun.location.rpartition("/")[2]
    first = await browser.ask("resume", student.get(begun.location))
    assert first.location.endswith("/1"), first


async def _answer(
    day: Day, browser: Browser, student: Student, slot: int, chance: random.Random, *, drops: bool
) -> None:
    page = await browser.ask("question", student.page(slot))
    assert page.status == 200, page
    await asyncio.sleep(chance.uniform(0.5, 1.5) * day.pace)
    base = await _save(day, browser, student, slot, "", chance, drops=drops)
    if chance.random() < CHANGING:
        await _save(day, browser, student, slot, base, chance, drops=False)


async def _save(
    day: Day, browser: Browser, student: Student, slot: int, base: str, chance: random.Random, *, drops: bool
) -> str:
    """Save as the page's script does; where the connection drops, once more with the same stamp. What is current."""
    student.sequence += 1
    answer = chance.randrange(POSITIONS)
    sent = Sent(str(student.attempt), slot, student.client, student.sequence, base, answer, time.monotonic())
    day.sent.append(sent)
    request = student.save(slot, answer, student.sequence, base)
    if drops:
        day.broken_off += 1
        await browser.break_off(request, chance.choice([len(request), chance.randint(1, len(request) - 1)]))
        await asyncio.sleep(chance.uniform(0, 2))
    answered = await browser.ask("save", request)
    assert answered.status == 200, answered
    said = json.loads(answered.text)
    day.told.append(Told(sent, said["standing"], said["current"], time.monotonic()))
    return str(said["current"])


async def _hand_in(browser: Browser, student: Student) -> None:
    submitted = await browser.ask("submit", student.post(f"/attempts/{student.attempt}/submit"))
    assert submitted.location.endswith("/result"), submitted
    result = await browser.ask("result", student.get(submitted.location))
    assert result.status == 200, result


def verdict(url: str, taking_part: list[Student], day: Day) -> Iterator[str]:
    """All that went wrong: on the way, in what the database holds, and what took too long."""
    yield from day.problems
    attempts = [str(student.attempt) for student in taking_part if student.attempt]
    yield from differences(day.told, day.sent, rows_of(url, attempts))
    yield from _not_handed_in(url, len(taking_part))
    for kind, times in day.timings.kinds.items():
        slow = [one for one in times if one > LONGEST]
        if slow:
            yield f"{kind}: {len(slow)} of {len(times)} took over {LONGEST:g} s, the longest {max(slow):.1f} s"


def _not_handed_in(url: str, number: int) -> Iterator[str]:
    """Attempts that are missing, doubled, open, or not marked."""
    engine = create_engine(url)
    with engine.connect() as connection:
        attempts = connection.execute(select(ATTEMPT.c.id, ATTEMPT.c.user_id, ATTEMPT.c.submitted_at, ATTEMPT.c.mark))
        rows = attempts.all()
        unmarked = connection.execute(select(SLOT.c.attempt_id, SLOT.c.number).where(SLOT.c.mark.is_(None))).all()
    engine.dispose()
    if len({row.user_id for row in rows}) != number or len(rows) != number:
        yield f"{len(rows)} attempts of {len({row.user_id for row in rows})} students; {number} took part"
    yield from (f"not handed in: {row.id}" for row in rows if row.submitted_at is None or row.mark is None)
    yield from (f"not marked: {row.attempt_id}, question {row.number}" for row in unmarked)


def _print(day: Day, problems: list[str], floor_rate: float) -> None:
    table = Table("request", "times", "p50", "p95", "p99", "longest", caption="milliseconds")
    for kind, times in day.timings.kinds.items():
        figures = (load.percentile(times, share) for share in (0.5, 0.95, 0.99, 1))
        table.add_row(kind, str(len(times)), *(f"{one:.0f}" for one in figures))
    console = Console(width=None if sys.stdout.isatty() else 100)
    console.print(table)
    console.print(f"{len(day.told)} answers acknowledged; {day.broken_off} connections lost in the middle of a save")
    console.print(f"This machine: the barest app keeps {floor_rate:.0f} answers a second, {CONNECTIONS} at a time")
    for problem in problems[:20]:
        console.print(f"WRONG  {problem}", highlight=False)
    console.print(
        f"{len(problems)} things went wrong" if problems else "Nothing was lost, nothing doubled, all marked."
    )


if __name__ == "__main__":
    main()

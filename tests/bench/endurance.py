"""Memory over 100,000 requests: a page, a save, a page … by 32 students; what the workers together hold.

What is remembered fills up in the first thousands. It ends with status 1 where memory still grows in the second half of
the run: at a rate of more than 10 MB in 100,000 requests.

python -m tests.bench.endurance                    100,000 requests on SQLite, some minutes
python -m tests.bench.endurance --requests 30000 --database postgresql
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from rich.progress import Progress

from tests.bench import load, saves, service

STUDENTS = 32
WARM_UP = 10_000  # requests: what is remembered fills up meanwhile
STEPS = 10
MOST_GROWTH = 10.0  # MB in 100,000 requests


def main() -> None:
    """Measure, print, and end with status 1 where memory grows."""
    options = _options()
    with (
        tempfile.TemporaryDirectory() as folder,
        service.two_databases(options.database, Path(folder)) as (url, floor_url),
    ):
        _, environ, asking = saves.prepare(Path(folder), url, floor_url, STUDENTS)
        with service.running(service.APP, environ) as served:
            measured = _measure(served, _mixed(saves.pages(asking), saves.saves(asking)), options)
    slope = growth(measured[len(measured) // 2 :])
    if options.json:
        print(json.dumps({"memory": measured, "growth": slope}))
    else:
        for requests, memory in measured:
            print(f"{requests:8,} requests  {memory:6.1f} MB")
        verdict = "flat" if slope <= MOST_GROWTH else "GROWS"
        print(f"{verdict}: {slope:+.1f} MB in 100,000 requests, over the second half")
    sys.exit(0 if slope <= MOST_GROWTH else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000, help="after a warm-up of 10,000 (100,000)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    return parser.parse_args()


def _mixed(page: load.Request, save: load.Request) -> load.Request:
    def ask(number: int, turn: int) -> bytes:
        return (page, save)[turn % 2](number, turn // 2)

    return ask


def _measure(served: service.Service, ask: load.Request, options: argparse.Namespace) -> list[tuple[int, float]]:
    """Requests so far and memory in MB: at the start, after the warm-up, and in ten steps from there."""
    measured = [(0, served.memory())]
    with Progress(console=saves.progress_on, transient=True) as progress:
        steps = [min(WARM_UP, options.requests), *[options.requests // STEPS] * STEPS]
        for number in progress.track(steps, description="requests"):
            done = load.run_times(served.port, ask, STUDENTS, number)
            if done.failures:
                raise SystemExit(f"refused: {done.failures}")
            measured.append((measured[-1][0] + number, served.memory()))
    return measured


def growth(measured: list[tuple[int, float]]) -> float:
    """MB in 100,000 requests: the slope of the straight line through the measurements."""
    requests, memory = zip(*measured, strict=True)
    return statistics.linear_regression(requests, memory).slope * 100_000


if __name__ == "__main__":
    main()

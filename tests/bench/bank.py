"""How long it takes to read, check, verify and publish a bank, and how that grows.

The real bank first (with the documents that QUIZAPP_DOCUMENTS names), then banks of invented items of all ten types.
Seconds are of the processor, so that other programs do not count; «ratio» is the time an item costs, as a multiple of
what it costs in the smallest invented bank: 1 where time grows as the number of items does.

python -m tests.bench.bank                        the real bank, then 1,000, 3,000 and 10,000 items
python -m tests.bench.bank --items 1000 --json    for a script
python -m tests.bench.bank --items 3000 --lint    also lint and coverage
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from quizapp import create_app
from quizapp.config import ROOT, Settings
from quizapp.services import authoring, checking, coverage, documents, overview, transactions
from tests import databases
from tests.bench import synthetic_bank
from tests.bench.synthetic_bank import Folders

T = TypeVar("T")
NOW = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
GOALS = {"real": 5.0, "invented": 20.0}  # seconds for all steps together, the largest bank


@dataclass
class Run:
    """One bank, and what each step took."""

    bank: str  # real | invented
    items: int
    quotes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)  # of the processor
    elapsed: float = 0.0  # on the clock

    @property
    def total(self) -> float:
        """All steps that the goal counts."""
        return sum(self.seconds[step] for step in ("read", "check", "publish"))


def main() -> None:
    """Measure and print; exit status 1 where a goal is missed."""
    options = _options()
    runs = [] if options.no_real else [_real(options)]
    runs += [_invented(number, options) for number in sorted(options.items)]
    if options.json:
        print(json.dumps([{**asdict(run), "total": run.total} for run in runs], indent=2))
    else:
        _print(runs)
    sys.exit(any(run.total > GOALS[run.bank] for run in runs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="*", default=[1000, 3000, 10_000], help="sizes of invented banks")
    parser.add_argument("--no-real", action="store_true", help="leave the real bank out")
    parser.add_argument("--lint", action="store_true", help="measure lint and coverage too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _real(options: argparse.Namespace) -> Run:
    _say("the real bank …")
    settings = Settings.from_environ(os.environ)
    folders = Folders(ROOT / "question_bank", ROOT / "seeds", settings.documents)
    return _measure("real", folders, options)


def _invented(items: int, options: argparse.Namespace) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        _say(f"{items:,} items: inventing …")
        return _measure("invented", synthetic_bank.write(Path(folder), items), options)


def _measure(bank: str, folders: Folders, options: argparse.Namespace) -> Run:
    run = Run(bank, 0)
    begun = time.perf_counter()
    files = _timed(run, "read", lambda: checking.read(folders.bank, folders.seeds))
    run.items = len(files.items)
    report = _timed(run, "check", lambda: _check(files, folders))
    run.quotes = len(report.quoted)
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Settings(instance=Path(instance), secret_key="bench"))
        with app.app_context():
            transactions.upgrade()
            _timed(run, "publish", lambda: _publish(report))
            run.elapsed = time.perf_counter() - begun
            _timed(run, "again", lambda: _publish(report))
            databases.close(app)
    if options.lint:
        _timed(run, "lint", lambda: overview.lint_files(files))
        _timed(run, "coverage", lambda: coverage.of_report(report))
    return run


def _timed(run: Run, step: str, do: Callable[[], T]) -> T:
    _say(f"  {run.items:,} items: {step} …" if run.items else f"  {step} …")
    gc.collect()
    begun = time.process_time()
    found = do()
    run.seconds[step] = time.process_time() - begun
    return found


def _check(files: Any, folders: Folders) -> checking.Report:
    found = documents.find(folders.documents, [source.thing for source in files.sources], files.record)
    report = checking.check(files, found.texts, refused=found.refused)
    if not report.is_well:
        raise SystemExit("\n".join(map(str, (*report.mistakes[:20], *report.refused))))
    return report


def _publish(report: checking.Report) -> authoring.Changes:
    changes = authoring.publish(transactions.session(), report, now=NOW)
    transactions.commit()
    return changes


def _print(runs: list[Run]) -> None:
    steps = [step for step in runs[0].seconds if step in runs[-1].seconds]
    heads = "".join(f"{step:>10}" for step in steps)
    print(f"{'bank':<9}{'items':>8}{'quotes':>9}{heads}{'total':>9}{'ms/item':>9}{'ratio':>7}{'clock':>8}")
    first = next((run for run in runs if run.bank == "invented"), runs[0])
    for run in runs:
        print(_line(run, steps, first))
    for run in runs:
        if run.total > GOALS[run.bank]:
            print(f"over the goal of {GOALS[run.bank]:.0f} s: {run.items:,} items took {run.total:.1f} s")


def _line(run: Run, steps: list[str], first: Run) -> str:
    each, least = run.total / run.items, first.total / first.items
    ratio = f"{each / least:.2f}" if run.bank == first.bank else ""
    numbers = "".join(f"{run.seconds[step]:>9.2f}s" for step in steps)
    return (
        f"{run.bank:<9}{run.items:>8,}{run.quotes:>9,}{numbers}{run.total:>8.2f}s{each * 1000:>9.2f}{ratio:>7}"
        f"{run.elapsed:>7.1f}s"
    )


if __name__ == "__main__":
    main()

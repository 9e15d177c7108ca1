"""Processor time of a question page and of a save, beside the floor's, in this one process and without a server.

What others do on the machine hardly changes the ratio, so that this is for comparing before and after.

python -m tests.bench.cost
python -m tests.bench.cost --profile page          where a page's time goes
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.bench import floor, saves
from tests.bench.students import SLOTS, Student

Ask = Callable[[int], None]
ROUNDS, TIMES = 40, 20


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        urls = (f"sqlite:///{Path(folder) / name}.sqlite" for name in ("app", "floor"))
        app, _, (student,) = saves.prepare(Path(folder), *urls, 1)
        ours = _asks(app, student)
        bare = _asks_of_floor(floor.create_app())
        for ask in (*ours.values(), *bare.values()):
            _times(ask, 10 * TIMES)
        if options.profile:
            _profile(ours[options.profile], options.lines)
        else:
            _compare(ours, bare)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", choices=["page", "save"], help="print a profile instead")
    parser.add_argument("--lines", type=int, default=60, help="of the profile (60)")
    return parser.parse_args()


def _asks(app: Callable[..., object], student: Student) -> dict[str, Ask]:
    def page(turn: int) -> None:
        _ask(app, "GET", f"/attempts/{student.attempt}/{turn % SLOTS + 1}", student.cookie)

    def save(turn: int) -> None:
        student.sequence += 1
        form = {"csrf_token": student.token, "answer": str(turn % 3), "client": student.client, "base": ""}
        path = f"/attempts/{student.attempt}/{turn % SLOTS + 1}"
        _ask(app, "POST", path, student.cookie, {**form, "sequence": str(student.sequence)})

    return {"page": page, "save": save}


def _asks_of_floor(app: Callable[..., object]) -> dict[str, Ask]:
    return {
        "page": lambda _: _ask(app, "GET", "/"),
        "save": lambda turn: _ask(app, "POST", "/", form={"answer": str(turn % 3)}),
    }


def _ask(
    app: Callable[..., object], method: str, path: str, cookie: str = "", form: dict[str, str] | None = None
) -> None:
    headers = {"Accept-Encoding": "gzip", "Accept": "application/json" if form else "text/html"}
    if cookie:
        headers["Cookie"] = f"quizapp={cookie}"
    environ = EnvironBuilder(path=path, method=method, headers=headers, data=form).get_environ()
    _spent["asking"] -= time.process_time()
    _, status, _ = run_wsgi_app(app, environ, buffered=True)
    _spent["asking"] += time.process_time()
    assert status.startswith("200"), (path, status)


_spent = {"asking": 0.0}


def _times(ask: Ask, times: int) -> float:
    """Microseconds of processor time for each, without what it takes to prepare the request."""
    _spent["asking"] = 0.0
    for turn in range(times):
        ask(turn)
    return _spent["asking"] / times * 1e6


def _profile(ask: Ask, lines: int) -> None:
    with cProfile.Profile() as profile:
        for turn in range(500):
            ask(turn)
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumtime").print_stats(lines)


def _compare(ours: dict[str, Ask], bare: dict[str, Ask]) -> None:
    for what, ask in ours.items():
        pairs = [(_times(ask, TIMES), _times(bare[what], TIMES)) for _ in range(ROUNDS)]
        app, floor_ = (min(one) for one in zip(*pairs, strict=True))
        usual = statistics.median(theirs / mine for mine, theirs in pairs)
        print(f"{what}: {app:.0f} µs, the floor {floor_:.0f} µs: {floor_ / app:.0%} (median of rounds {usual:.0%})")


if __name__ == "__main__":
    main()

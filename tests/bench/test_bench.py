"""The benchmarks and the rehearsal run, small, so that they do not rot; and the rehearsal's verdict can be bad."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from quizapp.config import ROOT
from tests.bench import endurance, rehearsal, saves
from tests.bench.rehearsal import Day, verdict
from tests.bench.saves import Row, Visit
from tests.bench.students import SLOTS, Student

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="gunicorn, and figures from /proc"),
]
FEW = 6


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Day, list[str]]:
    """A rehearsal with few students, half of whom lose their connection."""
    folder = tmp_path_factory.mktemp("rehearsal")
    url = f"sqlite:///{folder / 'app.sqlite'}"
    options = argparse.Namespace(students=FEW, pace=0.02, begin=0.2, dropping=0.5, seed=3)
    with ThreadPoolExecutor(1) as apart:  # browser tests before these leave their own event loop running
        day, problems = apart.submit(rehearsal.rehearse, Path(folder), url, options).result()
    return url, day, problems


def of_substance(problems: list[str]) -> list[str]:
    """Without what only says that the machine was busy."""
    return [one for one in problems if "took over" not in one]


def students_of(day: Day) -> list[Student]:
    attempts = dict.fromkeys(one.attempt for one in day.sent)
    return [Student(number, "", "", attempt) for number, attempt in enumerate(attempts)]


def test_a_rehearsal_loses_nothing(held: tuple[str, Day, list[str]]):
    _, day, problems = held
    assert of_substance(problems) == []
    assert len(day.told) == len(day.sent) >= FEW * SLOTS
    assert day.broken_off == FEW // 2
    assert len(day.timings.kinds["question"]) == FEW * SLOTS


A_CHANGED_ANSWER = (
    "(attempt_id, slot) = (SELECT attempt_id, slot FROM response GROUP BY attempt_id, slot HAVING count(*) = 2 LIMIT 1)"
)
SWAPPED = f"""
    UPDATE response SET ordinal = -ordinal WHERE {A_CHANGED_ANSWER};
    UPDATE response SET ordinal = 3 + ordinal WHERE {A_CHANGED_ANSWER}
"""  # in two steps, since no two may have the same place at any moment
SPOILT = {
    "lost": "DELETE FROM response WHERE id = (SELECT max(id) FROM response)",
    "sent by nobody": "UPDATE response SET client = 'somebody' WHERE id = (SELECT max(id) FROM response)",
    "not handed in": "UPDATE attempt SET submitted_at = NULL",
    "not marked": "UPDATE slot SET mark = NULL WHERE number = 3",
    "gaps": "UPDATE response SET ordinal = ordinal + 100",
    "different answers": "UPDATE response SET response = '\"a\"'",
    "kept after one that was sent only when this was acknowledged": SWAPPED,
    "should be stale": SWAPPED,
    "should be current": "UPDATE response SET standing = 'stale' WHERE id = (SELECT max(id) FROM response)",
}


@pytest.mark.parametrize("words", SPOILT)
def test_the_verdict_sees_what_is_spoilt(held: tuple[str, Day, list[str]], tmp_path: Path, words: str):
    url, day, _ = held
    copy = tmp_path / "spoilt.sqlite"
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
    engine.dispose()
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        for statement in SPOILT[words].split(";"):
            connection.execute(text(statement))
    engine.dispose()
    found = of_substance(list(verdict(f"sqlite:///{copy}", students_of(day), day)))
    assert any(words in problem for problem in found), found


def test_a_slow_page_fails_the_rehearsal(held: tuple[str, Day, list[str]]):
    url, day, _ = held
    slow = Day(0, 0, 0, time.monotonic(), told=day.told, sent=day.sent)
    slow.timings.note("question", rehearsal.LONGEST + 0.1)
    assert any("took over 2 s" in one for one in verdict(url, students_of(day), slow))


# --- saves and pages beside the floor --------------------------------------------------------------------------------


def test_the_benchmark_measures_and_a_missed_goal_is_its_status(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """It runs small, but with the true servers; how fast a busy machine is says nothing here."""
    monkeypatch.setattr(saves, "SHARES", {"save": 1000.0, "page": 0.0})
    monkeypatch.setattr(saves, "SLOWER", 1e9)
    small = ["--students", "1", "--seconds", "0.5", "--rounds", "1", "--warm-up", "24", "--json"]
    with ThreadPoolExecutor(1) as apart, pytest.raises(SystemExit) as ended:
        apart.submit(saves.main, small).result()
    assert ended.value.code == 1
    told = json.loads(capfd.readouterr().out)
    assert [(row["what"], row["students"], row["failures"]) for row in told["rows"]] == [
        ("save", 1, {}), ("page", 1, {}), ("first look", 1, {}),
    ]  # fmt: skip
    assert all(row["rate"] > 0 and row["floor_rate"] > 0 and row["p99"] >= row["p50"] > 0 for row in told["rows"])
    met = {goal["goal"]: goal["met"] for goal in told["goals"]}
    assert [goal for goal in met if not met[goal]] == ["save, 1 students: ≥ 100000% of the floor"]
    assert {"page: ≤ 3 queries", "save: ≤ 3 queries", "≤ 5 requests with the icon"} <= set(met)


def a_row(what: str, **changes: Any) -> Row:
    """What a measurement gave that just meets its goals, but for the changes."""
    figures = dict.fromkeys((one.name for one in fields(Row) if one.type == "float"), 1.0)
    just = {"students": 8, "share": {"save": 0.6, "page": 0.4}.get(what, 0.01), "slower": 2.0, "failures": {}}
    return Row(what=what, **{**figures, **just, **changes})


BEYOND: list[tuple[str, str, dict[str, Any]]] = [
    ("save", "60% of the floor", {"share": 0.599}),
    ("page", "40% of the floor", {"share": 0.399}),
    ("save", "p99 ≤ 2 ×", {"slower": 2.01}),
    ("page", "p99 ≤ 2 ×", {"slower": 2.01}),
    ("save", "no refusals", {"failures": {503: 1}}),
    ("page", "no refusals", {"failures": {500: 1}}),
]


@pytest.mark.parametrize("what", ["save", "page"])
def test_what_just_meets_the_goals_meets_them(what: str):
    goals = [*saves._goals([a_row(what)])]
    assert len(goals) == 2
    assert all(goal.met for goal in goals)


@pytest.mark.parametrize(("what", "words", "changes"), BEYOND)
def test_what_lies_just_beyond_a_goal_misses_that_one(what: str, words: str, changes: dict[str, Any]):
    [missed] = [goal for goal in saves._goals([a_row(what, **changes)]) if not goal.met]
    assert missed.goal.startswith(f"{what}, 8 students: ")
    assert words in missed.goal


def test_a_first_look_has_no_goal():
    assert [*saves._goals([a_row("first look", slower=9.0)])] == []


def test_a_page_may_weigh_so_much_and_no_more():
    just = Visit(requests=5, first=30_000, later=8_000)
    assert all(goal.met for goal in saves._goals_of_a_visit(just))
    for beyond in (replace(just, requests=6), replace(just, first=30_001), replace(just, later=8_001)):
        assert [goal.met for goal in saves._goals_of_a_visit(beyond)].count(False) == 1


def test_so_many_queries_and_no_more():
    goals = [*saves._goals_of_queries({"page": 3, "save": 4})]
    assert [(goal.goal.partition(":")[0], goal.met) for goal in goals] == [("page", True), ("save", False)]


# --- memory, and the way students hand in ----------------------------------------------------------------------------


def test_memory_that_grows_is_told_from_memory_that_is_flat():
    flat = [(10_000 * n, 200 + n % 2) for n in range(11)]
    assert abs(endurance.growth(flat)) < 2
    assert endurance.growth([(requests, memory + requests / 5000) for requests, memory in flat]) > 15


def test_the_rehearsal_hands_in_as_the_pages_do():
    script = (ROOT / "static" / "js" / "timer.js").read_text(encoding="utf-8")
    assert f"const SPREAD = {rehearsal.SPREAD * 1000:.0f};" in script

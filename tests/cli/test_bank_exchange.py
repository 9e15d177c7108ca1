"""`quizapp bank import` and `bank export` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from quizapp.cli import main
from quizapp.services import transactions
from quizapp.store.imports import ImportBatch
from quizapp.store.tables import Content
from tests import small_bank

Run = Callable[..., Result]
GIFT = """::Tide one:: Which way does the tide turn at noon? {=Out ~In ~Not at all}

::Tide two:: The moon pulls the sea. {T}
"""
BROKEN = """::Good:: Is the sea salt? {T}

::Bad:: Who drew the map of the harbour? {
"""


@pytest.fixture
def run(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What a command answers, in a folder with two files, on a small bank with a teacher."""
    monkeypatch.chdir(tmp_path)
    Path("tides.gift").write_text(GIFT, encoding="utf-8")
    Path("broken.gift").write_text(BROKEN, encoding="utf-8")
    with app.app_context():
        small_bank.publish(transactions.session())
        small_bank.a_user(transactions.session(), "tess", "teacher")
        small_bank.a_user(transactions.session(), "stu", "student")

    def typed(*words: str) -> Result:
        return CliRunner().invoke(main, ["bank", *words], obj=ScriptInfo(create_app=lambda: app))

    return typed


def counted(app: Flask, kind: str) -> int:
    with app.app_context():
        query = select(func.count()).select_from(Content).where(Content.kind == kind)
        return transactions.session().scalar(query) or 0


def test_a_dry_run_tells_all_and_stores_nothing(app: Flask, run: Run) -> None:
    result = run("import", "tides.gift", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "tides.gift: 2 new, 0 changed, 0 the same, 0 cannot come in" in result.stdout
    assert result.stdout.splitlines()[-1] == "A dry run: nothing was stored."
    assert counted(app, "draft") == 0
    with app.app_context():
        assert transactions.session().scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_questions_come_in_as_drafts_of_the_teacher_and_only_once(app: Flask, run: Run) -> None:
    assert run("import", "tides.gift", "--teacher", "tess").stdout.splitlines()[-1] == (
        "Imported: 0 questions ready for students, 2 drafts."
    )
    assert counted(app, "draft") == 2
    again = run("import", "tides.gift", "--teacher", "TESS")
    assert "0 new, 0 changed, 2 the same" in again.stdout
    assert again.exit_code == 0
    ready = run("import", "tides.gift", "--teacher", "tess", "--ready", "--unsourced", "From an old test.", "--json")
    assert json.loads(ready.stdout)[0]["in_short"].startswith("0 new")


def test_a_reason_makes_those_without_evidence_ready(app: Flask, run: Run) -> None:
    result = run("import", "tides.gift", "--teacher", "tess", "--ready", "--unsourced", "From an old test.")
    assert result.stdout.splitlines()[-1] == "Imported: 2 questions ready for students, 0 drafts."
    assert counted(app, "item") == 7


def test_what_cannot_come_in_is_named_and_the_rest_comes_in(app: Flask, run: Run) -> None:
    Path("picture.gift").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    result = run("import", "broken.gift", "picture.gift", "tides.gift", "--teacher", "tess")
    assert result.exit_code == 1
    assert "picture.gift: cannot be read" in result.stdout
    assert "✗" in result.stdout
    assert counted(app, "draft") >= 2


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("import", "tides.gift"), 2),
        (("import", "nowhere.gift", "--dry-run"), 2),
        (("import",), 2),
        (("import", "tides.gift", "--teacher", "stu"), 1),
        (("import", "tides.gift", "--teacher", "nobody"), 1),
        (("import", "tides.gift", "--dry-run", "--difficulty", "9"), 2),
        (("export", "tides.gift"), 2),
        (("export", "new.papyrus"), 2),
        (("export", "new.gift", "--topic", "nowhere"), 1),
    ],
)
def test_wrong_calls_say_so_and_store_nothing(app: Flask, run: Run, words: tuple[str, ...], status: int) -> None:
    result = run(*words)
    assert result.exit_code == status
    assert result.stderr
    assert counted(app, "draft") == 0
    assert not Path("new.gift").exists()


@pytest.mark.parametrize("name", ["bank.gift.txt", "bank.xlsx", "bank.csv", "bank.moodle.xml", "bank.qti3.zip"])
def test_what_is_written_comes_back(run: Run, name: str) -> None:
    written = run("export", name, "--topic", "tides")
    assert written.exit_code == 0, written.output
    assert written.stdout.splitlines()[-1] == f"5 questions written to {name}."
    assert "0 new" in run("import", name, "--dry-run", "--topic", "tides").stdout


def test_a_file_is_written_over_only_by_force(run: Run) -> None:
    assert run("export", "tides.gift", "--quiz", "harbours", "--force").exit_code == 0
    assert "which harbour is meant" in Path("tides.gift").read_text(encoding="utf-8")

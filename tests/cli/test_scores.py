"""`quizapp scores export` as it is typed: files by name, the standard output, and what is said of bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from quizapp.cli import main
from quizapp.services import audit, transactions
from tests import classes
from tests.score_stage import ScoreStage


@pytest.fixture
def typed(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the command answers, in a folder of its own, in an app with a class."""
    with app.app_context():
        ScoreStage(transactions.session())
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["scores", "export", *words], obj=ScriptInfo(create_app=lambda: app))

    return run


def files() -> list[str]:
    return sorted(one.name for one in Path.cwd().iterdir())


def test_a_file_of_the_class_is_written(typed):
    done = typed("--class", "history 9B", "--quiz", "harbour-test", "--rows", "attempts", "--format", "csv")
    assert done.exit_code == 0, done.output
    (name,) = files()
    assert name.startswith("History-9b_Harbour-test_attempts_")
    assert name.endswith(".csv")
    assert f"{name} is written." in done.output
    text = Path(name).read_text(encoding="utf-8-sig")
    assert "Family name" in text
    assert "other" not in text


def test_it_is_written_down_as_done_at_the_command_line(app: Flask, typed):
    assert typed("--class", "history 9B", "--rows", "attempts", "--format", "csv").exit_code == 0
    with app.app_context():
        [line] = audit.page(transactions.session(), audit.Wanted(kind="scores"), sort="-when", number=1).lines
    assert (line.who, line.action, line.name, line.class_name) == (
        "command line",
        "export",
        "all quizzes",
        "History 9b",
    )
    said = {field: new for field, _, new in line.changes}
    assert (said["format"], said["a row for"], said["quiz"]) == ("csv", "an attempt", "all quizzes")
    assert int(said["attempts"]) > 0


def test_what_could_not_be_exported_is_not_written_down(app: Flask, typed):
    assert typed("--class", "no such class").exit_code == 1
    with app.app_context():
        assert not audit.page(transactions.session(), audit.Wanted(kind="scores"), sort="-when", number=1).lines


def test_everything_goes_to_the_standard_output(typed):
    done = typed(
        "--rows", "responses", "--with", "answers", "--format", "csv", "--no-bom", "--short-heads", "--output", "-"
    )
    assert done.exit_code == 0
    assert done.stdout.startswith("family_name,given_name,username")
    assert "Theo’s class" in done.stdout
    assert files() == []


def test_a_file_that_is_there_is_not_overwritten_unless_told(typed):
    assert typed("--format", "json", "--output", "all.json").exit_code == 0
    again = typed("--format", "json", "--output", "all.json")
    assert again.exit_code == 1
    assert "is there already. Add --force" in again.output
    assert typed("--format", "json", "--output", "all.json", "--force").exit_code == 0
    assert files() == ["all.json"]


BAD_INPUT = (
    (("--class", "No such"), 1, "There is no class «No such»."),
    (("--class", "99999999999999999999"), 1, "There is no class"),
    (("--quiz", "no-such"), 1, "There is no such quiz."),
    (("--quiz", "harbours"), 1, "This quiz has not been set to a class or taken in it yet"),
    (("--zone", "Mars/Base"), 1, "There is no time zone «Mars/Base»"),
    (("--rows", "marks"), 2, "is not one of"),
    (("--format", "pdf"), 2, "is not one of"),
    (("--with", "keys"), 2, "is not one of"),
    (("--output", "no/such/folder/x.csv"), 1, "cannot be written: No such file or directory."),
)


def test_bad_input_is_told_and_nothing_is_written(typed):
    for words, status, says in BAD_INPUT:
        done = typed(*words)
        assert done.exit_code == status, done.output
        assert says in done.output
        assert files() == []


def test_a_name_that_several_classes_have_asks_for_the_number(app: Flask, typed):
    with app.app_context():
        session = transactions.session()
        second = classes.a_class(session, classes.a_teacher(session, "una"), name="HISTORY 9b").id
    done = typed("--class", "History 9b")
    assert "name one by its number" in done.output
    assert "There is no" not in done.output
    done = typed("--class", str(second))
    assert "No quiz has been set to this class" in done.output

"""`quizapp backup`, `restore`, and what commands say of a database that does not fit, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from quizapp import create_app
from quizapp.cli import main
from quizapp.services import transactions
from tests import databases, later_revision
from tests.conftest import settings_for


def typed(app: Flask, *words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], obj=ScriptInfo(create_app=lambda: app))


def test_there_and_back_again(app: Flask, tmp_path: Path):
    assert typed(app, "user", "add", "ann", "--generate").exit_code == 0
    file = tmp_path / "one.backup"
    made = typed(app, "backup", file)
    assert (made.exit_code, made.stderr) == (0, "")
    assert f"backed up in {file}" in made.stdout
    assert typed(app, "user", "add", "ben", "--generate").exit_code == 0
    back = typed(app, "restore", file)
    assert back.exit_code == 0, back.output
    assert "What the database held before is kept in" in back.stdout
    assert "no account 'ben'" in typed(app, "user", "set-password", "ben", "--generate").stderr
    assert typed(app, "user", "set-password", "ann", "--generate").exit_code == 0


def test_what_cannot_be_is_said_in_one_line(app: Flask, tmp_path: Path):
    file = tmp_path / "diary.txt"
    file.write_text("Dear diary")
    for words in (("backup", file), ("restore", file)):
        refused = typed(app, *words)
        assert refused.exit_code == 1
        assert refused.stderr.startswith("Error: ")
        assert refused.stderr.count("\n") == 1
    assert typed(app, "restore", tmp_path / "nothing").exit_code == 2
    assert typed(app, "backup").exit_code == 2


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_help_has_an_example(app: Flask, command: str):
    assert f"quizapp {command} /var/backups" in typed(app, command, "--help").output


def test_an_upgrade_keeps_the_database_as_it_was(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    later_revision.add(monkeypatch, tmp_path)
    done = typed(app, "setup")
    assert done.exit_code == 0, done.output
    kept = list((tmp_path / "backups").iterdir())
    assert len(kept) == 1
    assert f"The database of the version before is kept in {kept[0]}." in done.stdout
    assert typed(app, "setup").exit_code == 0
    assert list((tmp_path / "backups").iterdir()) == kept


@pytest.mark.parametrize("words", [("user", "add", "ann", "--generate"), ("attempts", "close"), ("bank", "publish")])
def test_a_database_without_tables_is_named(backend: str, tmp_path: Path, request: pytest.FixtureRequest, words: tuple):
    url = None
    if backend == "postgresql":
        server: databases.Server = request.getfixturevalue("postgresql_server")
        url = server.url(server.create())
    bare = create_app(settings_for(tmp_path, url))
    refused = typed(bare, *words)
    assert refused.exit_code == 1
    assert refused.stderr == "Error: the database lacks tables that this version needs; `quizapp setup` makes them\n"
    assert typed(bare, "serve").stderr == refused.stderr
    with bare.app_context():
        databases.close(bare)


def test_a_database_that_does_not_answer_is_named(tmp_path: Path):
    away = create_app(settings_for(tmp_path, "postgresql+psycopg://ann:hunter2@127.0.0.1:1/none"))
    for words in (("user", "add", "ann", "--generate"), ("setup",), ("backup", tmp_path / "one")):
        refused = typed(away, *words)
        assert refused.exit_code == 1
        assert refused.stderr.startswith("Error: the database cannot be used: ")
        assert refused.stderr.count("\n") == 1
        assert "hunter2" not in refused.output


def test_a_database_of_a_newer_version_is_named(app: Flask):
    with app.app_context():
        transactions.session().execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
        transactions.commit()
    refused = typed(app, "setup")
    assert refused.exit_code == 1
    assert "the database belongs to a newer version of quizapp (revision from_the_future)" in refused.stderr

"""`quizapp user …` as it is typed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from quizapp.cli import main
from quizapp.services import accounts, people, transactions
from tests.small_bank import NOON

WORDS = "four plain quiet words"


@pytest.fixture
def typed(app: Flask):
    """What a command answers."""

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, ["user", *words], input=given, obj=ScriptInfo(create_app=lambda: app))

    return run


def is_proved(app: Flask, username: str, password: str) -> bool:
    with app.app_context():
        found = accounts.credentials(transactions.session(), username)
        return accounts.is_right(found, password, hashing="cheap")


def test_a_password_by_the_input(app: Flask, typed):
    result = typed("add", "ann", "--role", "teacher", "--password-stdin", given=f"{WORDS}\nand more\n")
    assert (result.exit_code, result.stdout) == (0, "ann is added as teacher.\n")
    assert is_proved(app, "ann", WORDS)


def test_a_password_asked_for_twice_and_not_shown(app: Flask, typed):
    result = typed("add", "ann", "--given-name", "Ann", given=f"{WORDS}\n{WORDS}\n")
    assert result.exit_code == 0
    assert WORDS not in result.output
    assert is_proved(app, "ann", WORDS)


def test_a_password_made_up_is_on_the_last_line(app: Flask, typed):
    result = typed("add", "ann", "--generate")
    assert result.exit_code == 0
    assert is_proved(app, "ann", result.stdout.splitlines()[-1])


def test_what_cannot_be_is_said_all_at_once(typed):
    result = typed("add", "a", "--password-stdin", given="short\n")
    assert result.exit_code == 1
    assert "username: Use at least 2 characters." in result.stderr
    assert "password: Use at least 10 characters." in result.stderr


def test_a_name_is_taken_once(typed):
    assert typed("add", "ann", "--generate").exit_code == 0
    result = typed("add", "ＡＮＮ", "--generate")
    assert result.exit_code == 1
    assert "taken" in result.stderr


@pytest.mark.parametrize(
    "words",
    [["add"], ["add", "ann", "--role", "guest"], ["add", "ann", "--generate", "--password-stdin"], ["set-password"]],
)
def test_wrongly_called(typed, words: list[str]):
    assert typed(*words).exit_code == 2


def test_a_new_password_ends_the_sessions(app: Flask, typed):
    typed("add", "ann", "--generate")
    result = typed("set-password", "Ann", "--password-stdin", given=f"{WORDS}\n")
    assert result.exit_code == 0
    assert is_proved(app, "ann", WORDS)
    with app.app_context():
        found = accounts.credentials(transactions.session(), "ann")
        assert found.user_id is not None
        assert people.find(transactions.session(), found.user_id, 0) is None


def test_nobody_and_guests_have_no_password_to_set(app: Flask, typed):
    with app.app_context():
        guest = accounts.guest(transactions.session(), now=NOON, name_seed="one")
        transactions.commit()
    for name, said in (("nobody", "there is no account"), (guest.username, "is a guest")):
        result = typed("set-password", name, "--generate")
        assert result.exit_code == 1
        assert said in result.stderr


@pytest.mark.parametrize("command", ["add", "set-password"])
def test_help_has_an_example(typed, command: str):
    assert f"quizapp user {command} ann" in typed(command, "--help").output

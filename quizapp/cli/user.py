"""`quizapp user …`: accounts from the command line."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import cast

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import setting
from quizapp.domain.permissions import Role
from quizapp.services import accounts, passwords, transactions
from quizapp.services.accounts import Mistakes, Wanted

ROLES = ("student", "teacher", "admin")
stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of the input."
)
generate_option = click.option(
    "--generate", is_flag=True, help="Make a password up and print it, alone on the last line."
)


@click.group()
def user() -> None:
    """Accounts: add one, give one a new password."""


@user.command("add")
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), default="student", show_default=True, help="What the account may do.")
@click.option("--given-name", default="", help="Given name.")
@click.option("--family-name", default="", help="Family name.")
@stdin_option
@generate_option
@with_appcontext
def add_command(
    username: str, role: str, given_name: str, family_name: str, password_stdin: bool, generate: bool
) -> None:
    """Add an account. Without an option for it, the password is asked for.

    \b
    Examples:
      quizapp user add ann --role teacher
      quizapp user add ben --given-name Ben --generate
      quizapp user add carla --password-stdin < password.txt
    """
    password = _password(password_stdin, generate)
    wanted = Wanted(username, password, given_name, family_name)
    hashing, now = setting("password_hashing"), datetime.now(UTC)
    try:
        person = accounts.sign_up(transactions.session(), wanted, hashing=hashing, now=now, role=cast(Role, role))
    except Mistakes as mistakes:
        raise click.ClickException(_words(mistakes)) from None
    transactions.commit()
    click.echo(f"{person.username} is added as {person.role}.")
    _tell(password, generate)


@user.command("set-password")
@click.argument("username")
@stdin_option
@generate_option
@with_appcontext
def set_password_command(username: str, password_stdin: bool, generate: bool) -> None:
    """Give an account a new password, and end its sessions on every device.

    \b
    Examples:
      quizapp user set-password ann
      quizapp user set-password ben --generate
    """
    session = transactions.session()
    found = accounts.credentials(session, username)
    transactions.rollback()  # neither asking nor hashing should keep others from writing
    if found.user_id is None:
        raise click.ClickException(f"there is no account {username!r}; `quizapp user add` makes one")
    if found.kept is None:
        raise click.ClickException(f"{found.username} is a guest, and guests have no password")
    password = _password(password_stdin, generate)
    try:
        kept = accounts.hash_of_new(password, found.username, hashing=setting("password_hashing"))
    except Mistakes as mistakes:
        raise click.ClickException(_words(mistakes)) from None
    accounts.set_password(session, found.user_id, kept)
    transactions.commit()
    click.echo(f"{found.username} has a new password, and must sign in again on every device.")
    _tell(password, generate)


def _password(from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise click.UsageError("--password-stdin and --generate exclude each other")
    if generate:
        return passwords.generated()
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Password again"))


def _words(mistakes: Mistakes) -> str:
    return "\n".join(f"{field.replace('_', ' ')}: {' '.join(messages)}" for field, messages in mistakes.fields.items())


def _tell(password: str, generate: bool) -> None:
    if generate:
        click.echo(password)

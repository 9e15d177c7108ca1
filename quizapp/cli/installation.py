"""`quizapp setup`, `serve`, `config` and `attempts close`: an installation and its upkeep."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from quizapp import serving
from quizapp.cli.backup import working
from quizapp.cli.bank import say_changes
from quizapp.cli.terminal import count, follow, setting
from quizapp.services import authoring, backups, checking, documents, first_teacher, taking, transactions
from quizapp.services.building import trials


@click.command()
@click.option("--no-backup", is_flag=True, help="Bring an older database up to date without a backup of it.")
@with_appcontext
def setup(no_backup: bool) -> None:
    """Prepare this installation: database, bank, documents if they are there, the first teacher's link.

    It may be run as often as you like; what is done already is left as it is. Before the tables of an older version are
    brought up to date, the database is backed up in the folder backups of QUIZAPP_INSTANCE.

    \b
    Example:
      quizapp setup && quizapp serve
    """
    now = datetime.now(UTC)
    session = transactions.session()
    _upgrade(now, no_backup)
    files = checking.read(setting("bank_dir"), setting("seeds_dir"))
    report = authoring.check(session, files, setting("documents"), follow)
    try:
        changes = authoring.publish(session, report, now=now, upgrade=True)
    except authoring.CannotPublish as error:
        raise click.ClickException(f"the bank cannot be published:\n{error}") from error
    say_changes(changes)
    _attach(now)
    trials.forget(session, now=now)
    token = first_teacher.new_token(session, now=now)
    transactions.commit()
    if token:
        click.echo("There is no teacher yet. This link makes you one; it works once:")
        click.echo(f"  {setting('public_url').rstrip('/')}/first-teacher/{token}")


def _upgrade(now: datetime, no_backup: bool) -> None:
    if not no_backup:
        with working("Copying the database"):
            kept = backups.before_upgrade(transactions.session(), setting("instance") / "backups", now=now)
        if kept:
            click.echo(f"The database of the version before is kept in {kept}.")
    transactions.upgrade()


def _attach(now: datetime) -> None:
    folder = setting("documents")
    files = checking.read(setting("bank_dir"), setting("seeds_dir"))
    if not folder.is_dir() or not any(path.is_file() for path in folder.iterdir()):
        click.echo("No documents are attached; pages show our own account of each passage.")
        return
    done = documents.attach(transactions.session(), folder, files, now=now)
    click.echo(f"{count(len(done.new) + len(done.unchanged), 'document')} attached.")
    for refusal in done.refused:
        click.echo(f"refused: {refusal}", err=True)


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the app until it is stopped, at the address that QUIZAPP_HOST and PORT say.

    \b
    Example:
      PORT=9000 quizapp serve
    """
    try:
        mismatch = backups.mismatch(transactions.session())
    except transactions.UNAVAILABLE as error:  # it may come back while we serve
        mismatch = None
        click.echo(f"Warning: {transactions.trouble(error)}", err=True)
    if mismatch:
        raise click.ClickException(mismatch)
    serving.serve(setting("host"), setting("port"), setting("workers"), setting("threads"))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@with_appcontext
def config(as_json: bool) -> None:
    """List every setting with its value, its default and its meaning.

    \b
    Example:
      quizapp config
    """
    table = current_app.config["SETTINGS_TABLE"]
    if as_json:
        click.echo(json.dumps([row._asdict() for row in table], ensure_ascii=False, indent=2))
        return
    for row in table:
        click.echo(click.style(row.name, bold=True) + f" = {row.value}")
        click.echo(f"    {row.meaning}")
        if row.value != row.default:
            click.echo(f"    default: {row.default}")


@click.group()
def attempts() -> None:
    """The attempts at quizzes."""


@attempts.command("close")
@with_appcontext
def close_attempts() -> None:
    """Submit, as of their deadline, the attempts whose time is up and that nobody has looked at since.

    The app does so by itself whenever somebody looks; this is for reports that must be complete now.

    \b
    Example:
      quizapp attempts close
    """
    trials.forget(transactions.session(), now=datetime.now(UTC))
    closed = taking.close_overdue(transactions.session(), now=datetime.now(UTC))
    transactions.commit()
    click.echo(f"{count(closed, 'attempt')} closed.")
    sys.exit(0)

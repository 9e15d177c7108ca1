"""`quizapp backup` and `quizapp restore`: the database into a file and back, while the app runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console

from quizapp.cli.terminal import setting
from quizapp.services import backups, transactions

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@with_appcontext
def backup(file: Path, force: bool) -> None:
    """Copy the database into FILE, while the app runs: all of it as it is at one moment, and checked.

    It holds accounts, attempts and the bank, so keep it as safe as the database. The secret key is not in it.
    PostgreSQL is copied with pg_dump, in custom format.

    \b
    Example:
      quizapp backup /var/backups/quizapp-$(date +%F).sqlite
    """
    with working("Copying the database"):
        backups.back_up(transactions.session(), file, force=force)
    click.echo(f"The database is backed up in {file} ({file.stat().st_size:,} bytes).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Put the backup in FILE in the place of the database, while the app runs, and bring its tables up to date.

    What the database holds now is backed up first, in the folder backups of QUIZAPP_INSTANCE.

    \b
    Example:
      quizapp restore /var/backups/quizapp-2027-03-12.sqlite
    """
    folder = setting("instance") / "backups"
    with working("Putting the backup in place"):
        done = backups.restore(transactions.session(), file, folder, now=datetime.now(UTC))
    if done.before:
        click.echo(f"What the database held before is kept in {done.before}.")
    click.echo(f"The database is now as in {file}.")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something goes on, while stderr is a terminal; and say in one line why it cannot be."""
    console = Console(stderr=True)
    try:
        if console.is_terminal:
            with console.status(what):
                yield
        else:
            yield
    except backups.BackupRefused as refused:
        raise click.ClickException(str(refused)) from refused

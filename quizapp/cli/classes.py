"""`quizapp classes …`: what becomes of archived classes."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow
from quizapp.services import transactions
from quizapp.services.classes import retention


@click.group()
def classes() -> None:
    """Classes: delete those whose time is over."""


@classes.command("forget")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@with_appcontext
def forget_command(dry_run: bool) -> None:
    """Delete archived classes that have been kept for as long as their teachers said.

    With a class go the attempts at what was set to it, and the accounts that a list made and that are in no other
    class. Run it once a month, after a backup.

    \b
    Examples:
      quizapp classes forget --dry-run
      quizapp classes forget
    """
    session, now = transactions.session(), datetime.now(UTC)
    found = retention.due(session, now=now)
    for one in found:
        click.echo(
            f"{one.name}: archived {one.archived_at:%Y-%m-%d}, kept until {one.kept_until:%Y-%m-%d}; "
            f"{count(one.attempts, 'attempt')}, {count(one.accounts, 'account')}"
        )
    if dry_run:
        click.echo(f"{count(len(found), 'class', 'classes')} would be deleted; nothing was.")
        return
    for one in follow(found, "Deleting"):
        retention.forget(session, one, now=now)
    transactions.commit()
    click.echo(f"{count(len(found), 'class', 'classes')} deleted.")

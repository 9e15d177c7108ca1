"""`quizapp demo`: a class of made-up students, and its removal."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow
from quizapp.services import demo as services
from quizapp.services import transactions
from quizapp.services.errors import Refusal


@click.command("demo")
@click.option("--teacher", metavar="USERNAME", help="Whose class it is to be.")
@click.option("--remove", is_flag=True, help="Remove the demo class, its students and all their attempts.")
@with_appcontext
def demo(teacher: str | None, remove: bool) -> None:
    """Make a class of 30 made-up students who have taken quizzes, so that teaching pages have something to show.

    \b
    Examples:
      quizapp demo --teacher ann
      quizapp demo --remove
    """
    if remove == bool(teacher):
        raise click.UsageError("Give either --teacher USERNAME, whose class it is to be, or --remove.")
    _remove() if remove else _make(teacher or "")


def _make(teacher: str) -> None:
    session = transactions.session()
    try:
        people, assignments = services.prepare(session, teacher, now=datetime.now(UTC))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    sittings = list(services.sittings(people, assignments))
    for one, assignment, hours in follow(sittings, "Students take their quizzes"):
        services.sit(session, one, assignment, hours)
    marked = services.finish(session, teacher, assignments)
    transactions.commit()
    click.echo(f"«{services.CLASS}» is there: {count(len(people), 'student')}, {count(len(sittings), 'attempt')}.")
    if marked:
        click.echo(f"{count(marked, 'reason')} of theirs marked; some wait under Teaching → Marking.")
    click.echo(f"It is a class of {teacher}’s, under Teaching → Classes. To remove it: quizapp demo --remove")


def _remove() -> None:
    removed, kept = services.remove(transactions.session(), now=datetime.now(UTC))
    transactions.commit()
    if not removed:
        click.echo("There is no demo class.")
        return
    click.echo(f"The demo class is removed: {count(removed, 'student')} and all their attempts.")
    for name in kept:
        click.echo(f"«{name}» stays, since others are in it.")

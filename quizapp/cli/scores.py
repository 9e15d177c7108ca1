"""`quizapp scores …`: scores as files, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import follow, setting
from quizapp.services import scores as services
from quizapp.services import taking, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.scores import Export, Wanted

TO_STDOUT = Path("-")


@click.group()
def scores() -> None:
    """Scores: export them for spreadsheets, other systems and statistics."""


@scores.command("export")
@click.option("--class", "class_name", metavar="NAME", help="Of this class, by its name or number.  [default: all]")
@click.option("--quiz", metavar="ID", help="Of this quiz, by its id.  [default: all]")
@click.option(
    "--rows", type=click.Choice([*services.ROWS]), default="students", show_default=True, help="A row for what."
)
@click.option("--format", "form", type=click.Choice([*services.FORMATS]), default="xlsx", show_default=True)
@click.option(
    "--with", "parts", type=click.Choice([*services.PARTS]), multiple=True, help="More columns; may be repeated."
)
@click.option("--zone", metavar="ZONE", help="Time zone of all times.  [default: QUIZAPP_TIME_ZONE]")
@click.option("--bom/--no-bom", default=True, show_default=True, help="Whether CSV begins with a byte-order mark.")
@click.option(
    "--separator", type=click.Choice([*services.SEPARATORS]), default="comma", show_default=True, help="In CSV."
)
@click.option("--short-heads", is_flag=True, help="Short names at the head of columns, for programs.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="File or folder; - for the standard output.  [default: .]"
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@with_appcontext
def export_command(
    class_name: str | None, quiz: str | None, rows: str, form: str, parts: tuple[str, ...], zone: str | None,
    bom: bool, separator: str, short_heads: bool, output: Path | None, force: bool,
) -> None:  # fmt: skip
    """Write scores to a file whose name says class, quiz and date.

    Rows for responses are long, as R and pandas like it. Nothing in any format is a formula; in CSV an apostrophe
    stands before text that a spreadsheet could take for one.

    \b
    Examples:
      quizapp scores export --class "History 9b"
      quizapp scores export --quiz october --rows attempts --with questions --format ods
      quizapp scores export --rows responses --with answers --with times --format csv --short-heads --no-bom
      quizapp scores export --class 3 --format moodle --output ~/moodle
    """
    now, session = datetime.now(UTC), transactions.session()
    try:
        style = services.style(zone or setting("time_zone"), mark=bom, separator=separator, short_heads=short_heads)
        class_id = services.class_named(session, class_name) if class_name is not None else None
        taking.close_overdue(session, now=now)
        transactions.commit()
        wanted = Wanted(class_id, quiz, rows, form, frozenset(parts), style)
        made = services.export(session, None, wanted, now=now)
    except Mistakes as mistakes:
        words = " ".join(message for messages in mistakes.fields.values() for message in messages)
        raise click.ClickException(words) from None
    transactions.snapshot()
    said = services.said_of(transactions.session(), made)
    with transactions.write_transaction():
        services.record(transactions.session(), None, made, said, now=now)
    transactions.snapshot()
    _write(made, made.chunks(transactions.session()), output or Path(), force=force)


def _write(made: Export, chunks: Iterator[bytes], output: Path, *, force: bool) -> None:
    if output == TO_STDOUT:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    file = output / made.file_name if output.is_dir() else output
    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already. Add --force to replace it.")
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as stream:
            for chunk in follow(chunks, "Writing"):
                stream.write(chunk)
        part.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{file} is written.")

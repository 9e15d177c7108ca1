"""`quizapp sources …`: the documents that answers rest on."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import FOLDER, count, follow, say_json, setting
from quizapp.services import checking, documents, edition, transactions
from quizapp.services.edition import SourceCheck, SourcesReport


@click.group()
def sources() -> None:
    """The source documents: attach them, check the quotes taken from them."""


@sources.command("attach")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def attach_command(folder: Path) -> None:
    """Keep the text of the documents in FOLDER in the database, so that readers see passages in full.

    A document is recognised by its SHA-256, whatever its file name; a changed one is refused.

    \b
    Example:
      quizapp sources attach ~/documents
    """
    files = checking.read(setting("bank_dir"), setting("seeds_dir"))
    done = documents.attach(transactions.session(), folder, files, now=datetime.now(UTC))
    transactions.commit()
    for words, names in (("attached", done.new), ("attached before", done.unchanged), ("not found", done.missing)):
        if names:
            click.echo(f"{words}: {', '.join(names)}")
    for refusal in done.refused:
        click.echo(f"refused: {refusal}")
    if not (done.new or done.unchanged):
        click.echo(f"None of the files in {folder} is one of the documents.")
    sys.exit(1 if done.refused or not (done.new or done.unchanged) else 0)


@sources.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--documents", "folder", type=FOLDER, help="Folder of the documents.  [default: QUIZAPP_DOCUMENTS]")
@click.option("--record", "wants_record", is_flag=True, help="Write seeds/verified.yaml, if all is verified.")
@with_appcontext
def check_command(as_json: bool, folder: Path | None, wants_record: bool) -> None:
    """Check every quote against its document, and whether the edition record is up to date. It needs no database.

    \b
    Example:
      quizapp sources check --record
    """
    seeds_dir = setting("seeds_dir")
    found = edition.check(setting("bank_dir"), seeds_dir, folder or setting("documents"), follow)
    recorded = wants_record and edition.record(found, seeds_dir, on=datetime.now(UTC).date())
    say_json(_as_data(found, bool(recorded))) if as_json else _say(found, bool(recorded), wants_record)
    is_well = found.report.is_well and (recorded or (found.stale is None and not wants_record))
    sys.exit(0 if is_well else 1)


def _as_data(found: SourcesReport, is_recorded: bool) -> dict[str, Any]:
    return {
        "sources": [asdict(one) for one in found.sources],
        "reasons": [*map(str, found.report.mistakes), *found.report.refused],
        "bank": found.bank,
        "record": "written" if is_recorded else "stale" if found.stale else "current",
        "stale": None if is_recorded else found.stale,
    }


def _say(found: SourcesReport, is_recorded: bool, wants_record: bool) -> None:
    for line in (*found.report.mistakes, *found.report.refused):
        click.echo(line)
    for one in found.sources:
        click.echo(f"{one.source}: {_in_words(one)}")
    if is_recorded:
        click.echo("The edition record was written.")
        return
    if wants_record:
        click.echo("The edition record was not written: that wants everything verified.")
    click.echo(f"{found.stale[0].upper()}{found.stale[1:]}." if found.stale else "The edition record is up to date.")


def _in_words(one: SourceCheck) -> str:
    if one.words is None or one.quoted is None:
        return one.outcome
    return f"{one.outcome}, {one.quoted:,} of its {count(one.words, 'word')} quoted ({one.quoted / one.words:.0%})"

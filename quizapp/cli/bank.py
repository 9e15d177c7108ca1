"""`quizapp bank …`: checking, publishing and looking over the question bank."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from quizapp.cli.bank_exchange import export_command, import_command
from quizapp.cli.bank_overview import coverage_command, lint_command
from quizapp.cli.terminal import FOLDER, count, follow, say_json, setting
from quizapp.services import authoring, bank_exports, checking, dumping, transactions
from quizapp.services.authoring import CannotPublish, Change, Changes
from quizapp.services.checking import Report


@click.group()
def bank() -> None:
    """The question bank: check it, publish it, look it over."""


bank.add_command(import_command)
bank.add_command(export_command)
bank.add_command(lint_command)
bank.add_command(coverage_command)


@bank.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--documents", "folder", type=FOLDER, help="Folder of the documents.  [default: QUIZAPP_DOCUMENTS]")
@click.option("--root", type=FOLDER, help="Folder with question_bank/ and seeds/, such as a dump.")
@with_appcontext
def check_command(as_json: bool, folder: Path | None, root: Path | None) -> None:
    """Report every mistake of the bank's files, with file, line and column. It needs no database.

    Quotes are checked against the documents, as far as they are there.

    \b
    Example:
      quizapp bank check --documents ~/documents
    """
    report = _check(root, folder)
    say_json(_as_data(report)) if as_json else _say(report, folder or setting("documents"))
    sys.exit(0 if report.is_well else 1)


def _check(root: Path | None = None, folder: Path | None = None) -> Report:
    bank_dir = root / "question_bank" if root else setting("bank_dir")
    seeds_dir = root / "seeds" if root else setting("seeds_dir")
    for one in (bank_dir, seeds_dir):
        if not one.is_dir():
            raise click.UsageError(f"there is no folder {one}")
    return checking.check_folders(bank_dir, seeds_dir, folder or setting("documents"), follow)


def _as_data(report: Report) -> dict[str, Any]:
    return {
        "mistakes": [
            {"file": one.spot.file, "line": one.spot.line, "column": one.spot.column, "message": one.message}
            for one in report.mistakes
        ],
        "refused": list(report.refused),
        "unattached": list(report.unattached),
        "items": len(report.files.items),
        "sources": len(report.files.sources),
        "disputes": len(report.files.disputes),
        "quizzes": len(report.files.quizzes),
        "quotes": len(report.quoted),
    }


def _say(report: Report, documents: Path) -> None:
    for line in (*report.mistakes, *report.refused):
        click.echo(line)
    files = report.files
    passages = sum(len(source.thing.passages) for source in files.sources)
    click.echo(
        f"{count(len(report.mistakes) + len(report.refused), 'mistake')} in {count(len(files.items), 'item')}, "
        f"{count(len(files.quizzes), 'quiz', 'quizzes')}, {count(len(files.sources), 'source')} with "
        f"{count(passages, 'passage')}, {count(len(files.disputes), 'dispute')}."
    )
    click.echo(_say_what_was_verified(report, documents))


def _say_what_was_verified(report: Report, documents: Path) -> str:
    if not report.unattached:
        return f"{count(len(report.quoted), 'quote')} found in their documents."
    missing = ", ".join(report.unattached)
    return f"Not verified, since {documents} lacks the documents of {missing}."


@bank.command("publish")
@click.option("--json", "as_json", is_flag=True, help="Print what changed as JSON.")
@with_appcontext
def publish_command(as_json: bool) -> None:
    """Publish the bank's files to the database, and say what changed.

    Nothing is published while anything is broken. Old versions are kept, so that attempts stay as they were; what is
    gone from the files is retired. Publishing the same files again changes nothing.

    \b
    Example:
      quizapp bank publish
    """
    session = transactions.session()
    files = checking.read(setting("bank_dir"), setting("seeds_dir"))
    report = authoring.check(session, files, setting("documents"), follow)
    try:
        changes = authoring.publish(session, report, now=datetime.now(UTC))
    except CannotPublish as error:
        click.echo("\n".join(error.reasons))
        click.echo(f"Nothing was published: {count(len(error.reasons), 'mistake')}.")
        sys.exit(1)
    transactions.commit()
    say_json(asdict(changes)) if as_json else say_changes(changes)
    sys.exit(1 if changes.conflicts else 0)


TOLD = (
    ("new", "new"),
    ("changed", "changed"),
    ("back", "back"),
    ("retired", "retired"),
    ("kept", "kept as changed in the database"),
    ("conflicts", "conflict: changed in the files and in the database, and left as it is there"),
)
MOST_NAMED = 20


def say_changes(changes: Changes) -> None:
    """Tell what publishing did: what came, changed and went by name, the rest in numbers."""
    for name, words in TOLD:
        those: tuple[Change, ...] = getattr(changes, name)
        for change in those[:MOST_NAMED]:
            fields = f" ({', '.join(change.fields)})" if change.fields else ""
            click.echo(f"{words}: {change.kind} {change.name}{fields}")
        if len(those) > MOST_NAMED:
            click.echo(f"{words}: {len(those) - MOST_NAMED} more")
    numbers = ", ".join(f"{len(getattr(changes, name))} {words.partition(':')[0]}" for name, words in TOLD[:4])
    if changes.drafts:
        click.echo(f"back to draft, since what they rest on changed: {count(len(changes.drafts), 'question')}")
    if changes.to_look_at:
        click.echo(f"in use, and to be looked at by a teacher: {count(len(changes.to_look_at), 'question')}")
    conflicts = count(len(changes.conflicts), "conflict")
    click.echo(f"Published: {numbers}, {changes.unchanged} unchanged, {conflicts}.")


@bank.command("dump")
@click.argument("folder", type=FOLDER)
@with_appcontext
def dump_command(folder: Path) -> None:
    """Write what is published to FOLDER/question_bank and FOLDER/seeds, as YAML that `bank check --root` accepts.

    Sources that teachers added here are left out, and so are the questions that rest on them: a line names each.

    \b
    Example:
      quizapp bank dump ~/bank-of-today
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; name a new folder")
    written = dumping.dump_bank(transactions.session(), folder)
    bank_exports.record_dump(transactions.session(), len(written), now=datetime.now(UTC))
    left_out = dumping.left_out(transactions.session())
    transactions.commit()
    for one in left_out:
        click.echo(f"left out, since it rests on a source that a teacher added here: {one}")
    click.echo(f"{count(len(written), 'file')} written to {folder}.")


@bank.command("schema")
@click.argument("kind", type=click.Choice(checking.KINDS), default=checking.KINDS[0])
def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file, so that an editor completes and checks it as it is typed.

    \b
    Example:
      quizapp bank schema topic > topic.schema.json
    """
    say_json(checking.schema(kind))

"""`quizapp bank …`: checking, publishing and looking over the question bank."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow, say_json, setting
from quizapp.services import checking
from quizapp.services.checking import Report

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def bank() -> None:
    """The question bank: check it, publish it, look it over."""


@bank.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--documents", type=FOLDER, help="Folder of the source documents.  [default: QUIZAPP_DOCUMENTS]")
@click.option("--root", type=FOLDER, help="Folder with question_bank/ and seeds/, such as a dump.")
@with_appcontext
def check_command(as_json: bool, documents: Path | None, root: Path | None) -> None:
    """Report every mistake of the bank's files, with file, line and column. It needs no database.

    Quotes are checked against the documents, as far as they are there.

    \b
    Example:
      quizapp bank check --documents ~/documents
    """
    report = _check(root, documents)
    say_json(_as_data(report)) if as_json else _say(report, documents or setting("documents"))
    sys.exit(0 if report.is_well else 1)


def _check(root: Path | None, documents: Path | None) -> Report:
    bank_dir = root / "question_bank" if root else setting("bank_dir")
    seeds_dir = root / "seeds" if root else setting("seeds_dir")
    return checking.check_folders(bank_dir, seeds_dir, documents or setting("documents"), follow)


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

"""`quizapp bank import` and `bank export`: questions from files of other systems, and to them, as in the browser."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow, say_json, setting
from quizapp.domain.exchange import Defaults
from quizapp.domain.item import Skill
from quizapp.services import bank_exports, exporting, importing, transactions
from quizapp.services.errors import Refusal
from quizapp.services.exporting import Export, Selection
from quizapp.services.importing import CannotImport, Imported, Upload

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SKILLS = [name for name, _ in importing.SKILLS]


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--teacher", metavar="USERNAME", help="In whose name; they can undo it in the browser.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would happen; store nothing.")
@click.option("--ready", "as_ready", is_flag=True, help="Ready for students, where the evidence allows it.")
@click.option("--unsourced", metavar="WHY", default="", help="Why those have no evidence that have none.")
@click.option("--format", "name", type=click.Choice([*importing.READABLE]), help="[default: as each file shows]")
@click.option("--topic", default="imported", show_default=True, help="Topic of questions that name none.")
@click.option("--difficulty", type=click.IntRange(1, 5), default=3, show_default=True, help="Where none is given.")
@click.option("--skill", type=click.Choice(SKILLS), default="recall", show_default=True, help="Where none is given.")
@click.option("--json", "as_json", is_flag=True, help="Print what came out as JSON.")
@with_appcontext
def import_command(files: tuple[Path, ...], teacher: str | None, is_dry: bool, as_json: bool, **given: Any) -> None:
    """Import questions from files, as drafts unless --ready is given; what cannot come in is named with its place.

    YAML, CSV, XLSX, GIFT, Aiken, Moodle XML, QTI 1.2, 2.1 and 3.0. What is the same already stays as it is.

    \b
    Example:
      quizapp bank import moodle.xml old/*.gift --dry-run
      quizapp bank import moodle.xml --teacher ann --topic russia-1905
    """
    if not (teacher or is_dry):
        raise click.UsageError("Give --teacher USERNAME, in whose name they come in, or --dry-run.")
    told = [_imported(one, teacher or "", is_dry, given) for one in follow(files, "Reading files")]
    transactions.rollback() if is_dry else transactions.commit()
    if as_json:
        say_json(told)
    else:
        _say_imported(told, is_dry)
    sys.exit(1 if any(one["problems"] for one in told) else 0)


def _imported(file: Path, teacher: str, is_dry: bool, given: dict[str, Any]) -> dict[str, Any]:
    """What became of a file; one that cannot be read stops no other."""
    session = transactions.session()
    defaults = Defaults(given["topic"], given["difficulty"], cast(Skill, given["skill"]))
    try:
        who = importing.teacher_id(session, teacher) if teacher else importing.NOBODY
        upload = Upload(file.name, _bytes(file), given["name"] or "", defaults)
        done = importing.import_file(
            session,
            who,
            upload,
            as_ready=given["as_ready"],
            unsourced=given["unsourced"],
            is_dry=is_dry,
            now=datetime.now(UTC),
        )
    except CannotImport as refusal:
        return {
            "file": str(file),
            "in_short": "",
            "ready": 0,
            "drafts": 0,
            "problems": [refusal.message],
            "remarks": [],
        }
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    return {"file": str(file), **_told(done)}


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > importing.LARGEST:
        raise CannotImport(f"The file has {file.stat().st_size:,} bytes; {importing.LARGEST:,} are the most.")
    return file.read_bytes()


def _told(done: Imported) -> dict[str, Any]:
    lines = done.run.lines
    return {
        "in_short": done.in_short,
        "ready": done.outcome.ready if done.outcome else 0,
        "drafts": done.outcome.drafts if done.outcome else 0,
        "problems": [str(one) for line in lines for one in line.problems],
        "remarks": [str(one) for line in lines for one in line.remarks] + [str(one) for one in done.run.remarks],
    }


def _say_imported(told: list[dict[str, Any]], is_dry: bool) -> None:
    for one in told:
        click.echo(f"{one['file']}: {one['in_short'] or 'cannot be read'}")
        for words, sign in (("problems", "✗"), ("remarks", "·")):
            for line in one[words]:
                click.echo(f"  {sign} {line}")
    ready, drafts = (sum(one[name] for one in told) for name in ("ready", "drafts"))
    done = f"Imported: {count(ready, 'question')} ready for students, {count(drafts, 'draft')}."
    click.echo("A dry run: nothing was stored." if is_dry else done)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "name", type=click.Choice([*exporting.WRITABLE]), help="[default: as FILE's name ends]")
@click.option("--topic", default="", help="Questions of this topic.")
@click.option("--quiz", default="", help="Questions of this quiz, and all that its draws may take.")
@click.option("--type", "item_type", default="", help="Questions of this type.")
@click.option("--force", is_flag=True, help="Write over FILE, if it is there.")
@with_appcontext
def export_command(file: Path, name: str | None, topic: str, quiz: str, item_type: str, force: bool) -> None:
    """Write questions that are ready to FILE, in a format of another system; say what it cannot carry.

    \b
    Example:
      quizapp bank export brest.gift.txt --quiz brest-litovsk
      quizapp bank export bank.xlsx --topic exile
    """
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or give --force.")
    chosen = name or exporting.format_of(file.name)
    if not chosen:
        raise click.UsageError(f"{file.name} shows no format; give --format ({', '.join(exporting.WRITABLE)}).")
    selection = Selection(topic, quiz, item_type.replace("-", "_"))
    try:
        made = exporting.report(transactions.session(), selection, chosen, setting("public_url"))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    sent = len(made.items) - len(made.departure.left_out)
    if sent:
        file.write_bytes(made.departure.data)
        if selection.is_whole:
            bank_exports.record_export(transactions.session(), None, made, form=chosen, now=datetime.now(UTC))
            transactions.commit()
    _say_exported(made, sent, file)
    sys.exit(1 if made.departure.left_out else 0)


def _say_exported(made: Export, sent: int, file: Path) -> None:
    kinds = {"left out": made.departure.left_out, "not carried": made.lost}
    for words, remarks in {**kinds, "different elsewhere": made.departure.elsewhere}.items():
        for one in remarks:
            click.echo(f"{words}: {one}")
    click.echo(f"{count(sent, 'question')} written to {file}." if sent else "No file was written.")

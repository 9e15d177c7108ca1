"""Questions in and out: upload, dry run, import, undo; export with its report."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from quizapp.domain.entry import KEBAB
from quizapp.domain.exchange import Defaults
from quizapp.services import bank_exports, exporting, importing, transactions
from quizapp.services.exporting import Selection
from quizapp.services.importing import STATES, Upload
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint

SHOWN_OPEN = 12  # dry runs of so many questions show them all; longer ones let you open each


class UploadForm(FlaskForm):
    """A file, and what it may not say of its questions."""

    file = FileField("File", [FileRequired("Choose a file.")], description="At most 8 MB and 500 questions.")
    format = SelectField(
        "Format",
        choices=[
            SelectChoice("", "As its name and content show"),
            *(SelectChoice(*one) for one in importing.READABLE.items()),
        ],
        default="",
    )
    topic = StringField(
        "Topic for questions that name none",
        [
            InputRequired("Name a topic."),
            Length(max=80, message="Eighty letters at most."),
            Regexp(rf"^{KEBAB}$", message="Lower-case letters, digits and single hyphens, such as russia-1905."),
        ],
        default="imported",
        description="Lower-case letters, digits and hyphens.",
    )
    difficulty = IntegerField(
        "Difficulty where none is given",
        [InputRequired("Give a number from 1 to 5."), NumberRange(1, 5, "A number from 1 to 5.")],
        default=3,
        description="1 easy … 5 hard",
    )
    skill = SelectField(
        "Skill where none is given", choices=[SelectChoice(*one) for one in importing.SKILLS], default="recall"
    )


@blueprint.get("/import")
@allowed("import questions")
def begin_import() -> str:
    """Choose a file; what was imported before."""
    return _import_page(UploadForm())


@blueprint.post("/import")
@allowed("import questions")
def receive_import() -> AnyResponse | tuple[str, int]:
    """Keep the file and go to its dry run."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _import_page(form), 422
    defaults = Defaults(form.topic.data, form.difficulty.data, form.skill.data)
    sent = form.file.data
    upload = Upload(sent.filename or "questions", sent.read(), form.format.data, defaults)
    try:
        batch_id = importing.receive(transactions.session(), current_user.id, upload, now=datetime.now(UTC))
    except importing.CannotImport as refusal:
        form.file.errors = [refusal.message]
        return _import_page(form), refusal.status
    transactions.commit()
    return redirect(url_for("teacher.show_import", batch_id=batch_id))


def _import_page(form: UploadForm) -> str:
    sort = request.args.get("sort", "-when")
    past = importing.past(transactions.session(), current_user.id, sort)
    return render_template("teacher/import.html", form=form, past=past, formats=importing.READABLE, sort=sort)


@blueprint.get("/import/template.<name>")
@allowed("import questions")
def import_template(name: str) -> Response:
    """A table to start from, with an example of each type of question."""
    settings = current_app.config["SETTINGS"]
    data, file_name = importing.template(settings.bank_dir, name, settings.public_url)
    return _download(data, file_name, "application/octet-stream")


@blueprint.get("/import/<uuid:batch_id>")
@allowed("import questions")
def show_import(batch_id: uuid.UUID) -> str:
    """The dry run; after the import what it did."""
    run = importing.dry_run(transactions.session(), current_user.id, batch_id)
    return render_template("teacher/dry_run.html", run=run, states=STATES, open=len(run.lines) <= SHOWN_OPEN)


@blueprint.get("/import/<uuid:batch_id>/report.csv")
@allowed("import questions")
def import_report(batch_id: uuid.UUID) -> Response:
    """The dry run as a table."""
    text = importing.as_csv(importing.dry_run(transactions.session(), current_user.id, batch_id))
    return _download(text.encode(), "dry-run.csv", "text/csv")


@blueprint.post("/import/<uuid:batch_id>")
@allowed("import questions")
def import_these(batch_id: uuid.UUID) -> AnyResponse:
    """Import what is ticked."""
    quiz = _proposed(batch_id) if "quiz" in request.form else ""
    try:
        done = _imported(batch_id)
    except importing.NothingChosen:
        if not quiz:
            raise
        done = importing.Outcome()
    transactions.commit()
    flash(f"Imported: {_number(done.ready, 'question')} ready for students, {_number(done.drafts, 'draft')}.", "right")
    if quiz:
        flash("This is the quiz of the file, as your draft. It can be saved once its questions are ready.", "right")
        return redirect(url_for("teacher.edit_quiz", name=quiz))
    return redirect(url_for("teacher.show_import", batch_id=batch_id))


def _imported(batch_id: uuid.UUID) -> importing.Outcome:
    numbers = {int(one) for one in request.form.getlist("question") if one.isdecimal() and len(one) < 6}
    return importing.import_these(
        transactions.session(),
        current_user.id,
        batch_id,
        numbers,
        as_ready=request.form.get("as") == "ready",
        unsourced=request.form.get("unsourced", ""),
        now=datetime.now(UTC),
    )


def _proposed(batch_id: uuid.UUID) -> str:
    key = secrets.token_hex(4)
    return importing.propose_quiz(transactions.session(), current_user.id, batch_id, key=key, now=datetime.now(UTC))


@blueprint.post("/import/<uuid:batch_id>/undo")
@allowed("import questions")
def undo_import(batch_id: uuid.UUID) -> AnyResponse:
    """Take the import back."""
    done = importing.undo(transactions.session(), current_user.id, batch_id, now=datetime.now(UTC))
    transactions.commit()
    rest = f" Changed since, and left as they are: {', '.join(done.left_alone)}." if done.left_alone else ""
    flash(f"The import is undone. Attempts already begun keep their questions.{rest}", "right")
    return redirect(url_for("teacher.show_import", batch_id=batch_id))


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


@blueprint.get("/export")
@allowed("export questions")
def show_export() -> str:
    """Choose what to export and to which format; the report of it."""
    selection, name = _selection()
    given = {key: value for key, value in request.args.items() if value}
    made = exporting.report(transactions.session(), selection, name, _address()) if name else None
    return render_template(
        "teacher/export.html",
        choices=exporting.choices(transactions.session()),
        given=given,
        made=made,
        file=f"{url_for('teacher.export_questions')}?{urlencode(given)}",
        report=f"{url_for('teacher.export_report')}?{urlencode(given)}",
    )


@blueprint.get("/export/file")
@allowed("export questions")
def export_questions() -> Response:
    """The file."""
    selection, name = _selection()
    made = exporting.file(transactions.session(), selection, name, _address())
    who, now = current_user.id, datetime.now(UTC)
    if selection.is_whole:
        with transactions.write_transaction():
            bank_exports.record_export(transactions.session(), who, made, form=name, now=now)
    return _download(made.departure.data, made.file_name, made.media_type)


@blueprint.get("/export/report.csv")
@allowed("export questions")
def export_report() -> Response:
    """The report as a table."""
    selection, name = _selection()
    made = exporting.report(transactions.session(), selection, name, _address())
    return _download(exporting.as_csv(made).encode(), f"{made.file_name}-report.csv", "text/csv")


def _selection() -> tuple[Selection, str]:
    given = request.args
    topic, quiz, item_type = (given.get(key, "")[:80] for key in ("topic", "quiz", "type"))
    return Selection(topic, quiz, item_type, tuple(given.getlist("item")[:1000])), given.get("format", "")[:20]


def _address() -> str:
    return str(current_app.config["SETTINGS"].public_url)


def _download(data: bytes, file_name: str, media_type: str) -> Response:
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(data, mimetype=media_type, headers=headers)

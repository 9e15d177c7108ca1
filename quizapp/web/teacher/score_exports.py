"""Scores as files: a page to choose what is wanted, and the file, which is sent while it is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from unicodedata import normalize
from urllib.parse import quote

from flask import Response, render_template, request, stream_with_context
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField

from quizapp.services import scores, taking, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.people import Person
from quizapp.services.scores import Choices, Export, Wanted
from quizapp.web.identity import allowed, current_user, time_zone
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import ChecksField, choices

NO_SUCH = "Choose one of the list."
ONCE = {"class": "", "quiz": "", "rows": "students", "format": "xlsx", "separator": "comma"}  # what goes without saying


class ScoreForm(FlaskForm):
    """What to export. It is asked for by address, so that a page can link to an export ready made."""

    class Meta(FlaskForm.Meta):
        csrf = False

    class_id = SelectField("Class", name="class", validate_choice=False)
    quiz = SelectField("Quiz", validate_choice=False)
    rows = RadioField("One row for", choices=choices(scores.ROWS.items()), validate_choice=False)
    format = RadioField("Format", choices=choices(scores.FORMATS.items()), validate_choice=False)
    parts = ChecksField("Beside the marks", choices=choices(scores.PARTS.items()), validate_choice=False)
    zone = StringField("Time zone of all times", description="Such as Europe/Berlin, or UTC.")
    mark = BooleanField(
        "CSV begins with a byte-order mark", description="By it Excel knows accents; programs may want it off."
    )
    separator = SelectField(
        "In CSV, between cells", choices=choices((one, one.capitalize()) for one in scores.SEPARATORS),
        validate_choice=False,
    )  # fmt: skip
    short_heads = BooleanField(
        "Short names at the head of columns", description="Such as student_number, for R and pandas."
    )

    def offer(self, found: Choices) -> None:
        """The classes and quizzes that there are."""
        everything = "Everything" if current_user.role == "admin" else "All my classes"
        self.class_id.choices = choices([("", everything), *((str(one), name) for one, name in found.classes)])
        self.quiz.choices = choices([("", "All quizzes"), *found.quizzes])

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is one of the list."""
        good = super().validate(extra_validators)
        for field in (self.class_id, self.quiz, self.rows, self.format, self.parts, self.separator):
            known = {str(one.value) for one in field.choices}
            given = field.data if isinstance(field.data, list) else [field.data]
            if not {str(one) for one in given} <= known:
                field.errors = [NO_SUCH]
                good = False
        return bool(good)

    def wanted(self) -> Wanted:
        """What is wanted. Raises ``Mistakes``."""
        style = scores.style(
            self.zone.data, mark=self.mark.data, separator=self.separator.data, short_heads=self.short_heads.data
        )
        class_id = int(self.class_id.data) if self.class_id.data else None
        parts = frozenset(self.parts.data)
        return Wanted(class_id, self.quiz.data or None, self.rows.data, self.format.data, parts, style)


@blueprint.get("/scores/export")
@allowed("export scores")
def export_scores() -> str:
    """Choose what to export."""
    return _page(_form())


@blueprint.get("/scores/export/file")
@allowed("export scores")
def export_scores_file() -> Response | tuple[str, int]:
    """The file; its beginning is sent before the rest is read."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    now, who = datetime.now(UTC), cast(Person, current_user._get_current_object())  # noqa: SLF001 a proxy's way
    try:
        wanted = form.wanted()
        with transactions.write_transaction():
            taking.close_overdue(transactions.session(), now=now)  # whoever reads first closes what has run out
        made = scores.export(transactions.session(), who, wanted, now=now)
        said = scores.said_of(transactions.session(), made)
        with transactions.write_transaction():
            scores.record(transactions.session(), who, made, said, now=now)
    except Mistakes as mistakes:
        for name, messages in mistakes.fields.items():
            form[name].errors = [*form[name].errors, *messages]
        return _page(form), 422
    return _sent(made)


def _sent(made: Export) -> Response:
    response = Response(stream_with_context(_chunks(made)), mimetype=made.media_type)
    response.headers.set("Content-Disposition", "attachment", **_named(made.file_name))
    return response


def _chunks(made: Export) -> Iterator[bytes]:
    """Read in a session of its own: that of the request is closed before the first chunk is asked for."""
    transactions.snapshot()
    yield from made.chunks(transactions.session())


def _named(file_name: str) -> dict[str, str]:
    """The name for browsers that know UTF-8 in it (RFC 6266), and its plain letters for others."""
    letters = normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    more = {} if letters == file_name else {"filename*": f"UTF-8''{quote(file_name, safe='')}"}
    return {"filename": letters, **more}


def _form() -> ScoreForm:
    usual: dict[str, Any] = {**ONCE, "zone": time_zone().key}
    given = MultiDict(request.args)
    if "format" not in given:  # the page, perhaps with a class or a quiz in its address
        given.setlist("parts", ["answers", "times"])
        given["mark"] = "y"
    for name, value in usual.items():
        given.setdefault(name, value)
    form = ScoreForm(formdata=given)
    form.offer(scores.choices(transactions.session(), cast(Person, current_user)))
    return form


def _page(form: ScoreForm) -> str:
    return render_template("teacher/score_export.html", form=form, usual=ONCE)

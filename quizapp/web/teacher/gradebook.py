"""The gradebook: of a class (students × quizzes), of a quiz (students × questions), and how a class's marks count."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import gradebook, scores, spreadsheets, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own
from quizapp.services.gradebook import Book, QuizBook, choosing, tables
from quizapp.services.gradebook.choosing import Wanted
from quizapp.services.gradebook.of_quiz import PARTS
from quizapp.services.people import Person
from quizapp.services.taking.finishing import close_overdue
from quizapp.web.downloads import A_FILE, download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import A_CLASS, now
from quizapp.web.teacher.gradebook_choice import (
    dimension,
    kept,
    rows_by_dimension,
    rows_by_question,
    wanted_of_address,
    with_own_quizzes,
)
from quizapp.web.teacher.gradebook_forms import GradingForm

TABS = {
    "": "Quizzes",
    "topic": "By topic",
    "skill": "By skill",
    "source": "By source",
    "part": "Answer, evidence, reason",
}


@blueprint.get("/gradebook")
@allowed("teach classes")
def choose_gradebook() -> ResponseReturnValue:
    """The classes, each with the way to its gradebook; straight to it where there is one class only."""
    found = own.mine(transactions.session(), current_user.id)
    if len(found) == 1:
        return redirect(url_for("teacher.show_gradebook", class_id=found[0].school_class.id))
    sort = request.args.get("sort", "")
    return render_template("teacher/gradebook/classes.html", classes=tables.classes_by(found, sort), sort=sort)


@blueprint.get(f"/gradebook.{A_FILE}")
@allowed("teach classes")
def export_classes(ending: str) -> Response:
    """One's classes as a table."""
    sheet = tables.of_classes(own.mine(transactions.session(), current_user.id))
    return download(spreadsheets.as_file(ending, sheet), "classes", ending)


@blueprint.get(f"{A_CLASS}/gradebook")
@allowed("teach classes")
def show_gradebook(class_id: int) -> str:
    """Students × quizzes; or students × topics, skills, sources, or parts of evidence questions."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    wanted, with_own, by = wanted_of_address(), with_own_quizzes(), dimension()
    book = _closed(class_id, own=with_own)
    shares, rows = rows_by_dimension(book, choosing.filtered(book, wanted), by, wanted)
    page = choosing.page(rows, wanted.page)
    if by is not None and shares is None:
        shares = gradebook.shares(transactions.session(), page.rows, by)
    keep = kept(wanted, own="1" if with_own else "", by=by or "")
    return render_template(
        "teacher/gradebook/class.html",
        school_class=school_class,
        book=book,
        page=page,
        shares=shares,
        by=by or "",
        tabs=TABS,
        with_own=with_own,
        **_around(book, wanted, keep),
        export=_export(**{"class": class_id}),
        files=_files("teacher.export_gradebook", keep | {"sort": wanted.sort}, class_id=class_id),
    )


@blueprint.get(f"{A_CLASS}/gradebook.{A_FILE}")
@allowed("teach classes")
def export_gradebook(class_id: int, ending: str) -> Response:
    """The same as a table: everybody who is found, on whatever page."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    wanted, by = wanted_of_address(), dimension()
    book = _closed(class_id, own=with_own_quizzes())
    shares, rows = rows_by_dimension(book, choosing.filtered(book, wanted), by, wanted)
    if by is None:
        sheet = tables.of_class(book, rows)
    else:
        sheet = tables.by_dimension(shares or gradebook.shares(transactions.session(), rows, by), rows)
    title = TABS[by] if by else scores.EVERY_QUIZ
    _record(class_id, None, title=title, form=ending, rows=len(rows))
    return download(spreadsheets.as_file(ending, sheet), f"{school_class.name}-gradebook", ending)


@blueprint.get(f"{A_CLASS}/gradebook/<key>")
@allowed("teach classes")
def show_question_marks(class_id: int, key: str) -> str:
    """Students × questions of one quiz."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    wanted, found = wanted_of_address(), _questions(class_id, key)
    lines = {line.row.student.id: line for line in found.rows}
    rows = rows_by_question(found, choosing.filtered(found.book, wanted), wanted.sort)
    return render_template(
        "teacher/gradebook/quiz.html",
        school_class=school_class,
        found=found,
        book=found.book,
        page=choosing.page(rows, wanted.page),
        lines=lines,
        part_names=PARTS,
        **_around(found.book, wanted, keep := kept(wanted)),
        export=_export(**{"class": class_id, "quiz": found.column.quiz.id}),
        files=_files("teacher.export_question_marks", keep | {"sort": wanted.sort}, class_id=class_id, key=key),
    )


@blueprint.get(f"{A_CLASS}/gradebook/<key>.{A_FILE}")
@allowed("teach classes")
def export_question_marks(class_id: int, key: str, ending: str) -> Response:
    """The same as a table: everybody who is found, on whatever page."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    wanted, found = wanted_of_address(), _questions(class_id, key)
    sheet = tables.of_quiz(found, rows_by_question(found, choosing.filtered(found.book, wanted), wanted.sort))
    quiz = found.column.quiz
    _record(class_id, quiz.id, title=quiz.title, form=ending, rows=len(sheet.rows))
    return download(spreadsheets.as_file(ending, sheet), f"{school_class.name}-{found.column.title}", ending)


@blueprint.route(f"{A_CLASS}/grading", methods=["GET", "POST"])
@allowed("teach classes")
def choose_grading(class_id: int) -> ResponseReturnValue:
    """How the marks of a class are counted and shown."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    form = GradingForm.of(gradebook.policy(session, class_id))
    done = form.result(
        lambda: gradebook.choose(transactions.session(), class_id, form.wanted(), teacher_id=teacher_id, now=now())
    )
    if done is None:
        page = render_template("teacher/gradebook/grading.html", form=form, school_class=school_class)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash("Saved. The gradebook counts and shows the marks of this class so from now on.", "right")
    return redirect(url_for("teacher.show_gradebook", class_id=class_id), 303)


def _record(class_id: int, quiz: str | None, **said: Any) -> None:
    """Who takes scores out of the app is written down."""
    who = cast(Person, current_user._get_current_object())  # noqa: SLF001 a proxy's way
    with transactions.write_transaction():
        scores.record_table(transactions.session(), who, class_id, quiz, **said, now=now())


def _closed(class_id: int, **which: Any) -> Book:
    """The book; attempts that the clock has ended are handed in first."""
    found = gradebook.rows(transactions.session(), class_id, now=now(), **which)
    if not found.has_run_out:
        return found
    _close()
    return gradebook.rows(transactions.session(), class_id, now=now(), **which)


def _questions(class_id: int, key: str) -> QuizBook:
    """The book of a quiz; attempts that the clock has ended are handed in first."""
    found = gradebook.questions(transactions.session(), class_id, key, now=now())
    if not found.book.has_run_out:
        return found
    _close()
    return gradebook.questions(transactions.session(), class_id, key, now=now())


def _close() -> None:
    with transactions.write_transaction():
        close_overdue(transactions.session(), now=now())


def _around(book: Book, wanted: Wanted, keep: dict[str, str]) -> dict[str, Any]:
    """What filters, headings and pagination need."""
    return {
        "wanted": wanted,
        "keep": keep,
        "groups": choosing.groups(book),
        "standings": choosing.STANDINGS,
        "percent_of": gradebook.percent_of,
    }


def _files(endpoint: str, query: dict[str, Any], **place: Any) -> list[tuple[str, str]]:
    """Where the table is downloaded, in its order and with what was chosen."""
    labels = {"csv": "Download as CSV", "xlsx": "Download as Excel"}
    return [(label, url_for(endpoint, ending=ending, **place, **query)) for ending, label in labels.items()]


def _export(**query: Any) -> str | None:
    """Where scores are downloaded; None where there is no such page."""
    if "teacher.export_scores" not in current_app.view_functions:
        return None
    return url_for("teacher.export_scores", **query)

"""The gradebook: of a class (students × quizzes), of a quiz (students × questions), and how a class's marks count."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import gradebook, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own
from quizapp.services.gradebook import Book, Dimension, QuizBook, Row, Shares, choosing
from quizapp.services.gradebook.choosing import Wanted
from quizapp.services.gradebook.of_quiz import PARTS
from quizapp.services.taking.finishing import close_overdue
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import A_CLASS, now
from quizapp.web.teacher.gradebook_forms import GradingForm

MOST_PAGES = 100_000
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
    return render_template("teacher/gradebook/classes.html", classes=found)


@blueprint.get(f"{A_CLASS}/gradebook")
@allowed("teach classes")
def show_gradebook(class_id: int) -> str:
    """Students × quizzes; or students × topics, skills, sources, or parts of evidence questions."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    wanted, with_own = _wanted(), request.args.get("own") == "1"
    book = _closed(class_id, own=with_own)
    by = next((one for one in gradebook.DIMENSIONS if one == request.args.get("by")), None)
    found = choosing.filtered(book, wanted)
    shares, rows = _by_dimension(book, found, by, wanted)
    page = choosing.page(rows, wanted.page)
    if by is not None and shares is None:
        shares = gradebook.shares(transactions.session(), page.rows, by)
    keep = _kept(wanted, own="1" if with_own else "", by=by or "")
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
    )


@blueprint.get(f"{A_CLASS}/gradebook/<key>")
@allowed("teach classes")
def show_question_marks(class_id: int, key: str) -> str:
    """Students × questions of one quiz."""
    session = transactions.session()
    school_class = own.taught(session, class_id, current_user.id)
    wanted = _wanted()
    found = gradebook.questions(session, class_id, key, now=now())
    if found.book.has_run_out:
        _close()
        found = gradebook.questions(transactions.session(), class_id, key, now=now())
    lines = {line.row.student.id: line for line in found.rows}
    rows = _by_question(found, choosing.filtered(found.book, wanted), wanted.sort)
    return render_template(
        "teacher/gradebook/quiz.html",
        school_class=school_class,
        found=found,
        book=found.book,
        page=choosing.page(rows, wanted.page),
        lines=lines,
        part_names=PARTS,
        **_around(found.book, wanted, _kept(wanted)),
        export=_export(**{"class": class_id, "quiz": found.column.quiz.id}),
    )


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


def _closed(class_id: int, **which: Any) -> Book:
    """The book; attempts that the clock has ended are handed in first."""
    found = gradebook.rows(transactions.session(), class_id, now=now(), **which)
    if not found.has_run_out:
        return found
    _close()
    return gradebook.rows(transactions.session(), class_id, now=now(), **which)


def _close() -> None:
    with transactions.write_transaction():
        close_overdue(transactions.session(), now=now())


def _wanted() -> Wanted:
    asked = request.args
    page = asked.get("page", "1")
    number = min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    standing = asked.get("standing", "")
    return Wanted(
        words=asked.get("words", "")[:100],
        group=asked.get("group", "")[:100],
        standing=standing if standing in choosing.STANDINGS else "",
        sort=asked.get("sort", "name")[:200],
        page=number,
    )


def _kept(wanted: Wanted, **more: str) -> dict[str, str]:
    """What was chosen, apart from order and page, as far as it says something."""
    chosen = {"words": wanted.words, "group": wanted.group, "standing": wanted.standing, **more}
    return {name: value for name, value in chosen.items() if value}


def _around(book: Book, wanted: Wanted, keep: dict[str, str]) -> dict[str, Any]:
    """What filters, headings and pagination need."""
    return {
        "wanted": wanted,
        "keep": keep,
        "groups": choosing.groups(book),
        "standings": choosing.STANDINGS,
        "percent_of": gradebook.percent_of,
    }


def _by_dimension(
    book: Book, found: list[Row], by: Dimension | None, wanted: Wanted
) -> tuple[Shares | None, list[Row]]:
    """The rows in order; the shares of all of them where one of these is what they are ordered by."""
    name = wanted.sort.removeprefix("-")
    if by is None or not name.startswith("in "):
        return None, choosing.in_order(book, found, wanted.sort)
    shares = gradebook.shares(transactions.session(), found, by)
    if name.removeprefix("in ") not in shares.names:
        return shares, found
    at = shares.names.index(name.removeprefix("in "))

    def share(row: Row) -> Any:
        one = shares.rows[row.student.id][at]
        return None if one is None else one.share

    return shares, choosing.by_share(found, share, down=wanted.sort.startswith("-"))


def _by_question(found: QuizBook, rows: list[Row], sort: str) -> list[Row]:
    """The rows in order, perhaps of the marks for a question."""
    name = sort.removeprefix("-").removeprefix("question ")
    at = next((at for at, one in enumerate(found.questions) if str(one.number) == name), None)
    if at is None or not sort.removeprefix("-").startswith("question "):
        return choosing.in_order(found.book, rows, sort)
    lines = {line.row.student.id: line for line in found.rows}

    def share(row: Row) -> Any:
        one = lines[row.student.id].answers[at]
        return None if one is None else one.fraction

    return choosing.by_share(rows, share, down=sort.startswith("-"))


def _export(**query: Any) -> str | None:
    """Where scores are downloaded; None where there is no such page."""
    if "teacher.export_scores" not in current_app.view_functions:
        return None
    return url_for("teacher.export_scores", **query)

"""Typed answers that nobody foresaw: looking through them, accepting one for the question or for one quiz."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp.services import short_answers, transactions
from quizapp.services.people import Person
from quizapp.web.downloads import download
from quizapp.web.identity import allowed
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.question_editor import A_QUESTION

ANSWERS = f"{A_QUESTION}/answers"
AN_ACCEPTED = f"{ANSWERS}/<quiz>/<key>"


def _who() -> Person:
    return cast(Person, current_user)


@blueprint.get(ANSWERS)
@allowed("mark answers")
def show_answers(name: str) -> str:
    """What students wrote to a question, of one quiz or of all."""
    found = short_answers.answers(transactions.session(), name, who=_who(), quiz=request.args.get("quiz", ""))
    return render_template("teacher/answers.html", found=found)


@blueprint.get(f"{ANSWERS}.csv")
@allowed("mark answers")
def export_answers(name: str) -> Response:
    """The unforeseen answers for a spreadsheet."""
    found = short_answers.answers(transactions.session(), name, who=_who(), quiz=request.args.get("quiz", ""))
    return download(short_answers.as_csv(found), f"answers-{name}", "csv")


@blueprint.get("/quizzes/<name>/answers")
@allowed("mark answers")
def show_quiz_answers(name: str) -> str:
    """The questions with typed answers in a quiz."""
    sort = request.args.get("sort", "-unforeseen")
    title, lines = short_answers.of_quiz(transactions.session(), name, who=_who(), sort=sort)
    return render_template("teacher/answers_quiz.html", title=title, lines=lines, quiz=name, sort=sort)


@blueprint.get("/quizzes/<name>/answers.csv")
@allowed("mark answers")
def export_quiz_answers(name: str) -> Response:
    """The same for a spreadsheet."""
    _, lines = short_answers.of_quiz(transactions.session(), name, who=_who(), sort=request.args.get("sort", ""))
    return download(short_answers.quiz_csv(lines), f"typed-answers-{name}", "csv")


@blueprint.post(ANSWERS)
@allowed("mark answers")
def accept_answer(name: str) -> ResponseReturnValue:
    """Accept an answer: for the question, as a new version; or for one quiz."""
    session, text, quiz = transactions.session(), request.form.get("text", ""), request.form.get("quiz", "")
    if request.form.get("scope") == "quiz":
        key = short_answers.accept_for_quiz(session, name, quiz, text, who=_who(), now=now())
        transactions.commit()
        flash("From now on this quiz takes it as right. No mark has moved yet: look below at whose would.", "right")
        return redirect(url_for("teacher.show_accepted", name=name, quiz=quiz, key=key), 303)
    short_answers.accept_for_item(session, name, text, request.form.get("version", ""), who=_who(), now=now())
    transactions.commit()
    told = "The question takes it as right from now on, in a new version. No mark has moved yet"
    if "teacher.regrade" in current_app.view_functions:
        flash(f"{told}: here is whose would.", "right")
        return redirect(url_for("teacher.regrade", item=name), 303)
    flash(f"{told}: attempts keep the version that they were set.", "right")
    return redirect(url_for("teacher.show_answers", name=name, quiz=quiz or None), 303)


@blueprint.get(AN_ACCEPTED)
@allowed("mark answers")
def show_accepted(name: str, quiz: str, key: str) -> str:
    """An answer that a quiz takes as right, and the attempts that gave it."""
    session = transactions.session()
    one = short_answers.accepted(session, name, quiz, key)
    found = short_answers.concerned(session, one, who=_who())
    return render_template("teacher/accepted.html", one=one, found=found)


@blueprint.post(AN_ACCEPTED)
@allowed("mark answers")
def apply_accepted(name: str, quiz: str, key: str) -> ResponseReturnValue:
    """Give the attempts their marks."""
    session = transactions.session()
    moved = short_answers.give(session, short_answers.accepted(session, name, quiz, key), who=_who(), now=now())
    transactions.commit()
    flash(f"{moved} {'mark has' if moved == 1 else 'marks have'} moved. The students find a note.", "right")
    return redirect(url_for("teacher.show_accepted", name=name, quiz=quiz, key=key), 303)


@blueprint.post(f"{AN_ACCEPTED}/withdraw")
@allowed("mark answers")
def withdraw_accepted(name: str, quiz: str, key: str) -> ResponseReturnValue:
    """Accept it no longer, and take back the marks that it moved."""
    session = transactions.session()
    back = short_answers.withdraw(session, short_answers.accepted(session, name, quiz, key), who=_who(), now=now())
    transactions.commit()
    flash(f"No longer accepted. {back} {'mark is' if back == 1 else 'marks are'} as before.", "right")
    return redirect(url_for("teacher.show_answers", name=name, quiz=quiz), 303)

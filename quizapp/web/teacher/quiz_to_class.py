"""From a quiz to the class that shall take it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.building import own
from quizapp.services.classes import own as classes
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.quizzes import A_QUIZ


@blueprint.get(f"{A_QUIZ}/assign")
@allowed("teach classes")
def set_quiz(name: str) -> ResponseReturnValue:
    """Straight to the form where there is one class only, else a choice of them."""
    session = transactions.session()
    found = own.work(session, name, user_id=current_user.id)
    if found.standing is None or found.standing.is_retired:
        flash("Only a published quiz can be set to a class. Save and publish it first.", "partial")
        return redirect(url_for("teacher.edit_quiz", name=name))
    running = [one for one in classes.mine(session, current_user.id) if not one.school_class.archived_at]
    if len(running) == 1:
        return redirect(url_for("teacher.new_assignment", class_id=running[0].school_class.id, quiz=name))
    return render_template("teacher/quizzes/set.html", work=found, classes=running)

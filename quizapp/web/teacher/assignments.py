"""Setting a quiz to a class, and watching it live."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments import live, setting
from quizapp.services.building.left_out import left_out
from quizapp.services.classes import members, own
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user, time_zone
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import AssignmentForm, choices
from quizapp.web.teacher.classes import A_CLASS, NUMBER, back_to_class, now

AN_ASSIGNMENT = f"/assignments/<{NUMBER}:assignment_id>"


@blueprint.route(f"{A_CLASS}/assign", methods=["GET", "POST"])
@allowed("teach classes")
def new_assignment(class_id: int) -> ResponseReturnValue:
    """Set a quiz to the class."""
    session, teacher_id = transactions.session(), current_user.id
    found = own.taught(session, class_id, teacher_id)
    form = _offered(AssignmentForm(quiz=request.args.get("quiz")), class_id)
    made = form.result(
        lambda: setting.create(transactions.session(), class_id, form.wanted(), teacher_id=teacher_id, now=now())
    )
    if made is None:
        return _form_page(form, found, None)
    transactions.commit()
    flash("The quiz is set. Students see it on their front page.", "right")
    return redirect(url_for("teacher.show_assignment", assignment_id=made.id), 303)


@blueprint.route(f"{AN_ASSIGNMENT}/edit", methods=["GET", "POST"])
@allowed("teach classes")
def edit_assignment(assignment_id: int) -> ResponseReturnValue:
    """Other dates, other students."""
    session, teacher_id = transactions.session(), current_user.id
    found, school_class = setting.taught(session, assignment_id, teacher_id)
    target = setting.target(session, found.id)
    given = {
        "quiz": found.quiz, "kind": found.target, "groups": list(target.groups), "students": list(target.students),
        "opens": found.opens_at, "due": found.due_at, "closes": found.closes_at, "late_policy": found.late_policy,
        "percent_a_day": found.late_percent_a_day or None,
    }  # fmt: skip
    form = _offered(AssignmentForm(data=given), school_class.id)
    form.quiz.choices = choices([(found.quiz, live.quiz_of(session, found).title)])
    done = form.result(
        lambda: setting.change(
            transactions.session(), assignment_id, form.wanted(found.quiz), teacher_id=teacher_id, now=now()
        )
    )
    if done is None:
        return _form_page(form, school_class, found)
    transactions.commit()
    flash("Saved. Attempts that run have the new times.", "right")
    return redirect(url_for("teacher.show_assignment", assignment_id=assignment_id), 303)


@blueprint.post(f"{AN_ASSIGNMENT}/withdraw")
@allowed("teach classes")
def withdraw_assignment(assignment_id: int) -> ResponseReturnValue:
    """Set it no more."""
    found = setting.withdraw(transactions.session(), assignment_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash("The quiz is withdrawn. Nobody can start it; what was begun may be finished, and all attempts stay.", "right")
    return back_to_class(found.class_id)


@blueprint.get(AN_ASSIGNMENT)
@allowed("teach classes")
def show_assignment(assignment_id: int) -> str:
    """Who is where just now."""
    sort = request.args.get("sort", "name")
    page = live.live(transactions.session(), assignment_id, teacher_id=current_user.id, now=now(), sort=sort)
    lacks = left_out(transactions.session(), page.quiz)
    return render_template("teacher/assignment.html", live=page, sort=sort, left_out=lacks)


@blueprint.get(f"{AN_ASSIGNMENT}/students.csv")
@allowed("teach classes")
def export_assignment(assignment_id: int) -> Response:
    """The same for a spreadsheet."""
    page = live.live(transactions.session(), assignment_id, teacher_id=current_user.id, now=now())
    return download(live.as_csv(page), f"{page.school_class.name}-{page.quiz.title}", "csv")


def _offered(form: AssignmentForm, class_id: int) -> AssignmentForm:
    session = transactions.session()
    quizzes = setting.quizzes(session, teacher_id=current_user.id)
    form.offer(quizzes, members.groups(session, class_id), members.students(session, class_id))
    return form


def _form_page(form: AssignmentForm, school_class: object, assignment: object) -> ResponseReturnValue:
    shown = {"form": form, "school_class": school_class, "assignment": assignment, "zone": time_zone().key}
    return render_template("teacher/assign.html", **shown), Mistakes.status if form.is_submitted() else 200

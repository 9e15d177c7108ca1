"""One student of a class: what they get, a new slip, taking them out, deleting the account on request."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments import accommodating
from quizapp.services.classes import leaving, members, own
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import AccommodationForm
from quizapp.web.teacher.classes import A_CLASS, NUMBER, back_to_class, now

A_STUDENT = f"{A_CLASS}/students/<{NUMBER}:user_id>"


@blueprint.route(A_STUDENT, methods=["GET", "POST"])
@allowed("teach classes")
def show_student(class_id: int, user_id: int) -> ResponseReturnValue:
    """The student, and what they get in all quizzes of the class."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    found = members.student(session, class_id, user_id)
    form = AccommodationForm()
    done = form.result(lambda: _give(class_id, user_id, form, teacher_id))
    if done is None:
        if not form.is_submitted():
            form.show(found.gets)
        shown = {"form": form, "results": members.results(session, class_id, user_id)}
        page = render_template("teacher/student.html", school_class=school_class, student=found, **shown)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash("Saved. Quizzes that run have the new time at once.", "right")
    return redirect(url_for("teacher.show_student", class_id=class_id, user_id=user_id), 303)


def _give(class_id: int, user_id: int, form: AccommodationForm, teacher_id: int) -> bool:
    session = transactions.session()
    accommodating.give(session, class_id, user_id, form.wanted(), teacher_id=teacher_id, now=now())
    return True


@blueprint.post(f"{A_STUDENT}/remove")
@allowed("teach classes")
def remove_student(class_id: int, user_id: int) -> ResponseReturnValue:
    """Take the student out of the class."""
    gone = members.remove(transactions.session(), class_id, user_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash(f"{gone.name} is out of the class. What they did in it stays, and you can bring them back.", "right")
    return back_to_class(class_id, "students")


@blueprint.post(f"{A_STUDENT}/bring-back")
@allowed("teach classes")
def bring_back_student(class_id: int, user_id: int) -> ResponseReturnValue:
    """Who was taken out comes back."""
    back = members.bring_back(transactions.session(), class_id, user_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash(f"{back.name} is in the class again.", "right")
    return back_to_class(class_id, "students")


@blueprint.post(f"{A_STUDENT}/delete")
@allowed("teach classes")
def delete_student(class_id: int, user_id: int) -> ResponseReturnValue:
    """Delete the account, as the student asks."""
    gone = leaving.delete(transactions.session(), class_id, user_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash(f"The account of {gone.name} is deleted. Attempts that were set stay without the name.", "right")
    return back_to_class(class_id)


@blueprint.post(f"{A_STUDENT}/keep")
@allowed("teach classes")
def keep_student(class_id: int, user_id: int) -> ResponseReturnValue:
    """The account stays, though the student asked to have it deleted."""
    kept = leaving.decline(transactions.session(), class_id, user_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash(f"The account of {kept.name} stays.", "right")
    return back_to_class(class_id)

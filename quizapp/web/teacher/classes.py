"""A teacher's classes: the list, one of them, its settings, its code, who teaches it."""

from __future__ import annotations

from datetime import UTC, datetime

import segno
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import members, own
from quizapp.services.classes.page import class_page
from quizapp.services.errors import Conflict
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import ClassForm, TeacherForm

NUMBER = "int(max=2147483647)"
A_CLASS = f"/classes/<{NUMBER}:class_id>"


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def back_to_class(class_id: int, anchor: str | None = None) -> ResponseReturnValue:
    """To the page of the class."""
    return redirect(url_for("teacher.show_class", class_id=class_id, _anchor=anchor), 303)


@blueprint.get("/classes")
@allowed("teach classes")
def show_classes() -> str:
    """The classes that this teacher teaches."""
    found = own.mine(transactions.session(), current_user.id)
    return render_template(
        "teacher/classes.html",
        classes=[one for one in found if one.school_class.archived_at is None],
        archived=[one for one in found if one.school_class.archived_at is not None],
    )


@blueprint.route("/classes/new", methods=["GET", "POST"])
@allowed("teach classes")
def new_class() -> ResponseReturnValue:
    """Make a class."""
    form = ClassForm()
    made = form.result(
        lambda: own.create(transactions.session(), form.settings(), teacher_id=current_user.id, now=now())
    )
    if made is None:
        page = render_template("teacher/class_settings.html", form=form, school_class=None)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash(f"{made.name} is made. Let students join by the code, or add them from a list.", "right")
    return back_to_class(made.id)


@blueprint.get(A_CLASS)
@allowed("teach classes")
def show_class(class_id: int) -> str:
    """One class."""
    sort = request.args.get("sort", "name")
    found = class_page(transactions.session(), class_id, teacher_id=current_user.id, sort=sort)
    code = own.shown_code(found.school_class.join_code)
    return render_template("teacher/class.html", found=found, sort=sort, code=code, teacher_form=TeacherForm())


@blueprint.get(f"{A_CLASS}/students.csv")
@allowed("teach classes")
def export_students(class_id: int) -> Response:
    """The students of a class, for a spreadsheet."""
    found = own.taught(transactions.session(), class_id, current_user.id)
    text = members.students_csv(transactions.session(), class_id)
    return download(text, f"{found.name}-students", "csv")


@blueprint.route(f"{A_CLASS}/settings", methods=["GET", "POST"])
@allowed("teach classes")
def class_settings(class_id: int) -> ResponseReturnValue:
    """Its name, how long it is kept, and putting it away."""
    found = own.taught(transactions.session(), class_id, current_user.id)
    form = ClassForm(name=found.name, keep_months="" if found.keep_months is None else str(found.keep_months))
    form.offer_months(found.keep_months)
    done = form.result(
        lambda: own.change(transactions.session(), class_id, form.settings(), teacher_id=current_user.id, now=now())
    )
    if done is None:
        page = render_template("teacher/class_settings.html", form=form, school_class=found)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash("Saved.", "right")
    return back_to_class(class_id)


@blueprint.post(f"{A_CLASS}/archive")
@allowed("teach classes")
def archive_class(class_id: int) -> ResponseReturnValue:
    """Put the class away, or take it up again."""
    archived = request.form.get("archived", "1") == "1"
    own.archive(transactions.session(), class_id, archived=archived, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash("The class is archived." if archived else "The class is taken up again.", "right")
    return back_to_class(class_id)


# --- the join code ---------------------------------------------------------------------------------------------------


@blueprint.get(f"{A_CLASS}/code")
@allowed("teach classes")
def show_code(class_id: int) -> str:
    """The join code in large letters with a QR code, for the wall or for paper."""
    found = own.taught(transactions.session(), class_id, current_user.id)
    if found.join_code is None:
        raise Conflict("This class has no join code just now. Make one on its page.")
    link = url_for("joining.show", code=found.join_code, _external=True)
    qr = segno.make(link, error="m", micro=False).svg_inline(border=3, dark="#000", light="#fff", omitsize=True)
    shown = {
        "code": own.shown_code(found.join_code),
        "link": link,
        "page_address": url_for("joining.show", _external=True),
    }
    return render_template("teacher/class_code.html", school_class=found, qr=Markup(qr), **shown)  # noqa: S704 made here


@blueprint.post(f"{A_CLASS}/code")
@allowed("teach classes")
def change_code(class_id: int) -> ResponseReturnValue:
    """Another code, or none."""
    if request.form.get("code") == "revoke":
        own.revoke_code(transactions.session(), class_id, teacher_id=current_user.id, now=now())
        told = "The join code is withdrawn: nobody can join by it any more. Who is in the class stays in it."
    else:
        own.renew_code(transactions.session(), class_id, teacher_id=current_user.id, now=now())
        told = "The class has a new join code. The one before opens nothing any more."
    transactions.commit()
    flash(told, "right")
    return back_to_class(class_id, "join")


# --- who teaches it --------------------------------------------------------------------------------------------------


@blueprint.post(f"{A_CLASS}/teachers")
@allowed("teach classes")
def add_teacher(class_id: int) -> ResponseReturnValue:
    """Let another teacher look after the class too."""
    form = TeacherForm()
    teacher_id = current_user.id
    added = form.result(
        lambda: own.add_teacher(transactions.session(), class_id, form.username.data, teacher_id=teacher_id, now=now())
    )
    if added is None:
        found = class_page(transactions.session(), class_id, teacher_id=teacher_id)
        code = own.shown_code(found.school_class.join_code)
        page = render_template("teacher/class.html", found=found, sort="name", code=code, teacher_form=form)
        return page, Mistakes.status
    transactions.commit()
    flash(f"{added.name} teaches this class too now.", "right")
    return back_to_class(class_id, "teachers")


@blueprint.post(f"{A_CLASS}/teachers/<{NUMBER}:user_id>/remove")
@allowed("teach classes")
def remove_teacher(class_id: int, user_id: int) -> ResponseReturnValue:
    """Somebody teaches the class no more."""
    own.remove_teacher(transactions.session(), class_id, user_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    if user_id == current_user.id:
        flash("You teach this class no more.", "right")
        return redirect(url_for("teacher.show_classes"), 303)
    flash("Done.", "right")
    return back_to_class(class_id, "teachers")

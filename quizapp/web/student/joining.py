"""Joining a class: by a code that is typed, or by a link that holds it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from quizapp.services import transactions
from quizapp.services.classes import joining, leaving
from quizapp.services.classes.joining import NoSuchCode
from quizapp.services.classes.own import shown_code
from quizapp.web import limits
from quizapp.web.account.forms import AccountForm
from quizapp.web.identity import allowed, current_user
from quizapp.web.requests import address

blueprint = Blueprint("joining", __name__)


class JoinForm(AccountForm):
    """The code of a class."""

    code = StringField("Code of the class", [InputRequired("Type the code that your teacher gave you.")])


@blueprint.get("/join", defaults={"code": ""})
@blueprint.get("/join/<code>")
@allowed("join classes")
@limits.join_codes
def show(code: str) -> ResponseReturnValue:
    """The class that the code opens, and the button to join; without a code, where to type it."""
    form = JoinForm(formdata=None, code=code)
    if not code:
        return render_template("student/join.html", form=form, door=None)
    try:
        door = joining.door(transactions.session(), code, user_id=current_user.id)
    except NoSuchCode as nothing:
        form.code.errors = nothing.fields["code"]
        return render_template("student/join.html", form=form, door=None), NoSuchCode.status
    return render_template("student/join.html", form=form, door=door, shown_code=shown_code(door.code))


@blueprint.post("/classes/<int(max=2147483647):class_id>/leave")
@allowed("join classes")
def leave(class_id: int) -> ResponseReturnValue:
    """Out of a class."""
    who = current_user._get_current_object()  # noqa: SLF001 a proxy's way to what it stands for
    left = leaving.leave_class(transactions.session(), class_id, who, now=datetime.now(UTC))
    transactions.commit()
    flash(f"You have left {left.name}. What you did in it stays with your teacher.", "right")
    return redirect(address("/account"), 303)


@blueprint.post("/join")
@allowed("join classes")
@limits.join_codes
def join() -> ResponseReturnValue:
    """Into the class."""
    form = JoinForm()
    who = current_user._get_current_object()  # noqa: SLF001 a proxy's way to what it stands for
    door = form.result(lambda: joining.join(transactions.session(), form.code.data, who=who, now=datetime.now(UTC)))
    if door is None:
        return render_template("student/join.html", form=form, door=None), NoSuchCode.status
    transactions.commit()
    if door.is_teacher:
        return redirect(url_for("teacher.show_class", class_id=door.class_id), 303)
    flash(f"You are in {door.name}. What it sets you stands here and on the list of quizzes.", "right")
    return redirect(address("/"), 303)

"""Students from a list, in two steps: what would happen, then doing it; and the slips that come of it."""

from __future__ import annotations

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own, roster, slips
from quizapp.services.classes.slips import Slip
from quizapp.web.identity import allowed, current_user
from quizapp.web.requests import address
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import RosterForm
from quizapp.web.teacher.classes import A_CLASS, back_to_class, now

TEMPLATE = (
    "Family name,Given name,Username,Student number,Group,Time\nKern,Anna,,1001,North,\nOkafor,Ben,,1002,South,150%\n"
)


@blueprint.route(f"{A_CLASS}/roster", methods=["GET", "POST"])
@allowed("teach classes")
def roster_page(class_id: int) -> ResponseReturnValue:
    """Choose a list; then see what would become of each of its rows. Nothing is stored."""
    school_class = own.taught(transactions.session(), class_id, current_user.id)
    form = RosterForm()
    found = form.result(lambda: _plan(class_id, form))
    if found is not None:
        return render_template("teacher/roster_plan.html", school_class=school_class, plan=found)
    page = render_template("teacher/roster.html", school_class=school_class, form=form)
    return page, Mistakes.status if form.is_submitted() else 200


@blueprint.post(f"{A_CLASS}/roster/confirm")
@allowed("teach classes")
def confirm_roster(class_id: int) -> ResponseReturnValue:
    """Take the list in, and show the slips, this once."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    table = roster.read(request.form.get("rows", "").encode())
    made = roster.take_in(session, class_id, table, teacher_id=teacher_id, now=now())
    transactions.commit()
    if not made:
        flash("The list is taken in. No new account was needed, so there are no slips.", "right")
        return back_to_class(class_id, "students")
    return _slips_page(school_class, made)


@blueprint.get("/classes/template.csv")
@allowed("teach classes")
def roster_template() -> Response:
    """An example of a list, to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="students.csv"'}
    return Response("\ufeff" + TEMPLATE, mimetype="text/csv", headers=headers)


@blueprint.post(f"{A_CLASS}/slips")
@allowed("teach classes")
def new_slips(class_id: int) -> ResponseReturnValue:
    """New slips for the students that were chosen; what they had before opens nothing any more."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    chosen = [int(one) for one in request.form.getlist("student") if one.isdecimal() and len(one) < 12]
    if not chosen:
        flash("No student was chosen.", "partial")
        return back_to_class(class_id, "students")
    made = slips.new_slips(session, class_id, chosen, teacher_id=teacher_id, now=now())
    transactions.commit()
    return _slips_page(school_class, made)


def _plan(class_id: int, form: RosterForm) -> roster.Plan:
    """What would become of the list that was sent. Raises ``Mistakes``."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        table = roster.read(sent.read(), sent.filename)
    elif (form.pasted.data or "").strip():
        table = roster.read(form.pasted.data.strip().encode(), of="pasted")
    else:
        raise Mistakes({"file": ["Choose a file, or paste the list below."]})
    return roster.plan(transactions.session(), class_id, table, teacher_id=current_user.id)


def _slips_page(school_class: object, made: list[Slip]) -> str:
    return render_template(
        "teacher/slips.html",
        school_class=school_class,
        slips=made,
        sign_in=request.host_url.rstrip("/") + address("/sign-in"),
    )

"""Questions to look at, because what they rest on has changed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.questions import provenance
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now


@blueprint.get("/provenance")
@allowed("write questions")
def show_provenance() -> str:
    """Which questions wait to be looked at, why, and where they were used."""
    sort = request.args.get("sort", "")
    lines = provenance.by(provenance.to_look_at(transactions.session()), sort)
    drafts, listed = [one for one in lines if not one.in_use], [one for one in lines if one.in_use]
    most = provenance.MOST
    return render_template(
        "teacher/provenance.html", drafts=drafts[:most], listed=listed[:most], sort=sort, most=most,
        total=len(lines), number_of_drafts=len(drafts), number_of_listed=len(listed),
    )  # fmt: skip


@blueprint.get("/provenance.csv")
@allowed("write questions")
def export_provenance() -> Response:
    """The same as a table."""
    text = provenance.as_csv(provenance.to_look_at(transactions.session()))
    headers = {"Content-Disposition": 'attachment; filename="questions-to-look-at.csv"'}
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


@blueprint.post("/provenance")
@allowed("write questions")
def still_right() -> ResponseReturnValue:
    """Somebody has looked: the questions named are still right, but for those whose evidence does not hold."""
    names = request.form.getlist("name")
    done = provenance.still_right(transactions.session(), names, actor_id=current_user.id, now=now())
    transactions.commit()
    flash(_said(done), "partial" if done.broken else "right")
    return redirect(url_for("teacher.show_provenance"), 303)


def _said(done: provenance.StillRight) -> str:
    if not done.done and not done.broken:
        return "None of these was waiting any more. Somebody else has looked at them meanwhile."
    words = f"Still right: {done.done}. New attempts get them."
    if done.broken:
        words += f" {len(done.broken)} cannot be ready as it stands: the evidence does not hold. Mend it first."
    return words

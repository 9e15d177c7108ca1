"""Questions that wait because what they rest on has changed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.questions import provenance, publishing
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now

MOST_AT_ONCE = 500


@blueprint.get("/provenance")
@allowed("write questions")
def show_provenance() -> str:
    """Which questions wait, why, and where they were used."""
    return render_template("teacher/provenance.html", waiting=provenance.waiting(transactions.session()))


@blueprint.post("/provenance")
@allowed("write questions")
def still_right() -> ResponseReturnValue:
    """Make questions ready again that are still right; each one's evidence is checked anew."""
    session, names = transactions.session(), request.form.getlist("name")[:MOST_AT_ONCE]
    for name in names:
        publishing.back_to_ready(session, name, actor_id=current_user.id, now=now())
    transactions.commit()
    flash(f"Ready again: {len(names)}. New attempts get them.", "right")
    return redirect(url_for("teacher.show_provenance"), 303)

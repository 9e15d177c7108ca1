"""Where teachers begin."""

from __future__ import annotations

from flask import render_template

from quizapp.services import reasons, transactions
from quizapp.services.reports import inbox
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint


@blueprint.get("/")
@allowed("see teaching pages")
def home() -> str:
    """What a teacher can do here."""
    session = transactions.session()
    waits = {"reports": inbox.waiting(session, current_user), "to_mark": reasons.waiting(session, current_user.id)}
    return render_template("teacher/home.html", **waits)

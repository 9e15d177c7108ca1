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
    return render_template("teacher/home.html", reports=inbox.waiting(transactions.session(), current_user))

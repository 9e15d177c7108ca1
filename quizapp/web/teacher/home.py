"""Where teachers begin."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template

from quizapp.services import desk, transactions
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint


@blueprint.get("/")
@allowed("see teaching pages")
def home() -> str:
    """What waits for a teacher, what is set now, and where everything is."""
    return render_template(
        "teacher/home.html", desk=desk.desk_of(transactions.session(), current_user, now=datetime.now(UTC))
    )

"""The front page, the list of quizzes, a quiz, and starting it."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.domain.quiz import MISTAKES
from quizapp.services import learning, notes, taking, transactions
from quizapp.services.assignments import student
from quizapp.web.identity import allowed, ensure_user, viewer

blueprint = Blueprint("quizzes", __name__)


@blueprint.get("/")
@allowed("see quizzes")
def home() -> str:
    """What this is, what to go on with, and the quizzes there are."""
    session, user_id = transactions.session(), viewer().user_id
    following = learning.what_next(session, user_id=user_id, now=datetime.now(UTC))
    waiting = notes.unread(session, user_id)
    return render_template("student/home.html", plan=following, most=learning.MOST, notes=waiting)


@blueprint.get("/quizzes")
@allowed("see quizzes")
def index() -> str:
    """Every quiz that is open to everybody."""
    user_id, now = viewer().user_id, datetime.now(UTC)
    lines = taking.quizzes_page(transactions.session(), user_id=user_id, now=now)
    set_to_me = student.assigned(transactions.session(), user_id=user_id, now=now) if user_id is not None else []
    return render_template("student/quizzes.html", lines=lines, assigned=set_to_me)


@blueprint.get("/quizzes/<slug>")
@allowed("see quizzes")
def show(slug: str) -> str | Response:
    """One quiz: its rules, what the reader has done in it, and the way to start."""
    if slug == MISTAKES.id:
        return redirect(url_for("progress.show", _anchor="mistakes"))
    user_id, now = viewer().user_id, datetime.now(UTC)
    mine = student.assigned(transactions.session(), user_id=user_id, now=now) if user_id is not None else []
    set_to_me = [one for one in mine if one.quiz.id == slug]
    if set_to_me and set_to_me[0].quiz.access == "class":
        return redirect(url_for("assignments.show", assignment_id=set_to_me[0].id))
    line = taking.quiz_page(transactions.session(), slug, user_id=user_id, now=now)
    return render_template("student/quiz.html", line=line, assigned=[one for one in set_to_me if one.is_pressing])


@blueprint.post("/quizzes/<slug>/attempts")
@allowed("see quizzes")
def start(slug: str) -> Response:
    """Begin, or go on with what was begun; a visitor becomes a guest."""
    attempt = taking.start(
        transactions.session(),
        slug,
        user_id=ensure_user().id,
        attempt_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=datetime.now(UTC),
    )
    transactions.commit()
    return redirect(url_for("attempts.resume", attempt_id=attempt.id))

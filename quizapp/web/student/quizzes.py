"""The front page, the list of quizzes, a quiz, and starting it."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.permissions import STAFF
from quizapp.domain.quiz import MISTAKES
from quizapp.services import learning, notes, taking, transactions
from quizapp.services.assignments import student
from quizapp.services.building.left_out import left_out
from quizapp.web import limits
from quizapp.web.identity import allowed, current_user, ensure_user, viewer
from quizapp.web.student import run_out
from quizapp.web.student.start_form import StartForm

blueprint = Blueprint("quizzes", __name__)


@blueprint.get("/")
@allowed("see quizzes")
def home() -> str:
    """What this is, what to go on with, and the quizzes there are."""
    session, user_id, now = transactions.session(), viewer().user_id, datetime.now(UTC)
    following = run_out.looked_at(
        lambda: learning.what_next(session, user_id=user_id, now=now), lambda found: found.has_run_out, now
    )
    waiting = notes.unread(session, user_id)
    return render_template("student/home.html", plan=following, most=learning.MOST, notes=waiting)


@blueprint.get("/quizzes")
@allowed("see quizzes")
def index() -> str:
    """Every quiz that is open to everybody."""
    user_id, now = viewer().user_id, datetime.now(UTC)
    set_to_me = _set_to(user_id, now)
    lines = run_out.looked_at(
        lambda: taking.quizzes_page(transactions.session(), user_id=user_id, now=now),
        lambda found: any(one.has_run_out for one in found),
        now,
    )
    return render_template("student/quizzes.html", lines=lines, assigned=set_to_me)


@blueprint.get("/quizzes/<slug>")
@allowed("see quizzes")
def show(slug: str) -> ResponseReturnValue:
    """One quiz: its rules, what the reader has done in it, and the way to start."""
    return _page(slug, StartForm(formdata=None))


def _page(slug: str, form: StartForm) -> ResponseReturnValue:
    if slug == MISTAKES.id:
        return redirect(url_for("progress.show", _anchor="mistakes"))
    user_id, now = viewer().user_id, datetime.now(UTC)
    set_to_me = [one for one in _set_to(user_id, now) if one.quiz.id == slug]
    if set_to_me and set_to_me[0].quiz.access == "class":
        return redirect(url_for("assignments.show", assignment_id=set_to_me[0].id))
    line = run_out.looked_at(
        lambda: taking.quiz_page(transactions.session(), slug, user_id=user_id, now=now),
        lambda found: found.has_run_out,
        now,
    )
    pressing = [one for one in set_to_me if one.is_pressing]
    lacks = left_out(transactions.session(), line.quiz) if viewer().role in STAFF else ()
    return render_template("student/quiz.html", line=line, assigned=pressing, form=form, left_out=lacks)


def _set_to(user_id: int | None, now: datetime) -> list[student.Assigned]:
    """What classes set the viewer, to somebody who is signed in."""
    if user_id is None:
        return []
    return run_out.looked_at(
        lambda: student.assigned(transactions.session(), user_id=user_id, now=now),
        lambda found: any(one.line.has_run_out for one in found),
        now,
    )


@blueprint.post("/quizzes/<slug>/attempts")
@allowed("see quizzes")
@limits.quiz_passwords
def start(slug: str) -> ResponseReturnValue:
    """Begin, or go on with what was begun; a visitor becomes a guest."""
    form = StartForm()
    attempt = form.result(lambda: _begun(slug, form.password.data or ""))
    if attempt is None:
        return make_response(_page(slug, form), taking.WrongPassword.status)
    transactions.commit()
    return redirect(url_for("attempts.resume", attempt_id=attempt))


def _begun(slug: str, password: str) -> uuid.UUID:
    """The attempt's id; who has no account gets one only once the password is right."""
    session = transactions.session()
    if not (viewer().is_signed_in and current_user.is_authenticated):
        taking.check_password(session, slug, password)
    return taking.start(
        session,
        slug,
        user_id=ensure_user().id,
        attempt_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=datetime.now(UTC),
        password=password,
    ).id

"""What a class sets a student: its page, and starting it."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.assignments import student
from quizapp.services.taking import WrongPassword
from quizapp.web import limits
from quizapp.web.identity import allowed, current_user
from quizapp.web.student import run_out
from quizapp.web.student.start_form import StartForm

blueprint = Blueprint("assignments", __name__, url_prefix="/assignments/<int(max=2147483647):assignment_id>")


@blueprint.get("")
@allowed("take quizzes")
def show(assignment_id: int) -> str:
    """When it opens, is due and closes for this student, what they have done in it, and the way to start."""
    return _page(assignment_id, StartForm(formdata=None))


def _page(assignment_id: int, form: StartForm) -> str:
    now = datetime.now(UTC)
    found = run_out.looked_at(
        lambda: student.assigned_page(transactions.session(), assignment_id, user_id=current_user.id, now=now),
        lambda one: one.line.has_run_out,
        now,
    )
    return render_template("student/assignment.html", found=found, line=found.line, form=form)


@blueprint.post("/attempts")
@allowed("take quizzes")
@limits.quiz_passwords
def start(assignment_id: int) -> ResponseReturnValue:
    """Begin, or go on with what was begun."""
    form = StartForm()
    attempt = form.result(lambda: _begun(assignment_id, form.password.data or ""))
    if attempt is None:
        return _page(assignment_id, form), WrongPassword.status
    transactions.commit()
    return redirect(url_for("attempts.resume", attempt_id=attempt))


def _begun(assignment_id: int, password: str) -> uuid.UUID:
    return student.start_assigned(
        transactions.session(),
        assignment_id,
        user_id=current_user.id,
        attempt_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=datetime.now(UTC),
        password=password,
    ).id

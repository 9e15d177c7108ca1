"""What a class sets a student: its page, and starting it."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.services import transactions
from quizapp.services.assignments import student
from quizapp.web.identity import allowed, current_user

blueprint = Blueprint("assignments", __name__, url_prefix="/assignments/<int(max=2147483647):assignment_id>")


@blueprint.get("")
@allowed("take quizzes")
def show(assignment_id: int) -> str:
    """When it opens, is due and closes for this student, what they have done in it, and the way to start."""
    now = datetime.now(UTC)
    found = student.assigned_page(transactions.session(), assignment_id, user_id=current_user.id, now=now)
    return render_template("student/assignment.html", found=found, line=found.line)


@blueprint.post("/attempts")
@allowed("take quizzes")
def start(assignment_id: int) -> Response:
    """Begin, or go on with what was begun."""
    attempt = student.start_assigned(
        transactions.session(),
        assignment_id,
        user_id=current_user.id,
        attempt_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=datetime.now(UTC),
    )
    transactions.commit()
    return redirect(url_for("attempts.resume", attempt_id=attempt.id))

"""A student's own progress."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.progress import YOU
from quizapp.services import learning, reporting, transactions
from quizapp.services.learners import tables
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user, time_zone, viewer
from quizapp.web.progress_charts import certainty_bars, score_points, strand_charts
from quizapp.web.student import run_out

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@allowed("see quizzes")
def show() -> str:
    """Every quiz and attempt, best and last, by topic and skill, with plots and their numbers."""
    user_id = viewer().user_id
    if user_id is None or not current_user.is_authenticated:
        return render_template("student/progress_empty.html")
    now = datetime.now(UTC)
    run_out.hand_in(now)
    found = reporting.progress(transactions.session(), user_id=user_id, now=now, zone=time_zone())
    if not found.timeline and not found.open:
        return render_template("student/progress_empty.html")
    sort = request.args.get("sort", "-submitted")
    timeline = reporting.sorted_timeline(found, sort)
    return render_template(
        "student/progress.html",
        found=found,
        who=YOU,
        timeline=timeline,
        quizzes=reporting.sorted_quizzes(found, sort),
        sort=sort,
        points=score_points(found, lambda attempt_id: url_for("attempts.result", attempt_id=attempt_id)),
        charts=strand_charts(found.strands),
        certainty_bars=certainty_bars(found),
        mistakes=len(learning.mistakes(transactions.session(), user_id=user_id, now=now)),
        most=learning.MOST,
    )


@blueprint.post("/progress/practice")
@allowed("take quizzes")
def practise() -> ResponseReturnValue:
    """A practice attempt on one's mistakes, from whatever quiz they come."""
    attempt = learning.practise_mistakes(
        transactions.session(),
        user_id=current_user.id,
        new_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=datetime.now(UTC),
    )
    transactions.commit()
    return redirect(url_for("attempts.resume", attempt_id=attempt.id))


@blueprint.get("/progress.csv")
@allowed("see own progress")
def export() -> Response:
    """Every finished attempt, or with ``?table=`` another of the tables, for a spreadsheet."""
    sheets = _sheets()
    name = request.args.get("table", "attempts")
    return download(tables.csv(sheets.get(name, sheets["attempts"])), "progress", "csv")


@blueprint.get("/progress.xlsx")
@allowed("see own progress")
def export_workbook() -> Response:
    """All tables of one's progress, a sheet each."""
    return download(tables.workbook(_sheets()), "progress", "xlsx")


def _sheets() -> tables.Sheets:
    user_id, now = viewer().user_id or 0, datetime.now(UTC)
    found = reporting.progress(transactions.session(), user_id=user_id, now=now, zone=time_zone())
    return tables.of_student(found, YOU)

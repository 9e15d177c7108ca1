"""A student's own progress."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import learning, reporting, taking, transactions
from quizapp.web.filters import number, short_day
from quizapp.web.identity import allowed, current_user, viewer

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@allowed("see quizzes")
def show() -> str:
    """Every quiz and attempt, best and last, by topic and skill, with plots and their numbers."""
    user_id = viewer().user_id
    if user_id is None or not current_user.is_authenticated:
        return render_template("student/progress_empty.html")
    now = datetime.now(UTC)
    with transactions.write_transaction():
        taking.close_overdue(transactions.session(), now=now, user_id=user_id)
    found = reporting.progress(transactions.session(), user_id=user_id, now=now)
    if not found.timeline and not found.open:
        return render_template("student/progress_empty.html")
    sort = request.args.get("sort", "-submitted")
    timeline = reporting.sorted_timeline(found, sort)
    return render_template(
        "student/progress.html",
        found=found,
        timeline=timeline,
        sort=sort,
        points=_points(found),
        bars=_bars,
        certainty_bars=_certainty_bars(found),
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
    """Every finished attempt, for a spreadsheet."""
    now = datetime.now(UTC)
    found = reporting.progress(transactions.session(), user_id=viewer().user_id or 0, now=now)
    headers = {"Content-Disposition": f'attachment; filename="progress-{now:%Y-%m-%d}.csv"'}
    return Response(reporting.progress_csv(found), mimetype="text/csv", headers=headers)


def _points(found: reporting.Progress) -> list[dict[str, object]]:
    return [
        {
            "label": f"{short_day(line.submitted_at)}, {quiz.title}",
            "tick": short_day(line.submitted_at),
            "value": float(line.percent),
            "shown": f"{number(line.percent, 0)}%",
            "href": url_for("attempts.result", attempt_id=line.id),
        }
        for quiz, line in found.timeline
        if line.percent is not None
    ]


def _bars(shares: tuple[reporting.Share, ...]) -> list[dict[str, object]]:
    return [
        {
            "label": share.name,
            "value": None if share.percent is None else float(share.percent),
            "shown": "too few" if share.percent is None else f"{number(share.percent, 0)}%",
        }
        for share in shares
    ]


def _certainty_bars(found: reporting.Progress) -> list[dict[str, object]]:
    return [
        {
            "label": one.name.capitalize(),
            "value": None if one.share is None else float(one.share * 100),
            "shown": f"too few answers ({one.answers})"
            if one.share is None
            else f"{number(one.share * 100, 0)}% of {one.answers}",
        }
        for one in found.calibration or ()
    ]

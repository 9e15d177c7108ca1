"""Marking by a person: the reasons of a class, question by question."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import reasons, transactions
from quizapp.services.reasons import ReasonSheet, Todo
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import NUMBER, now

A_QUESTION = f"/marking/<{NUMBER}:assignment_id>/<item>"


@blueprint.get("/marking")
@allowed("mark answers")
def show_marking() -> str:
    """The questions whose reasons wait, and those that are done."""
    sort = request.args.get("sort", "-waiting")
    found = reasons.todo(transactions.session(), current_user.id, sort)
    return render_template("teacher/marking.html", found=found, sort=sort)


@blueprint.get("/marking.csv")
@allowed("mark answers")
def export_marking() -> Response:
    """The list for a spreadsheet."""
    found = reasons.todo(transactions.session(), current_user.id, request.args.get("sort", "-waiting"))
    return download(reasons.todo_csv(found), "marking", "csv")


@blueprint.get(A_QUESTION)
@allowed("mark answers")
def mark_question(assignment_id: int, item: str) -> str:
    """One question with all reasons of the class; names only where wanted."""
    session, names = transactions.session(), "names" in request.args
    found = reasons.sheet(session, assignment_id, item, teacher_id=current_user.id, names=names)
    before, after = _neighbours(reasons.todo(session, current_user.id, "class"), found)
    last = request.args.get("last", "")
    return render_template(
        "teacher/marking_question.html", sheet=found, names=names, before=before, after=after, last=last
    )


@blueprint.post(f"{A_QUESTION}/<uuid:attempt_id>/<int(max=9999):number>")
@allowed("mark answers")
def give_points(assignment_id: int, item: str, attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Give a reason its points, or take the last ones back."""
    session, teacher_id = transactions.session(), current_user.id
    given = request.form.get("points", "")
    if "undo" in request.form:
        reasons.take_back(session, attempt_id, number, teacher_id=teacher_id, now=now())
    else:
        points = int(given) if given in ("0", "1", "2") else -1
        reasons.give(session, attempt_id, number, points, teacher_id=teacher_id, now=now())
    transactions.commit()
    found = reasons.sheet(session, assignment_id, item, teacher_id=teacher_id, names="names" in request.form)
    if request.accept_mimetypes.best == "application/json":
        line = next(one for one in found.lines if (one.attempt_id, one.number) == (attempt_id, number))
        return jsonify({"points": line.points, "done": found.done, "total": len(found.lines)})
    return redirect(_onwards(found, attempt_id, number), 303)


def _onwards(found: ReasonSheet, attempt_id: uuid.UUID, number: int) -> str:
    """To the next reason that waits; back to this one after taking something back."""
    here = next(i for i, one in enumerate(found.lines) if (one.attempt_id, one.number) == (attempt_id, number))
    waiting = [i for i, one in enumerate(found.lines) if one.waiting]
    undone = "undo" in request.form
    to = here if undone else next((i for i in waiting if i > here), waiting[0] if waiting else here)
    more: dict[str, Any] = {"names": 1} if "names" in request.form else {}
    if not undone:
        more["last"] = str(here + 1)
    if not waiting:
        flash("All reasons to this question are marked.", "right")
    address = url_for("teacher.mark_question", assignment_id=found.assignment.id, item=found.item.id, **more)
    return f"{address}#reason-{to + 1}"


def _neighbours(found: list[Todo], here: ReasonSheet) -> tuple[Todo | None, Todo | None]:
    """The question before this one, and the one after it, in the order of classes and quizzes."""
    places = [(one.assignment_id, one.item) for one in found]
    at = places.index((here.assignment.id, here.item.id))
    return found[at - 1] if at else None, found[at + 1] if at + 1 < len(found) else None

"""What is done with several questions of the list at once, ticked or all that were found; the list as a table."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import exporting, transactions
from quizapp.services.building.gathering import CannotGather, gather
from quizapp.services.exporting import Selection
from quizapp.services.questions import listing, publishing, several
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.questions import given_filters, wanted

MOST_TICKED = 500
MOST_REASONS = 5


@blueprint.post("/questions")
@allowed("write questions")
def change_several() -> ResponseReturnValue:
    """Tag, retire, make ready, download or make a quiz of the questions ticked, or of all that were found."""
    names = _chosen()
    deed, tag = request.form.get("deed", ""), "-".join(request.form.get("tag", "").split())[:60]
    if not names:
        flash("No question was ticked. Tick some in the list, or choose all that were found.", "wrong")
    elif deed == "export":
        return _as_file(names)
    elif deed == "quiz":
        return _as_quiz(names)
    elif deed == "tag" and not tag:
        flash("Type the tag that these questions shall have.", "wrong")
    else:
        _do(deed, names, tag)
    transactions.commit()
    return redirect(_back(), 303)


@blueprint.get("/questions.csv")
@allowed("write questions")
def export_list() -> Response:
    """The list as it is filtered and sorted, for a spreadsheet."""
    session = transactions.session()
    listing.refresh(session, transactions.write_transaction())
    sort = request.args.get("sort", "-changed")[:20]
    made = several.as_csv(session, wanted(given_filters(request.args)), sort)
    return download(made, "questions", "csv")


def _chosen() -> list[str]:
    """Those that were ticked; or all that were found, if they still are as many as the page said."""
    if request.form.get("scope") != "all":
        return request.form.getlist("name")[:MOST_TICKED]
    said = request.form.get("total", "")
    expected = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else -1
    asked = wanted(given_filters(dict(parse_qsl(request.form.get("back", "")[:2000]))))
    return several.all_found(transactions.session(), asked, expected)


def _do(deed: str, names: list[str], tag: str) -> None:
    session, who = transactions.session(), current_user.id
    if deed == "tag":
        done = publishing.tag(session, names, tag, actor_id=who, now=now())
        flash(f"Tagged: {_counted(len(done))}. Drafts, and those that had the tag, stay as they were.", "right")
    elif deed == "retire":
        done = publishing.retire(session, names, actor_id=who, now=now())
        flash(f"Retired: {_counted(len(done))}. New attempts do not get them any more; nothing is deleted.", "right")
    elif deed == "ready":
        _say_ready(several.make_ready(session, names, actor_id=who, now=now()))


def _say_ready(done: several.Done) -> None:
    flash(f"Made ready: {_counted(done.changed)}. Those that were ready stay as they were.", "right")
    for name, why in done.left[:MOST_REASONS]:
        flash(f"“{name}” is not ready. {why}", "partial")
    if len(done.left) > MOST_REASONS:
        flash(f"{_counted(len(done.left) - MOST_REASONS)} more cannot be made ready just now.", "partial")


def _as_file(names: list[str]) -> Response:
    """Those of these questions that are ready, in the format chosen."""
    address, wanted_format = str(current_app.config["SETTINGS"].public_url), request.form.get("format", "yaml")[:20]
    made = exporting.file(transactions.session(), Selection(items=tuple(names)), wanted_format, address)
    headers = {"Content-Disposition": f'attachment; filename="{made.file_name}"'}
    return Response(made.departure.data, mimetype=made.media_type, headers=headers)


def _as_quiz(names: list[str]) -> ResponseReturnValue:
    """A draft of a quiz with these questions, open in the builder."""
    try:
        made = gather(transactions.session(), names, user_id=current_user.id, key=secrets.token_hex(4), now=now())
    except CannotGather as refusal:
        flash(refusal.message, "wrong")
        return redirect(_back(), 303)
    transactions.commit()
    flash(f"This is a draft with {_counted(made.count)}. Give it a title, then save and publish it.", "right")
    if made.left:
        flash(f"{_counted(made.left)} stayed out: not ready, or without the text that it needs.", "partial")
    return redirect(url_for("teacher.edit_quiz", name=made.name), 303)


def _counted(number: int) -> str:
    return f"{number:,} question" if number == 1 else f"{number:,} questions"


def _back() -> str:
    query = request.form.get("back", "")
    return url_for("teacher.show_questions") + (
        f"?{query}" if query and "\n" not in query and "\r" not in query else ""
    )

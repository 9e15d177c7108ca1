"""The list of questions, one of them, and what can be done with several at once."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.items import ITEM_TYPES
from quizapp.services import exporting, transactions
from quizapp.services.exporting import Selection
from quizapp.services.questions import listing, looking, publishing
from quizapp.services.questions.listing import Wanted
from quizapp.services.reports import inbox
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.question_editor import A_QUESTION

FILTERS = ("q", "topic", "type", "skill", "difficulty", "source", "status", "author", "tag", "problems")
MOST_AT_ONCE = 500


@blueprint.get("/questions")
@allowed("write questions")
def show_questions() -> str:
    """The questions found, a page at a time."""
    session = transactions.session()
    listing.refresh(session, transactions.write_transaction())
    given = _given()
    sort, number = request.args.get("sort", "-changed"), request.args.get("page", 1, type=int)
    found = listing.page(session, _wanted(given), sort=sort, number=number)
    return render_template(
        "teacher/questions.html",
        found=found,
        given=given,
        sort=sort,
        choices=listing.choices(session),
        skills=[(skill, skill.replace("_", " ")) for skill in looking.SKILLS],
        page_address=partial(_address, {**given, "sort": sort}),
    )


@blueprint.post("/questions")
@allowed("write questions")
def change_several() -> ResponseReturnValue:
    """Tag or retire the questions that were ticked."""
    names = request.form.getlist("name")[:MOST_AT_ONCE]
    deed, tag = request.form.get("deed", ""), " ".join(request.form.get("tag", "").split())
    session = transactions.session()
    if not names:
        flash("No question was ticked. Tick some in the list, then press the button again.", "wrong")
    elif deed == "export":
        return _as_yaml(names)
    elif deed == "tag" and not tag:
        flash("Type the tag that these questions shall have.", "wrong")
    elif deed == "tag":
        done = publishing.tag(session, names, tag.replace(" ", "-")[:60], actor_id=current_user.id, now=now())
        flash(f"Tagged: {_counted(len(done))}. Drafts, and those that had the tag, stay as they were.", "right")
    elif deed == "retire":
        done = publishing.retire(session, names, actor_id=current_user.id, now=now())
        flash(f"Retired: {_counted(len(done))}. New attempts do not get them any more; nothing is deleted.", "right")
    transactions.commit()
    return redirect(_back(), 303)


def _as_yaml(names: list[str]) -> Response:
    """Those of these questions that are ready, as a file."""
    address = str(current_app.config["SETTINGS"].public_url)
    made = exporting.file(transactions.session(), Selection(items=tuple(names)), "yaml", address)
    headers = {"Content-Disposition": f'attachment; filename="{made.file_name}"'}
    return Response(made.departure.data, mimetype=made.media_type, headers=headers)


def _counted(number: int) -> str:
    return f"{number} question" if number == 1 else f"{number} questions"


def _back() -> str:
    query = request.form.get("back", "")
    return url_for("teacher.show_questions") + (
        f"?{query}" if query and "\n" not in query and "\r" not in query else ""
    )


@blueprint.get(A_QUESTION)
@allowed("write questions")
def show_question(name: str) -> str:
    """One question as students get it, where it stands, and how to cite it."""
    session = transactions.session()
    found = looking.question(session, name)
    shown = {"question": found, "type": ITEM_TYPES[found.type]}
    return render_template("teacher/question.html", **shown, reported=inbox.of_question(session, name, current_user))


@blueprint.post(f"{A_QUESTION}/status")
@allowed("write questions")
def change_status(name: str) -> ResponseReturnValue:
    """Retire it, or make it ready again."""
    session, to = transactions.session(), request.form.get("to")
    if to == "retired":
        publishing.retire(session, [name], actor_id=current_user.id, now=now())
        told = "The question is retired. New attempts do not get it any more."
    else:
        publishing.back_to_ready(session, name, actor_id=current_user.id, now=now())
        told = "The question is ready. New attempts get it."
    transactions.commit()
    flash(told, "right")
    return redirect(url_for("teacher.show_question", name=name), 303)


@blueprint.get(f"{A_QUESTION}/history")
@allowed("write questions")
def show_history(name: str) -> str:
    """Every version, what changed in it, who made it and when."""
    return render_template("teacher/question_history.html", history=looking.history(transactions.session(), name))


@blueprint.post(f"{A_QUESTION}/restore")
@allowed("write questions")
def restore_question(name: str) -> ResponseReturnValue:
    """Make an earlier version the current one again."""
    version = request.form.get("version", "")
    publishing.restore(transactions.session(), name, version, actor_id=current_user.id, now=now())
    transactions.commit()
    flash("The earlier version is the current one again.", "right")
    return redirect(url_for("teacher.show_history", name=name), 303)


def _given() -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}


def _wanted(given: dict[str, str]) -> Wanted:
    difficulty = given.get("difficulty", "")
    return Wanted(
        words=listing.wanted_words(given.get("q", "")),
        topic=given.get("topic", ""),
        type=given.get("type", ""),
        skill=given.get("skill", ""),
        difficulty=int(difficulty) if difficulty in tuple("12345") else 0,
        source=given.get("source", ""),
        status=given.get("status", ""),
        author=given.get("author", ""),
        tag=given.get("tag", ""),
        problems="problems" in given,
    )


def _address(given: dict[str, Any], number: int = 1) -> str:
    return "?" + urlencode({**given, "page": number})

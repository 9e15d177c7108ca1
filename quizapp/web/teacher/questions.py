"""The list of questions, one of them, and what can be done with several at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.items import ITEM_TYPES
from quizapp.services import transactions
from quizapp.services.exporting import WRITABLE
from quizapp.services.people import Person
from quizapp.services.questions import listing, looking, publishing
from quizapp.services.questions.listing import Wanted
from quizapp.services.regrading import planning
from quizapp.services.reports import inbox
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.question_editor import A_QUESTION

FILTERS = ("q", "topic", "type", "skill", "difficulty", "source", "status", "author", "tag", "problems")


@blueprint.get("/questions")
@allowed("write questions")
def show_questions() -> str:
    """The questions found, a page at a time."""
    session = transactions.session()
    listing.refresh(session, transactions.write_transaction())
    given = given_filters(request.args)
    sort, number = request.args.get("sort", "-changed"), request.args.get("page", 1, type=int)
    found = listing.page(session, wanted(given), sort=sort, number=number)
    return render_template(
        "teacher/questions.html",
        found=found,
        given=given,
        sort=sort,
        choices=listing.choices(session),
        skills=[(skill, skill.replace("_", " ")) for skill in looking.SKILLS],
        formats=WRITABLE.items(),
        query=urlencode({**given, "sort": sort}),
        page_address=partial(_address, {**given, "sort": sort}),
    )


@blueprint.get(A_QUESTION)
@allowed("write questions")
def show_question(name: str) -> str:
    """One question as students get it, where it stands, and how to cite it."""
    session = transactions.session()
    found = looking.question(session, name)
    who = cast(Person, current_user)
    asked, waiting = planning.waiting(session, name, found.version, who=who) if found.version else (0, 0)
    shown = {"question": found, "type": ITEM_TYPES[found.type], "asked": asked, "waiting": waiting}
    return render_template("teacher/question.html", **shown, reported=inbox.of_question(session, name, who))


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


def given_filters(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that are set in an address."""
    return {name: value for name in FILTERS if (value := asked.get(name, "").strip())}


def wanted(given: Mapping[str, str]) -> Wanted:
    """What these filters ask for."""
    difficulty = given.get("difficulty", "")
    return Wanted(
        words=listing.wanted_words(given.get("q", "").replace("\0", " ")),
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

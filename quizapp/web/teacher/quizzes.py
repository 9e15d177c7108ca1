"""Quizzes: the list, the builder, its questions, its history."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.review_policy import ASPECTS, MOMENTS
from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.building import draft as drafts
from quizapp.services.building import lines, moves, own, pool
from quizapp.services.building.own import DraftConflict, Window, Work
from quizapp.services.errors import Conflict
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.quiz_forms import MOMENT_WORDS, QuizForm, wrong_fields

A_QUIZ = "/quizzes/<name>"
FILTERS = ("search", "topic", "skill", "type", "difficulty", "source", "author")
A_SECTION = f"{A_QUIZ}/sections/<int(max=99):section>"


@blueprint.get("/quizzes")
@allowed("build quizzes")
def show_quizzes() -> str:
    """The quizzes that there are, and the teacher's own drafts."""
    wanted, sort = _wanted()
    found = lines.lines(transactions.session(), wanted, user_id=current_user.id, sort=sort)
    given = {key: value for key, value in request.args.items() if value and key != "sort"}
    return render_template(
        "teacher/quizzes/list.html", rows=found, wanted=wanted, sort=sort, given=given, origins=lines.ORIGINS
    )


@blueprint.get("/quizzes.csv")
@allowed("build quizzes")
def export_quizzes() -> Response:
    """The list for a spreadsheet."""
    wanted, sort = _wanted()
    found = lines.lines(transactions.session(), wanted, user_id=current_user.id, sort=sort)
    return download(lines.as_csv(found), "quizzes", "csv")


def _wanted() -> tuple[lines.Wanted, str]:
    given = {name: request.args.get(name, "")[:80] for name in ("search", "origin", "mode", "state")}
    return lines.Wanted(**given), request.args.get("sort", "title")[:20]


@blueprint.post("/quizzes/new")
@allowed("build quizzes")
def new_quiz() -> ResponseReturnValue:
    """Begin a quiz."""
    key = secrets.token_hex(4)
    name = own.begin(transactions.session(), user_id=current_user.id, key=key, now=now())
    transactions.commit()
    return redirect(url_for("teacher.edit_quiz", name=name), 303)


@blueprint.get(f"{A_QUIZ}/edit")
@allowed("build quizzes")
def edit_quiz(name: str) -> str:
    """The builder; where something was moved, the eye and the keyboard rest there."""
    found = own.work(transactions.session(), name, user_id=current_user.id)
    return _page(found, QuizForm(formdata=None, data=found.draft), request.args.get("at", "")[:40])


@blueprint.post(f"{A_QUIZ}/edit")
@allowed("build quizzes")
def change_quiz(name: str) -> ResponseReturnValue:
    """Keep what is typed, then do what was pressed: move, add, look, or save as a new version."""
    session, do = transactions.session(), request.form.get("do", "keep")[:40]
    form = QuizForm()
    if "sections-0-kind" not in request.form and "title" not in request.form:
        return redirect(url_for("teacher.edit_quiz", name=name), 303)
    draft = drafts.cleaned(form.draft())
    rests_at = moves.moved(draft, do)
    window = Window((form.window.data or "")[:16], (form.seen.data or "")[:16])
    try:
        own.keep(session, name, draft, user_id=current_user.id, now=now(), window=window)
    except DraftConflict as conflict:
        return _both(conflict, do)
    if do in ("save", "save-over"):
        return _save(name, do == "save-over")
    transactions.commit()
    if do == "autosave":
        return "", 204
    return redirect(_onwards(name, do, rests_at), 303)


def _both(conflict: DraftConflict, do: str) -> ResponseReturnValue:
    """Both texts, mine in the form; to send it again from there is a choice, not an accident."""
    transactions.rollback()
    if do == "autosave":
        return jsonify(message=conflict.message), conflict.status
    form = QuizForm(formdata=None, data=conflict.mine)
    return _page(conflict.theirs, form, conflict=conflict), conflict.status


def _onwards(name: str, do: str, rests_at: str | None) -> str:
    what, _, section = do.partition(":")
    if what == "find" and section.isdecimal() and len(section) < 3:
        return url_for("teacher.find_questions", name=name, section=int(section))
    if what == "preview":
        return url_for("teacher.preview_quiz", name=name)
    if rests_at is None:
        flash("Your draft is kept. Students see it once you save it as a version.", "right")
        return url_for("teacher.edit_quiz", name=name)
    return url_for("teacher.edit_quiz", name=name, at=rests_at, do=do, _anchor=rests_at)


def _save(name: str, over: bool) -> ResponseReturnValue:
    """Save the version; where that cannot be, what is typed is kept as the draft all the same."""
    try:
        quiz = own.save(transactions.session(), name, user_id=current_user.id, now=now(), over=over)
    except (Mistakes, Conflict) as refusal:
        transactions.commit()
        found = own.work(transactions.session(), name, user_id=current_user.id)
        form = QuizForm(formdata=None, data=found.draft)
        form.say(refusal.fields if isinstance(refusal, Mistakes) else {})
        return _page(found, form), refusal.status
    transactions.commit()
    flash("Saved. New attempts get this version; those that run keep theirs.", "right")
    return redirect(url_for("teacher.edit_quiz", name=quiz), 303)


def _page(found: Work, form: QuizForm, rests_at: str = "", conflict: DraftConflict | None = None) -> str:
    session = transactions.session()
    form.offer(pool.choices(session))
    form.window.data, form.seen.data = secrets.token_hex(4), found.mark
    shown = conflict.mine if conflict else found.draft
    return render_template(
        "teacher/quizzes/edit.html",
        work=found,
        form=form,
        conflict=conflict,
        differs=own.differs(session, found) if found.is_behind else (),
        left_out=own.left_out(session, found),
        others=own.others_at_it(session, found.name, user_id=current_user.id, now=now()),
        questions=pool.questions(session, shown),
        counts=pool.counts(session, shown),
        wrong=wrong_fields(form),
        rests_at=rests_at,
        moments=[(one, MOMENT_WORDS[one]) for one in MOMENTS],
        aspects=ASPECTS,
    )


@blueprint.get("/quizzes/pool.json")
@allowed("build quizzes")
def count_pool() -> Response:
    """How many questions a draw can choose from, as its fields stand just now."""
    given = request.args
    section: dict[str, Any] = {one: given.getlist(one)[:80] for one in drafts.POOL_LISTS}
    section |= {one: given.get(one, "")[:80] for one in ("low", "high", "tag")}
    return jsonify(count=pool.count(transactions.session(), section, set(given.getlist("fixed")[:2000])))


@blueprint.get(A_SECTION)
@allowed("build quizzes")
def find_questions(name: str, section: int) -> ResponseReturnValue:
    """Search for questions to put into a section."""
    session = transactions.session()
    found = own.work(session, name, user_id=current_user.id)
    if section >= len(found.draft["sections"]):
        return redirect(url_for("teacher.edit_quiz", name=name), 303)
    wanted = pool.Wanted(**{one: request.args.get(one, "")[:80] for one in FILTERS})
    sort, number = request.args.get("sort", "topic")[:20], request.args.get("page", 1, int)
    return render_template(
        "teacher/quizzes/find.html",
        work=found,
        section=section,
        wanted=wanted,
        sort=sort,
        given={key: request.args[key] for key in FILTERS if request.args.get(key)},
        known=pool.choices(session),
        found=pool.find(session, wanted, user_id=current_user.id, sort=sort, number=number),
        there={one for part in found.draft["sections"] for one in part["items"]},
    )


@blueprint.post(A_SECTION)
@allowed("build quizzes")
def add_questions(name: str, section: int) -> ResponseReturnValue:
    """Put the ticked questions into the section."""
    session = transactions.session()
    found = own.work(session, name, user_id=current_user.id)
    count = moves.add_items(found.draft, section, [one[:80] for one in request.form.getlist("item")[:200]])
    own.keep(session, name, found.draft, user_id=current_user.id, now=now())
    transactions.commit()
    if count:
        flash(f"{count} question{'' if count == 1 else 's'} added.", "right")
    else:
        flash("No question was added: tick at least one that is not in the quiz yet.", "partial")
    if not count or request.form.get("then") == "more":
        filters: dict[str, Any] = {key: request.form[key][:80] for key in (*FILTERS, "sort") if request.form.get(key)}
        return redirect(url_for("teacher.find_questions", name=name, section=section, **filters), 303)
    return redirect(url_for("teacher.edit_quiz", name=name, _anchor=f"section-{section}"), 303)


@blueprint.post(f"{A_QUIZ}/duplicate")
@allowed("build quizzes")
def duplicate_quiz(name: str) -> ResponseReturnValue:
    """A copy, as a draft."""
    key = secrets.token_hex(4)
    made = own.duplicate(transactions.session(), name, user_id=current_user.id, key=key, now=now())
    transactions.commit()
    flash("This is your copy. Give it a title of its own, and save it when it is ready.", "right")
    return redirect(url_for("teacher.edit_quiz", name=made), 303)


@blueprint.post(f"{A_QUIZ}/drop")
@allowed("build quizzes")
def drop_quiz_draft(name: str) -> ResponseReturnValue:
    """Let go of the draft."""
    remains = own.drop(transactions.session(), name, user_id=current_user.id)
    transactions.commit()
    flash("Your draft is dropped." + (" The quiz is as it was." if remains else ""), "right")
    return redirect(url_for("teacher.edit_quiz", name=name) if remains else url_for("teacher.show_quizzes"), 303)


@blueprint.post(f"{A_QUIZ}/withdraw")
@allowed("build quizzes")
def withdraw_quiz(name: str) -> ResponseReturnValue:
    """Take it out of all lists, or put it back."""
    wanted = request.form.get("withdrawn") == "1"
    own.withdraw(transactions.session(), name, wanted, user_id=current_user.id, now=now())
    transactions.commit()
    said = "withdrawn: nobody can start it; attempts and results stay" if wanted else "back in the lists"
    flash(f"The quiz is {said}.", "right")
    return redirect(url_for("teacher.show_quizzes"), 303)


@blueprint.get(f"{A_QUIZ}/history")
@allowed("build quizzes")
def show_quiz_history(name: str) -> str:
    """Every version, with who saved it."""
    session = transactions.session()
    found = own.work(session, name, user_id=current_user.id)
    return render_template("teacher/quizzes/history.html", work=found, versions=own.history(session, name))


@blueprint.post(f"{A_QUIZ}/history")
@allowed("build quizzes")
def restore_quiz(name: str) -> ResponseReturnValue:
    """Take an older version as the draft."""
    version = request.form.get("version", "")[:64]
    own.restore(transactions.session(), name, version, user_id=current_user.id, now=now())
    transactions.commit()
    flash("This is the older version, as your draft. Save it to make it the present one.", "right")
    return redirect(url_for("teacher.edit_quiz", name=name), 303)

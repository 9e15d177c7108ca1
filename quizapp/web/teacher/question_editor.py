"""Writing a question: its form, its preview, what is kept while it is written."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain import typed_changes
from quizapp.domain.difference import differences
from quizapp.domain.entry import InvalidEntry, Problem
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import Typed, tidied
from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotFound
from quizapp.services.questions import drafting, evidence, preview, publishing
from quizapp.services.questions.drafting import EditConflict, Sheet, Theirs
from quizapp.services.reports import deciding
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.question_forms import (
    folded,
    folded_title,
    form_of,
    messages,
    must_show,
    parts,
    summary,
)
from quizapp.web.teacher.question_words import type_words

A_QUESTION = "/questions/<name>"


@blueprint.get("/questions/new")
@allowed("write questions")
def new_question() -> ResponseReturnValue:
    """Choose a type, then a blank form of it; or one filed as another question is."""
    name = f"question-{secrets.token_hex(4)}"
    chosen, like = request.args.get("type", ""), request.args.get("like", "")
    if like:
        return _page(drafting.another(transactions.session(), name, like))
    if not chosen:
        return render_template("teacher/question_types.html", types=ITEM_TYPES, words=type_words)
    return _page(drafting.new_sheet(name, chosen))


@blueprint.get(f"{A_QUESTION}/edit")
@allowed("write questions")
def edit_question(name: str) -> ResponseReturnValue:
    """The question as it was last typed."""
    return _page(drafting.sheet(transactions.session(), name))


@blueprint.post(f"{A_QUESTION}/edit")
@allowed("write questions")
def change_question(name: str) -> ResponseReturnValue:
    """Keep what was typed; then do what the button says: another row, a passage, make it ready."""
    sheet = _sent(name)
    change = request.form.get("change", "draft")
    try:
        if change == "ready":
            return _make_ready(sheet)
        sheet, focus = _changed(sheet, change)
        revision = drafting.save(transactions.session(), sheet, actor_id=current_user.id, now=now())
    except EditConflict as conflict:
        transactions.rollback()
        return _conflict(sheet, conflict.theirs)
    transactions.commit()
    sheet = replace(sheet, revision=revision)
    if change == "draft":
        flash("The draft is kept. Students do not see it.", "right")
        return redirect(url_for("teacher.edit_question", name=name), 303)
    return _page(sheet, focus=focus, picking=_picking(change))


@blueprint.post(f"{A_QUESTION}/draft")
@allowed("write questions")
def keep_draft(name: str) -> ResponseReturnValue:
    """Keep what was typed, for a script; says what checking the quotes gave."""
    sheet = _sent(name)
    session = transactions.session()
    try:
        revision = drafting.save(session, sheet, actor_id=current_user.id, now=now())
    except EditConflict as conflict:
        transactions.rollback()
        theirs = conflict.theirs
        return jsonify({"who": theirs.who, "revision": theirs.sheet.revision, "base": theirs.sheet.base}), 409
    checked = evidence.checks_of_typed(session, sheet.type, sheet.typed)
    transactions.commit()
    told = {place: {"outcome": one.outcome, "message": one.message} for place, one in checked.items()}
    return jsonify({"revision": revision, "checks": told})


@blueprint.post(f"{A_QUESTION}/preview")
@allowed("write questions")
def preview_question(name: str) -> str:
    """What is typed as a student will see it; nothing is kept."""
    sheet = _sent(name)
    shown = preview.of_typed(transactions.session(), sheet.type, sheet.typed)
    return render_template("teacher/_question_preview.html", shown=shown)


@blueprint.post(f"{A_QUESTION}/discard")
@allowed("write questions")
def discard_draft(name: str) -> ResponseReturnValue:
    """Throw away what was typed."""
    drafting.discard(transactions.session(), name)
    transactions.commit()
    flash("The draft is thrown away.", "right")
    return redirect(url_for("teacher.show_questions"), 303)


def _sent(name: str) -> Sheet:
    """What a page sends."""
    type_name = request.form.get("type", "")
    if type_name not in ITEM_TYPES:
        raise NotFound("There is no such type of question. Choose one from the list.")
    form = form_of(type_name, None, {})
    given = {**form.typed(ITEM_TYPES[type_name]), "id": name}
    revision = form.revision.data or ""
    known = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
    blank = drafting.new_sheet(name, type_name)  # raises NotFound for a name that is none
    return replace(blank, typed=given, base=form.base.data or "", revision=known)


def _make_ready(sheet: Sheet) -> ResponseReturnValue:
    tidy = tidied(sheet.typed, ITEM_TYPES[sheet.type])
    sheet = replace(sheet, typed={**tidy, "new_topic": sheet.typed["new_topic"]})
    try:
        publishing.make_ready(transactions.session(), sheet, actor_id=current_user.id, now=now())
    except InvalidEntry as invalid:
        transactions.rollback()
        transactions.begin(read_only=False)
        revision = drafting.save(transactions.session(), sheet, actor_id=current_user.id, now=now())
        transactions.commit()
        return _page(replace(sheet, revision=revision), problems=invalid.problems), Mistakes.status
    transactions.commit()
    flash("The question is ready. New attempts get it; those that run keep what they have.", "right")
    return redirect(url_for("teacher.show_question", name=sheet.name), 303)


def _changed(sheet: Sheet, change: str) -> tuple[Sheet, str]:
    """What is typed once the button has done its work, and where to go on typing."""
    model = ITEM_TYPES[sheet.type]
    deed, _, rest = change.partition(":")
    place, _, ref = rest.partition(":")
    given, focus = sheet.typed, place
    if deed == "add":
        given, focus = typed_changes.add(given, model, place)
    elif deed == "remove":
        given, focus = typed_changes.remove(given, model, place)
    elif deed in ("up", "down"):
        given, focus = typed_changes.move(given, model, place, -1 if deed == "up" else 1)
    elif deed == "choose":
        given, focus = typed_changes.put(given, place, "passage", ref), f"{place}-quote"
    elif deed in ("find", "search"):
        focus = f"{place}-search"
        given = typed_changes.put(given, place, "passage", "") if deed == "find" and _words_for(place) else given
    return replace(sheet, typed=given), focus


def _words_for(place: str) -> str:
    """What is typed where a passage is named, and names none: words to look for."""
    sent = request.form.get(f"{place}-passage", "").strip()
    return "" if "/" in sent else sent


def _picking(change: str) -> str:
    """The place for which a passage is being looked for."""
    deed, _, rest = change.partition(":")
    return rest.partition(":")[0] if deed in ("find", "search", "choose") else ""


def _page(
    sheet: Sheet,
    *,
    focus: str = "",
    picking: str = "",
    problems: tuple[Problem, ...] = (),
    theirs: Theirs | None = None,
) -> str:
    session = transactions.session()
    form = form_of(sheet.type, sheet.typed, publishing.topics(session))
    form.revision.data, form.base.data = str(sheet.revision), sheet.base
    told = messages(form, problems)
    return render_template(
        "teacher/question_edit.html",
        sheet=sheet,
        form=form,
        parts=parts(form, sheet.type),
        type=ITEM_TYPES[sheet.type],
        words=type_words,
        told=told,
        summary=summary(form, told),
        folded=folded,
        folded_title=folded_title,
        must_show=must_show,
        checks=evidence.checks_of_typed(session, sheet.type, sheet.typed),
        focus=focus,
        picker=_picker(sheet.typed, picking) if picking else None,
        shown=preview.of_typed(session, sheet.type, sheet.typed),
        theirs=theirs,
        differences=differences(theirs.sheet.typed, sheet.typed) if theirs else (),
        reported=deciding.beside(session, sheet.name, teacher=current_user),
    )


def _picker(given: Typed, place: str) -> dict[str, Any]:
    """What the picker of passages shows."""
    session = transactions.session()
    held = typed_changes.at(given, place)
    ref = str(held.get("passage") or "") if isinstance(held, dict) else ""
    words = (not ref and _words_for(place)) or request.form.get("passage_search", "")
    return {
        "place": place,
        "words": words,
        "hits": evidence.search(session, words),
        "passage": evidence.shown(session, ref) if ref else None,
        "ref": ref,
    }


def _conflict(mine: Sheet, theirs: Theirs) -> ResponseReturnValue:
    """Both texts; sending mine again from here is a choice, not an accident."""
    going_on = replace(mine, revision=theirs.sheet.revision, base=theirs.sheet.base)
    return _page(going_on, theirs=theirs), 409

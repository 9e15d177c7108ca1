"""Correcting how a source's text is cut into passages."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import own, parts
from quizapp.services.own_sources.parts import ChangedMeanwhile, Typed
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.sources import A_SOURCE


@blueprint.get(f"{A_SOURCE}/passages")
@allowed("add sources")
def edit_parts(name: str) -> str:
    """The passages, a page at a time."""
    return _page(name, request.args.get("page", 1, int), focus=request.args.get("at", "")[:20])


@blueprint.post(f"{A_SOURCE}/passages")
@allowed("add sources")
def change_parts(name: str) -> ResponseReturnValue:
    """Keep what is typed, then do what the button says."""
    given = request.form
    number, deed = given.get("page", 1, int), given.get("change", "keep")[:40]
    typed = _typed()
    where = given.get(f"where-{deed.partition(':')[2]}", "")
    at = int(where) if where.isdecimal() and len(where) < 9 else -1
    session = transactions.session()
    own.to_change(session, name, current_user)
    try:
        focus = parts.change(
            session, name, typed, deed, at, given.get("revision", 0, int), asking=current_user, now=now()
        )
    except ChangedMeanwhile:
        transactions.rollback()
        return _page(name, number, typed=typed, is_conflict=True), 409
    except Mistakes as mistakes:
        transactions.rollback()
        return _page(name, number, typed=typed, told=mistakes.fields), mistakes.status
    transactions.commit()
    return _onwards(name, deed, number, focus)


def _onwards(name: str, deed: str, number: int, focus: str) -> ResponseReturnValue:
    if deed == "done":
        flash("The passages are kept.", "right")
        return redirect(url_for("teacher.show_source", name=name), 303)
    if deed == "anew":
        flash("The text is cut anew, from its paragraphs and headings.", "right")
        return redirect(url_for("teacher.edit_parts", name=name), 303)
    if deed in ("previous", "next"):
        number += 1 if deed == "next" else -1
    elif not focus:
        flash("Kept.", "right")
    return redirect(url_for("teacher.edit_parts", name=name, page=number, at=focus or None, _anchor=focus or None), 303)


def _typed() -> dict[str, Typed]:
    """What stands in the form about each part that it shows."""
    given = request.form
    return {
        one: Typed(
            heading=given.get(f"heading-{one}", ""),
            account=given.get(f"account-{one}", "").replace("\r\n", "\n").replace("\0", ""),
            is_paratext=f"paratext-{one}" in given,
            is_left_out=f"out-{one}" in given,
        )
        for one in given.getlist("part")[: parts.A_PAGE]
        if f"heading-{one}" in given
    }


def _page(
    name: str, number: int, *, focus: str = "", typed: dict[str, Typed] | None = None,
    told: dict[str, list[str]] | None = None, is_conflict: bool = False,
) -> str:  # fmt: skip
    session = transactions.session()
    source = own.find(session, name)
    return render_template(
        "teacher/sources/passages.html",
        source=source,
        may_change=own.may_change(source, current_user),
        page_of=parts.page(source, own.text_of(session, source), number, typed),
        told=told or {},
        focus=focus,
        is_conflict=is_conflict,
    )

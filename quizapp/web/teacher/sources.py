"""Sources that teachers add: the list, adding one, describing it, making it ready, retiring it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import looking, own, ready, receiving
from quizapp.services.own_sources.own import Added
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.source_forms import NewSourceForm, PanelForm, TextForm, go_on, let_go

A_SOURCE = "/sources/<name>"


@blueprint.get("/sources")
@allowed("add sources")
def show_sources() -> str:
    """Sources that teachers added, and those of the catalogue with their documents."""
    session, sort = transactions.session(), request.args.get("sort", "-changed")
    return render_template(
        "teacher/sources/list.html",
        lines=looking.lines(session, current_user, sort),
        catalogued=looking.catalogued(session),
        states=looking.STATES,
        sort=sort,
    )


@blueprint.get("/sources.csv")
@allowed("add sources")
def export_sources() -> Response:
    """The list for a spreadsheet."""
    found = looking.lines(transactions.session(), current_user, request.args.get("sort", "-changed"))
    headers = {"Content-Disposition": 'attachment; filename="sources.csv"'}
    return Response(looking.as_csv(found), mimetype="text/csv", headers=headers)


@blueprint.get("/sources/new")
@allowed("add sources")
def new_source() -> str:
    """A form for a document."""
    return _new_page(NewSourceForm())


@blueprint.post("/sources/new")
@allowed("add sources")
def add_source() -> ResponseReturnValue:
    """Read the document, keep it and go on to how it is cut."""
    form = NewSourceForm()
    added = form.result(lambda: _added(form))
    if added is None:
        return _new_page(form), Mistakes.status
    transactions.commit()
    _tell(added)
    return redirect(url_for("teacher.edit_parts", name=added.name), 303)


def _added(form: NewSourceForm) -> Added:
    sent, asking = form.sent(), current_user._get_current_object()  # noqa: SLF001 a proxy's way to what it stands for
    let_go()
    made = receiving.read(sent)
    go_on()
    return own.add(transactions.session(), form.title.data or "", made, sent.name, asking=asking, now=now())


def _tell(added: Added) -> None:
    number = f"{added.parts} passage" if added.parts == 1 else f"{added.parts} passages"
    flash(" ".join([f"The text is kept, cut into {number}.", *added.remarks]), "right")


def _new_page(form: NewSourceForm) -> str:
    return render_template("teacher/sources/new.html", form=form, accepted=receiving.ACCEPTED)


@blueprint.get(A_SOURCE)
@allowed("add sources")
def show_source(name: str) -> str:
    """One source, and what is left to do."""
    view = looking.page(transactions.session(), name, current_user)
    return render_template("teacher/sources/one.html", view=view, states=looking.STATES)


@blueprint.get(f"{A_SOURCE}/about")
@allowed("add sources")
def edit_panel(name: str) -> str:
    """What to know of the source."""
    source = own.find(transactions.session(), name)
    form = PanelForm(formdata=None, data=source.panel)
    return _panel_page(name, form)


@blueprint.post(f"{A_SOURCE}/about")
@allowed("add sources")
def change_panel(name: str) -> ResponseReturnValue:
    """Keep what is said of the source, whole or not."""
    session = transactions.session()
    own.to_change(session, name, current_user)
    form = PanelForm()
    given = {field: str(form[field].data or "") for field in own.PANEL}
    source = form.result(lambda: own.describe(session, name, given, asking=current_user, now=now()))
    if source is None:
        return _panel_page(name, form), Mistakes.status
    left = len(own.missing(source))
    transactions.commit()
    flash(f"Kept. {_left(left)}", "right")
    return redirect(url_for("teacher.show_source", name=name), 303)


def _left(number: int) -> str:
    if not number:
        return "Nothing is missing."
    return f"{number} {'thing is' if number == 1 else 'things are'} left to say before readers can have it."


def _panel_page(name: str, form: PanelForm) -> str:
    view = looking.page(transactions.session(), name, current_user)
    return render_template("teacher/sources/about.html", view=view, form=form)


@blueprint.get(f"{A_SOURCE}/text")
@allowed("add sources")
def new_source_text(name: str) -> str:
    """A form for another text of the source."""
    return _text_page(name, TextForm())


@blueprint.post(f"{A_SOURCE}/text")
@allowed("add sources")
def give_source_text(name: str) -> ResponseReturnValue:
    """Keep another text as the source's next."""
    form, asking = TextForm(), current_user._get_current_object()  # noqa: SLF001
    own.to_change(transactions.session(), name, asking)
    added = form.result(lambda: _given_text(name, form))
    if added is None:
        return _text_page(name, form), Mistakes.status
    transactions.commit()
    _tell(added)
    return redirect(url_for("teacher.edit_parts", name=name), 303)


def _given_text(name: str, form: TextForm) -> Added:
    sent, asking = form.sent(), current_user._get_current_object()  # noqa: SLF001
    let_go()
    made = receiving.read(sent)
    go_on()
    return own.give_text(transactions.session(), name, made, sent.name, asking=asking, now=now())


def _text_page(name: str, form: TextForm) -> str:
    view = looking.page(transactions.session(), name, current_user)
    return render_template("teacher/sources/text.html", view=view, form=form, accepted=receiving.ACCEPTED)


@blueprint.post(f"{A_SOURCE}/ready")
@allowed("add sources")
def make_source_ready(name: str) -> ResponseReturnValue:
    """Give the source to readers."""
    try:
        done = ready.make_ready(transactions.session(), name, asking=current_user, now=now())
    except Mistakes:
        transactions.rollback()
        flash("Not ready yet: what is missing stands below.", "wrong")
        return redirect(url_for("teacher.show_source", name=name), 303)
    transactions.commit()
    back = f" Back to draft, until somebody looks: {_questions(len(done.questions))}." if done.questions else ""
    flash(f"Readers have the source now, and questions can cite it.{back}", "right")
    return redirect(url_for("teacher.show_source", name=name), 303)


def _questions(number: int) -> str:
    return f"{number} question" if number == 1 else f"{number} questions"


@blueprint.post(f"{A_SOURCE}/retire")
@allowed("add sources")
def retire_source(name: str) -> ResponseReturnValue:
    """Take the source from readers."""
    sent = ready.retire(transactions.session(), name, asking=current_user, now=now())
    transactions.commit()
    back = f" Back to draft: {_questions(len(sent))}." if sent else ""
    flash(f"The source is retired; its text is kept for those who look back at an attempt.{back}", "right")
    return redirect(url_for("teacher.show_source", name=name), 303)

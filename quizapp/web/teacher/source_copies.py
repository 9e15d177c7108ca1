"""Other copies of catalogued documents: attached as such, looked at, taken away."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import copies, receiving
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.source_forms import TextForm, go_on, let_go

A_COPY = "/copies/<source>"


@blueprint.get(A_COPY)
@allowed("add sources")
def show_copy(source: str) -> str:
    """The other copy of a source's document: which passages are shown from it, and why others are not."""
    return _page(source, TextForm())


@blueprint.post(A_COPY)
@allowed("add sources")
def attach_copy(source: str) -> ResponseReturnValue:
    """Attach a copy in place of any other."""
    form = TextForm()
    copies.page(transactions.session(), source, current_user)
    copies.to_change(transactions.session(), source, current_user)
    done = form.result(lambda: _attached(source, form))
    if done is None:
        return _page(source, form), Mistakes.status
    transactions.commit()
    if done == "document":
        flash("These are the very bytes of the document: it is attached as the document itself.", "right")
    else:
        flash("The copy is attached. Below stands which passages are shown from it.", "right")
    return redirect(url_for("teacher.show_copy", source=source), 303)


def _attached(source: str, form: TextForm) -> str:
    sent, asking = form.sent(), current_user._get_current_object()  # noqa: SLF001 a proxy's way to what it stands for
    let_go()
    made = receiving.read(sent)
    go_on()
    return copies.attach(transactions.session(), source, sent, made, asking=asking, now=now())


@blueprint.post(f"{A_COPY}/remove")
@allowed("add sources")
def remove_copy(source: str) -> ResponseReturnValue:
    """Take the copy away."""
    copies.remove(transactions.session(), source, asking=current_user, now=now())
    transactions.commit()
    flash("The copy is taken away. Readers see our account and the quotes, as before.", "right")
    return redirect(url_for("teacher.show_copy", source=source), 303)


def _page(source: str, form: TextForm) -> str:
    view = copies.page(transactions.session(), source, current_user)
    return render_template("teacher/sources/copy.html", view=view, form=form, accepted=receiving.ACCEPTED)

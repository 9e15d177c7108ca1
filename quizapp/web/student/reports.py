"""Reporting a problem with a question, challenging its key or a judgement, and what became of one's reports."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.problem_report import CHALLENGE, JUDGEMENT
from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.reading.standing import SourcesClosed
from quizapp.services.reports import filing, own, withdrawing
from quizapp.services.reports.filing import Filed, Subject
from quizapp.services.taking.lines import Line
from quizapp.web import limits
from quizapp.web.identity import allowed, current_user
from quizapp.web.reader import pages as reader
from quizapp.web.student import links
from quizapp.web.student.report_forms import ChallengeForm, ProblemForm

blueprint = Blueprint("reports", __name__)
blueprint.register_error_handler(SourcesClosed, reader.closed)
A_QUESTION = "/attempts/<uuid:attempt_id>/<int(max=9999):number>"


def _now() -> datetime:
    return datetime.now(UTC)


@blueprint.get("/reports")
@allowed("report problems")
def show() -> str:
    """What one has reported, and what became of it."""
    return render_template(
        "student/reports.html", reports=own.mine(transactions.session(), current_user.id, now=_now())
    )


@blueprint.post("/reports/<int(max=9223372036854775807):report_id>/withdraw")
@allowed("report problems")
def withdraw(report_id: int) -> ResponseReturnValue:
    """Withdraw a report of one's own that is open."""
    withdrawing.withdraw(transactions.session(), report_id, user_id=current_user.id, now=_now())
    transactions.commit()
    flash("Withdrawn. Your teachers see that there is nothing to do about it any more.", "right")
    return redirect(url_for("reports.show", _anchor=f"report-{report_id}"), 303)


@blueprint.get(f"{A_QUESTION}/report")
@allowed("report problems")
def new_problem(attempt_id: uuid.UUID, number: int) -> str:
    """The form to tell of a problem with a question whose key may be seen."""
    return _problem_page(_reviewed(attempt_id, number), ProblemForm(formdata=None))


@blueprint.post(f"{A_QUESTION}/report")
@allowed("report problems")
@limits.reports
def report_problem(attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Tell of it; whoever says that the key is wrong gets the form to challenge it, with what they wrote."""
    line, form = _reviewed(attempt_id, number), ProblemForm()
    if form.kind.data == CHALLENGE:
        line = _reviewed(attempt_id, number, sources=True)
        return _challenge_page(filing.of_line(line), CHALLENGE, ChallengeForm(), "", line=line)
    given = {"kind": form.kind.data or "", "comment": filing.plain(form.comment.data)}
    subject, deed = filing.of_line(line), filing.report
    filed = form.result(lambda: deed(transactions.session(), subject, **given, user_id=current_user.id, now=_now()))
    return _kept(filed) if filed else (_problem_page(line, form), Mistakes.status)


@blueprint.get(f"{A_QUESTION}/challenge")
@allowed("report problems")
def new_challenge(attempt_id: uuid.UUID, number: int) -> str:
    """The form to challenge the key of a question that may be seen."""
    line = _reviewed(attempt_id, number, sources=True)
    return _challenge_page(filing.of_line(line), CHALLENGE, ChallengeForm(formdata=None), "", line=line)


@blueprint.post(f"{A_QUESTION}/challenge")
@allowed("report problems")
@limits.on_the_way
@limits.reports
def challenge_key(attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Look for a passage, check its words, or send the challenge."""
    line = _reviewed(attempt_id, number, sources=True)
    return _challenged(filing.of_line(line), CHALLENGE, line=line)


@blueprint.get("/disputes/<dispute_id>/challenge")
@allowed("report problems")
def new_judgement(dispute_id: str) -> str:
    """The form to challenge the judgement of a dispute."""
    subject, dispute = filing.of_dispute(transactions.session(), dispute_id, user_id=current_user.id, now=_now())
    return _challenge_page(subject, JUDGEMENT, ChallengeForm(formdata=None), "", dispute=dispute)


@blueprint.post("/disputes/<dispute_id>/challenge")
@allowed("report problems")
@limits.on_the_way
@limits.reports
def challenge_judgement(dispute_id: str) -> ResponseReturnValue:
    """Look for a passage, check its words, or send the challenge."""
    subject, dispute = filing.of_dispute(transactions.session(), dispute_id, user_id=current_user.id, now=_now())
    return _challenged(subject, JUDGEMENT, dispute=dispute)


def _reviewed(attempt_id: uuid.UUID, number: int, *, sources: bool = False) -> Line:
    """The question; ``sources``: where passages may be read, too."""
    session, user_id = transactions.session(), current_user.id
    return filing.reviewed(session, attempt_id, number, user_id=user_id, now=_now(), sources=sources)


def _problem_page(line: Line, form: ProblemForm) -> str:
    linked = links.links(line.passages, line.disputes, may_report=False)
    return render_template("student/report.html", line=line, form=form, **linked)


def _challenge_page(subject: Subject, kind: str, form: ChallengeForm, deed: str, **about: Any) -> str:
    """The form; where one has an open challenge already, that instead."""
    session, line = transactions.session(), about.get("line")
    linked = links.links(line.passages, line.disputes, may_report=False) if line else {}
    return render_template(
        "student/challenge.html",
        subject=subject,
        kind=kind,
        form=form,
        open_one=filing.open_challenge(session, subject, kind, user_id=current_user.id),
        **form.shows(deed),
        **about,
        **linked,
    )


def _challenged(subject: Subject, kind: str, **about: Any) -> ResponseReturnValue:
    form = ChallengeForm()
    deed = form.press()
    if deed != "send":
        return _challenge_page(subject, kind, form, deed, **about)
    given = (subject, kind, form.counter(), filing.plain(form.comment.data))
    filed = form.result(lambda: filing.challenge(transactions.session(), *given, user_id=current_user.id, now=_now()))
    return _kept(filed) if filed else (_challenge_page(subject, kind, form, deed, **about), Mistakes.status)


def _kept(filed: Filed) -> ResponseReturnValue:
    """To one's reports, with what was done."""
    transactions.commit()
    if filed.again:
        told = "You have told us this already. It stands here once."
    elif filed.merged:
        told = "Thank you. Somebody else has said the same: your words stand beside theirs."
    else:
        told = "Thank you. A teacher will look at it; the answer will stand here and on your home page."
    flash(told, "right")
    return redirect(url_for("reports.show", _anchor=f"report-{filed.id}"), 303)

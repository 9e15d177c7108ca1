"""The inbox of what students report: found, read, answered, accepted, declined."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from quizapp.domain.problem_report import JUDGEMENT, LABELS, LONGEST_ANSWER, STATES
from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.questions import listing
from quizapp.services.reports import deciding, filing, inbox
from quizapp.services.reports.inbox import Wanted
from quizapp.web.account.forms import AccountForm
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import NUMBER, now

A_REPORT = f"/reports/<{NUMBER}:report_id>"
FILTERS = ("state", "kind", "question", "q")
OF_BUTTONS = {
    "reply": "Your answer is sent. The report is still open.",
    "close": "Your answer is sent, and the report is closed.",
    "accept": "Accepted; those who reported it are told. Change the question, then make it ready.",
    "decline": "Declined. Those who reported it read your reason.",
}


class AnswerForm(AccountForm):
    """What a teacher answers."""

    text = TextAreaField("Your words to the students", render_kw={"maxlength": LONGEST_ANSWER, "rows": 4})


@blueprint.get("/reports")
@allowed("answer reports")
def show_problem_reports() -> str:
    """The reports found, a page at a time; those that are open, unless another state is asked for."""
    given, sort = _given(), request.args.get("sort", "-last")
    found = inbox.page(transactions.session(), _wanted(given), sort=sort, number=request.args.get("page", 1, type=int))
    return render_template(
        "teacher/reports.html",
        found=found,
        given=given,
        sort=sort,
        labels=LABELS,
        states=STATES,
        page_address=partial(_address, {**given, "sort": sort}),
        export=f"{url_for('teacher.export_problem_reports')}?{urlencode({**given, 'sort': sort})}",
    )


@blueprint.get("/reports.csv")
@allowed("answer reports")
def export_problem_reports() -> Response:
    """The reports found, for a spreadsheet."""
    text = inbox.as_csv(transactions.session(), _wanted(_given()), sort=request.args.get("sort", "-last"))
    return download(text, "reports", "csv")


@blueprint.get(A_REPORT)
@allowed("answer reports")
def show_problem_report(report_id: int) -> str:
    """One report: what is said, by whom, on what evidence, and what to do about it."""
    return _page(report_id, AnswerForm(formdata=None))


@blueprint.post(A_REPORT)
@allowed("answer reports")
def answer_problem_report(report_id: int) -> ResponseReturnValue:
    """Reply, reply and close, accept, decline; or say that the question as it is now answers it."""
    session, deed, teacher = transactions.session(), request.form.get("deed", ""), current_user
    form = AnswerForm()
    if deed == "settle":
        deciding.settle(session, report_id, teacher=teacher, now=now())
        transactions.commit()
        flash("Done: those who reported it are told that the question was changed.", "right")
        return redirect(url_for("teacher.show_problem_report", report_id=report_id), 303)
    words = filing.plain(form.text.data)
    report = form.result(lambda: deciding.answer(session, report_id, deed, words, teacher=teacher, now=now()))
    if report is None:
        return _page(report_id, form), Mistakes.status
    transactions.commit()
    if deed == "accept" and report.kind == JUDGEMENT:
        flash("Accepted. Those who challenged it are told.", "right")
    elif deed == "reply" and report.state != "open":
        flash("Your answer is sent.", "right")
    else:
        flash(OF_BUTTONS[deed], "right")
    if deed == "accept" and report.kind != JUDGEMENT:
        return redirect(url_for("teacher.edit_question", name=report.subject), 303)
    return redirect(url_for("teacher.show_problem_report", report_id=report_id), 303)


def _page(report_id: int, form: AnswerForm) -> str:
    session = transactions.session()
    found = deciding.report_page(session, report_id, teacher=current_user)
    return render_template("teacher/report.html", found=found, form=form)


def _given() -> dict[str, str]:
    """The filters: open reports, unless all are asked for."""
    given = {name: request.args.get(name, "").replace("\0", "").strip() for name in FILTERS}
    if "state" not in request.args and not given["question"]:
        given["state"] = "open"
    return {name: value for name, value in given.items() if value or name == "state"}


def _wanted(given: dict[str, str]) -> Wanted:
    state, kind = given.get("state", ""), given.get("kind", "")
    return Wanted(
        seen_by=inbox.seen_by(current_user),
        state=state if state in STATES else "",
        kinds=(kind,) if kind in LABELS else (),
        words=tuple(word.replace('"', "") for word in listing.wanted_words(given.get("q", ""))),
        subject=given.get("question", ""),
    )


def _address(given: dict[str, Any], number: int = 1) -> str:
    return "?" + urlencode({**given, "page": number})

"""A running attempt: its questions, saving, checking, the summary, submitting; and its result."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.domain.attempt import AttemptClosed, SlotFinal, Stamp, Standing
from quizapp.services import taking, transactions
from quizapp.services.errors import NotAllowed, SignInNeeded
from quizapp.web.identity import allowed, viewer
from quizapp.web.student import asking, links, looks, trials

blueprint = Blueprint("attempts", __name__, url_prefix="/attempts")
CLIENT = re.compile(r"[A-Za-z0-9_-]{8,64}")
LONGEST_STAMP = 80
blueprint.context_processor(lambda: {"trial": trials.running()})


def _user() -> int:
    """Whose attempt it is to be: the viewer's, or that of the stand-in in a teacher's trial."""
    user_id = viewer().user_id
    if user_id is None:
        raise SignInNeeded
    trial = trials.running()
    return trial.stand_in if trial else user_id


def _now() -> datetime:
    return datetime.now(UTC)


def _settled(attempt_id: uuid.UUID) -> taking.AttemptFrame:
    """The attempt as it stands; one that the clock has ended is submitted first."""
    frame = taking.frame(transactions.session(), attempt_id, user_id=_user(), now=_now())
    if not frame.closing:
        return frame
    with transactions.write_transaction():
        taking.close_overdue(transactions.session(), now=_now(), user_id=_user())
    return taking.frame(transactions.session(), attempt_id, user_id=_user(), now=_now())


@blueprint.get("/<uuid:attempt_id>")
@allowed("take quizzes")
def resume(attempt_id: uuid.UUID) -> Response:
    """To where the attempt was left: the first question without an answer, the summary, or the result."""
    frame = _settled(attempt_id)
    if frame.submitted:
        return redirect(url_for(".result", attempt_id=attempt_id))
    number = frame.resting_place
    if number is None:
        return redirect(url_for(".summary", attempt_id=attempt_id))
    return redirect(url_for(".question", attempt_id=attempt_id, number=number))


@blueprint.get("/<uuid:attempt_id>/<int(max=9999):number>")
@allowed("take quizzes", on_the_cookies_word=True)
def question(attempt_id: uuid.UUID, number: int) -> str | Response:
    """One question of an open attempt."""
    epoch = viewer().epoch
    session = transactions.session_at_need()
    page = taking.question_page(session, attempt_id, number, user_id=_user(), now=_now(), epoch=epoch)
    if page.frame.submitted or page.frame.closing:
        return redirect(url_for(".resume", attempt_id=attempt_id))
    if page.frame.reached not in (None, number):
        return _elsewhere(attempt_id, number, page.frame.reached or 1)
    if page.first_time:
        looks.note(attempt_id, number, user_id=_user(), now=_now())
    return asking.question_page(page)


def _leave(attempt_id: uuid.UUID, number: int) -> Response:
    """On to the next question for good; from one without an answer only on a second press."""
    steps = taking.frame(transactions.session(), attempt_id, user_id=_user(), now=_now()).steps
    is_done = 0 < number <= len(steps) and (steps[number - 1].answered or steps[number - 1].checked)
    if not (is_done or "sure" in request.form):
        return redirect(url_for(".question", attempt_id=attempt_id, number=number, sure=1))
    taking.leave(transactions.session(), attempt_id, number, user_id=_user())
    transactions.commit()
    return redirect(url_for(".resume", attempt_id=attempt_id))


def _elsewhere(attempt_id: uuid.UUID, number: int, reached: int) -> Response:
    """Where the questions go one way: to the only one that is open."""
    why = "has been left and stays closed" if number < reached else "comes later"
    flash(f"In this quiz the questions go one way: question {number} {why}. You are at question {reached}.", "partial")
    return redirect(url_for(".question", attempt_id=attempt_id, number=reached))


def _save(attempt_id: uuid.UUID, number: int) -> taking.Receipt:
    """Keep what the form holds; nothing is said of it before the commit."""
    asking = viewer()
    client, sequence = request.form.get("client", ""), request.form.get("sequence", "")
    scripted = CLIENT.fullmatch(client) and sequence.isascii() and sequence.isdigit() and len(sequence) < 10
    sent = taking.Sent(
        attempt_id,
        number,
        request.form.to_dict(flat=False),
        user_id=_user(),
        epoch=asking.epoch,
        fresh=secrets.token_hex(8),
        stamp=Stamp(client, int(sequence)) if scripted else None,
        base=Stamp.parse(request.form.get("base", "")[:LONGEST_STAMP]),
    )
    receipt = taking.respond(transactions.session_at_need(), sent, now=_now())
    transactions.commit()
    return receipt


@blueprint.post("/<uuid:attempt_id>/<int(max=9999):number>")
@allowed("take quizzes", on_the_cookies_word=True)
def save(attempt_id: uuid.UUID, number: int) -> Response | tuple[Response, int] | tuple[str, int]:
    """Save an answer: from the page's script, which wants to know what became of it, or from a form's buttons."""
    if "unchanged" in request.form:
        return _onwards(attempt_id, number)
    receipt = _save(attempt_id, number)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(_told(receipt)), 409 if receipt.standing is Standing.CONFLICT else 200
    if receipt.standing is Standing.CONFLICT:
        page = taking.question_page(transactions.session(), attempt_id, number, user_id=_user(), now=_now())
        return asking.question_page(page, receipt), 409
    if receipt.standing is Standing.LATE:
        flash("That answer came too late to count. It is kept, and your result shows it.", "wrong")
        return redirect(url_for(".resume", attempt_id=attempt_id))
    return _onwards(attempt_id, number)


def _told(receipt: taking.Receipt) -> dict[str, object]:
    return {
        "standing": receipt.standing.value,
        "stamp": str(receipt.stamp),
        "current": str(receipt.current or ""),
        "form": receipt.current_form,
        "answered": receipt.answered,
    }


def _onwards(attempt_id: uuid.UUID, number: int) -> Response:
    """Where the button that was pressed leads; «leave» goes on for good, where the questions go one way."""
    if "leave" in request.form:
        return _leave(attempt_id, number)
    where = request.form.get("go", "")
    if where == "summary":
        return redirect(url_for(".summary", attempt_id=attempt_id))
    if where.isascii() and where.isdigit() and len(where) <= 4:
        return redirect(url_for(".question", attempt_id=attempt_id, number=int(where)))
    flash("Saved.")
    return redirect(url_for(".question", attempt_id=attempt_id, number=number))


@blueprint.post("/<uuid:attempt_id>/<int(max=9999):number>/check")
@allowed("take quizzes")
def check(attempt_id: uuid.UUID, number: int) -> Response | tuple[str, int]:
    """Practice: keep the answer, make it final, then show feedback and evidence."""
    here = url_for(".question", attempt_id=attempt_id, number=number)
    if "unchanged" not in request.form:
        receipt = _save(attempt_id, number)
        if receipt.standing is Standing.CONFLICT:
            page = taking.question_page(transactions.session(), attempt_id, number, user_id=_user(), now=_now())
            return asking.question_page(page, receipt), 409
    give_up = "give_up" in request.form
    try:
        taking.check(transactions.session(), attempt_id, number, user_id=_user(), now=_now(), give_up=give_up)
    except SlotFinal:
        return redirect(f"{here}#review")
    except taking.NothingAnswered as nothing:
        flash(nothing.message, "partial")
        return redirect(here)
    transactions.commit()
    return redirect(f"{here}#review")


@blueprint.post("/<uuid:attempt_id>/<int(max=9999):number>/self-check")
@allowed("take quizzes")
def self_check(attempt_id: uuid.UUID, number: int) -> Response:
    """Keep how the own reason stands beside the explanation, and go back to where that was asked."""
    verdict = request.form.get("self_check", "")
    taking.self_check(transactions.session(), attempt_id, number, verdict, user_id=_user(), now=_now())
    transactions.commit()
    if taking.frame(transactions.session(), attempt_id, user_id=_user(), now=_now()).submitted:
        return redirect(f"{url_for('.result', attempt_id=attempt_id)}#question-{number}")
    return redirect(f"{url_for('.question', attempt_id=attempt_id, number=number)}#review")


@blueprint.post("/<uuid:attempt_id>/<int(max=9999):number>/flag")
@allowed("take quizzes")
def flag(attempt_id: uuid.UUID, number: int) -> Response | tuple[str, int]:
    """Mark a question to come back to, or unmark it; what the form holds is kept as well."""
    flagged = request.form.get("flagged") == "1"
    if "unchanged" not in request.form:
        _save(attempt_id, number)
    taking.flag(transactions.session(), attempt_id, number, user_id=_user(), flagged=flagged, now=_now())
    transactions.commit()
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"flagged": flagged})
    return redirect(url_for(".question", attempt_id=attempt_id, number=number))


@blueprint.get("/<uuid:attempt_id>/summary")
@allowed("take quizzes")
def summary(attempt_id: uuid.UUID) -> str | Response:
    """What is answered, what is not, what is flagged; and the way to submit."""
    frame = _settled(attempt_id)
    if frame.submitted:
        return redirect(url_for(".result", attempt_id=attempt_id))
    blank = taking.blank_reasons(transactions.session(), attempt_id, user_id=_user())
    return render_template("student/summary.html", frame=frame, blank_reasons=blank)


@blueprint.post("/<uuid:attempt_id>/submit")
@allowed("take quizzes", on_the_cookies_word=True)
def submit(attempt_id: uuid.UUID) -> Response:
    """Hand the attempt in."""
    taking.submit(transactions.session(), attempt_id, user_id=_user(), now=_now(), epoch=viewer().epoch)
    transactions.commit()
    return redirect(url_for(".result", attempt_id=attempt_id))


def _result(attempt_id: uuid.UUID) -> taking.ResultPage:
    session, epoch = transactions.session_at_need(), viewer().epoch
    return taking.result_page(session, attempt_id, user_id=_user(), now=_now(), epoch=epoch)


def finished_result(attempt_id: uuid.UUID) -> taking.ResultPage:
    """What came out of the attempt, handed in first where the clock has ended it."""
    page = _result(attempt_id)
    if page.closing:
        _settled(attempt_id)
        page = _result(attempt_id)
    return page


@blueprint.get("/<uuid:attempt_id>/result")
@allowed("take quizzes", on_the_cookies_word=True)
def result(attempt_id: uuid.UUID) -> str | Response:
    """What came out, with the reasons and the evidence; with ``?print=1`` all of it opened, as for paper."""
    page = finished_result(attempt_id)
    if page.submitted_at is None:
        return redirect(url_for(".resume", attempt_id=attempt_id))
    disputes = {name for line in page.lines for name in line.disputes}
    paper = "print" in request.args
    if paper:
        linked = links.links_on_paper(page.passages, disputes)
    else:
        linked = links.links(page.passages, disputes, may_report=trials.running() is None, known=page.published)
    return render_template("student/result.html", view=page, paper=paper, **linked)


@blueprint.post("/<uuid:attempt_id>/retry")
@allowed("take quizzes")
def retry(attempt_id: uuid.UUID) -> Response:
    """A practice attempt on what was missed."""
    if trials.running():
        raise NotAllowed("This is a trial. A student could now practise what was missed; a trial ends here.")
    attempt = taking.retry(
        transactions.session(),
        attempt_id,
        user_id=_user(),
        new_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=_now(),
    )
    transactions.commit()
    return redirect(url_for(".resume", attempt_id=attempt.id))


@blueprint.errorhandler(AttemptClosed)
def closed(_error: AttemptClosed) -> Response:
    """What was to be changed is over: to the result."""
    transactions.rollback()
    flash("This attempt has ended, so nothing in it can be changed any more.", "partial")
    return redirect(url_for(".resume", attempt_id=(request.view_args or {})["attempt_id"]))

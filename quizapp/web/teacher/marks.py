"""A student's attempt as their teacher sees it; marks and comments by hand; excusing a student from a quiz."""

from __future__ import annotations

import uuid
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.gradebook import by_hand
from quizapp.services.gradebook.attempt import SeenAttempt, seen_attempt
from quizapp.services.gradebook.by_hand import Deed
from quizapp.services.taking.finishing import close_overdue
from quizapp.web.identity import allowed, current_user
from quizapp.web.student import links
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.attending import A_SEAT, seat_page
from quizapp.web.teacher.class_forms import OwnDatesForm
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.gradebook_forms import MarkForm, WhyForm, mark_form

AN_ATTEMPT = "/attempts/<uuid:attempt_id>"
# What reviews say to the student, and what they say here. Each stands in markup of our own, which no text can hold.
SAID_TO_THE_STUDENT = (
    ("</span> Your answer</span>", "</span> The student’s answer</span>"),
    ("</span> Your answer: right</span>", "</span> The student’s answer: right</span>"),
    ("</span> Your answer: wrong</span>", "</span> The student’s answer: wrong</span>"),
    ("<dt>Your answer</dt>", "<dt>The student’s answer</dt>"),
    ("<dt>You said</dt>", "<dt>The student said</dt>"),
    ("<dt>Your match</dt>", "<dt>The student’s match</dt>"),
    ("<dt>Your place</dt>", "<dt>The student’s place</dt>"),
    ('<p class="part-title">Your order</p>', '<p class="part-title">The student’s order</p>'),
    ('<p class="review-blank">You gave no answer.</p>', '<p class="review-blank">No answer was given.</p>'),
    ("</span> Waiting for your teacher</span>", "</span> Waiting for your mark</span>"),
    ("<figcaption>Your reason", "<figcaption>The student’s reason"),
    ('<span class="certainty-said">You were ', '<span class="certainty-said">The student was '),
)


def said_of_the_student(review: Markup) -> Markup:
    """A review that speaks of the student instead of to them."""
    for to, of in SAID_TO_THE_STUDENT:
        review = review.replace(Markup(to), Markup(of))  # noqa: S704 ours, from the table above
    return review


@blueprint.get(AN_ATTEMPT)
@allowed("teach classes")
def show_attempt(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Everything in a student's attempt."""
    return _page(attempt_id)


def _seen(attempt_id: uuid.UUID) -> SeenAttempt:
    """The attempt; one that the clock has ended is handed in first."""
    teacher_id = current_user.id
    found = seen_attempt(transactions.session(), attempt_id, teacher_id=teacher_id, now=now())
    if not found.closing:
        return found
    with transactions.write_transaction():
        close_overdue(transactions.session(), now=now(), user_id=found.student.id)
    return seen_attempt(transactions.session(), attempt_id, teacher_id=teacher_id, now=now())


def _page(attempt_id: uuid.UUID, sent: MarkForm | None = None, sent_to: int | None = None) -> ResponseReturnValue:
    """The page with a form for each question and for the whole; the one that was sent with what is wrong in it."""
    found = _seen(attempt_id)
    forms = {
        one.line.number: mark_form(one.line.number, plain(one.line.mark), one.comment or "", sent_to=None)
        for one in found.questions
    }
    whole = plain(found.whole_mark) if found.set_by_hand else ""
    forms[0] = mark_form(0, whole, found.comment or "", sent_to=None)
    if sent is not None and sent_to is not None:
        forms[sent_to] = sent
    linked = links.links(found.passages, found.disputes, may_report=False)
    page = render_template(
        "teacher/gradebook/attempt.html", found=found, forms=forms, sent_to=sent_to, of=said_of_the_student, **linked
    )
    return page, 200 if sent is None else Mistakes.status


def plain(mark: Decimal | None) -> str:
    """A mark as it is typed."""
    return "" if mark is None else f"{mark.normalize():f}"


@blueprint.post(f"{AN_ATTEMPT}/marks/<int(max=9999):number>")
@allowed("teach classes")
def mark_by_hand(attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Another mark, a comment, or both; for a question, or (0) for the whole attempt."""
    teacher_id = current_user.id
    form = mark_form(number, "", "", sent_to=number)
    told = form.result(lambda: _by_hand(attempt_id, number, form, teacher_id))
    if told is None:
        return _page(attempt_id, form, number)
    transactions.commit()
    flash(told, "right")
    return _back(attempt_id, number)


def _by_hand(attempt_id: uuid.UUID, number: int, form: MarkForm, teacher_id: int) -> str:
    """What was changed, in words. What is sent as it was is no change, so that a comment alone wants no reason."""
    session, when = transactions.session(), now()
    moved = None
    if (form.mark.data or "").strip() != _mark_now(attempt_id, number, teacher_id):
        deed = Deed(teacher_id, form.why.data or "", when)
        typed = form.mark.data or ""
        if number:
            moved = by_hand.set_slot(session, attempt_id, number, typed, deed)
        else:
            moved = by_hand.set_total(session, attempt_id, typed, deed)
    by_hand.comment(session, attempt_id, number, form.comment.data or "", teacher_id=teacher_id, now=when)
    if moved is None:
        return "Saved."
    return f"Saved: the mark is {plain(moved.new_mark) or 'open'} now, and was {plain(moved.old_mark) or 'open'}."


def _mark_now(attempt_id: uuid.UUID, number: int, teacher_id: int) -> str:
    return plain(by_hand.mark_now(transactions.session(), attempt_id, number, teacher_id=teacher_id))


@blueprint.post(f"{AN_ATTEMPT}/marks/<int(max=9999):number>/take-back")
@allowed("teach classes")
def take_back_mark(attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """The mark that a question had before it was last set by hand."""
    deed = Deed(current_user.id, request.form.get("why", "").strip() or "taken back", now())
    by_hand.take_back(transactions.session(), attempt_id, number, deed)
    transactions.commit()
    flash("The mark is again what it was before.", "right")
    return _back(attempt_id, number)


def _back(attempt_id: uuid.UUID, number: int) -> ResponseReturnValue:
    anchor = f"question-{number}" if number else None
    return redirect(url_for("teacher.show_attempt", attempt_id=attempt_id, _anchor=anchor), 303)


# --- excusing --------------------------------------------------------------------------------------------------------


@blueprint.post(f"{A_SEAT}/excuse")
@allowed("teach classes")
def excuse_student(assignment_id: int, user_id: int) -> ResponseReturnValue:
    """The student need not do this quiz, or (``excused=0``) must again."""
    teacher_id = current_user.id
    if request.form.get("excused") == "0":
        by_hand.excuse_no_more(transactions.session(), assignment_id, user_id, teacher_id=teacher_id, now=now())
        transactions.commit()
        flash("The quiz counts for this student again.", "right")
        return _to_seat(assignment_id, user_id)
    form = WhyForm(prefix="excuse-")
    if form.result(lambda: _excuse(assignment_id, user_id, form, teacher_id)) is None:
        return seat_page(assignment_id, user_id, OwnDatesForm(formdata=None), excuse=form)
    transactions.commit()
    flash("Excused: the quiz counts for nothing with this student, and the total is of the others.", "right")
    return _to_seat(assignment_id, user_id)


def _excuse(assignment_id: int, user_id: int, form: WhyForm, teacher_id: int) -> bool:
    deed = Deed(teacher_id, form.why.data or "", now())
    by_hand.excuse(transactions.session(), assignment_id, user_id, deed)
    return True


def _to_seat(assignment_id: int, user_id: int) -> ResponseReturnValue:
    return redirect(url_for("teacher.show_seat", assignment_id=assignment_id, user_id=user_id, _anchor="excuse"), 303)

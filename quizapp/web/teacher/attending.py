"""One student in one assignment: own dates and times, more time, opening an attempt again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments import accommodating, attending
from quizapp.services.gradebook import by_hand
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.assignments import AN_ASSIGNMENT
from quizapp.web.teacher.class_forms import MoreTimeForm, OwnDatesForm, ReopenForm
from quizapp.web.teacher.classes import NUMBER, now
from quizapp.web.teacher.gradebook_forms import WhyForm

A_SEAT = f"{AN_ASSIGNMENT}/students/<{NUMBER}:user_id>"


@blueprint.route(A_SEAT, methods=["GET", "POST"])
@allowed("teach classes")
def show_seat(assignment_id: int, user_id: int) -> ResponseReturnValue:
    """The student's attempts, and what they get in this assignment."""
    form = OwnDatesForm()
    teacher_id = current_user.id
    done = form.result(lambda: _give(assignment_id, user_id, form, teacher_id))
    if done is None:
        return seat_page(assignment_id, user_id, form)
    transactions.commit()
    flash("Saved. What runs has the new time at once.", "right")
    return _back(assignment_id, user_id)


def _give(assignment_id: int, user_id: int, form: OwnDatesForm, teacher_id: int) -> bool:
    session = transactions.session()
    accommodating.give_in(session, assignment_id, user_id, form.wanted(), teacher_id=teacher_id, now=now())
    return True


def seat_page(
    assignment_id: int,
    user_id: int,
    form: OwnDatesForm,
    extend: MoreTimeForm | None = None,
    reopen: ReopenForm | None = None,
    excuse: WhyForm | None = None,
) -> ResponseReturnValue:
    """The page, with the form that was sent and what is wrong in it."""
    session = transactions.session()
    found = attending.attend(session, assignment_id, user_id, teacher_id=current_user.id, now=now())
    wrong = any(one is not None and one.is_submitted() for one in (extend, reopen, excuse)) or bool(form.errors)
    if not form.errors:
        form.show(accommodating.get(session, found.school_class.id, user_id, assignment_id))
    shown = {
        "form": form,
        "extend": extend or MoreTimeForm(formdata=None, minutes=5, prefix="extend-"),
        "reopen": reopen or ReopenForm(formdata=None, minutes=15, prefix="reopen-"),
        "excuse": excuse or WhyForm(formdata=None, prefix="excuse-"),
        "excused_because": by_hand.excused_because(session, assignment_id, user_id),
        "general": accommodating.get(session, found.school_class.id, user_id),
    }
    return render_template("teacher/seat.html", found=found, **shown), Mistakes.status if wrong else 200


@blueprint.post(f"{A_SEAT}/attempts/<uuid:attempt_id>/extend")
@allowed("teach classes")
def extend_attempt(assignment_id: int, user_id: int, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """More time for an attempt that runs."""
    form, teacher_id = MoreTimeForm(prefix="extend-"), current_user.id
    _in_its_place(assignment_id, user_id, attempt_id)
    return _attended(
        assignment_id,
        user_id,
        form,
        lambda: attending.extend(
            transactions.session(), attempt_id, form.minutes.data, teacher_id=teacher_id, now=now()
        ),
        "The student has the new time at once; the page counts anew when they go to another question.",
    )


@blueprint.post(f"{A_SEAT}/attempts/<uuid:attempt_id>/reopen")
@allowed("teach classes")
def reopen_attempt(assignment_id: int, user_id: int, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Open an attempt again."""
    form, teacher_id = ReopenForm(prefix="reopen-"), current_user.id
    _in_its_place(assignment_id, user_id, attempt_id)
    return _attended(
        assignment_id,
        user_id,
        form,
        lambda: attending.reopen(
            transactions.session(), attempt_id, form.minutes.data, form.reason.data, teacher_id=teacher_id, now=now()
        ),
        "The attempt is open again. The student finds it on the front page.",
    )


def _in_its_place(assignment_id: int, user_id: int, attempt_id: uuid.UUID) -> None:
    """Raises ``NotFound`` where the attempt is not this student's at this assignment, or not of this teacher."""
    attending.attempt_of(transactions.session(), assignment_id, user_id, attempt_id, teacher_id=current_user.id)


def _attended(
    assignment_id: int, user_id: int, form: MoreTimeForm, deed: Callable[[], object], told: str
) -> ResponseReturnValue:
    if form.result(deed) is None:
        own_dates = OwnDatesForm(formdata=None)
        if isinstance(form, ReopenForm):
            return seat_page(assignment_id, user_id, own_dates, reopen=form)
        return seat_page(assignment_id, user_id, own_dates, extend=form)
    transactions.commit()
    flash(told, "right")
    return _back(assignment_id, user_id)


def _back(assignment_id: int, user_id: int) -> ResponseReturnValue:
    return redirect(url_for("teacher.show_seat", assignment_id=assignment_id, user_id=user_id), 303)

"""Ending: a slot by checking it, an attempt by submitting it, or by the clock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from sqlalchemy.orm import Session

from quizapp.domain.attempt import AttemptClosed, SlotFinal
from quizapp.domain.item import is_blank
from quizapp.domain.marking import Mark, to_units
from quizapp.domain.schedule import Dates, LatePolicy, Schedule
from quizapp.services.errors import Conflict, NotAllowed, NotFound, SignInNeeded
from quizapp.services.taking import credit
from quizapp.store import attempts, bank, sheets
from quizapp.store.attempts import SlotMark
from quizapp.store.class_tables import Assignment
from quizapp.store.sheets import SheetSlot, WholeSheet
from quizapp.store.tables import Attempt, Slot


class NothingAnswered(Conflict):
    """There is nothing to check, and the student has not given up."""


def check(
    session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int, now: datetime, give_up: bool = False
) -> None:
    """Make a slot of a practice attempt final and mark it.

    Raises ``NotFound``, ``AttemptClosed``, ``SlotFinal``; ``NotAllowed`` in a test; ``NothingAnswered`` where there is
    no answer and the student has not given up.
    """
    attempt = attempts.find(session, attempt_id, user_id, lock=True)
    if attempt is None:
        raise NotFound
    slot = next((one for one in attempt.slots if one.number == number), None)
    if slot is None:
        raise NotFound
    if attempt.mode != "practice":
        raise NotAllowed("In a test, answers are checked after you submit it.")
    if not attempts.sitting(attempt).open(now):
        raise AttemptClosed
    if slot.checked_at is not None or number < (attempt.reached or 0):
        raise SlotFinal
    answer = attempts.answers(session, [attempt_id]).get((attempt_id, number))
    if not give_up and (answer is None or is_blank(answer.response)):
        raise NothingAnswered("Answer first, then check. If you do not know, choose “Show me the answer”.")
    item = bank.item(session, slot.item_digest)
    earned = _slot_mark(slot, credit.mark_of(item, answer, credit.rules(session, attempt, [item])))
    slot.fraction, slot.mark, slot.reason, slot.parts = earned.fraction, earned.mark, earned.reason, earned.parts
    slot.checked_at = now


def submit(session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime, epoch: int | None = None) -> None:
    """Submit the attempt and mark it; one that is submitted already stays as it is.

    Raises ``NotFound``; ``SignInNeeded`` where ``epoch`` is given and the account has ended that session.
    """
    attempt = _locked(session, attempt_id, user_id)
    if epoch is not None and attempt.session_epoch != epoch:
        raise SignInNeeded
    if attempt.submitted_at is None:
        _submit(session, attempt, now)


def needs_closing(attempt: Attempt | WholeSheet, now: datetime) -> bool:
    """Whether the clock has ended the attempt and nobody has written that down yet."""
    return attempts.sitting(attempt).overdue(now)


def time_ran_out(attempt: Attempt | WholeSheet) -> bool:
    """Whether the attempt was handed in because its time was up, even if its deadline has been moved since."""
    return attempt.overdue or attempts.sitting(attempt).time_ran_out


def has_run_out(session: Session, *, user_id: int, now: datetime) -> bool:
    """Whether the clock has ended an attempt of the user that nobody has submitted yet; one query where it has not."""
    return any(needs_closing(one, now) for one in attempts.overdue(session, now, user_id))


def close_overdue(session: Session, *, now: datetime, user_id: int | None = None) -> int:
    """Submit, as of their deadline, the attempts (of a user) that the clock has ended; how many."""
    closed = 0
    for candidate in attempts.overdue(session, now, user_id):
        attempt = _locked(session, candidate.id, candidate.user_id)
        if needs_closing(attempt, now):
            _submit(session, attempt, now)
            closed += 1
    return closed


def _locked(session: Session, attempt_id: uuid.UUID, user_id: int) -> WholeSheet:
    attempts.hold(session, attempt_id)
    attempt = sheets.whole_sheet(session, attempt_id, user_id)
    if attempt is None:
        raise NotFound
    return attempt


def _submit(session: Session, attempt: WholeSheet, now: datetime) -> None:
    sitting = attempts.sitting(attempt)
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    holds = credit.rules(session, attempt, items.values())
    marks = {
        slot.number: _slot_mark(slot, credit.mark_of(items[slot.item_digest], slot.answer, holds))
        for slot in attempt.slots
        if slot.checked_at is None
    }
    done = replace(
        attempt,
        overdue=sitting.overdue(now),
        submitted_at=sitting.submission_time(now),
        set_mark=None,
        mark=_sum(marks.get(slot.number, slot) for slot in attempt.slots),
    )
    attempts.hand_in(session, replace(done, late_percent=late_percent(session, done)), marks.values())


def due(attempt: Attempt | WholeSheet) -> datetime | None:
    """Until when an attempt is in time: its due date, or the later end that the teacher gave it."""
    if attempt.due_at is None or attempt.own_deadline is None:
        return attempt.due_at
    return max(attempt.due_at, attempt.own_deadline)


def lateness(attempt: Attempt | WholeSheet) -> timedelta | None:
    """How long after that it was handed in; None where it was in time, or is not handed in."""
    until = due(attempt)
    if until is None or attempt.submitted_at is None or attempt.submitted_at <= until:
        return None
    return attempt.submitted_at - until


def late_percent(session: Session, attempt: Attempt | WholeSheet) -> int:
    """What the assignment takes off a submitted attempt for lateness; no query where it is in time."""
    is_late = lateness(attempt) is not None
    assignment = session.get(Assignment, attempt.assignment_id) if is_late and attempt.assignment_id else None
    if assignment is None or attempt.submitted_at is None:
        return 0
    policy = cast(LatePolicy, assignment.late_policy)
    schedule = Schedule(Dates(due=due(attempt)), None, policy, assignment.late_percent_a_day)
    return schedule.late_percent(attempt.submitted_at)


def _slot_mark(slot: Slot | SheetSlot, mark: Mark) -> SlotMark:
    parts = {name: to_units(fraction) for name, fraction in mark.parts.items()}
    return SlotMark(slot.number, mark.fraction, mark.of(slot.available), mark.reason, parts)


def total(attempt: Attempt) -> Decimal | None:
    """What a submitted attempt earned: what was set by hand, else the sum of its slots.

    None while a slot waits for a person.
    """
    return _sum(attempt.slots) if attempt.set_mark is None else attempt.set_mark


def _sum(slots: Iterable[Slot | SheetSlot | SlotMark]) -> Decimal | None:
    found = list(slots)
    if any(slot.fraction is None for slot in found):
        return None
    return sum((slot.mark for slot in found if slot.mark is not None), Decimal(0))

"""Ending: a slot by checking it, an attempt by submitting it, or by the clock."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from sqlalchemy.orm import Session

from quizapp.domain.attempt import AttemptClosed, Saved, SlotFinal
from quizapp.domain.item import Item, is_blank
from quizapp.domain.marking import to_units
from quizapp.domain.schedule import Dates, LatePolicy, Schedule
from quizapp.services.errors import Conflict, NotAllowed, NotFound
from quizapp.services.taking import credit
from quizapp.services.taking.credit import Rules
from quizapp.store import attempts, bank
from quizapp.store.class_tables import Assignment
from quizapp.store.sheets import WholeSheet
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
    attempt = _locked(session, attempt_id, user_id)
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
    _mark(slot, item, answer, credit.rules(session, attempt, [item]))
    slot.checked_at = now


def submit(session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime) -> Attempt:
    """Submit the attempt and mark it; one that is submitted already stays as it is. Raises ``NotFound``."""
    attempt = _locked(session, attempt_id, user_id)
    if attempt.submitted_at is None:
        _submit(session, attempt, now)
    return attempt


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


def _locked(session: Session, attempt_id: uuid.UUID, user_id: int) -> Attempt:
    attempt = attempts.find(session, attempt_id, user_id, lock=True)
    if attempt is None:
        raise NotFound
    return attempt


def _submit(session: Session, attempt: Attempt, now: datetime) -> None:
    sitting = attempts.sitting(attempt)
    answers = attempts.answers(session, [attempt.id])
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    holds = credit.rules(session, attempt, items.values())
    for slot in attempt.slots:
        if slot.checked_at is None:
            _mark(slot, items[slot.item_digest], answers.get((attempt.id, slot.number)), holds)
    attempt.overdue = sitting.overdue(now)
    attempt.submitted_at = sitting.submission_time(now)
    attempt.set_mark = None
    attempt.mark = total(attempt)
    attempt.late_percent = late_percent(session, attempt)
    session.flush()


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


def late_percent(session: Session, attempt: Attempt) -> int:
    """What the assignment takes off a submitted attempt for lateness; no query where it is in time."""
    is_late = lateness(attempt) is not None
    assignment = session.get(Assignment, attempt.assignment_id) if is_late and attempt.assignment_id else None
    if assignment is None or attempt.submitted_at is None:
        return 0
    policy = cast(LatePolicy, assignment.late_policy)
    schedule = Schedule(Dates(due=due(attempt)), None, policy, assignment.late_percent_a_day)
    return schedule.late_percent(attempt.submitted_at)


def _mark(slot: Slot, item: Item, answer: Saved | None, holds: Rules) -> None:
    mark = credit.mark_of(item, answer, holds)
    slot.fraction, slot.reason = mark.fraction, mark.reason
    slot.mark = mark.of(slot.available)
    slot.parts = _in_units(mark.parts)


def _in_units(parts: Mapping[str, Decimal]) -> dict[str, int]:
    return {name: to_units(fraction) for name, fraction in parts.items()}


def total(attempt: Attempt) -> Decimal | None:
    """What a submitted attempt earned: what was set by hand, else the sum of its slots.

    None while a slot waits for a person.
    """
    if attempt.set_mark is not None:
        return attempt.set_mark
    if any(slot.fraction is None for slot in attempt.slots):
        return None
    return sum((slot.mark for slot in attempt.slots if slot.mark is not None), Decimal(0))

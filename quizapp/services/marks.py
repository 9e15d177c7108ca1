"""Moving marks after submission: every change is written down with its reason, and the old mark is kept.

``slot`` and ``attempt`` always hold what counts now, so that whoever reads a mark need not know how it came about.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy.orm import Session

from quizapp.domain.marking import Mark, rounded, to_units
from quizapp.services import audit
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.taking import finishing
from quizapp.store import marks
from quizapp.store.class_tables import Assignment
from quizapp.store.mark_tables import WHOLE_ATTEMPT, MarkChange
from quizapp.store.tables import Attempt, Slot

Kind = Literal["override", "regrade", "person", "undo"]
NOT_SUBMITTED = "This attempt is not handed in yet: its marks come then."


def change(
    session: Session,
    attempt_id: uuid.UUID,
    number: int,
    mark: Mark,
    *,
    kind: Kind,
    why: str,
    actor_id: int | None,
    now: datetime,
    run_id: int | None = None,
    points: Decimal | None = None,
) -> MarkChange | None:
    """Give a slot of a submitted attempt another mark, and the attempt its new sum; None where nothing moves.

    ``actor_id`` is None for a command. ``points`` is the mark where a person gave it in points: 1 of 3 is then exactly
    1, and not what its fraction of seven places comes to. Raises ``NotFound``; ``Conflict`` where it is not submitted.
    """
    attempt = _submitted(session, attempt_id)
    slot = next((one for one in attempt.slots if one.number == number), None)
    if slot is None:
        raise NotFound
    old = _of_slot(slot)
    _put(slot, mark, points)
    if (new := _of_slot(slot)) == old:
        return None
    attempt.mark = finishing.total(attempt)
    return _written(session, attempt, number, old, new, kind=kind, why=why, actor_id=actor_id, now=now, run_id=run_id)


@dataclass(frozen=True)
class Given:
    """A mark for a slot. ``available`` is what it is worth from now on, where that changes too."""

    attempt_id: uuid.UUID
    number: int
    mark: Mark
    available: Decimal | None = None


def change_many(
    session: Session,
    given: Sequence[Given],
    *,
    kind: Kind,
    why: str,
    actor_id: int | None,
    now: datetime,
    run_id: int | None = None,
) -> int:
    """What ``change`` does, for slots of many submitted attempts at once, in few queries; how many marks moved.

    Raises ``NotFound``; ``Conflict`` where an attempt is not submitted.
    """
    found = marks.attempts(session, {one.attempt_id for one in given})
    moved = [row for one in given if (row := _moved(found.get(one.attempt_id), one)) is not None]
    classes = marks.classes(session, [one.assignment_id for one in found.values()])
    said = [_said_in(found[row["attempt_id"]], classes, row, why) for row in moved]
    audit.record_many(session, said, actor_id=actor_id, action=kind, kind="mark", now=now)
    same = {"kind": kind, "why": why, "actor_id": actor_id, "at": now, "run_id": run_id}
    marks.add_all(session, [row | same for row in moved])
    return len(moved)


def _moved(attempt: Attempt | None, given: Given) -> dict[str, Any] | None:
    """What to write down of a slot that has been given its mark; None where nothing moves."""
    slot = next((one for one in attempt.slots if one.number == given.number), None) if attempt else None
    if attempt is None or slot is None:
        raise NotFound
    if attempt.submitted_at is None:
        raise Conflict(NOT_SUBMITTED)
    old, worth = _of_slot(slot), slot.available
    _revalue(attempt, slot, given.available)
    _put(slot, given.mark)
    if (new := _of_slot(slot)) == old and slot.available == worth:
        return None
    attempt.mark = finishing.total(attempt)
    is_same = slot.available == worth
    values = {"old_available": None if is_same else worth, "new_available": None if is_same else slot.available}
    return {"attempt_id": attempt.id, "slot": slot.number, **values, **_states(old, new)}


def _said_in(attempt: Attempt, classes: Mapping[int, int], row: Mapping[str, Any], why: str) -> audit.Said:
    class_id = classes.get(attempt.assignment_id or 0)
    return (class_id, str(attempt.id), *_said(row["slot"], row["old_mark"], row["new_mark"], why))


def _revalue(attempt: Attempt, slot: Slot, available: Decimal | None) -> None:
    """Have the slot count for so much from now on, and the attempt with it."""
    if available is not None and available != slot.available:
        attempt.available += available - slot.available
        slot.available = available


def _put(slot: Slot, mark: Mark, points: Decimal | None = None) -> None:
    slot.fraction, slot.reason = mark.fraction, mark.reason
    slot.mark = mark.of(slot.available) if points is None else rounded(points)
    slot.parts = {name: to_units(part) for name, part in mark.parts.items()}


def set_total(
    session: Session,
    attempt_id: uuid.UUID,
    total: Decimal | None,
    *,
    why: str,
    actor_id: int | None,
    now: datetime,
    kind: Kind = "override",
) -> MarkChange | None:
    """Set the mark of a whole submitted attempt by hand; None lets the sum of its slots count again.

    Raises ``NotFound``; ``Conflict`` where it is not submitted; ``ValueError`` for a mark below 0.
    """
    if total is not None and total < 0:
        raise ValueError(f"a mark is never below 0, not {total}")
    attempt = _submitted(session, attempt_id)
    old = _of_attempt(attempt)
    attempt.set_mark = None if total is None else rounded(total)
    attempt.mark = finishing.total(attempt)
    if (new := _of_attempt(attempt)) == old:
        return None
    return _written(session, attempt, WHOLE_ATTEMPT, old, new, kind=kind, why=why, actor_id=actor_id, now=now)


def comment(
    session: Session, attempt_id: uuid.UUID, number: int, words: str, *, actor_id: int | None, now: datetime
) -> None:
    """Say something to the student about a slot, or (number 0) the whole attempt; empty words take it back."""
    attempt = _submitted(session, attempt_id)
    about: Attempt | Slot | None = attempt
    if number != WHOLE_ATTEMPT:
        about = next((one for one in attempt.slots if one.number == number), None)
    if about is None:
        raise NotFound
    old, about.comment = about.comment, words.strip() or None
    if old != about.comment:
        said = ({"slot": number, "comment": old}, {"slot": number, "comment": about.comment})
        _audit(session, attempt, "comment", *said, actor_id=actor_id, now=now)


def history(session: Session, attempt_id: uuid.UUID) -> list[MarkChange]:
    """How the marks of an attempt moved after it was submitted, oldest first; one query."""
    return marks.history(session, [attempt_id])


def _submitted(session: Session, attempt_id: uuid.UUID) -> Attempt:
    attempt = marks.attempt(session, attempt_id)
    if attempt is None:
        raise NotFound
    if attempt.submitted_at is None:
        raise Conflict(NOT_SUBMITTED)
    return attempt


def _of_slot(slot: Slot) -> dict[str, Any]:
    return {"fraction": slot.fraction, "mark": slot.mark, "reason": slot.reason, "parts": dict(slot.parts)}


def _of_attempt(attempt: Attempt) -> dict[str, Any]:
    reason = None if attempt.set_mark is None else "set by hand"
    return {"fraction": None, "mark": attempt.mark, "reason": reason, "parts": {}}


def _written(
    session: Session,
    attempt: Attempt,
    number: int,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    kind: Kind,
    why: str,
    actor_id: int | None,
    now: datetime,
    run_id: int | None = None,
) -> MarkChange:
    row = MarkChange(
        attempt_id=attempt.id, slot=number, kind=kind, why=why, actor_id=actor_id, at=now, run_id=run_id,
        **_states(old, new),
    )  # fmt: skip
    said = _said(number, old["mark"], new["mark"], why)
    _audit(session, attempt, kind, *said, actor_id=actor_id, now=now)
    return marks.add(session, row)


def _states(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {f"old_{name}": value for name, value in old.items()} | {f"new_{name}": new[name] for name in new}


def _said(number: int, old: Decimal | None, new: Decimal | None, why: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"slot": number, "mark": _plain(old)}, {"slot": number, "mark": _plain(new), "why": why}


def _audit(
    session: Session,
    attempt: Attempt,
    action: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    assignment = session.get(Assignment, attempt.assignment_id) if attempt.assignment_id else None
    class_id = assignment.class_id if assignment else None
    audit.record(session, actor_id, action, "mark", str(attempt.id), old, new, now=now, class_id=class_id)


def _plain(mark: Decimal | None) -> str | None:
    return None if mark is None else format(mark.normalize(), "f")

"""What a teacher does to marks by hand: another mark, a comment, an excuse; each with its reason, kept in the audit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from quizapp.domain.marking import Mark, from_units, rounded
from quizapp.domain.number import shown
from quizapp.services import audit, marks, notes
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments.setting import taught
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.gradebook.seeing import seen_by
from quizapp.store import assignments, bank, gradebook
from quizapp.store.gradebook_tables import Excuse
from quizapp.store.mark_tables import MarkChange
from quizapp.store.tables import Attempt, Slot

LONGEST_WHY = 500
LONGEST_COMMENT = 2000
BY_TEACHER = "Mark set by your teacher: "


@dataclass(frozen=True)
class Deed:
    """Who does something by hand, why, and when."""

    teacher_id: int
    why: str
    now: datetime


def set_slot(session: Session, attempt_id: uuid.UUID, number: int, typed: str, deed: Deed) -> MarkChange | None:
    """Give a question of an attempt the mark that the teacher typed. None where nothing moves.

    Raises ``NotFound``; ``Mistakes``; ``Conflict`` where the attempt is not handed in.
    """
    attempt = seen_by(session, attempt_id, deed.teacher_id)
    slot = _slot(attempt, number)
    points = _points(typed, slot.available, deed.why)
    mark = Mark(points / slot.available if slot.available else Decimal(0), BY_TEACHER + deed.why.strip(), _parts(slot))
    moved = marks.change(session, attempt_id, number, mark, kind="override", why=deed.why.strip(),
                         actor_id=deed.teacher_id, now=deed.now, points=points)  # fmt: skip
    return _told(session, attempt, moved, deed.now)


def take_back(session: Session, attempt_id: uuid.UUID, number: int, deed: Deed) -> MarkChange | None:
    """Give a question the mark back that it had before it was last set by hand.

    Raises ``NotFound``, ``Mistakes``; ``Conflict`` where the mark was not set by hand, or has moved since.
    """
    attempt = seen_by(session, attempt_id, deed.teacher_id)
    slot = _slot(attempt, number)
    _check(deed.why)
    before = [one for one in marks.history(session, attempt_id) if one.slot == number]
    if not before or before[-1].kind != "override":
        raise Conflict("This mark was not set by hand last, so there is nothing to take back.")
    last = before[-1]
    parts = {name: from_units(units) for name, units in last.old_parts.items()}
    mark = Mark(last.old_fraction, last.old_reason or "", parts)
    moved = marks.change(session, attempt_id, slot.number, mark, kind="undo", why=deed.why.strip(),
                         actor_id=deed.teacher_id, now=deed.now, points=last.old_mark)  # fmt: skip
    return _told(session, attempt, moved, deed.now)


def set_total(session: Session, attempt_id: uuid.UUID, typed: str, deed: Deed) -> MarkChange | None:
    """Give a whole attempt the mark that the teacher typed; with nothing typed, the sum of its questions counts again.

    Raises ``NotFound``; ``Mistakes``; ``Conflict`` where the attempt is not handed in.
    """
    attempt = seen_by(session, attempt_id, deed.teacher_id)
    if typed.strip():
        points: Decimal | None = _points(typed, attempt.available, deed.why)
    else:
        _check(deed.why)
        points = None
    why, now = deed.why.strip(), deed.now
    moved = marks.set_total(session, attempt_id, points, why=why, actor_id=deed.teacher_id, now=now)
    return _told(session, attempt, moved, now)


def mark_now(session: Session, attempt_id: uuid.UUID, number: int, *, teacher_id: int) -> Decimal | None:
    """The mark of a question; of the whole attempt (number 0) the one that was set by hand. Raises ``NotFound``."""
    attempt = seen_by(session, attempt_id, teacher_id)
    return _slot(attempt, number).mark if number else attempt.set_mark


def comment(
    session: Session, attempt_id: uuid.UUID, number: int, words: str, *, teacher_id: int, now: datetime
) -> None:
    """Say something to the student about a question, or (number 0) the whole attempt. Raises as ``set_slot``."""
    attempt = seen_by(session, attempt_id, teacher_id)
    if len(words) > LONGEST_COMMENT:
        raise Mistakes({"comment": [f"Use at most {LONGEST_COMMENT:,} characters."]})
    before = attempt.comment if number == 0 else _slot(attempt, number).comment
    marks.comment(session, attempt_id, number, words, actor_id=teacher_id, now=now)
    if words.strip() and words.strip() != before:
        _tell(session, attempt, "Your teacher has written a comment on your attempt at “{}”.", now)


def _told(session: Session, attempt: Attempt, moved: MarkChange | None, now: datetime) -> MarkChange | None:
    """The change, of which the student has been told."""
    if moved is not None:
        _tell(session, attempt, "Your teacher has changed a mark of your attempt at “{}”.", now)
    return moved


def _tell(session: Session, attempt: Attempt, words: str, now: datetime) -> None:
    """Leave the student a note, unless the same one waits already: ten marks in a row are one piece of news."""
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    text, address = words.format(quiz.title), f"/attempts/{attempt.id}/result"
    if all((one.text, one.address) != (text, address) for one in notes.unread(session, attempt.user_id)):
        notes.tell(session, [attempt.user_id], text, address=address, now=now)


# --- excusing --------------------------------------------------------------------------------------------------------


def excuse(session: Session, assignment_id: int, user_id: int, deed: Deed) -> None:
    """The student need not do this assignment: it counts for nothing, and the total is of the others.

    Raises ``NotFound``, ``Mistakes``.
    """
    assignment, _ = taught(session, assignment_id, deed.teacher_id, lock=True)
    if user_id not in {user.id for user in assignments.students(session, assignment_id)}:
        raise NotFound("This quiz is not set to this student.")
    _check(deed.why)
    why, found = deed.why.strip(), gradebook.excuse(session, assignment_id, user_id)
    old = {"assignment": assignment_id, "why": found.why} if found is not None else None
    if found is None:
        found = Excuse(assignment_id=assignment_id, user_id=user_id)
    found.why, found.actor_id, found.at = why, deed.teacher_id, deed.now
    session.add(found)
    session.flush()
    new = {"assignment": assignment_id, "why": why}
    audit.record(session, deed.teacher_id, "excuse", "member", user_id, old, new, now=deed.now,
                 class_id=assignment.class_id)  # fmt: skip


def excused_because(session: Session, assignment_id: int, user_id: int) -> str | None:
    """Why the student is excused from the assignment; None where they are not. No access is checked here."""
    found = gradebook.excuse(session, assignment_id, user_id)
    return found.why if found is not None else None


def excuse_no_more(session: Session, assignment_id: int, user_id: int, *, teacher_id: int, now: datetime) -> None:
    """The assignment counts for the student again. Raises ``NotFound``."""
    assignment, _ = taught(session, assignment_id, teacher_id, lock=True)
    found = gradebook.excuse(session, assignment_id, user_id)
    if found is None:
        return
    old = {"assignment": assignment_id, "why": found.why}
    session.delete(found)
    session.flush()
    class_id = assignment.class_id
    audit.record(session, teacher_id, "excuse no more", "member", user_id, old, None, now=now, class_id=class_id)


# --- what is typed ---------------------------------------------------------------------------------------------------


def _slot(attempt: Attempt, number: int) -> Slot:
    found = next((one for one in attempt.slots if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _parts(slot: Slot) -> dict[str, Decimal]:
    return {name: from_units(units) for name, units in slot.parts.items()}


def _points(typed: str, available: Decimal, why: str) -> Decimal:
    """The mark that was typed, exactly. Raises ``Mistakes``, with what is wrong about the reason too."""
    wrong = _wrong_why(why)
    try:
        points = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        points = Decimal(-1)
    if not (points.is_finite() and 0 <= points <= available and points == rounded(points)):
        wrong["mark"] = [f"Write a number from 0 to {shown(available)}, such as 1.5."]
    if wrong:
        raise Mistakes(wrong)
    return points


def _check(why: str) -> None:
    if wrong := _wrong_why(why):
        raise Mistakes(wrong)


def _wrong_why(why: str) -> dict[str, list[str]]:
    if not why.strip():
        return {"why": ["Say why: it is kept with the mark."]}
    return {"why": [f"Use at most {LONGEST_WHY} characters."]} if len(why) > LONGEST_WHY else {}

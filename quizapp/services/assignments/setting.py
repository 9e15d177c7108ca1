"""Setting a quiz to a class, to groups of it or to chosen students; changing the dates; withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.domain.schedule import LATE_POLICIES, Dates, LatePolicy
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.assignments.schedules import renew
from quizapp.services.classes import own
from quizapp.services.errors import Conflict, NotFound
from quizapp.store import assignments, bank, building, classes
from quizapp.store.assignments import Target
from quizapp.store.class_tables import Assignment, SchoolClass

__all__ = ["Target", "Wanted", "change", "create", "quizzes", "target", "taught", "withdraw"]

NO_SUCH = "There is no such assignment, or it is not one of your classes'."

EVERYBODY, NO_DATES = Target(), Dates()


@dataclass(frozen=True)
class Wanted:
    """What a teacher sets: which quiz, to whom (an empty target is the whole class), when, and what of late work."""

    quiz: str
    target: Target = EVERYBODY
    kind: str = "class"  # class | groups | students
    dates: Dates = NO_DATES
    late_policy: LatePolicy = "accept"
    percent_a_day: int = 0


@dataclass(frozen=True)
class Shelves:
    """The quizzes that may be set: those that the teacher saved, and all others."""

    own: tuple[Quiz, ...]
    others: tuple[Quiz, ...]


def quizzes(session: Session, *, teacher_id: int) -> Shelves:
    """The quizzes that may be set, those for classes alone included; three queries at most."""
    found = [quiz for _, quiz in bank.current_quizzes(session).values()]
    saved = building.saved_by_user(session, teacher_id)
    return Shelves(
        tuple(quiz for quiz in found if quiz.id in saved), tuple(quiz for quiz in found if quiz.id not in saved)
    )


def taught(
    session: Session, assignment_id: int, teacher_id: int, *, lock: bool = False
) -> tuple[Assignment, SchoolClass]:
    """The assignment and its class, if this person teaches it. Raises ``NotFound``."""
    found = assignments.by_id(session, assignment_id, lock=lock)
    school_class = classes.taught(session, found.class_id, teacher_id) if found is not None else None
    if found is None or school_class is None:
        raise NotFound(NO_SUCH)
    return found, school_class


def target(session: Session, assignment_id: int) -> Target:
    """Whom an assignment is for; two queries."""
    return assignments.target(session, assignment_id)


def create(session: Session, class_id: int, wanted: Wanted, *, teacher_id: int, now: datetime) -> Assignment:
    """Set a quiz. Raises ``NotFound``, ``Mistakes``; ``Conflict`` in an archived class."""
    school_class = own.taught(session, class_id, teacher_id, lock=True)
    if school_class.archived_at is not None:
        raise Conflict("This class is archived. Take it up again, then you can set it a quiz.")
    target = _check(session, class_id, wanted)
    made = Assignment(class_id=class_id, quiz=wanted.quiz, target="class", created_at=now, created_by=teacher_id,
                      **_columns(wanted))  # fmt: skip
    session.add(made)
    session.flush()
    assignments.set_target(session, made, target)
    said = _said(made, target)
    audit.record(session, teacher_id, "set", "assignment", made.id, None, said, now=now, class_id=class_id)
    return made


def change(session: Session, assignment_id: int, wanted: Wanted, *, teacher_id: int, now: datetime) -> Assignment:
    """Other dates, other students; the quiz stays. Attempts that run get what holds now. Raises as ``create``."""
    found, _ = taught(session, assignment_id, teacher_id, lock=True)
    target = _check(session, found.class_id, wanted, keeps=found.quiz)
    old = _said(found, assignments.target(session, found.id))
    for name, value in _columns(wanted).items():
        setattr(found, name, value)
    assignments.set_target(session, found, target)
    new = _said(found, target)
    if new != old:
        renew(session, [found], now=now)
        class_id = found.class_id
        audit.record(session, teacher_id, "change", "assignment", found.id, old, new, now=now, class_id=class_id)
    return found


def withdraw(session: Session, assignment_id: int, *, teacher_id: int, now: datetime) -> Assignment:
    """Set it no more: nobody starts it from now on; attempts stay, open ones may be finished. Raises ``NotFound``."""
    found, _ = taught(session, assignment_id, teacher_id, lock=True)
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        class_id = found.class_id
        audit.record(session, teacher_id, "withdraw", "assignment", found.id, None, None, now=now, class_id=class_id)
    return found


def _columns(wanted: Wanted) -> dict[str, Any]:
    return {
        "opens_at": wanted.dates.opens,
        "due_at": wanted.dates.due,
        "closes_at": wanted.dates.closes,
        "late_policy": wanted.late_policy,
        "late_percent_a_day": wanted.percent_a_day if wanted.late_policy == "percent" else 0,
    }


def _check(session: Session, class_id: int, wanted: Wanted, keeps: str | None = None) -> Target:
    """Whom it is for. Raises ``Mistakes``."""
    wrong = {name: [message] for name, message in wanted.dates.problems().items()}
    if keeps is None and wanted.quiz not in bank.current_digests(session, "quiz", [wanted.quiz]):
        wrong["quiz"] = ["Choose a quiz from the list."]
    if wanted.late_policy not in LATE_POLICIES:
        wrong["late_policy"] = ["Choose what becomes of late work."]
    if wanted.late_policy == "percent" and not 1 <= wanted.percent_a_day <= 100:
        wrong["percent_a_day"] = ["Write how many per cent come off for each day, from 1 to 100."]
    if wanted.late_policy != "accept" and wanted.dates.due is None:
        wrong["due"] = ["Late is what comes after the due date: say when it is due."]
    target = _target(session, class_id, wanted)
    if wanted.kind != "class" and target == EVERYBODY:
        wrong[wanted.kind] = ["Choose at least one."]
    if wrong:
        raise Mistakes(wrong)
    return target


def _target(session: Session, class_id: int, wanted: Wanted) -> Target:
    """What of the target belongs to the class; what comes from elsewhere is left out."""
    if wanted.kind == "groups":
        there = {group.id for group in classes.groups(session, class_id)}
        return Target(groups=wanted.target.groups & there)
    if wanted.kind == "students":
        there = {user.id for _, user in classes.members(session, class_id, "student")}
        return Target(students=wanted.target.students & there)
    return EVERYBODY


def _said(assignment: Assignment, target: Target) -> dict[str, Any]:
    times = {name: getattr(assignment, f"{name}_at") for name in ("opens", "due", "closes")}
    return {
        "quiz": assignment.quiz,
        "for": assignment.target,
        **({"groups": sorted(target.groups)} if target.groups else {}),
        **({"students": sorted(target.students)} if target.students else {}),
        **{name: at.isoformat(timespec="minutes") if at else None for name, at in times.items()},
        "late": assignment.late_policy,
        "percent_a_day": assignment.late_percent_a_day,
    }

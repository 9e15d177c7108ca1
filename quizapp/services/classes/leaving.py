"""Accounts that a list made belong to school work: their deletion goes through a teacher of the class."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit, personal_data
from quizapp.services.classes import members, own
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person
from quizapp.store import classes, users
from quizapp.store.class_tables import SchoolClass

NOT_IN_IT = "You are not in this class, or not any more."
ASK_TEACHER = "Your teacher made this account for your classes. Ask your teacher to take you out of this one."


def goes_through_teacher(session: Session, who: Person) -> bool:
    """Whether this person's account is deleted by a teacher: a list made it, and a class has it."""
    return who.is_rostered and bool(classes.of_student(session, who.id, archived=True))


def leave(session: Session, who: Person, *, now: datetime) -> bool:
    """Erase the account, or ask the teacher to; True where it is erased. Raises as ``personal_data.erase``."""
    if not goes_through_teacher(session, who):
        personal_data.erase(session, who.id)
        return True
    user = users.by_id(session, who.id)
    if user is None:
        raise NotFound
    user.deletion_asked_at = user.deletion_asked_at or now
    return False


def classes_of(session: Session, who: Person) -> list[SchoolClass]:
    """The classes that somebody is in as a student; one query."""
    return classes.of_student(session, who.id)


def leave_class(session: Session, class_id: int, who: Person, *, now: datetime) -> SchoolClass:
    """Out of a class by oneself; what was done in it stays with its teachers, who can bring one back.

    Raises ``NotFound`` where one is no student of it; ``Conflict`` for an account that a teacher's list made.
    """
    place = classes.membership(session, class_id, who.id)
    found = classes.by_id(session, class_id)
    if found is None or place is None or place.role != "student" or place.removed_at is not None:
        raise NotFound(NOT_IN_IT)
    if who.is_rostered:
        raise Conflict(ASK_TEACHER)
    place.removed_at = now
    audit.record(session, who.id, "leave", "member", who.id, {"role": "student"}, None, now=now, class_id=class_id)
    return found


def stay(session: Session, user_id: int) -> None:
    """Ask no more."""
    user = users.by_id(session, user_id)
    if user is not None:
        user.deletion_asked_at = None


def decline(session: Session, class_id: int, user_id: int, *, teacher_id: int, now: datetime) -> Person:
    """The account stays. Raises ``NotFound``."""
    own.taught(session, class_id, teacher_id, lock=True)
    found = members.student(session, class_id, user_id)
    stay(session, user_id)
    audit.record(session, teacher_id, "decline deletion", "account", user_id, None, None, now=now, class_id=class_id)
    return found.person


def delete(session: Session, class_id: int, user_id: int, *, teacher_id: int, now: datetime) -> Person:
    """Erase a student who asked for it; attempts that classes set stay without the name.

    Raises ``NotFound``; ``Conflict`` where the student has not asked.
    """
    own.taught(session, class_id, teacher_id, lock=True)
    found = members.student(session, class_id, user_id).person
    if found.deletion_asked_at is None or not found.is_rostered:
        raise Conflict("This student has not asked for the account to be deleted. You can take them out of the class.")
    audit.record(session, teacher_id, "delete", "account", user_id, None, None, now=now, class_id=class_id)
    personal_data.erase(session, user_id)
    return found

"""What is kept of a person: giving it to them, and erasing it.

What ``export`` gives is documented in docs/student.md. It holds to the review policy, as pages do, and tells nothing of
a question that is being asked elsewhere: what may not be seen yet is null.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.permissions import STAFF
from quizapp.domain.quiz import Quiz
from quizapp.services import attempt_data, teaching_data, usernames
from quizapp.services.attempt_data import time_of
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import person
from quizapp.services.reading import open_questions
from quizapp.services.reports import own
from quizapp.store import (
    answers,
    assignments,
    attempts,
    bank,
    building,
    classes,
    gradebook,
    imports,
    marks,
    notes,
    openings,
    own_sources,
    trials,
    users,
)
from quizapp.store.class_tables import Accommodation
from quizapp.store.mark_tables import Note
from quizapp.store.tables import Attempt, User

FORMAT = "personal data 1"
LAST_ADMIN = (
    "You are the only one who looks after the accounts here. "
    "Let somebody else be made an administrator first; then you can delete yours."
)

ONLY_TEACHER = "You are the only teacher of a class. Let another teacher look after it first; then you can go."


def export(session: Session, user_id: int, *, now: datetime) -> dict[str, Any]:
    """All that is kept of a person, as plain JSON; fourteen queries at most, whatever there is. Raises ``NotFound``.

    A teacher's has three more.
    """
    user = _user(session, user_id)
    mine = attempts.of_user(session, user_id)
    quizzes = bank.quizzes(session, {attempt.quiz_digest for attempt in mine})
    items = bank.items(session, {slot.item_digest for attempt in mine for slot in attempt.slots})
    responses = answers.responses_of_user(session, user_id)
    asked = open_questions(session, user_id, now=now)
    return {
        "format": FORMAT,
        "exported_at": time_of(now),
        "account": _account(user),
        "classes": _classes(session, user_id),
        "attempts": attempt_data.attempts(mine, quizzes, items, responses, asked, now),
        "mark_changes": attempt_data.mark_changes(marks.of_user(session, user_id), mine, quizzes, asked, now),
        "openings": attempt_data.openings(openings.of_user(session, user_id)),
        "reports": own.exported(session, user_id, now=now),
        "notes": [_note(one) for one in notes.of_user(session, user_id)],
        **(teaching_data.exported(session, user_id) if user.role in STAFF else {}),
    }


def erase(session: Session, user_id: int) -> None:
    """Erase a person: the account, the attempts, the answers, what was opened.

    Attempts that a class set stay under a pseudonym, for its teacher's statistics; what says who sat them is erased.
    Raises ``NotFound``; ``Conflict`` for the last administrator, and for the only teacher of a class.
    """
    user = attempts.lock_user(session, user_id)
    if user is None:
        raise NotFound
    if classes.alone_in(session, user_id):
        raise Conflict(ONLY_TEACHER)
    if user.role == "admin" and not users.others_with(session, user, "admin"):
        raise Conflict(LAST_ADMIN)
    for stand_in in trials.stand_ins(session, teacher_id=user_id):
        erase(session, stand_in.id)
    imports.forget_user(session, user_id)
    building.forget(session, user_id)
    own_sources.forget(session, user_id)
    mine = attempts.of_user(session, user_id, slots=False)
    quizzes = bank.quizzes(session, {attempt.quiz_digest for attempt in mine})
    kept = [one.id for one in mine if _is_of_a_class(one, quizzes[one.quiz_digest])]
    if kept:
        _make_nobody(session, user)
    users.remove(session, user, kept)


def _is_of_a_class(attempt: Attempt, quiz: Quiz) -> bool:
    """Whether a class set the attempt; practice outside the grade is the student's own."""
    return attempt.number > 0 and (attempt.assignment_id is not None or quiz.access == "class")


def _make_nobody(session: Session, user: User) -> None:
    """Leave of a user nothing but a number; nobody can sign in as them, nor a guest become them."""
    user.given_name = user.family_name = ""
    user.email = user.student_number = user.time_zone = user.password_hash = None
    user.preferences, user.session_epoch = {}, user.session_epoch + 1
    for name in (f"former-{user.id}", *(f"former-{user.id}-{n}" for n in range(2, 100))):
        if users.name(session, user, name, usernames.key(name), "student"):
            return
    raise Conflict("This account could not be deleted just now. Please try again.")


def _user(session: Session, user_id: int) -> User:
    user = users.by_id(session, user_id)
    if user is None:
        raise NotFound
    return user


def _account(user: User) -> dict[str, Any]:
    known = person(user)
    names = ("username", "given_name", "family_name", "email", "student_number", "time_zone", "role", "preferences")
    times = ("created_at", "rostered_at", "deletion_asked_at")
    return {
        **{name: getattr(known, name) for name in names},
        **{name: time_of(getattr(user, name)) for name in times},
        "must_change_password": user.must_change_password,
    }


def _note(note: Note) -> dict[str, Any]:
    return {"text": note.text, "created_at": time_of(note.created_at), "read_at": time_of(note.read_at)}


def _classes(session: Session, user_id: int) -> list[dict[str, Any]]:
    groups = classes.groups_of_user(session, user_id)
    gets: dict[int, list[dict[str, Any]]] = {}
    for row in assignments.accommodations_of(session, user_id):
        gets.setdefault(row.class_id, []).append(_accommodation(row))
    excused: dict[int, list[dict[str, Any]]] = {}
    for assignment, excuse in gradebook.excuses_of_user(session, user_id):
        said = {"quiz": assignment.quiz, "why": excuse.why, "at": time_of(excuse.at)}
        excused.setdefault(assignment.class_id, []).append(said)
    return [
        {
            "name": school_class.name,
            "role": place.role,
            "joined_at": time_of(place.joined_at),
            "removed_at": time_of(place.removed_at),
            "groups": groups.get(school_class.id, []),
            "accommodations": gets.get(school_class.id, []),
            "excused": excused.get(school_class.id, []),
        }
        for place, school_class in classes.places_of_user(session, user_id)
    ]


def _accommodation(row: Accommodation) -> dict[str, Any]:
    amounts = ("assignment_id", "time_percent", "extra_minutes", "extra_attempts")
    dates = {name: time_of(getattr(row, name)) for name in ("opens_at", "due_at", "closes_at")}
    return {**{name: getattr(row, name) for name in amounts}, **dates}

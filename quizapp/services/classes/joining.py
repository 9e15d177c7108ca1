"""Joining a class by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.classes.own import CODE_ALPHABET, CODE_LENGTH
from quizapp.services.errors import NotAllowed
from quizapp.services.people import Person, person
from quizapp.store import classes

NO_SUCH_CODE = "No class has this code. Look at it once more, or ask your teacher whether there is a newer one."


class NoSuchCode(Mistakes):
    """A code that opens nothing: typed wrong, withdrawn, or guessed."""

    status = 422

    def __init__(self) -> None:
        super().__init__({"code": [NO_SUCH_CODE]})


@dataclass(frozen=True)
class Door:
    """A class as somebody who has its code sees it before joining."""

    class_id: int
    code: str
    name: str
    teachers: tuple[str, ...]
    is_in_already: bool
    is_teacher: bool


def clean(code: str) -> str | None:
    """The code that somebody typed, without what separates its parts; None where it cannot be one."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    fits = len(letters) == CODE_LENGTH and all(character in CODE_ALPHABET for character in letters)
    return letters if fits else None


def door(session: Session, code: str, *, user_id: int | None) -> Door:
    """The class that this code opens. Raises ``NoSuchCode``."""
    cleaned = clean(code)
    found = classes.by_code(session, cleaned) if cleaned else None
    if found is None or cleaned is None:
        raise NoSuchCode
    place = classes.membership(session, found.id, user_id) if user_id is not None else None
    is_in = place is not None and place.removed_at is None
    teachers = classes.teachers_of(session, [found.id]).get(found.id, [])
    names = tuple(person(user).name for user in teachers)
    return Door(found.id, cleaned, found.name, names, is_in, is_in and place is not None and place.role == "teacher")


def join(session: Session, code: str, *, who: Person, now: datetime) -> Door:
    """Into the class as a student; who is in it already stays as they are.

    Raises ``NoSuchCode``; ``NotAllowed`` for guests, whom a teacher could not tell apart, and for teachers.
    """
    found = door(session, code, user_id=who.id)
    if found.is_in_already:
        return found
    if who.role != "student":
        raise NotAllowed(
            "Sign up or sign in first: your teacher needs to know who you are. What you did as a guest comes along."
            if who.is_guest
            else "You are a teacher, and only students join by code. Another teacher can add you to their class."
        )
    if classes.membership(session, found.class_id, who.id) is not None:
        raise NotAllowed("You left this class, or were taken out. Your teacher alone can bring you back.")
    classes.put(session, found.class_id, who.id, "student", now)
    audit.record(session, who.id, "join", "member", who.id, None, {"role": "student"}, now=now, class_id=found.class_id)
    return found

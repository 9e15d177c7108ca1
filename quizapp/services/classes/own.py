"""A teacher's own classes: making, naming, archiving; the join code; who teaches them too."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit, usernames
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.store import classes, users
from quizapp.store.class_tables import SchoolClass
from quizapp.store.classes import Counted

LONGEST_NAME = 120
LONGEST_KEPT = 120  # months
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else: no I, L, O, 0, 1
CODE_LENGTH = 8
NO_SUCH_CLASS = "There is no such class, or it is not one of yours."


@dataclass(frozen=True)
class Settings:
    """What a teacher says about a class. ``keep_months``: after it is archived; None until somebody deletes it."""

    name: str
    keep_months: int | None = None


def mine(session: Session, teacher_id: int) -> list[Counted]:
    """The classes that somebody teaches, archived ones last; one query."""
    return classes.of_teacher(session, teacher_id)


def taught(session: Session, class_id: int, teacher_id: int, *, lock: bool = False) -> SchoolClass:
    """The class, if this person teaches it. Raises ``NotFound``, as for a class that there is not."""
    found = classes.taught(session, class_id, teacher_id, lock=lock)
    if found is None:
        raise NotFound(NO_SUCH_CLASS)
    return found


def create(session: Session, wanted: Settings, *, teacher_id: int, now: datetime) -> SchoolClass:
    """A new class of this teacher, with a join code. Raises ``Mistakes``."""
    _check(wanted)
    made = SchoolClass(name=_named(wanted), created_at=now, keep_months=wanted.keep_months)
    session.add(made)
    session.flush()
    classes.put(session, made.id, teacher_id, "teacher", now)
    _new_code(session, made, new_code)
    audit.record(session, teacher_id, "create", "class", made.id, None, _said(made), now=now, class_id=made.id)
    return made


def change(session: Session, class_id: int, wanted: Settings, *, teacher_id: int, now: datetime) -> SchoolClass:
    """Another name, or another time to be kept. Raises ``NotFound`` and ``Mistakes``."""
    found = taught(session, class_id, teacher_id, lock=True)
    _check(wanted)
    old = _said(found)
    found.name, found.keep_months = _named(wanted), wanted.keep_months
    if _said(found) != old:
        audit.record(session, teacher_id, "change", "class", class_id, old, _said(found), now=now, class_id=class_id)
    return found


def archive(session: Session, class_id: int, *, archived: bool, teacher_id: int, now: datetime) -> SchoolClass:
    """Put a class away, so that nobody joins or is due any more; or take it up again. Raises ``NotFound``."""
    found = taught(session, class_id, teacher_id, lock=True)
    if (found.archived_at is not None) == archived:
        return found
    found.archived_at = now if archived else None
    action = "archive" if archived else "take up again"
    audit.record(session, teacher_id, action, "class", class_id, None, None, now=now, class_id=class_id)
    return found


# --- the join code ---------------------------------------------------------------------------------------------------


def new_code() -> str:
    """A join code that nobody guesses: eight of 31 letters and digits, about 8.5 × 10¹¹ of them."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def shown_code(code: str | None) -> str:
    """The code as it is read out: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}" if code else ""


def renew_code(session: Session, class_id: int, *, teacher_id: int, now: datetime) -> str:
    """Another join code; the one before opens nothing any more. Raises ``NotFound`` and ``Conflict``."""
    found = taught(session, class_id, teacher_id, lock=True)
    if found.archived_at is not None:
        raise Conflict("This class is archived, so nobody can join it. Take it up again first.")
    code = _new_code(session, found, new_code)
    audit.record(session, teacher_id, "renew join code", "class", class_id, None, None, now=now, class_id=class_id)
    return code


def revoke_code(session: Session, class_id: int, *, teacher_id: int, now: datetime) -> None:
    """From now on nobody can join by code. Raises ``NotFound``."""
    found = taught(session, class_id, teacher_id, lock=True)
    if found.join_code is not None:
        classes.set_code(session, found, None)
        audit.record(session, teacher_id, "revoke join code", "class", class_id, None, None, now=now, class_id=class_id)


def _new_code(session: Session, school_class: SchoolClass, make: Callable[[], str]) -> str:
    for _ in range(8):
        code = make()
        if classes.set_code(session, school_class, code):
            return code
    raise Conflict("No join code could be made just now. Please try again.")


# --- who teaches it --------------------------------------------------------------------------------------------------


def teachers(session: Session, class_id: int) -> list[Person]:
    """Those who teach the class."""
    return [person(user) for _, user in classes.members(session, class_id, "teacher")]


def add_teacher(session: Session, class_id: int, username: str, *, teacher_id: int, now: datetime) -> Person:
    """Let another teacher look after the class too. Raises ``NotFound`` and ``Mistakes``."""
    taught(session, class_id, teacher_id, lock=True)
    user = users.by_key(session, usernames.key(username)[:160])
    if user is None or user.role not in ("teacher", "admin"):
        raise Mistakes({"username": ["There is no teacher of this username. Ask them how it is written."]})
    classes.put(session, class_id, user.id, "teacher", now)
    audit.record(session, teacher_id, "add teacher", "member", user.id, None, {"role": "teacher"}, now=now,
                 class_id=class_id)  # fmt: skip
    return person(user)


def remove_teacher(session: Session, class_id: int, user_id: int, *, teacher_id: int, now: datetime) -> None:
    """Somebody teaches the class no more, perhaps oneself. Raises ``NotFound``; ``Conflict`` for the last one."""
    taught(session, class_id, teacher_id, lock=True)
    there = {one.id for one in teachers(session, class_id)}
    if user_id not in there:
        raise NotFound("This person does not teach the class.")
    if len(there) == 1:
        raise Conflict("You are the only teacher of this class. Add another one first, or archive the class.")
    found = classes.membership(session, class_id, user_id)
    if found is not None:
        found.removed_at = now
    audit.record(session, teacher_id, "remove teacher", "member", user_id, {"role": "teacher"}, None, now=now,
                 class_id=class_id)  # fmt: skip


def _check(wanted: Settings) -> None:
    wrong: dict[str, list[str]] = {}
    name = _named(wanted)
    if not name:
        wrong["name"] = ["Give the class a name, such as “History 9b”."]
    elif len(name) > LONGEST_NAME:
        wrong["name"] = [f"Use at most {LONGEST_NAME} characters."]
    if wanted.keep_months is not None and not 0 <= wanted.keep_months <= LONGEST_KEPT:
        wrong["keep_months"] = [f"Choose from 0 to {LONGEST_KEPT} months."]
    if wrong:
        raise Mistakes(wrong)


def _named(wanted: Settings) -> str:
    return usernames.personal_name(wanted.name)


def _said(school_class: SchoolClass) -> dict[str, object]:
    return {"name": school_class.name, "keep_months": school_class.keep_months}

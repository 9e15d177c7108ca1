"""Slips of paper with a one-time password, for students without e-mail: it opens the account to choose another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit, passwords
from quizapp.services.classes import members, own
from quizapp.services.errors import Conflict
from quizapp.services.people import Person, person
from quizapp.store import users
from quizapp.store.tables import User

OWN_ACCOUNT = (
    "This student made the account by themselves, so its password is theirs alone. "
    "Whoever looks after this site can set a new one."
)


@dataclass(frozen=True)
class Slip:
    """What stands on the paper. The password is not kept, only its hash: it is shown this once."""

    person: Person
    password: str


def first_slip(user: User) -> str:
    """Give the account a one-time password; the password.

    It is made by chance, 59 bits of it, which no number of guesses exhausts: a fast hash is enough, and thirty slips
    are there at once. The password chosen afterwards is hashed as every other.
    """
    password = passwords.one_time()
    user.password_hash = passwords.hash_of(password, "cheap")
    user.must_change_password = True
    return password


def new_slips(
    session: Session, class_id: int, user_ids: Iterable[int], *, teacher_id: int, now: datetime
) -> list[Slip]:
    """New slips for students of the class whose accounts a list made; every session of theirs ends.

    Raises ``NotFound`` for who is not in the class, ``Conflict`` for who made the account by themselves.
    """
    own.taught(session, class_id, teacher_id, lock=True)
    slips = []
    for user_id in dict.fromkeys(user_ids):
        members.student(session, class_id, user_id)
        user = users.by_id(session, user_id)
        if user is None or user.rostered_at is None or user.role != "student":
            raise Conflict(OWN_ACCOUNT)
        password = first_slip(user)
        user.session_epoch += 1
        session.flush()
        slips.append(Slip(person(user), password))
        audit.record(session, teacher_id, "new slip", "account", user_id, None, None, now=now, class_id=class_id)
    return slips

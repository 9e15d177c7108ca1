"""Accounts: guests, signing up and in, what people change about themselves (first teacher's link: ``first_teacher``).

Hashing takes long and SQLite has one writer: what hashes does so before it asks the database anything, and the steps of
signing in are apart, so that the caller can end the reading transaction before ``is_right``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from quizapp.domain.permissions import Role
from quizapp.services import first_teacher, passwords, usernames
from quizapp.services.errors import NotFound, Refusal
from quizapp.services.passwords import Hashing
from quizapp.services.people import Person, person
from quizapp.store import users
from quizapp.store.tables import User

LONGEST_NAME, LONGEST_EMAIL = 120, 254
TAKEN = "This username is taken. Choose another."


class Mistakes(Refusal):
    """What somebody filled in cannot be taken; for each field, why."""

    status = 422
    title = "Please look again"

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__(" ".join(message for messages in fields.values() for message in messages))
        self.fields = fields


@dataclass(frozen=True)
class Wanted:
    """An account as somebody asks for it."""

    username: str
    password: str
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True)
class Details:
    """What people may change about themselves."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class Credentials:
    """What a password is compared with; of an account that does not exist, nothing."""

    user_id: int | None = None
    username: str = ""
    kept: str | None = None


def sign_up(
    session: Session,
    wanted: Wanted,
    *,
    hashing: Hashing,
    now: datetime,
    role: Role = "student",
    guest_id: int | None = None,
) -> Person:
    """A new account. A guest who signs up stays the same user, and so keeps the scores. Raises Mistakes."""
    _check(wanted)
    password_hash = passwords.hash_of(wanted.password, hashing)
    return _keep(session, wanted, password_hash, now, role, guest_id)


def sign_up_first_teacher(
    session: Session, token: str, wanted: Wanted, *, hashing: Hashing, now: datetime, guest_id: int | None = None
) -> Person:
    """The first teacher, who also looks after the accounts; uses the link up. Raises Mistakes and NotFound."""
    _check(wanted)
    password_hash = passwords.hash_of(wanted.password, hashing)
    first_teacher.use(session, token, now=now)
    return _keep(session, wanted, password_hash, now, "admin", guest_id)


def guest(session: Session, *, now: datetime, name_seed: str) -> Person:
    """A new guest, with a name that can be read out."""
    for length in (4, 5, 6, 8, 12):
        name = usernames.guest_name(f"{name_seed}/{length}", length)
        user = User(created_at=now, preferences={}, session_epoch=0)
        if users.name(session, user, name, name, "guest"):
            return person(user)
    raise Mistakes({"username": [TAKEN]})  # five names, one of them of 12 random characters, all taken: never


def credentials(session: Session, username: str) -> Credentials:
    """What to compare a password with; whether the account exists does not show."""
    user = users.by_key(session, usernames.key(username)[:160])
    return Credentials(user.id, user.username, user.password_hash) if user else Credentials()


def is_right(found: Credentials, password: str, *, hashing: Hashing) -> bool:
    """Whether the password is the account's; the same work whether or not there is one. Asks the database nothing."""
    return passwords.is_right(password, found.kept, hashing)


def sign_in(session: Session, user_id: int, *, renewed_hash: str | None = None, guest_id: int | None = None) -> Person:
    """Whoever has just proved to be this user; what they did as a guest before is theirs from now on."""
    user = _user(session, user_id)
    if renewed_hash is not None:
        user.password_hash = renewed_hash
    visitor = _guest(session, guest_id)
    if visitor is not None:
        users.hand_over(session, visitor, user)
    session.flush()
    return person(user)


def renewed_hash(found: Credentials, password: str, *, hashing: Hashing) -> str | None:
    """The password hashed anew where the parameters have changed since; else None. Asks the database nothing."""
    outdated = found.kept is not None and passwords.is_outdated(found.kept, hashing)
    return passwords.hash_of(password, hashing) if outdated else None


def change_details(session: Session, user_id: int, details: Details) -> Person:
    """Keep what somebody says about themselves. Raises Mistakes."""
    wrong = _name_problems(details.given_name, details.family_name) | email_problems(details.email.strip())
    if details.time_zone and details.time_zone not in _time_zones():
        wrong["time_zone"] = ["Choose a time zone from the list."]
    if wrong:
        raise Mistakes(wrong)
    user = _user(session, user_id)
    user.given_name = usernames.personal_name(details.given_name)
    user.family_name = usernames.personal_name(details.family_name)
    user.email, user.time_zone = details.email.strip() or None, details.time_zone or None
    session.flush()
    return person(user)


def hash_of_new(password: str, username: str, *, hashing: Hashing) -> str:
    """What to keep of a new password of this user. Asks the database nothing. Raises Mistakes."""
    wrong = passwords.problems(password, username)
    if wrong:
        raise Mistakes({"password": wrong})
    return passwords.hash_of(password, hashing)


def set_password(session: Session, user_id: int, password_hash: str) -> Person:
    """Keep a new password and end every session of the account."""
    user = _user(session, user_id)
    user.password_hash, user.must_change_password = password_hash, False
    return end_sessions(session, user_id)


def end_sessions(session: Session, user_id: int) -> Person:
    """End every session of the account, on all devices."""
    user = _user(session, user_id)
    user.session_epoch += 1
    session.flush()
    return person(user)


def _keep(
    session: Session, wanted: Wanted, password_hash: str, now: datetime, role: Role, guest_id: int | None
) -> Person:
    user = _guest(session, guest_id) or User(created_at=now, preferences={}, session_epoch=-1)
    if not users.name(session, user, usernames.clean(wanted.username), usernames.key(wanted.username), role):
        raise Mistakes({"username": [TAKEN]})
    user.password_hash = password_hash
    user.given_name = usernames.personal_name(wanted.given_name)
    user.family_name = usernames.personal_name(wanted.family_name)
    user.session_epoch += 1
    session.flush()
    return person(user)


def _check(wanted: Wanted) -> None:
    wrong = {
        "username": usernames.problems(wanted.username),
        "password": passwords.problems(wanted.password, wanted.username),
        **_name_problems(wanted.given_name, wanted.family_name),
    }
    wrong = {field: messages for field, messages in wrong.items() if messages}
    if wrong:
        raise Mistakes(wrong)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _name_problems(given_name: str, family_name: str) -> dict[str, list[str]]:
    names = {"given_name": given_name, "family_name": family_name}
    too_long = [field for field, name in names.items() if len(usernames.personal_name(name)) > LONGEST_NAME]
    return {field: [f"Use at most {LONGEST_NAME} characters."] for field in too_long}


def email_problems(email: str) -> dict[str, list[str]]:
    """Why this cannot be an e-mail address, by the name of the field; none is needed."""
    local, _, host = email.rpartition("@")
    is_plausible = local and "." in host.strip(".") and email.isprintable() and " " not in email
    if email and (not is_plausible or len(email) > LONGEST_EMAIL):
        return {"email": ["Write an address such as ann@school.example, or leave this empty."]}
    return {}


def _user(session: Session, user_id: int) -> User:
    user = users.by_id(session, user_id)
    if user is None:
        raise NotFound("This account is no longer there.")
    return user


def _guest(session: Session, guest_id: int | None) -> User | None:
    """The guest of this id; None for anybody else, so that nobody's account is ever claimed."""
    user = users.by_id(session, guest_id) if guest_id is not None else None
    return user if user is not None and user.role == "guest" else None

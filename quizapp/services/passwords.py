"""Passwords: what may be one, and how they are kept: by Argon2id, with the parameters that its authors advise."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST

from quizapp.services import usernames

Hashing = Literal["strong", "cheap"]  # cheap is for tests alone
SHORTEST, LONGEST = 10, 1000


def problems(password: str, username: str) -> list[str]:
    """Why this cannot be the password of somebody of this name; nothing if it can. Length counts, mixture does not."""
    if len(password) < SHORTEST:
        return [f"Use at least {SHORTEST} characters."]
    if len(password) > LONGEST:
        return [f"Use at most {LONGEST:,} characters."]
    if usernames.key(password) == usernames.key(username):
        return ["Choose a password that is not your username."]
    if _folded(password) in _commonest():
        return ["This password is one of the first that others would try. Choose another."]
    return []


def hash_of(password: str, hashing: Hashing) -> str:
    """What is kept of a password. Takes long on purpose: call it while no transaction is open."""
    return _hasher(hashing).hash(_normal(password))


def is_right(password: str, kept: str | None, hashing: Hashing) -> bool:
    """Whether this is the password of which that was kept. The same long work where nothing was."""
    if kept is None or is_outdated(kept, hashing):  # what is kept in a faster way must not answer faster
        _verifies(_hash_of_nothing(hashing), password, hashing)
    return kept is not None and _verifies(kept, password, hashing)


def _verifies(kept: str, password: str, hashing: Hashing) -> bool:
    try:
        _hasher(hashing).verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return True


def is_outdated(kept: str, hashing: Hashing) -> bool:
    """Whether the parameters have changed since that was kept, so that it should be kept anew."""
    return _hasher(hashing).check_needs_rehash(kept)


def generated() -> str:
    """A password that nobody guesses and everybody can copy from paper: k7fw-m2pd-x9ra-3hvt."""
    return "-".join("".join(secrets.choice(usernames.READABLE) for _ in range(4)) for _ in range(4))


def one_time() -> str:
    """A password for a slip of paper, to be used once: k7fw-m2pd-x9ra, one of about 8 × 10¹⁷."""
    return "-".join("".join(secrets.choice(usernames.READABLE) for _ in range(4)) for _ in range(3))


@cache
def _hasher(hashing: Hashing) -> PasswordHasher:
    return PasswordHasher.from_parameters(CHEAPEST) if hashing == "cheap" else PasswordHasher()


@cache
def _hash_of_nothing(hashing: Hashing) -> str:
    return _hasher(hashing).hash("")  # never right, since it is never kept


@cache
def _commonest() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_folded(line) for line in lines if line and not line.startswith("#"))


def _normal(password: str) -> str:
    """The same characters from every keyboard; anything too long to be a password is cut, and so is never right."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def _folded(password: str) -> str:
    return "".join(_normal(password).casefold().split())

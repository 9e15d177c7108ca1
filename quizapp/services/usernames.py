"""What a username may be. Two that read alike, case and width apart, are one."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

SHORTEST, LONGEST = 2, 80
_LONGEST_KEY = 160  # as the database keeps it
_KINDS = ("L", "M", "N")
_OTHERS = " ._-'’@+"
_GUEST = "guest-"
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def clean(username: str) -> str:
    """The name as it is shown: compatibility forms replaced, no space around it, single ones within."""
    return " ".join(unicodedata.normalize("NFKC", username).split())


def key(username: str) -> str:
    """What a name is known by: equal for names that differ in case or width alone."""
    return unicodedata.normalize("NFKC", clean(username).casefold())


def problems(username: str) -> list[str]:
    """Why this cannot be somebody's username; nothing if it can."""
    name = clean(username)
    if len(name) < SHORTEST:
        return [f"Use at least {SHORTEST} characters."]
    if len(name) > LONGEST or len(key(name)) > _LONGEST_KEY:
        return [f"Use at most {LONGEST} characters."]
    strange = sorted({character for character in name if not _is_usual(character)})
    if strange:
        return [f"Use letters, digits and . _ - ' @ + only, without {' '.join(map(_shown, strange))}."]
    if not any(character.isalnum() for character in name):
        return ["Use at least one letter or digit."]
    if key(name).startswith(_GUEST):
        return ["Names that begin with “guest-” are kept for guests. Choose another."]
    return []


def guest_name(seed: str, length: int) -> str:
    """A name for a guest, such as guest-7k3f; the same seed gives the same name."""
    number = int.from_bytes(sha256(seed.encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(READABLE))
        letters.append(READABLE[place])
    return _GUEST + "".join(letters)


def personal_name(text: str) -> str:
    """A given or family name without what cannot be seen: controls, and marks that turn the direction of writing."""
    seen = "".join(
        c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in {"Cc", "Cf"} or c.isspace()
    )
    return re.sub(r"\s+", " ", seen).strip()


def _is_usual(character: str) -> bool:
    return character in _OTHERS or unicodedata.category(character).startswith(_KINDS)


def _shown(character: str) -> str:
    return character if character.isprintable() else unicodedata.name(character, f"U+{ord(character):04X}").lower()

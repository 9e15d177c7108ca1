"""Short texts as people type them: cleaned, compared without regard to case and accents, and nearly right ones."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

LONGEST = 1000
ARTICLES = frozenset({"the", "a", "an"})
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´."))
SINGLE_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
ONE_SLIP_FROM = 5  # letters in the answer
TWO_SLIPS_FROM = 9


def typed(text: str, longest: int = LONGEST) -> str:
    """What was typed, without control characters, trimmed, and cut where no answer goes on."""
    printable = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text[: 4 * longest])
    return printable.strip()[:longest].strip()


def folded(text: str) -> str:
    """The text for comparing: no case, accents, punctuation or white space, and no leading English article."""
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).casefold().translate(SINGLE_LETTERS)
    kept = "".join(
        c if unicodedata.category(c)[0] in "LN" else "" if c in "\u200b\u00ad" else " " for c in _bare(plain)
    )
    words = kept.split()
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return "".join(words)


def folded_digest(text: str) -> str:
    """SHA-256, in hexadecimal, of the folded text: equal for texts that say the same."""
    return hashlib.sha256(folded(text).encode()).hexdigest()


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))


def slips_allowed(answer: str) -> int:
    """How many slips of the hand an answer's length forgives: 1 from five letters on, 2 from nine."""
    letters = sum(c.isalpha() for c in folded(answer))
    return (letters >= ONE_SLIP_FROM) + (letters >= TWO_SLIPS_FROM)


def distance(one: str, other: str) -> int:
    """How many letters are added, left out, changed or swapped with their neighbour between two folded texts."""
    return OSA.distance(folded(one), folded(other))


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same once case, accents, punctuation, white space and the article are set aside."""
    return folded(one) == folded(other) != ""


def is_near(response: str, answer: str) -> bool:
    """Whether the response is the answer with no more slips than its length forgives; numbers never slip."""
    return _numbers(response) == _numbers(answer) and distance(response, answer) <= slips_allowed(answer)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", folded(text))


def nearest(response: str, answers: Iterable[str]) -> str | None:
    """The answer that the response comes nearest to, of those that it is near at all; the first of equals."""
    return min(
        (one for one in answers if is_near(response, one)), key=lambda one: distance(response, one), default=None
    )


def confusable(answer: str, others: Iterable[str]) -> list[str]:
    """Those of the others that a slip could turn into the answer, though they say something else."""
    return [other for other in others if not is_same(answer, other) and is_near(other, answer)]

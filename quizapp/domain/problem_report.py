"""What students tell about a question or a judgement: a problem, or a challenge with counter-evidence."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

State = Literal["open", "answered", "accepted", "declined", "withdrawn"]

PROBLEMS: Mapping[str, str] = {
    "unclear": "I do not understand what is asked",
    "mistake": "There is a mistake in it: spelling, a name, a date",
    "evidence": "The passage shown does not prove it",
    "display": "Something does not work, or cannot be read",
    "other": "Something else",
}
CHALLENGE, JUDGEMENT = "challenge", "judgement"
LABELS: Mapping[str, str] = {
    "unclear": "Unclear",
    "mistake": "Mistake",
    "evidence": "Evidence does not prove it",
    "display": "Does not work",
    "other": "Something else",
    CHALLENGE: "Challenge to the key",
    JUDGEMENT: "Challenge to a judgement",
}
STATES: Mapping[State, str] = {
    "open": "Open",
    "answered": "Answered",
    "accepted": "Accepted",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
}

LONGEST_COMMENT = 1_000  # characters
LONGEST_ANSWER = 2_000
LONGEST_QUOTE = 300
MOST_WORDS = 12


def is_challenge(kind: str) -> bool:
    """Whether a report of this kind comes with counter-evidence."""
    return kind in (CHALLENGE, JUDGEMENT)


def comment_problem(text: str, longest: int, missing: str) -> str | None:
    """What is wrong with what somebody wrote; ``missing`` where nothing is written."""
    if not text:
        return missing
    if len(text) > longest:
        return f"This is {len(text):,} characters long; {longest:,} fit. Make it shorter."
    return None


def quote_problem(quote: str) -> str | None:
    """What is wrong with the length of words given as counter-evidence."""
    number = len(quote.split())
    if number > MOST_WORDS or len(quote) > LONGEST_QUOTE:
        return f"These are {number} words; give the {MOST_WORDS} that matter most, or fewer."
    return None


def likeness(kind: str, comment: str, passage: str, quote: str) -> str:
    """Equal for reports that say the same of the same version: by counter-evidence where there is some, else by words.

    Capitals, white space and punctuation make no difference.
    """
    told = [passage, _bare(quote)] if is_challenge(kind) else [_bare(comment)]
    return hashlib.sha256(json.dumps([kind, *told]).encode()).hexdigest()


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded)) or folded

"""«Because …»: a reason beside an answer, in a sentence or two.

In a test that a class was set a teacher marks it. Elsewhere its student compares it with the explanation, unmarked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from quizapp.domain.marking import ZERO, Mark

FIELD = "because"  # the form's field, and the name of the reason's part of a mark
OWN = "own"  # the part that keeps what the answer alone earns
LONGEST = 1000  # characters
MOST_POINTS = 2
SELF_CHECKS: Mapping[str, str] = {"had": "I had it", "partly": "Partly", "no": "No"}
WAITS = "Your teacher marks the reason that you gave; until then this question has no mark."
RULE = {
    True: "Half of the mark is for the answer, by the rule above; half is for the reason, to which your teacher gives "
    "0, 1 or 2 points. A reason without an answer earns nothing.",
    False: "It is not marked: afterwards you compare it with the explanation.",
}


def read(form: Mapping[str, Sequence[str]]) -> str | None:
    """The reason in a form, trimmed and cut; None where none is written."""
    given = "".join(form.get(FIELD, ())[:1])[: 4 * LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    printable = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in given)
    return printable.strip()[:LONGEST].strip() or None


def form(reason: str | None) -> dict[str, list[str]]:
    """The form that ``read`` would turn into the reason; empty for None."""
    return {FIELD: [reason]} if reason else {}


def is_marked(mode: str, assignment: object) -> bool:
    """Whether a teacher marks reasons here: in a test that a class was set. Elsewhere there is nobody who would."""
    return mode == "test" and assignment is not None


def with_reason(answer: Mark, *, answered: bool, reason: str | None, points: int | None) -> Mark:
    """The mark of an answer and its reason together, half and half; the fraction is None while a reason waits.

    ``points`` are a teacher's 0, 1 or 2, None before. What was not written, or stands without an answer, earns nothing
    and waits for nobody. The parts keep both fractions beside those that the answer has.
    """
    if answer.fraction is None:
        return answer
    own = {**answer.parts, OWN: answer.fraction}
    if not answered or reason is None:
        told = answer.reason if not answered else f"Answer: {_lower(answer.reason)} No reason was given."
        return Mark(answer.fraction / 2, told, {**own, FIELD: ZERO})
    if points is None:
        return Mark(None, WAITS, own)
    earned = Decimal(points) / MOST_POINTS
    told = f"Answer: {_lower(answer.reason)} Reason: {in_words(points)}."
    return Mark((answer.fraction + earned) / 2, told, {**own, FIELD: earned})


def points_of(parts: Mapping[str, Decimal]) -> int | None:
    """The points that a teacher gave, by the parts of a mark; None while nobody did."""
    return int(parts[FIELD] * MOST_POINTS) if FIELD in parts else None


def in_words(points: int) -> str:
    """So many points of two, in words."""
    return f"{points} of {MOST_POINTS} points"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]

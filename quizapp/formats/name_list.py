"""Students' names without a row that names the columns: one a line, as «Given Family» or «Family, Given»."""

from __future__ import annotations

import re
from collections.abc import Sequence

HOW = (
    "There is no row that names the columns, so each line was read as one student: “Family, Given” where there is a "
    "comma (or two cells), else the last word as the family name."
)
# Words of headings that are not among our columns: such a row is no student.
_HEADINGS = re.compile(
    r"\b(names?|first|last|surnames?|students?|pupils?|class|group|number|e-?mail|vorname|nachname|nom|prénom)\b",
    re.IGNORECASE,
)
_ABOVE_NAMES = ("name", "names", "full name", "student", "students", "student name", "pupil", "pupils")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f .'’\-])*")
MOST_WORDS = 8


def is_above_names(cells: Sequence[str]) -> bool:
    """Whether this is a heading over names, such as «Students», alone in its line."""
    told = [cell for cell in cells if cell]
    return len(told) == 1 and told[0].casefold().strip(" :") in _ABOVE_NAMES


def is_name(cells: Sequence[str]) -> bool:
    """Whether this is somebody's name: two words at least, or a family name and a given name."""
    whole = " ".join(cells)
    if _HEADINGS.search(whole) or len(whole.split()) > MOST_WORDS:
        return False
    parts = name_of(cells)
    return parts is not None and all(_NAME.fullmatch(part) for part in parts)


def name_of(cells: Sequence[str]) -> tuple[str, str] | None:
    """The family name and the given name; None where it is no name, or where a part of it is missing."""
    told = list(cells)
    while told and not told[-1]:
        told.pop()
    if len(told) == 1 and "," in told[0]:
        told = [part.strip() for part in told[0].split(",")]
    if len(told) == 2 and all(told):
        return told[0], told[1]
    words = told[0].split() if len(told) == 1 else []
    if len(words) < 2:
        return None
    at = _family_begins(words)
    return " ".join(words[at:]), " ".join(words[:at])


def _family_begins(words: Sequence[str]) -> int:
    """The place of the last word, or of the small words before it: «van», «de la»."""
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():
        at -= 1
    return at

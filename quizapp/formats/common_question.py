"""A question as the exchange formats know it: the hinge between them and the item types.

A format reads and writes this alone, so a new one takes one file; ``common_from_item`` and ``common_answers`` know the
item types. What it has no field for travels as labelled lines of text that people can read, or as tags «name:value».
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from quizapp.domain.exchange import Remark
from quizapp.domain.marking import FULL, ZERO

Kind = Literal["choice", "choices", "true_false", "text", "number", "matching", "order"]
STEM_LABELS = {"Claim": "claim", "Content note": "note", "Whose view": "attributed_to", "Hint": "hint", "Unit": "unit"}
READ_FIRST, DISPUTED, EVIDENCE, TRUE_IN = "Read first", "Disputed", "Evidence", "True in"
NO_SOURCE = "No source given"
LONGEST_TAG = 50  # characters; Moodle cuts off the rest
LONGEST_ID = 80


@dataclass(frozen=True)
class CommonAnswer:
    """One answer: an option, an accepted or wrong text, a number, a row with its match, a thing in its place.

    ``fraction`` is the share of the mark that it earns, below 0 where it takes some away.
    """

    text: str
    fraction: Decimal = ZERO
    feedback: str = ""
    match: str = ""
    tolerance: Decimal | None = None
    id: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it earns anything."""
        return self.fraction > 0


@dataclass(frozen=True)
class CommonQuestion:
    """A question with its answers, in the right order where that is what is asked.

    ``first`` is a question of its own that stands before (a part A); ``remarks`` is what its format could not say, and
    ``faults`` is what keeps it from coming in.
    """

    kind: Kind
    name: str
    stem: str
    answers: tuple[CommonAnswer, ...] = ()
    feedback: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    marks: Decimal = FULL
    first: CommonQuestion | None = None
    place: str = ""
    remarks: tuple[str, ...] = ()
    faults: tuple[Remark, ...] = ()


def tag_values(tags: Iterable[str], name: str) -> list[str]:
    """The values of the tags «name:value»."""
    return [tag[len(name) + 1 :] for tag in tags if tag.startswith(f"{name}:")]


def clean(text: str) -> str:
    """The text without what may not be stored or shown: control characters, lone surrogates, space around it."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def slug(text: str, otherwise: str, longest: int = 40) -> str:
    """The text as an id: lower-case letters, digits and hyphens; whole words where they fit."""
    plain = unicodedata.normalize("NFKD", text[: 8 * longest]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    cut = words if len(words) <= longest else words[: longest + 1].rpartition("-")[0] or words[:longest]
    return cut.strip("-") or otherwise


def unique(names: Iterable[str]) -> list[str]:
    """The names, those that stood before with a number behind them."""
    taken: set[str] = set()
    times: dict[str, int] = {}
    made: list[str] = []
    for name in names:
        chosen = name
        while chosen in taken:
            times[name] = times.get(name, 1) + 1
            chosen = f"{name[: LONGEST_ID - 6].rstrip('-')}-{times[name]}"
        taken.add(chosen)
        made.append(chosen)
    return made

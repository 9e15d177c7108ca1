"""«How sure are you?»: the levels, and how often an answer given at each is right. Recorded, shown, never marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEVELS: Mapping[int, str] = {1: "unsure", 2: "fairly sure", 3: "sure"}
SURE = 3
FIELD = "certainty"  # the form's field
FEW = 5  # fewer answers than this at a level say too little about it


def read(form: Mapping[str, Sequence[str]]) -> int | None:
    """The level that a form names; None where it names none that there is."""
    levels = {str(level): level for level in LEVELS}
    return next((levels[value] for value in form.get(FIELD, ()) if value in levels), None)


def form(level: int | None) -> dict[str, list[str]]:
    """The form that ``read`` would turn into the level; empty for None."""
    return {} if level is None else {FIELD: [str(level)]}


@dataclass(frozen=True)
class Calibration:
    """How many answers were given at a level, and how many of them were right."""

    level: int
    answers: int
    right: int

    @property
    def name(self) -> str:
        """The level in words."""
        return LEVELS[self.level]

    @property
    def share(self) -> Decimal | None:
        """The share that was right, from 0 to 1; None with fewer than five answers."""
        return Decimal(self.right) / self.answers if self.answers >= FEW else None


def calibration(answers: Iterable[tuple[int, bool]]) -> tuple[Calibration, ...]:
    """Each level, the least sure first, from pairs of a level and whether that answer was right."""
    given = list(answers)
    return tuple(
        Calibration(
            level,
            answers=sum(1 for one, _ in given if one == level),
            right=sum(1 for one, is_right in given if one == level and is_right),
        )
        for level in LEVELS
    )


def in_words(levels: Sequence[Calibration]) -> str:
    """What the calibration says to its student in a sentence; empty where there are too few answers to say it."""
    known = {one.level: one.share for one in levels if one.share is not None}
    sure, unsure = known.get(SURE), known.get(1)
    if sure is None:
        return ""
    if sure < Decimal("0.7"):
        return "You are often sure and wrong: before you say “sure”, ask yourself which passage says so."
    if unsure is not None and unsure >= sure:
        return "You know more than you think: your unsure answers are right as often as your sure ones."
    return f"When you are sure, you are right about {round(sure * 10)} times in 10."

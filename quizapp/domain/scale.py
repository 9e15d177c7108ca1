"""How a teacher has marks shown: points, per cent, letters or passed; rounded once, at the very end, as chosen.

What counts is an exact share (earned ÷ available, a ``Fraction``). It is rounded here and nowhere before. A letter, and
whether something is passed, follow from the rounded per cent: from the number that the teacher would read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast, get_args

from quizapp.domain.number import shown as number_shown

Kind = Literal["points", "percent", "letters", "passed"]
Rounding = Literal["half_up", "half_even", "down", "up"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
MOST_PLACES = 4
MOST_THRESHOLDS = 20
LONGEST_LABEL = 20
WHOLE = Decimal(100)
NOT_DOWN = "Begin with the best grade: each further one must begin at less per cent than the one above."
LINE = re.compile(r"(?P<label>\S.*?)[\s:=≥>]+(?P<percent>\d{1,3}(?:[.,]\d{1,4})?)\s*%?")


@dataclass(frozen=True)
class Threshold:
    """A grade and the per cent from which on it is given."""

    label: str
    percent: Decimal


LETTERS = tuple(
    Threshold(label, Decimal(percent)) for label, percent in (("A", 90), ("B", 80), ("C", 70), ("D", 60), ("F", 0))
)


@dataclass(frozen=True)
class Scale:
    """How marks are shown. ``thresholds`` from the best grade down; ``pass_percent`` is where passing begins."""

    kind: Kind = "percent"
    places: int = 0
    rounding: Rounding = "half_up"
    thresholds: tuple[Threshold, ...] = LETTERS
    pass_percent: Decimal = Decimal(50)

    def percent(self, share: Fraction) -> Decimal:
        """The share in per cent, rounded as chosen."""
        return rounded(share * 100, self.places, self.rounding)

    def letter(self, share: Fraction) -> str:
        """The best grade whose threshold the rounded per cent reaches; the last one below them all."""
        percent = self.percent(share)
        reached = (one.label for one in self.thresholds if percent >= one.percent)
        return next(reached, self.thresholds[-1].label if self.thresholds else "")

    def passes(self, share: Fraction) -> bool:
        """Whether the rounded per cent is enough."""
        return self.percent(share) >= self.pass_percent

    def shown(self, share: Fraction, available: Decimal) -> str:
        """The share as people read it: «7.5», «75%», «B», «passed»."""
        if self.kind == "points":
            return number_shown(rounded(share * Fraction(available), self.places, self.rounding))
        if self.kind == "letters":
            return self.letter(share)
        if self.kind == "passed":
            return "passed" if self.passes(share) else "not passed"
        return f"{number_shown(self.percent(share))}%"


def rounded(amount: Fraction, places: int, rounding: Rounding) -> Decimal:
    """The exact amount (0 or more) to so many places; nothing is lost on the way, and a half is a half."""
    scaled = amount * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator  # above 0: more than a half
    goes_up = {
        "half_up": twice >= 0,
        "half_even": twice > 0 or (twice == 0 and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[rounding]
    return Decimal(whole + goes_up).scaleb(-places)


def problems(scale: Scale) -> dict[str, str]:
    """What is wrong with a scale, by field; empty where all is well."""
    found: dict[str, str] = {}
    if scale.kind not in KINDS:
        found["kind"] = "Choose points, per cent, letters or passed."
    if scale.rounding not in ROUNDINGS:
        found["rounding"] = "Choose how to round."
    if not 0 <= scale.places <= MOST_PLACES:
        found["places"] = f"Choose from 0 to {MOST_PLACES} decimal places."
    if not 0 <= scale.pass_percent <= WHOLE:
        found |= {"pass_percent": "Write per cent from 0 to 100."}
    wrong = _wrong_thresholds(scale.thresholds)
    return {**found, "thresholds": wrong} if wrong else found


def _wrong_thresholds(thresholds: Sequence[Threshold]) -> str | None:
    percents, labels = [one.percent for one in thresholds], [one.label for one in thresholds]
    rules = (
        (not thresholds, "Write at least one grade, such as “F 0”."),
        (len(thresholds) > MOST_THRESHOLDS, f"Write at most {MOST_THRESHOLDS} grades."),
        (any(not 0 < len(one) <= LONGEST_LABEL for one in labels), f"A grade has 1 to {LONGEST_LABEL} characters."),
        (len(set(labels)) < len(labels), "Two grades have the same name."),
        (any(one > WHOLE for one in percents), "No grade can begin above 100 per cent."),
        (any(lower >= higher for higher, lower in pairwise(percents)), NOT_DOWN),
        (percents[-1:] != [0], "The last grade begins at 0, so that everybody gets one."),
    )
    return next((message for is_wrong, message in rules if is_wrong), None)


class NotAThreshold(ValueError):
    """A line that names no grade with its per cent; the message says which line and what to write."""


def read_thresholds(text: str) -> tuple[Threshold, ...]:
    """The grades that a text names, one a line: «A 90», «very good: 92.5 %». Raises ``NotAThreshold``."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise NotAThreshold(f"Line {number}: write a grade and the per cent it begins at, such as “B 80”.")
        found.append(Threshold(match["label"].strip(), Decimal(match["percent"].replace(",", "."))))
    return tuple(found)


def thresholds_text(thresholds: Sequence[Threshold]) -> str:
    """The grades as they are typed, one a line."""
    return "\n".join(f"{one.label} {number_shown(one.percent)}" for one in thresholds)


def as_plain(scale: Scale) -> dict[str, object]:
    """The scale as plain JSON, decimals as text."""
    return {
        "kind": scale.kind,
        "places": scale.places,
        "rounding": scale.rounding,
        "thresholds": [[one.label, f"{one.percent}"] for one in scale.thresholds],
        "pass_percent": f"{scale.pass_percent}",
    }


def from_plain(plain: dict[str, object]) -> Scale:
    """The scale that ``as_plain`` gave."""
    pairs = cast(list[list[str]], plain["thresholds"])
    return Scale(
        kind=cast(Kind, plain["kind"]),
        places=cast(int, plain["places"]),
        rounding=cast(Rounding, plain["rounding"]),
        thresholds=tuple(Threshold(label, Decimal(percent)) for label, percent in pairs),
        pass_percent=Decimal(cast(str, plain["pass_percent"])),
    )

"""Marks as exact decimals: a fraction, its reason and its parts, rounded once, half up, to seven places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

PLACES = 7
UNIT = Decimal(1).scaleb(-PLACES)


def rounded(amount: Decimal) -> Decimal:
    """The amount to seven places, half up: the one rounding that a fraction or a mark ever gets."""
    return amount.quantize(UNIT, rounding=ROUND_HALF_UP)


def ratio(part: int, whole: int) -> Decimal:
    """``part ÷ whole`` as a decimal that is not rounded to seven places yet."""
    return Decimal(part) / Decimal(whole)


def share(part: int, whole: int) -> str:
    """What ``part`` of ``whole`` earns, in words: the full mark, a fraction of it, or none."""
    if part == whole:
        return "the full mark"
    return f"{Fraction(part, whole)} of the mark" if part else "no mark"


@dataclass(frozen=True)
class Mark:
    """What a response earned: a fraction in 0..1 (None waits for a person), why, and the parts kept apart."""

    fraction: Decimal | None
    reason: str
    parts: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.fraction is not None:
            if not 0 <= self.fraction <= 1:
                raise ValueError(f"a fraction lies in 0..1, not {self.fraction}")
            object.__setattr__(self, "fraction", rounded(self.fraction))

    def of(self, available: Decimal) -> Decimal | None:
        """The mark: fraction × marks available, rounded; None while a person has still to mark."""
        return None if self.fraction is None else rounded(self.fraction * available)


def less(mark: Decimal | None, percent_off: int) -> Decimal | None:
    """What counts of a mark of which so many per cent are taken off, for handing in late, say; None for None."""
    return None if mark is None else rounded(mark * (100 - percent_off) / 100)


FULL = Decimal(1)
HALF = Decimal("0.5")
ZERO = Decimal(0)


def to_units(amount: Decimal) -> int:
    """The amount as whole units of 10⁻⁷, as the databases keep it."""
    return int(rounded(amount).scaleb(PLACES))


@lru_cache(maxsize=16_384)  # marks are much alike, and tables of them are long
def from_units(units: int) -> Decimal:
    """The amount that a database keeps as whole units of 10⁻⁷."""
    return rounded(Decimal(units).scaleb(-PLACES))

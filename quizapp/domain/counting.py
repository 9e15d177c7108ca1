"""What counts: which attempts of a quiz, what they come to, and what several quizzes come to, the lowest dropped.

All of it is exact: shares are fractions (earned ÷ available), never rounded here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Generic, Literal, TypeVar, get_args

from quizapp.domain.marking import rounded

Weighting = Literal["points", "equal"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
Key = TypeVar("Key", int, str)
Id = TypeVar("Id")  # what an attempt is told apart by


@dataclass(frozen=True, slots=True)
class Finished(Generic[Id]):
    """A finished attempt: what it earned after lateness (None waits for a person), and what there was to earn."""

    id: Id
    mark: Decimal | None
    available: Decimal

    @property
    def share(self) -> Fraction | None:
        """Earned ÷ available; None where it waits for a person, or there was nothing to earn."""
        return None if self.mark is None or not self.available else _share(self.mark, self.available)


@lru_cache(maxsize=16_384)  # those who sit one quiz earn much the same
def _share(mark: Decimal, available: Decimal) -> Fraction:
    return Fraction(mark) / Fraction(available)


@lru_cache(maxsize=16_384)
def _points(share: Fraction, available: Decimal) -> Fraction:
    return share * Fraction(available)


@dataclass(frozen=True, slots=True)
class Counted(Generic[Id]):
    """What a student's attempts at a quiz come to. ``attempts`` are those that count; the last of them is looked at.

    ``share`` is None where nothing is marked yet; ``waits`` says that an answer of theirs waits for a person.
    """

    attempts: tuple[Id, ...]
    share: Fraction | None
    available: Decimal
    waits: bool

    @property
    def mark(self) -> Decimal | None:
        """The share of what is available, to seven places."""
        return mark_of(self.share, self.available)


def mark_of(share: Fraction | None, available: Decimal) -> Decimal | None:
    """A share of what is available as a mark, rounded once to seven places; None for None."""
    if share is None:
        return None
    exact = _points(share, available)
    return rounded(Decimal(exact.numerator) / Decimal(exact.denominator))


def counted(finished: Sequence[Finished[Id]], grading: str) -> Counted[Id] | None:
    """What these attempts, in the order started, come to by the quiz's grading; None where there are none.

    ``grading``: best | last | first | average. Of equally good ones the earliest is the best.
    """
    if not finished:
        return None
    if len(finished) == 1 or grading in ("first", "last"):
        one = finished[-1] if grading == "last" else finished[0]
        return Counted((one.id,), one.share, one.available, one.mark is None)
    waits = any(one.mark is None for one in finished)
    if grading == "average":
        shares = [one.share for one in finished if one.share is not None]
        mean = sum(shares, Fraction(0)) / len(shares) if shares else None
        return Counted(tuple(one.id for one in finished), mean, finished[-1].available, waits)
    best = max(finished, key=lambda one: -1 if one.share is None else one.share)
    return Counted((best.id,), best.share, best.available, waits)


@dataclass(frozen=True, slots=True)
class Total(Generic[Key]):
    """What several quizzes come to: ``share`` (None where nothing counts yet), the points, and what was dropped."""

    share: Fraction | None
    earned: Decimal
    available: Decimal
    counted: int
    dropped: frozenset[Key]


def total(
    results: Mapping[Key, tuple[Fraction, Decimal]], *, drop: int = 0, weighting: Weighting = "points"
) -> Total[Key]:
    """What the results (share, available) come to, without the ``drop`` lowest shares; one at least is kept.

    By ``points``, a quiz weighs as much as there is to earn in it; ``equal`` ones weigh the same. Of equally low ones,
    those that come first are dropped.
    """
    dropped = max(0, min(drop, len(results) - 1))
    lowest = sorted(results, key=lambda key: results[key][0])[:dropped] if dropped else []
    kept = [result for key, result in results.items() if key not in lowest]
    exact = sum((_points(share, available) for share, available in kept), Fraction(0))
    available = sum((available for _, available in kept), Decimal(0))
    share: Fraction | None = None
    if kept and weighting == "equal":
        share = sum((one for one, _ in kept), Fraction(0)) / len(kept)
    elif available:
        share = exact / Fraction(available)
    earned = rounded(Decimal(exact.numerator) / Decimal(exact.denominator))
    return Total(share, earned, available, len(kept), frozenset(lowest))

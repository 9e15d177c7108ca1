"""What blind guessing earns on average, exactly: every set of ticks, or every order, as likely as any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import comb, factorial, prod

from quizapp.domain.marking import ratio, rounded


def as_decimal(mean: Fraction) -> Decimal:
    """The mean, rounded as a fraction of a mark is."""
    return rounded(ratio(mean.numerator, mean.denominator))


def mean_over_ticks(keys: int, others: int, credit: Callable[[int, int], tuple[int, int]]) -> Fraction:
    """The mean over all sets of ticks; ``credit`` gives part and whole for so many right and wrong ones, a blank 0."""
    ticks = ((right, wrong) for right in range(keys + 1) for wrong in range(others + 1) if right or wrong)
    earned = (comb(keys, right) * comb(others, wrong) * Fraction(*credit(right, wrong)) for right, wrong in ticks)
    total: Fraction = sum(earned, Fraction(0))
    return total * Fraction(1, 2 ** (keys + others))


def mean_of_floored_tau(ranks: Sequence[int]) -> Fraction:
    """The mean of Kendall's tau, floored at 0, over all orders of things of which so many share each rank."""
    counts = _inversions(ranks)
    pairs = len(counts) - 1
    return Fraction(sum(n * max(0, pairs - 2 * d) for d, n in enumerate(counts)), pairs * sum(counts))


def chance_of_right_order(ranks: Sequence[int]) -> Fraction:
    """How likely an order is right, where those of a rank may stand in any order among themselves."""
    return Fraction(prod(map(factorial, ranks)), factorial(sum(ranks)))


def _inversions(ranks: Sequence[int]) -> list[int]:
    """How many arrangements have 0, 1, 2 … pairs the wrong way round: the q-multinomial coefficient's coefficients."""
    counts = [1]
    for before, rank in zip(accumulate(ranks, initial=0), ranks, strict=False):
        counts = _times(counts, _gaussian(before, rank))
    return counts


def _gaussian(m: int, n: int) -> list[int]:
    """The Gaussian binomial's coefficients: partitions into at most ``n`` parts, none above ``m``, by their sum."""
    if not m or not n:
        return [1]
    shorter, lower = _gaussian(m, n - 1), _gaussian(m - 1, n)
    total = [0] * (m * n + 1)
    for i, count in enumerate(shorter):
        total[i] += count
    for i, count in enumerate(lower):
        total[i + n] += count
    return total


def _times(one: Sequence[int], other: Sequence[int]) -> list[int]:
    product = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return product

"""Mean, spread, shape and correlation of plain numbers; None where there are too few of them, or all are equal.

Samples of students, not whole populations: variances divide by n − 1, and skewness and kurtosis are the k-statistics
(Fisher 1929), as in Moodle's quiz statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

Values = Sequence[float]

FEWEST_TO_CORRELATE = 3  # two points always lie on a line


def mean(values: Values) -> float | None:
    """The arithmetic mean; None of nothing."""
    return fsum(values) / len(values) if values else None


def median(values: Values) -> float | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def all_equal(values: Values) -> bool:
    """Whether the values are one and the same, so that nothing varies with them."""
    return not values or min(values) == max(values)


def covariance(one: Values, other: Values) -> float | None:
    """The sample covariance, Σ(x − x̄)(y − ȳ) ÷ (n − 1); None of fewer than two pairs."""
    if len(one) < 2:
        return None
    return fsum(x * y for x, y in zip(_centred(one), _centred(other), strict=True)) / (len(one) - 1)


def variance(values: Values) -> float | None:
    """The sample variance; None of fewer than two values."""
    return 0.0 if len(values) > 1 and all_equal(values) else covariance(values, values)


def standard_deviation(values: Values) -> float | None:
    """The root of the sample variance; None of fewer than two values."""
    found = variance(values)
    return None if found is None else sqrt(found)


def correlation(one: Values, other: Values) -> float | None:
    """Pearson's product-moment correlation; None of fewer than three pairs, or where one side is all equal."""
    if len(one) < FEWEST_TO_CORRELATE or all_equal(one) or all_equal(other):
        return None
    x, y = _centred(one), _centred(other)
    spread = sqrt(fsum(a * a for a in x)) * sqrt(fsum(b * b for b in y))
    return max(-1.0, min(1.0, fsum(a * b for a, b in zip(x, y, strict=True)) / spread))


def skewness(values: Values) -> float | None:
    """How lopsided: k₃ ÷ k₂^1.5 (Fisher 1929; Moodle's «skewness»); None of fewer than three values, or all equal."""
    n = len(values)
    if n < 3 or all_equal(values):
        return None
    second, third = _moment(values, 2), _moment(values, 3)
    return (n * n * third / ((n - 1) * (n - 2))) / sqrt(n * second / (n - 1)) ** 3


def kurtosis(values: Values) -> float | None:
    """How heavy the tails are, 0 for the normal curve: k₄ ÷ k₂² (Fisher 1929; Moodle's «kurtosis»); None of under 4."""
    n = len(values)
    if n < 4 or all_equal(values):
        return None
    second, fourth = _moment(values, 2), _moment(values, 4)
    k4 = n * n * ((n + 1) * fourth - 3 * (n - 1) * second**2) / ((n - 1) * (n - 2) * (n - 3))
    return k4 / (n * second / (n - 1)) ** 2


def _centred(values: Values) -> list[float]:
    middle = fsum(values) / len(values)
    return [value - middle for value in values]


def _moment(values: Values, power: int) -> float:
    return fsum(value**power for value in _centred(values)) / len(values)

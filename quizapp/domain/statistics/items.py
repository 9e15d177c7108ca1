"""The figures of one question: how hard it is, and how far it tells those who know from those who do not.

``marks`` are what each student earned on it, ``rests`` what the same students earned on all the other questions, in
the same order. Sources: Moodle's quiz report statistics (docs.moodle.org, «Quiz report statistics») where it has a
figure of that name; Kelley 1939 for the upper and lower 27 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt

from quizapp.domain.statistics.moments import Values, all_equal, correlation, covariance, mean, standard_deviation

UPPER_AND_LOWER = 0.27  # Kelley, T. L. (1939), The selection of upper and lower groups for the validation of test items


@dataclass(frozen=True)
class ItemFigures:
    """What the marks say of a question. Marks are fractions of what it is worth; ``students`` is how many answered."""

    students: int
    facility: float | None
    deviation: float | None
    discrimination: float | None
    efficiency: float | None
    upper_lower: float | None
    guess: float | None


def item_figures(marks: Values, rests: Values, guess: float | None) -> ItemFigures:
    """All figures of a question, from fractions of its mark and the fractions earned on the rest of the quiz."""
    return ItemFigures(
        students=len(marks),
        facility=facility_index(marks, 1.0),
        deviation=standard_deviation(marks),
        discrimination=discrimination_index(marks, rests),
        efficiency=discriminative_efficiency(marks, rests),
        upper_lower=upper_lower_index(marks, rests, 1.0),
        guess=guess,
    )


def facility_index(marks: Values, available: float) -> float | None:
    """The mean mark as a share of the mark available (Moodle's «facility index»): 1 is what everybody gets right."""
    average = mean(marks)
    return None if average is None or not available else average / available


def discrimination_index(marks: Values, rests: Values) -> float | None:
    """The correlation of the mark with the mark on the rest of the quiz (Moodle's «discrimination index»), −1 … 1."""
    return correlation(marks, rests)


def discriminative_efficiency(marks: Values, rests: Values) -> float | None:
    """The covariance as a share of the largest that these marks allow, both sorted (Moodle's figure of this name).

    Easy and hard questions cannot correlate much with anything; this asks how much of what they can do they do.
    """
    if correlation(marks, rests) is None:
        return None
    found, largest = covariance(marks, rests), covariance(sorted(marks), sorted(rests))
    return found / largest if found is not None and largest else None


def effective_weights(columns: Sequence[Values], totals: Values) -> list[float | None]:
    """How much each question does to the spread of totals: √cov(mark, total) ÷ Σ √cov (Moodle's «effective weight»).

    ``columns`` are the marks of each question over the same students. None for one that works against the total (its
    covariance is negative), as in Moodle; of the sum it then has no part. None for all where totals do not vary.
    """
    if all_equal(totals) or len(totals) < 2:
        return [None] * len(columns)
    found = [covariance(marks, totals) for marks in columns]
    roots = [None if one is None or one < 0 else sqrt(one) for one in found]
    whole = sum(root for root in roots if root)
    return [None if root is None or not whole else root / whole for root in roots]


def upper_lower_index(marks: Values, criterion: Values, available: float) -> float | None:
    """The facility among the top 27 % minus that among the bottom 27 % (Kelley 1939; Ebel & Frisbie 1991).

    Students tied at the edge of a group share the places left in it, so that the order of equals decides nothing.
    None where nobody differs, and of fewer than four students, of whom 27 % is not one each with a middle between.
    """
    size = round(UPPER_AND_LOWER * len(marks))
    if size < 1 or all_equal(criterion):
        return None
    upper = mean_of_top(marks, criterion, size)
    lower = mean_of_top(marks, [-value for value in criterion], size)
    return (upper - lower) / available


def mean_of_top(marks: Values, criterion: Values, size: int) -> float:
    """The mean mark of the ``size`` students who are highest by the criterion; ties at the edge share its places."""
    edge = sorted(criterion, reverse=True)[size - 1]
    above = [mark for mark, value in zip(marks, criterion, strict=True) if value > edge]
    tied = [mark for mark, value in zip(marks, criterion, strict=True) if value == edge]
    return (sum(above) + sum(tied) * (size - len(above)) / len(tied)) / size


def correlation_is_below(found: float | None, students: int, bound: float) -> bool:
    """Whether a correlation lies below the bound by more than chance: one side, 10 %, by Fisher's z (Fisher 1921)."""
    return _z_distance(found, students, bound) < -ONE_IN_TEN


def correlation_is_above(found: float | None, students: int, bound: float) -> bool:
    """Whether a correlation lies above the bound by more than chance: one side, 10 %, by Fisher's z (Fisher 1921)."""
    return _z_distance(found, students, bound) > ONE_IN_TEN


ONE_IN_TEN = 1.2815515655446004  # the standard normal's upper tenth begins here


def _z_distance(found: float | None, students: int, bound: float) -> float:
    if found is None or students <= 3:
        return 0.0
    inside = max(-0.999999, min(0.999999, found))
    return (atanh(inside) - atanh(bound)) * sqrt(students - 3)

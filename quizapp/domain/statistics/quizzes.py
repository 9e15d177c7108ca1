"""The figures of a whole quiz: where its marks lie, and how far they can be relied upon.

All as Moodle's quiz report statistics define them (docs.moodle.org, «Quiz report statistics»); internal consistency is
Cronbach's alpha (Cronbach 1951), which for questions marked right or wrong is Kuder and Richardson's formula 20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from quizapp.domain.statistics.moments import (
    Values,
    all_equal,
    kurtosis,
    mean,
    median,
    skewness,
    standard_deviation,
    variance,
)

GOOD, POOR = 0.75, 0.64  # internal consistency: what Moodle's documentation calls satisfactory and unsatisfactory


@dataclass(frozen=True)
class QuizFigures:
    """What the totals say. Totals are shares of the mark available, so that quizzes can be compared."""

    attempts: int
    mean: float | None
    median: float | None
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None


def quiz_figures(totals: Values, columns: Sequence[Values] | None) -> QuizFigures:
    """All figures of a quiz; ``columns`` are each question's marks over the same students, None where they differ."""
    consistency = None if columns is None else internal_consistency(columns)
    deviation = standard_deviation(totals)
    ratio = error_ratio(consistency)
    return QuizFigures(
        attempts=len(totals),
        mean=mean(totals),
        median=median(totals),
        deviation=deviation,
        skewness=skewness(totals),
        kurtosis=kurtosis(totals),
        consistency=consistency,
        error_ratio=ratio,
        standard_error=standard_error(ratio, deviation),
    )


def internal_consistency(columns: Sequence[Values]) -> float | None:
    """p ÷ (p − 1) · (1 − Σ var(question) ÷ var(total)) (Cronbach 1951); at most 1, below 0 where questions clash.

    None of fewer than two questions or students, and where the totals do not vary.
    """
    totals = [fsum(marks) for marks in zip(*columns, strict=True)]
    if len(columns) < 2 or len(totals) < 2 or all_equal(totals):
        return None
    spread, parts = variance(totals), [variance(marks) for marks in columns]
    if not spread:
        return None
    questions = len(columns)
    return questions / (questions - 1) * (1 - fsum(part for part in parts if part) / spread)


def error_ratio(consistency: float | None) -> float | None:
    """√(1 − consistency): how much of the spread of marks is chance rather than ability (Moodle's «error ratio»)."""
    return None if consistency is None else sqrt(max(0.0, 1 - consistency))


def standard_error(ratio: float | None, deviation: float | None) -> float | None:
    """Error ratio × standard deviation: how far a mark may well lie from what the student can do, as totals are."""
    return None if ratio is None or deviation is None else ratio * deviation


def distribution(totals: Values, steps: int = 10) -> list[int]:
    """How many totals lie in each of so many equal steps from 0 to 1; the full mark is in the last one."""
    found = [min(steps - 1, max(0, int(total * steps + 1e-9))) for total in totals]
    return [found.count(step) for step in range(steps)]

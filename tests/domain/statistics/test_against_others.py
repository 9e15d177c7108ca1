"""Every classical figure against an independent computation by numpy or scipy, on random marks, to 1e-9."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quizapp.domain.statistics import items, moments, options, quizzes

PLACES = 10**7
Table = list[list[float]]


def marks(width: int) -> st.SearchStrategy[list[float]]:
    """Marks as the app makes them: whole units of 10⁻⁷, often all or nothing."""
    one = st.one_of(st.sampled_from([0, PLACES]), st.integers(0, 8).map(lambda n: n * PLACES // 8))
    return st.lists(one.map(lambda units: units / PLACES), min_size=width, max_size=width)


tables = st.tuples(st.integers(2, 8), st.integers(2, 40)).flatmap(
    lambda size: st.lists(marks(size[1]), min_size=size[0], max_size=size[0])
)


def close(found: float | None, expected: Any) -> bool:
    """The same number to 1e-9, or nothing where the other has none."""
    if found is None:
        return not math.isfinite(expected)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@given(tables)
def test_moments(table: Table):
    for column in table:
        assert close(moments.mean(column), np.mean(column))
        assert close(moments.median(column), np.median(column))
        assert close(moments.standard_deviation(column), np.std(column, ddof=1))
        if np.ptp(column) and len(column) > 3:
            assert close(moments.skewness(column), stats.skew(column, bias=False))
            assert close(moments.kurtosis(column), stats.kurtosis(column, bias=False))


@given(tables)
def test_discrimination_and_efficiency(table: Table):
    whole = np.array(table)
    for i, column in enumerate(table):
        rest = np.delete(whole, i, axis=0).sum(axis=0)
        rests = [float(value) for value in rest]
        if len(column) > 2 and np.ptp(column) > 0 and np.ptp(rest) > 1e-6:
            assert close(items.discrimination_index(column, rests), np.corrcoef(column, rest)[0, 1])
            largest = np.cov(np.sort(column), np.sort(rest))[0, 1]
            assert close(items.discriminative_efficiency(column, rests), np.cov(column, rest)[0, 1] / largest)


@given(tables)
def test_consistency_and_weights(table: Table):
    whole = np.array(table)
    totals = whole.sum(axis=0)
    if np.ptp(totals) < 1e-6:
        return
    # another formula for alpha: from the mean of the covariance matrix and its trace
    matrix = np.cov(whole)
    alpha = len(table) / (len(table) - 1) * (1 - np.trace(matrix) / matrix.sum())
    assert close(quizzes.internal_consistency(table), alpha)
    roots = np.sqrt([value if (value := matrix[i].sum()) > 1e-12 else 0 for i in range(len(table))])
    found = items.effective_weights(table, [float(total) for total in totals])
    for weight, root in zip(found, roots, strict=True):
        assert (weight or 0) == pytest.approx(root / roots.sum(), abs=1e-6)


@given(st.integers(4, 40).flatmap(lambda n: st.tuples(marks(n), st.permutations(range(n)))))
def test_upper_minus_lower_where_nobody_ties(given_marks: tuple[list[float], list[int]]):
    column, order = given_marks
    size = round(0.27 * len(column))
    ranked = [column[i] for i in np.argsort(order)]
    expected = np.mean(ranked[-size:]) - np.mean(ranked[:size])
    assert close(items.upper_lower_index(column, [float(place) for place in order], 1.0), expected)


@given(st.integers(3, 40).flatmap(lambda n: st.tuples(st.lists(st.booleans(), min_size=n, max_size=n), marks(n))))
def test_point_biserial_and_thirds(given_choices: tuple[list[bool], list[float]]):
    chosen, rests = given_choices
    found = options.option_figures("an option", False, chosen, rests)
    if any(chosen) and not all(chosen) and np.ptp(rests) > 1e-6:
        expected = stats.pointbiserialr(np.array(chosen), np.array(rests)).statistic
        assert close(found.point_biserial, expected)
    assert sum(found.thirds) == found.chosen == sum(chosen)
    places = stats.rankdata(rests) - 0.5
    assert options.ability_groups(rests) == [min(2, int(3 * place / len(rests))) for place in places]


@given(tables)
def test_no_figure_is_ever_not_a_number(table: Table):
    totals = [math.fsum(column) / len(table) for column in zip(*table, strict=True)]
    whole = quizzes.quiz_figures(totals, table)
    each = [items.item_figures(column, totals, 0.25) for column in table]
    said = [value for figures in (whole, *each) for value in vars(figures).values() if value is not None]
    assert all(math.isfinite(value) for value in said)

"""Worked examples, small enough to do on paper; each says how its numbers come about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isclose, sqrt

import pytest

from quizapp.domain.statistics import items, moments, options, quizzes, sitting

# Five students, three questions marked right or wrong:
#        Q1 Q2 Q3  total  rest of Q1
#   Ann   1  1  1    3        2
#   Ben   1  1  0    2        1
#   Cem   1  0  0    1        0
#   Dee   0  1  0    1        1
#   Eva   0  0  0    0        0
Q1, Q2, Q3 = [1.0, 1, 1, 0, 0], [1.0, 1, 0, 1, 0], [1.0, 0, 0, 0, 0]
TOTALS = [3.0, 2, 1, 1, 0]
REST_OF_Q1 = [2.0, 1, 0, 1, 0]


def test_facility_is_the_share_of_the_marks_available():
    assert items.facility_index(Q1, 1.0) == 3 / 5
    assert items.facility_index([2.0, 1.0], 4.0) == 3 / 8
    assert items.facility_index([], 1.0) is None


def test_discrimination_is_the_correlation_with_the_rest():
    # deviations of Q1: 2/5 ×3, −3/5 ×2; of the rest (mean 4/5): 6/5, 1/5, −4/5, 1/5, −4/5.
    # Σ products = 2/5·(6+1−4)/5 − 3/5·(1−4)/5 = 6/25 + 9/25 = 3/5; Σ squares 6/5 and 14/5.
    found = items.discrimination_index(Q1, REST_OF_Q1)
    assert found is not None
    assert isclose(found, (3 / 5) / sqrt(6 / 5 * 14 / 5))


def test_efficiency_is_the_covariance_beside_the_largest_possible():
    # cov = (3/5)/4. Sorted, 0 0 1 1 1 beside 0 0 1 1 2: −3/5·(−4−4)/5 + 2/5·(1+1+6)/5 = 24/25 + 16/25 = 8/5; ÷ 4.
    found = items.discriminative_efficiency(Q1, REST_OF_Q1)
    assert found is not None
    assert isclose(found, (3 / 5) / (8 / 5))
    assert items.discriminative_efficiency([0.0, 0, 1, 1], [0.0, 1, 2, 3]) == 1


def test_effective_weights_are_shares_of_the_roots_of_covariances():
    # with the totals (mean 7/5): Q1 3·2/5... Σ (x−x̄)(t−t̄) = 6 − 5·3/5·7/5 = 9/5; Q2 the same; Q3 3 − 7/5 = 8/5.
    found = items.effective_weights([Q1, Q2, Q3], TOTALS)
    roots = [sqrt(9 / 5), sqrt(9 / 5), sqrt(8 / 5)]
    assert [one is not None and isclose(one, root / sum(roots)) for one, root in zip(found, roots, strict=True)] == [
        True
    ] * 3


def test_a_question_that_works_against_the_total_has_no_weight_and_the_others_share_the_whole():
    against = [0.0, 0, 0, 0, 1]
    found = items.effective_weights([Q1, against], [2.0, 2, 1, 0, 0])
    assert found == [1.0, None]


def test_upper_minus_lower_takes_27_per_cent_and_shares_places_among_equals():
    ten = [float(n) for n in range(10)]  # 27 % of 10 is 3: of those with 9, 8, 7 two are right; of 0, 1, 2 one
    marks = [1.0, 0, 0, 0, 0, 0, 0, 1, 1, 0]
    assert items.upper_lower_index(marks, ten, 1.0) == pytest.approx(2 / 3 - 1 / 3)
    # two places at the top for three equals, of whom one is right: 1 + ⅓ of one place … of 2
    assert items.mean_of_top([1, 1, 0, 0, 0], [5, 4, 4, 4, 1], 2) == pytest.approx((1 + 1 / 3) / 2)


def test_shape_of_one_two_three_four_and_ten():
    # mean 4; deviations −3 −2 −1 0 6; squares 50, cubes 216−36 = 180, fourth powers 81+16+1+1296 = 1394
    values = [1.0, 2, 3, 4, 10]
    assert moments.mean(values) == 4
    assert moments.median(values) == 3
    assert moments.median([1.0, 2, 3, 10]) == 2.5
    assert moments.standard_deviation(values) == pytest.approx(sqrt(50 / 4))
    assert moments.skewness(values) == pytest.approx(5 * 180 / (4 * 3) / (50 / 4) ** 1.5)
    k4 = 5 * (6 * 1394 - 3 * 4 * 50**2 / 5) / (4 * 3 * 2)
    assert moments.kurtosis(values) == pytest.approx(k4 / (50 / 4) ** 2)


def test_internal_consistency_and_what_follows_from_it():
    # variances 6/5, 6/5, 4/5, each ÷ 4; of the totals (1+4+9+1 − 49/5 = 26/5) ÷ 4: α = 3/2 (1 − 16/26) = 15/26
    consistency = quizzes.internal_consistency([Q1, Q2, Q3])
    assert consistency == pytest.approx(15 / 26)
    ratio = quizzes.error_ratio(consistency)
    assert ratio == pytest.approx(sqrt(11 / 26))
    assert quizzes.standard_error(ratio, 2.0) == pytest.approx(2 * sqrt(11 / 26))


def test_options_by_thirds():
    # six students, from weak to strong; the key is chosen by 0 1 1 of 2 each
    rests = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    found = options.option_figures("the key", True, [False, False, True, False, True, False], rests)
    assert (found.chosen, found.thirds, found.shares) == (2, (0, 1, 1), (0.0, 0.5, 0.5))
    assert found.share == pytest.approx(1 / 3)
    assert found.rest == pytest.approx(0.4)
    # Σ products of deviations: (0.3 + 0.5) − 2·0.35 = 0.1; Σ squares 4/3 and 0.175
    assert found.point_biserial == pytest.approx(0.1 / sqrt(4 / 3 * 0.175))


def test_equal_students_are_in_the_same_third_and_sizes_add_up():
    assert options.ability_groups([5.0] * 4) == [1] * 4
    assert options.ability_groups([1.0, 1, 1, 2, 3, 3]) == [0, 0, 0, 1, 2, 2]
    assert options.group_sizes([1.0, 1, 1, 2, 3, 3]) == (3, 1, 2)


AT_TEN = datetime(2027, 3, 12, 10, tzinfo=UTC)


def at(seconds: int, slot: int, kind: sitting.EventKind) -> sitting.Event:
    return sitting.Event(AT_TEN + timedelta(seconds=seconds), slot, kind)


def test_time_goes_to_the_question_that_was_on_the_screen():
    events = [
        at(0, 1, "shown"),
        at(30, 1, "answered"),  # 30 s for the first
        at(40, 2, "shown"),  # and 10 more before turning on
        at(55, 2, "answered"),  # 15 s for the second
        at(75, 1, "answered"),  # back to the first: 20 s
    ]
    assert sitting.time_spent(events[::-1]) == {1: 60.0, 2: 15.0}
    assert sitting.time_spent([]) == {}


def test_changes_compare_the_first_answer_with_the_last():
    found = sitting.answer_changes(
        [
            [("a", 1.0), ("b", 0.0)],  # right to wrong
            [("b", 0.0), ("a", 1.0)],  # wrong to right
            [("b", 0.0), ("a", 1.0), ("c", 0.5)],  # wrong to another wrong
            [("a", 1.0), ("b", 0.0), ("a", 1.0)],  # back again: no change
            [("Leon", 1.0), ("leon", 1.0)],  # two spellings
            [("a", 1.0)],
            [],
        ]
    )
    assert found == sitting.Changes(1, 1, 1)
    assert found.total == 3


def test_an_answer_stands_when_its_student_turns_to_another_question():
    assert sitting.settled([1, 1, 1, 2, 1, 1]) == [2, 3, 5]
    assert sitting.settled([]) == []


def test_a_distribution_counts_full_marks_in_the_last_step():
    assert quizzes.distribution([0.0, 0.1, 0.7, 0.95, 1.0]) == [1, 1, 0, 0, 0, 0, 0, 1, 0, 2]


@pytest.mark.parametrize(
    ("marks", "rests"), [([], []), ([1.0], [0.5]), ([1.0, 0.0], [1.0, 0.0]), ([1.0] * 9, [0.1 * n for n in range(9)])]
)
def test_what_the_data_cannot_say_is_none(marks: list[float], rests: list[float]):
    found = items.item_figures(marks, rests, None)
    assert found.discrimination is None
    assert found.efficiency is None
    assert options.point_biserial([bool(mark) for mark in marks], rests) is None


def test_totals_that_do_not_vary_say_nothing_of_reliability():
    same = [[1.0, 0.0], [0.0, 1.0]]
    found = quizzes.quiz_figures([0.5, 0.5], same)
    assert (found.consistency, found.error_ratio, found.standard_error, found.skewness, found.kurtosis) == (None,) * 5
    assert (found.mean, found.median, found.deviation) == (0.5, 0.5, 0.0)
    assert items.effective_weights(same, [1.0, 1.0]) == [None, None]
    assert quizzes.quiz_figures([], None) == quizzes.QuizFigures(0, *(None,) * 8)

"""How sure, how right, and when there is too little to say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizapp.domain import certainty


@pytest.mark.parametrize(("values", "level"), [
    ([], None), ([""], None), (["0"], None), (["4"], None), (["1"], 1), (["3"], 3), (["2", "3"], 2),
    (["nonsense", "2"], 2), (["²"], None), (["03"], None), (["9" * 5000], None),
])  # fmt: skip
def test_a_form_names_a_level_or_none(values: list[str], level: int | None):
    assert certainty.read({certainty.FIELD: values}) == level


@pytest.mark.parametrize("level", [None, *certainty.LEVELS])
def test_a_level_goes_to_a_form_and_back(level: int | None):
    assert certainty.read(certainty.form(level)) == level


def answers(*counts: tuple[int, int, int]) -> list[tuple[int, bool]]:
    """Answers from level, how many, how many of them right."""
    return [(level, at < right) for level, number, right in counts for at in range(number)]


def test_each_level_has_its_share_and_few_answers_have_none():
    levels = certainty.calibration(answers((1, 4, 4), (2, 5, 0), (3, 8, 6)))
    assert [(one.name, one.answers, one.right) for one in levels] == [
        ("unsure", 4, 4), ("fairly sure", 5, 0), ("sure", 8, 6),
    ]  # fmt: skip
    assert [one.share for one in levels] == [None, Decimal(0), Decimal("0.75")]


def test_no_answers_make_three_levels_that_cannot_say():
    assert [one.share for one in certainty.calibration([])] == [None, None, None]


@pytest.mark.parametrize(("counts", "word"), [
    ([(3, 4, 0)], ""),
    ([(1, 9, 9), (2, 9, 0)], ""),
    ([(3, 10, 6)], "sure and wrong"),
    ([(3, 10, 7)], "7 times in 10"),
    ([(1, 5, 4), (3, 10, 8)], "know more than you think"),
    ([(1, 4, 4), (3, 10, 8)], "8 times in 10"),
    ([(1, 5, 3), (3, 10, 10)], "10 times in 10"),
])  # fmt: skip
def test_the_words_fit_the_numbers(counts: list[tuple[int, int, int]], word: str):
    said = certainty.in_words(certainty.calibration(answers(*counts)))
    assert (word in said) if word else said == ""

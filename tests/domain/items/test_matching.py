"""Matching: rows, what is offered, and a share of the mark for each right row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizapp.domain.item import Item
from quizapp.domain.order import joined, parted
from tests.builders import an_entry, an_item, mistakes_in

SAND, LIGHT, STEAM = "Sand", "Light", "Steam"


@pytest.fixture
def clocks() -> Item:
    """Three rows, of which two have the same match; three texts are offered, one of which matches nothing."""
    return an_item("matching")


def test_orders_of_two_lists_are_one_list_of_numbers() -> None:
    assert joined((1, 0), (2, 0, 1)) == (1, 0, 4, 2, 3)
    assert parted([1, 0, 4, 2, 3], 2, 3) == ((1, 0), (2, 0, 1))
    assert parted([4, 1, 2, 0, 3], 2, 3) == ((1, 0), (2, 0, 1))
    assert parted((), 0, 0) == ((), ())


def test_equal_matches_are_offered_once_and_in_an_order_of_their_own(clocks: Item) -> None:
    order = joined((2, 0, 1), (0, 2, 1))  # by the alphabet: Light, Sand, Steam
    question = clocks.ask(order)
    assert question.options == ("The shadow stick", "The hourglass", "The sundial")
    assert question.offered == (LIGHT, STEAM, SAND)
    assert clocks.read({"answer-0": ["0"], "answer-1": ["2"], "answer-2": [""]}, order) == {
        "stick": LIGHT, "hourglass": SAND,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("response", "right"),
    [
        ({"hourglass": SAND, "sundial": LIGHT, "stick": LIGHT}, 3),
        ({"hourglass": LIGHT, "sundial": LIGHT, "stick": LIGHT}, 2),
        ({"sundial": LIGHT}, 1),
        ({"hourglass": STEAM, "sundial": SAND, "stick": SAND}, 0),
    ],
)
def test_each_right_row_earns_its_share(clocks: Item, response: dict[str, str], right: int) -> None:
    mark = clocks.mark(response)
    assert mark.fraction == [0, Decimal("0.3333333"), Decimal("0.6666667"), 1][right]
    assert mark.reason.startswith(f"{right} of 3 rows matched rightly: ")


@pytest.mark.parametrize("value", ["3", "-1", "Sand", "00", " 0"])
def test_only_positions_of_what_is_offered_are_read(clocks: Item, value: str) -> None:
    assert clocks.read({"answer-0": [value]}, clocks.default_order()) is None


def test_what_is_offered_stands_by_the_alphabet_where_nothing_is_shuffled(clocks: Item) -> None:
    assert clocks.ask(clocks.default_order()).offered == (LIGHT, SAND, STEAM)


def test_rows_and_offer_are_shuffled_apart(clocks: Item) -> None:
    orders = [clocks.shuffled_order(str(seed)) for seed in range(200)]
    assert len({parted(order, 3, 3) for order in orders}) > 30


def test_the_review_sets_each_match_beside_the_right_one(clocks: Item) -> None:
    review = clocks.review({"hourglass": STEAM, "sundial": LIGHT}, joined((1, 0, 2), (0, 1, 2)))
    rows = [(line.text, line.given, line.key, line.correct) for line in review.lines if line.offered]
    assert rows == [
        ("The sundial", LIGHT, LIGHT, True), ("The hourglass", STEAM, SAND, False),
        ("The shadow stick", None, LIGHT, False),
    ]  # fmt: skip
    assert [(line.text, line.chosen, line.feedback) for line in review.lines if not line.offered] == [
        (STEAM, True, "No clock of the town had a boiler.")
    ]
    assert review.given == "The sundial – Light; The hourglass – Steam"
    assert [line.text for line in review.only(frozenset()).lines] == [
        "The sundial",
        "The hourglass",
        "The shadow stick",
    ]
    assert all(line.key is None for line in review.only(frozenset({"correctness", "feedback"})).lines)


def test_the_rule_tells_whether_something_is_left_over(clocks: Item) -> None:
    assert "left over" in clocks.credit_rule()
    assert "left over" not in an_item("matching", options=clocks_in_pairs(), wrong=None).credit_rule()
    assert clocks.guess_score() == Decimal("0.3333333")


def clocks_in_pairs() -> list[dict[str, str]]:
    return [{"id": "a", "text": "A", "match": "1"}, {"id": "b", "text": "B", "match": "2"}]


def test_mistakes_are_told_together() -> None:
    options = [{"id": "a", "text": "A", "match": "1"}, {"id": "b", "text": "B", "match": " 1 "}]
    wrong = [{"answer": "1"}, {"answer": "2"}, {"answer": "2"}]
    assert mistakes_in(an_entry("matching", options=options, wrong=wrong)) == {
        ("options",): ["every row has the same match; give at least two different ones"],
        ("wrong", 0, "answer"): ["«1» is the match of a row; it cannot be wrong too"],
        ("wrong", 2, "answer"): ["«2» is listed twice among the wrong answers"],
    }

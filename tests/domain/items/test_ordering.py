"""Ordering: what a partly right order earns, ties, what is shown, and incomplete answers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.guessing import as_decimal
from quizapp.domain.item import Item, Review
from quizapp.domain.marking import rounded
from tests.builders import an_entry, an_item, mistakes_in

NAMES = "abcdefgh"


def things(ranks: str, **changes: Any) -> Item:
    """An item with a thing for each letter; those of a group, such as «bc» in «a bc d», tie."""
    groups = ranks.split()
    options = [
        {"id": name, "text": name.upper(), **({"tie": True} if i else {})}
        for group in groups
        for i, name in enumerate(group)
    ]
    return an_item("ordering", options=options, **changes)


def places(item: Item, review: Review) -> list[tuple[str, str | None, str | None, bool | None]]:
    return [(line.text, line.given, line.key, line.correct) for line in review.lines]


@pytest.mark.parametrize(
    ("response", "earned", "reason"),
    [
        ("abcd", "1", "6 of 6 pairs stand the right way round, none the wrong way: the full mark."),
        ("bacd", "2/3", "5 of 6 pairs stand the right way round, 1 the wrong way: 2/3 of the mark."),
        ("bcda", "0", "3 of 6 pairs stand the right way round, 3 the wrong way: no mark."),
        ("dcba", "0", "0 of 6 pairs stand the right way round, 6 the wrong way: no mark."),
        ("dabc", "0", "3 of 6 pairs stand the right way round, 3 the wrong way: no mark."),
        ("acbd", "2/3", "5 of 6 pairs stand the right way round, 1 the wrong way: 2/3 of the mark."),
        ("badc", "1/3", "4 of 6 pairs stand the right way round, 2 the wrong way: 1/3 of the mark."),
    ],
)
def test_kendalls_tau_by_hand(response: str, earned: str, reason: str) -> None:
    mark = things("a b c d").mark(list(response))
    assert mark.fraction == as_decimal(Fraction(earned))
    assert mark.reason == reason


@pytest.mark.parametrize(
    ("response", "earned"),
    [("abcd", "1"), ("acbd", "1"), ("bacd", "3/5"), ("badc", "1/5"), ("dbca", "0"), ("adbc", "1/5")],
)
def test_pairs_that_tie_in_the_key_do_not_count(response: str, earned: str) -> None:
    assert things("a bc d").mark(list(response)).fraction == as_decimal(Fraction(earned))


@pytest.mark.parametrize(
    ("response", "part"), [("abcd", 3), ("bcda", 2), ("dcba", 0), ("dabc", 2), ("acbd", 0), ("badc", 0), ("cdab", 2)]
)
def test_adjacent_pairs_by_hand(response: str, part: int) -> None:
    mark = things("a b c d", credit="adjacent_pairs").mark(list(response))
    assert mark.fraction == rounded(Decimal(part) / 3)
    assert mark.reason.startswith(f"{part} of 3 directly follow")


def test_adjacent_pairs_take_ties_in_either_order() -> None:
    item = things("a bc d", credit="adjacent_pairs")
    assert item.mark(list("acbd")).fraction == 1
    assert item.mark(list("bacd")).fraction == rounded(Decimal(2) / 3)


def test_all_or_nothing() -> None:
    item = things("a bc d", credit="all_or_nothing")
    assert [item.mark(list(one)).fraction for one in ("abcd", "acbd", "abdc")] == [1, 1, 0]
    assert item.mark(list("abdc")).reason == "Not the right order."


@given(st.permutations(range(6)), st.sampled_from(["a b c d e f", "ab c d ef", "abc def", "a bcde f"]))
def test_the_mark_is_kendalls_tau_floored(order: list[int], ranks: str) -> None:
    rank = {name: i for i, group in enumerate(ranks.split()) for name in group}
    response = [NAMES[i] for i in order]
    signs = [(rank[a] < rank[b]) - (rank[a] > rank[b]) for a, b in combinations(response, 2)]
    tau = Fraction(sum(signs), sum(1 for one in signs if one))
    item = things(ranks)
    assert item.mark(response).fraction == as_decimal(max(tau, Fraction(0)))
    assert item.mark(response[::-1]).fraction == as_decimal(max(-tau, Fraction(0)))


@pytest.mark.parametrize("credit", ["kendall_tau", "adjacent_pairs", "all_or_nothing"])
@pytest.mark.parametrize("ranks", ["a b c", "a bc", "a b c d", "ab c d", "a b c d e", "ab cd e", "abc de"])
def test_the_guess_score_is_the_mean_over_all_orders(ranks: str, credit: str) -> None:
    item = things(ranks, credit=credit)
    names = ranks.replace(" ", "")
    marks = [item.mark(list(order)).fraction or Decimal(0) for order in permutations(names)]
    assert abs(sum(marks) / len(marks) - (item.guess_score() or 0)) < Decimal("0.0000002")


@given(seed=st.text(max_size=8), ranks=st.sampled_from(["a b c", "a bc d", "a b c d e", "abc de f"]))
def test_the_order_shown_is_neither_the_right_one_nor_its_reverse(seed: str, ranks: str) -> None:
    item = things(ranks)
    for order in (item.shuffled_order(seed), item.default_order()):
        shown = [item.options[i].id for i in order]
        assert item.mark(shown).fraction != 1
        assert item.mark(shown[::-1]).fraction != 1


def test_each_other_order_is_shown_to_somebody() -> None:
    assert len({things("a b c d").shuffled_order(str(seed)) for seed in range(500)}) == 22


def test_an_answer_without_script_may_be_incomplete_and_is_kept_as_given() -> None:
    item, order = things("a b c d"), (3, 1, 0, 2)  # shown: d b a c
    form = {"answer-0": ["4"], "answer-1": ["2"], "answer-2": [""], "answer-3": ["2"]}
    response = item.read(form, order)
    assert response == [None, ["b", "c"], None, "d"]
    assert item.form(response, order) == {"answer-0": ["4"], "answer-1": ["2"], "answer-3": ["2"]}
    mark = item.mark(response)
    assert mark.fraction == as_decimal(Fraction(2, 6))
    assert mark.reason == "2 of 6 pairs stand the right way round, none the wrong way, 4 not said: 1/3 of the mark."
    review = item.review(response, order)
    assert review.given == "B; C; D"
    assert places(item, review) == [
        ("B", "2", "2", True), ("C", "2", "3", False), ("D", "4", "4", True), ("A", None, "1", False),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["0", "5", "-1", "01", "a", " 1", "1.0"])
def test_a_place_that_there_is_not_is_none(value: str) -> None:
    assert things("a b c d").read({"answer-0": [value]}, (0, 1, 2, 3)) is None


def test_equal_places_are_right_for_those_that_tie() -> None:
    item = things("a bc d")
    assert item.mark(["a", ["b", "c"], None, "d"]).fraction == 1
    assert item.mark(["a", "b", "c", "d"]).fraction == 1


def test_the_review_names_both_places_of_a_tie_and_hides_the_key() -> None:
    item = things("a bc d")
    review = item.review(list("acdb"), item.default_order())
    assert places(item, review) == [
        ("A", "1", "1", True), ("C", "2", "2 or 3", True), ("D", "3", "4", False), ("B", "4", "2 or 3", False),
    ]  # fmt: skip
    assert review.key_parts == ("A", "B", "C", "D")
    hidden = review.only(frozenset({"correctness"}))
    assert hidden.key_parts == ()
    assert [(line.key, line.correct) for line in hidden.lines] == [
        (None, True),
        (None, True),
        (None, False),
        (None, False),
    ]


def test_mistakes_are_told_together() -> None:
    options = [{"id": "a", "text": "A", "tie": True}, {"id": "a", "text": " a "}]
    assert mistakes_in(an_entry("ordering", options=options)) == {
        ("options",): ["give at least three options"],
        ("options", 0, "tie"): ["the first has nothing before it to share its rank with"],
        ("options", 1, "id"): ["option id «a» is used twice; give each option its own"],
        ("options", 1, "text"): ["the same text as option 1; options must differ"],
    }
    same = [{"id": name, "text": name, "tie": i > 0} for i, name in enumerate("abc")]
    assert mistakes_in(an_entry("ordering", options=same)) == {
        ("options",): ["all share one rank, so that there is no order to find"]
    }


def test_the_evidence_of_the_options_proves_the_key() -> None:
    item = an_item("ordering", evidence=None)
    assert [place for place, _ in item.key_evidence()] == [("options", 0, "evidence", 0)]
    assert list(item.gaps()) == []
    assert [gap.message for gap in things("a b c", evidence=None).gaps()] == [
        "no evidence for the key; name the passage that proves it"
    ]

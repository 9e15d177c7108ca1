"""single_choice, multiple_choice and true_false: credit rule by rule, and authors' mistakes."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_entry, an_item, mistakes_in

CLOCKS = ["water", "hourglass", "pendulum"]


def options(*correct: bool) -> list[dict[str, Any]]:
    return [{"id": f"o{i}", "text": f"Option {i}", "correct": one} for i, one in enumerate(correct)]


@pytest.mark.parametrize(
    ("credit", "ticked", "fraction", "reason"),
    [
        ("right_minus_wrong", CLOCKS, "1", "3 of 3 right options, none wrong: the full mark."),
        ("right_minus_wrong", CLOCKS[:2], "0.6666667", "2 of 3 right options, none wrong: 2/3 of the mark."),
        ("right_minus_wrong", [*CLOCKS[:2], "none"], "0.3333333", "2 of 3 right options, 1 wrong: 1/3 of the mark."),
        ("right_minus_wrong", ["water", "none", "sundial"], "0", "1 of 3 right options, 2 wrong: no mark."),
        ("right_minus_wrong", ["none"], "0", "0 of 3 right options, 1 wrong: no mark."),
        ("right_minus_wrong", [*CLOCKS, "none", "sundial", "shadow"], "0", "3 of 3 right options, 3 wrong: no mark."),
        ("all_or_nothing", CLOCKS, "1", "3 of 3 right options, none wrong: the full mark."),
        ("all_or_nothing", CLOCKS[:2], "0", "2 of 3 right options, none wrong: no mark."),
        ("all_or_nothing", [*CLOCKS, "none"], "0", "3 of 3 right options, 1 wrong: no mark."),
        ("each_option", CLOCKS, "1", "3 of 3 right options, none wrong: the full mark."),
        ("each_option", ["water"], "0.6666667", "1 of 3 right options, none wrong: 2/3 of the mark."),
        ("each_option", ["none"], "0.3333333", "0 of 3 right options, 1 wrong: 1/3 of the mark."),
        ("each_option", ["none", "sundial", "shadow"], "0", "0 of 3 right options, 3 wrong: no mark."),
    ],
)
def test_credit_of_several_choices(credit: str, ticked: list[str], fraction: str, reason: str) -> None:
    mark = an_item("multiple_choice", credit=credit).mark(ticked)
    assert mark.fraction == Decimal(fraction)
    assert mark.reason == reason


@pytest.mark.parametrize("credit", ["right_minus_wrong", "all_or_nothing", "each_option"])
def test_a_blank_earns_nothing_by_any_rule(credit: str) -> None:
    item = an_item("multiple_choice", credit=credit)
    assert item.mark(None).fraction == item.mark([]).fraction == 0


def test_thirds_of_a_mark_are_rounded_once() -> None:
    item = an_item("multiple_choice", marks=3)
    assert item.mark(CLOCKS[:2]).of(item.marks) == Decimal("2.0000001")
    assert item.mark(CLOCKS).of(item.marks) == 3


@given(
    st.lists(st.booleans(), min_size=3, max_size=6),
    st.sampled_from(["right_minus_wrong", "all_or_nothing", "each_option"]),
)
def test_the_guess_score_is_the_mean_over_all_sets_of_ticks(correct: list[bool], credit: str) -> None:
    if not 2 <= sum(correct) < len(correct):
        return
    item = an_item("multiple_choice", options=options(*correct), credit=credit)
    ids = [f"o{i}" for i in range(len(correct))]
    sets = list(chain.from_iterable(combinations(ids, size) for size in range(len(ids) + 1)))
    mean = sum(float(item.mark(list(one)).fraction or 0) for one in sets) / len(sets)
    assert float(item.guess_score() or 0) == pytest.approx(mean, abs=1e-6)


def test_ticks_are_kept_in_the_items_own_order() -> None:
    item = an_item("multiple_choice")
    order = (5, 4, 3, 2, 1, 0)
    assert item.read({"answer": ["4", "1", "1", ""]}, order) == ["water", "pendulum"]
    assert item.form(["water", "pendulum"], order) == {"answer": ["1", "4"]}
    assert item.read({"answer": ["4", "6"]}, order) is None
    assert item.read({"answer": ["04"]}, order) is None


def test_one_choice_is_one() -> None:
    item = an_item("single_choice")
    assert item.read({"answer": ["0"]}, (2, 0, 1, 3)) == "hourglass"
    assert item.read({"answer": ["0", "1"]}, (2, 0, 1, 3)) is None
    assert item.mark("hourglass").reason == "Not the right option."
    assert item.guess_score() == Decimal("0.25")


def test_true_and_false_are_not_blank() -> None:
    item = an_item("true_false", key=False)
    assert item.read({"answer": ["false"]}, ()) is False
    assert item.read({"answer": ["true", "false"]}, ()) is None
    assert item.mark(False).fraction == 1
    assert item.mark(True).fraction == 0
    assert item.mark(None).reason == "No answer was given."
    lines = item.review(True, ()).lines
    assert [(line.text, line.chosen, line.correct) for line in lines] == [("True", True, False), ("False", False, True)]
    assert lines[0].feedback
    assert lines[1].feedback is None


def test_a_review_lists_the_options_in_the_order_shown() -> None:
    review = an_item("multiple_choice").review(["water"], (0, 4, 1, 3, 2, 5))
    assert [line.text for line in review.lines][1:3] == ["A pendulum clock", "A water clock"]
    assert review.given == "A water clock"
    assert review.key == "A pendulum clock; A water clock; An hourglass"


@pytest.mark.parametrize(
    ("type_", "changes", "place", "message"),
    [
        ("single_choice", {"options": options(False, False)}, ("options",), "no key"),
        ("single_choice", {"options": options(True, False, True)}, ("options", 2, "correct"), "a second key"),
        ("single_choice", {"options": options(True)}, ("options",), "at least two options"),
        ("multiple_choice", {"options": options(False, False)}, ("options",), "no key"),
        ("multiple_choice", {"options": options(True, True)}, ("options",), "every option is correct"),
        ("multiple_choice", {"options": options(True, False)}, ("options",), "one right option only"),
        ("multiple_choice", {"credit": "each"}, ("credit",), "did you mean «each_option»"),
        ("true_false", {"key": None}, ("key",), "missing field «key»"),
        ("true_false", {"key": "yes"}, ("key",), "true or false, not «yes»"),
        ("true_false", {"wrong": [{"feedback": "a"}, {"feedback": "b"}]}, ("wrong", 1), "a second wrong answer"),
    ],
)
def test_authors_mistakes(type_: str, changes: dict[str, Any], place: tuple[str | int, ...], message: str) -> None:
    found = mistakes_in({**an_entry(type_), **changes} if changes != {"key": None} else an_entry(type_, **changes))
    assert list(found) == [place]
    assert message in found[place][0]


def test_equal_options_are_found_whatever_their_case_and_spaces() -> None:
    twice = [*options(True, False), {"id": "o1", "text": "option  0"}]
    found = mistakes_in(an_entry("single_choice", options=twice))
    assert found.keys() == {("options", 2, "id"), ("options", 2, "text")}
    assert found["options", 2, "text"] == ["the same text as option 1; options must differ"]

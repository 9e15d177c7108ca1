"""Evidence items: two points for both parts, one for part A alone, none for quotes alone; the parts kept apart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from quizapp.domain.item import Item
from quizapp.domain.order import joined
from quizapp.domain.source import Evidence
from tests.builders import FIELDS, an_entry, an_item, mistakes_in


@pytest.fixture
def wound() -> Item:
    """Part A (keeper, mayor, nobody), and two right quotes of four: turned and climbed; paid and slept are wrong."""
    return an_item("evidence")


def alone(*right: str) -> Item:
    """The same quotes without part A, of which these are right."""
    quotes = [{**one, "correct": one["id"] in right, "feedback": "No."} for one in FIELDS["evidence"]["options"]]
    return an_item("evidence", answer=None, options=quotes)


def answered(answer: str | None, *quotes: str) -> dict[str, Any]:
    return {**({"answer": answer} if answer else {}), **({"evidence": list(quotes)} if quotes else {})}


@pytest.mark.parametrize(
    ("response", "fraction", "parts", "reason"),
    [
        (
            answered("keeper", "turned", "climbed"), 1, (1, 1),
            "The right answer; 2 of 2 right quotes, none wrong: the full mark.",
        ),
        (
            answered("keeper", "turned"), "0.75", (1, "0.5"),
            "The right answer; 1 of 2 right quotes, none wrong: 3/4 of the mark.",
        ),
        (
            answered("keeper", "turned", "paid"), "0.5", (1, 0),
            "The right answer; 1 of 2 right quotes, 1 wrong: 1/2 of the mark.",
        ),
        (answered("keeper"), "0.5", (1, 0), "The right answer; 0 of 2 right quotes, none wrong: 1/2 of the mark."),
        (
            answered("mayor", "turned", "climbed"), 0, (0, 1),
            "Not the right answer; 2 of 2 right quotes, none wrong, which counts only with the right answer: no mark.",
        ),
        (
            answered(None, "turned", "climbed"), 0, (0, 1),
            "Not the right answer; 2 of 2 right quotes, none wrong, which counts only with the right answer: no mark.",
        ),
        (answered("mayor", "slept"), 0, (0, 0), "Not the right answer; 0 of 2 right quotes, 1 wrong: no mark."),
    ],
)  # fmt: skip
def test_worked_examples_with_part_a(
    wound: Item, response: dict[str, Any], fraction: Any, parts: tuple[Any, Any], reason: str
) -> None:
    mark = wound.mark(response)
    assert mark.fraction == Decimal(fraction)
    assert mark.parts == {"answer": Decimal(parts[0]), "evidence": Decimal(parts[1])}
    assert mark.reason == reason


@pytest.mark.parametrize(
    ("quotes", "fraction", "reason"),
    [
        (["turned", "climbed"], 1, "2 of 2 right quotes, none wrong: the full mark."),
        (["turned"], "0.5", "1 of 2 right quotes, none wrong: 1/2 of the mark."),
        (["turned", "climbed", "slept"], "0.5", "2 of 2 right quotes, 1 wrong: 1/2 of the mark."),
        (["paid", "slept"], 0, "0 of 2 right quotes, 2 wrong: no mark."),
    ],
)
def test_worked_examples_without_part_a(quotes: list[str], fraction: Any, reason: str) -> None:
    mark = alone("turned", "climbed").mark({"evidence": quotes})
    assert (mark.fraction, mark.parts, mark.reason) == (Decimal(fraction), {"evidence": Decimal(fraction)}, reason)


def test_one_right_quote_is_a_single_choice() -> None:
    item = alone("turned")
    assert not item.ask(item.default_order()).several
    assert item.mark({"evidence": ["turned"]}).reason == "The right quote: the full mark."
    assert item.mark({"evidence": ["paid"]}).reason == "Not the right quote: no mark."
    assert item.read({"answer-evidence": ["0", "1"]}, item.default_order()) is None
    assert item.read({"answer-evidence": ["0"]}, item.default_order()) == {"evidence": ["turned"]}
    assert item.guess_score() == Decimal("0.25")


def test_a_blank_has_parts_too(wound: Item) -> None:
    assert wound.mark(None).parts == {"answer": 0, "evidence": 0}
    assert alone("turned").mark(None).parts == {"evidence": 0}


def test_guessing() -> None:
    # Two right and two wrong quotes: of 16 sets, {both} earns 1; {one right} ×2 and {both, one wrong} ×2 earn 1/2.
    assert alone("turned", "climbed").guess_score() == Decimal("0.1875000")
    assert an_item("evidence").guess_score() == Decimal("0.1979167")  # 1/3 × (1/2 + 1/2 × 3/16)


def test_both_parts_are_shuffled_and_read_by_their_own_positions(wound: Item) -> None:
    order = joined((3, 0, 2, 1), (1, 0, 2))
    question = wound.ask(order)
    assert question.options == ("slept soundly", "turned the key", "paid for the oil", "climbed up daily")
    assert question.offered == ("The mayor", "The keeper", "Nobody at all")
    assert question.places[0] == Evidence(passage="almanac/keeper", quote="slept soundly", occurrence=2)
    form = {"answer": ["1"], "answer-evidence": ["3", "1"]}
    assert wound.read(form, order) == wound.correct_response()
    assert wound.form(wound.correct_response(), order) == {"answer": ["1"], "answer-evidence": ["1", "3"]}
    assert wound.read({"answer": ["9"], "answer-evidence": ["1", "x"]}, order) is None
    assert wound.read({"answer": ["0", "1"], "answer-evidence": ["0"]}, order) == {"evidence": ["slept"]}


def test_evidence_is_named_with_its_place_and_the_key_is_told_from_the_rest(wound: Item) -> None:
    assert [place for place, _ in wound.key_evidence()] == [("evidence", 0), ("options", 0), ("options", 1)]
    assert [(place, one.quotes) for place, one in wound.other_evidence()] == [
        (("options", 2), ("paid for the oil",)), (("options", 3), ("slept soundly",)),
    ]  # fmt: skip
    assert wound.distractors() == (
        (("options", 2), "Paying is not winding.", True),
        (("options", 3), "That was at night.", True),
        (("answer", "options", 1), "He only paid for it.", None),
        (("answer", "options", 2), "It ran for years.", None),
    )


def test_the_review_links_each_quote_and_hides_with_the_policy(wound: Item) -> None:
    review = wound.review(answered("mayor", "turned"), wound.default_order())
    assert review.given == "The mayor; “turned the key”"
    assert [(line.part, line.chosen, line.correct) for line in review.lines][:4] == [
        ("answer", False, True), ("answer", True, False), ("answer", False, False), ("evidence", True, True),
    ]  # fmt: skip
    assert [line.evidence[0].passage for line in review.lines if line.part == "evidence"] == [
        "almanac/keeper", "almanac/tower", "almanac/mayor", "almanac/keeper",
    ]  # fmt: skip
    assert not any(line.evidence for line in review.only(frozenset({"correctness", "feedback"})).lines)


def test_mistakes_are_told_together() -> None:
    quote = {"passage": "almanac/keeper", "quote": "slept soundly"}
    options = [{"id": "a", **quote}, {"id": "a", **quote}, {"id": "c", "passage": "almanac/keeper"}]
    answer = {"stem": "Who?", "options": [{"id": "x", "text": "X"}]}
    assert mistakes_in(an_entry("evidence", options=options, answer=answer)) == {
        ("options", 1, "id"): ["option id «a» is used twice; give each option its own"],
        ("options", 1, "quote"): ["the same quote as option 1; options must differ"],
        ("options", 2): ["missing field «quote»: the words to choose"],
        ("options",): ["no key: mark each quote that proves it with «correct: true»"],
        ("answer", "options"): ["give at least two options", "no key: mark the right option with «correct: true»"],
    }
    right = [{"id": name, "passage": "almanac/keeper", "quote": name, "correct": True} for name in "ab"]
    assert mistakes_in(an_entry("evidence", options=right)) == {
        ("options",): ["every quote is correct; add quotes that do not prove it"]
    }
    long = [{**right[0], "quote": "one two three four five six seven eight nine ten eleven twelve thirteen"}, right[1]]
    assert mistakes_in(an_entry("evidence", options=long)) == {
        ("options", 0, "quote"): ["a quote of 13 words; 12 at most"]
    }


def test_a_distractor_without_feedback_is_a_gap() -> None:
    quotes = [
        {name: value for name, value in one.items() if name != "feedback"} for one in FIELDS["evidence"]["options"]
    ]
    item = an_item("evidence", options=quotes, evidence=None)
    assert [gap.place for gap in item.gaps()] == [("options", 2), ("options", 3)]

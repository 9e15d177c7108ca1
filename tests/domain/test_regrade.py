"""What an answer earns by a mended key or by a rule of a regrade, for every type; and what then becomes of its mark."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.item import Item, is_blank
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.marking import FULL, ZERO, Mark
from quizapp.domain.regrade import BY_PERSON, SPARED, Outcome, Rule, Standing, marks_alike, moved, regrade, rule_of
from tests.builders import FIELDS, OPTIONS, an_item

KEY, LEAVE_OUT, FULL_MARKS = Rule(), Rule("leave_out"), Rule("full_marks")
every_type = pytest.mark.parametrize("item", [an_item(one) for one in ITEM_TYPES], ids=list(ITEM_TYPES))
WITH_PARTS = [item for item in (an_item(one) for one in ITEM_TYPES) if item.parts()]
every_type_with_parts = pytest.mark.parametrize("item", WITH_PARTS, ids=[one.type for one in WITH_PARTS])


def answers(item: Item) -> list[Any]:
    """A blank, the key, and answers that are not right, or not quite."""
    return [None, item.correct_response(), *item.sample_responses()]


def without(type_name: str, *ids: str) -> Item:
    """The item of this type without these options."""
    return an_item(type_name, options=[one for one in FIELDS[type_name]["options"] if one["id"] not in ids])


def earned(outcome: Outcome) -> Decimal | None:
    return outcome.mark.fraction if outcome.mark else None


# --- laws of every type ----------------------------------------------------------------------------------------------


@every_type
def test_by_the_same_key_every_answer_earns_what_it_earned(item: Item):
    for response in answers(item):
        assert regrade(item, an_item(item.type), response, KEY) == Outcome(item.mark(response))


@every_type
def test_the_whole_question_can_be_left_out_or_given_in_full(item: Item):
    for response in answers(item):
        assert regrade(item, item, response, LEAVE_OUT) == Outcome(counts=False)
        full = regrade(item, item, response, FULL_MARKS).mark
        assert full is not None
        assert full.fraction == 1
        assert full.parts == item.mark(item.correct_response()).parts


@every_type
def test_an_answer_to_a_question_of_another_type_stays(item: Item):
    other = next(an_item(one) for one in ITEM_TYPES if one != item.type)
    assert regrade(item, other, item.correct_response(), KEY).stays
    assert earned(regrade(item, other, None, KEY)) == 0


@every_type_with_parts
def test_an_option_counted_right_lowers_nobody_and_a_blank_stays_blank(item: Item):
    for part in item.parts():
        rule = Rule("grant", (part.id,))
        if rule.problem(item):
            assert not part.grantable
            continue
        for response in answers(item):
            mark, before = regrade(item, item, response, rule).mark, item.mark(response)
            assert mark is not None
            assert mark.fraction is not None
            assert mark.fraction >= (before.fraction or 0)
            assert (mark == before) == is_blank(response) or mark.reason.endswith(rule.told)


@every_type_with_parts
def test_without_an_option_the_key_still_earns_all_and_who_chose_it_alone_is_not_marked(item: Item):
    for part in item.parts():
        rule = Rule("drop", (part.id,))
        assert rule.problem(item) is None
        right = regrade(item, item, item.correct_response(), rule)
        assert earned(right) == 1 or not right.counts
        assert regrade(item, item, None, rule) == Outcome(item.mark(None))
        for response in answers(item):
            outcome = regrade(item, item, response, rule)
            assert outcome.counts is False or outcome.mark is not None


@every_type_with_parts
def test_dropping_everything_is_refused_and_so_is_naming_nothing(item: Item):
    droppable = tuple(one.id for one in item.parts() if one.droppable)
    assert Rule("drop").problem(item)
    assert Rule("drop", ("no-such",)).problem(item)
    if any(one.key for one in item.parts()):
        assert Rule("drop", droppable).problem(item)
    assert "“" in Rule("drop", droppable[:1]).words(item)


@every_type
def test_versions_that_differ_in_words_mark_alike(item: Item):
    reworded = item.model_copy(update={"stem": "Asked in other words.", "explanation": "Told in other words."})
    assert marks_alike(item, reworded)
    assert not marks_alike(item, item.model_copy(update={"marks": Decimal(2)}))


def test_a_rule_goes_through_plain_data():
    for rule in (KEY, Rule("drop", ("a", "b"), spare=True)):
        assert rule_of(asdict(rule)) == rule


# --- options that came and went --------------------------------------------------------------------------------------


def key_at(option: str) -> Item:
    """The clock question with this option as its key."""
    rows = [{key: value for key, value in one.items() if key != "correct"} for one in OPTIONS]
    return an_item("single_choice", options=[{**one, "correct": True} if one["id"] == option else one for one in rows])


def test_a_mended_key_turns_wrong_into_right():
    old, new = key_at("sundial"), key_at("candle")
    assert not marks_alike(old, new)
    assert [earned(regrade(old, new, one, KEY)) for one in ("sundial", "candle", "other")] == [0, 1, 0]


def test_what_cannot_be_chosen_any_more_stays_unless_it_is_dropped_or_granted():
    old, new = an_item("single_choice"), without("single_choice", "candle")
    assert regrade(old, new, "candle", KEY).stays == "“A candle” cannot be chosen any more"
    assert regrade(old, new, "candle", Rule("drop", ("candle",))).counts is False
    assert earned(regrade(old, new, "sundial", KEY)) == 1
    assert (
        regrade(new, key_at("candle"), "sundial", KEY).stays
        == "“A candle”, which is right now, could not be chosen then"
    )


def test_ticks_are_held_against_what_was_offered():
    old, new = an_item("multiple_choice"), without("multiple_choice", "pendulum")
    assert regrade(old, new, ["water", "pendulum"], KEY).stays
    assert earned(regrade(old, new, ["water", "hourglass"], KEY)) == 1
    assert regrade(new, old, ["water", "hourglass"], KEY).stays
    fewer = without("multiple_choice", "shadow")
    assert earned(regrade(fewer, old, ["water", "hourglass", "pendulum"], KEY)) == 1


def test_a_dropped_tick_neither_earns_nor_costs():
    item = an_item("multiple_choice")
    ticked = ["water", "hourglass", "pendulum", "sundial"]
    assert item.mark(ticked).fraction == Mark(Decimal(2) / 3, "").fraction
    assert earned(regrade(item, item, ticked, Rule("drop", ("sundial",)))) == 1
    assert earned(regrade(item, item, ticked, Rule("grant", ("sundial",)))) == 1
    assert earned(regrade(item, item, ["water"], Rule("grant", ("pendulum",)))) == Mark(Decimal(2) / 3, "").fraction
    assert regrade(item, item, ["sundial"], Rule("drop", ("sundial",))).counts is False


def test_an_order_closes_up_around_what_is_dropped():
    item = an_item("ordering")
    drop = Rule("drop", ("water",))
    assert earned(regrade(item, item, ["sundial", "water", "candle", "tower"], drop)) == 1
    assert earned(regrade(item, item, ["water", "sundial", "candle", "tower"], drop)) == 1
    neighbours = item.model_copy(update={"credit": "adjacent_pairs"})
    assert earned(regrade(neighbours, neighbours, ["water", "sundial", "candle", "tower"], drop)) == 1
    assert earned(regrade(item, item, [None, "water", "sundial", ["candle", "tower"]], drop)) is not None
    assert earned(regrade(item, without("ordering", "water"), ["sundial", "tower", "candle", "water"], KEY)) is not None
    assert Rule("grant", ("water",)).problem(item)


def test_a_match_that_is_reworded_is_the_same_match():
    old = an_item("matching")
    rows = [{**one, "match": "Fine sand"} if one["id"] == "hourglass" else one for one in FIELDS["matching"]["options"]]
    new = an_item("matching", options=rows)
    assert earned(regrade(old, new, {"hourglass": "Sand", "sundial": "Light", "stick": "Light"}, KEY)) == 1
    swapped = [{**one, "match": "Water"} if one["id"] == "stick" else one for one in FIELDS["matching"]["options"]]
    assert regrade(old, an_item("matching", options=swapped), {"stick": "Light"}, KEY).stays


def test_rows_that_are_gone_leave_the_others():
    old, new = an_item("matching"), without("matching", "stick")
    assert earned(regrade(old, new, {"hourglass": "Sand", "sundial": "Light", "stick": "Sand"}, KEY)) == 1
    assert regrade(old, new, {"stick": "Light"}, KEY).stays
    assert regrade(old, old, {"stick": "Light"}, Rule("drop", ("stick",))).counts is False


def test_a_first_question_that_was_not_asked_then_leaves_the_mark():
    new = an_item("evidence")
    old = an_item("evidence", answer=None)
    assert regrade(old, new, {"evidence": ["turned", "climbed"]}, KEY).stays
    assert earned(regrade(new, old, new.correct_response(), KEY)) == 1
    other = {"answer": "mayor", "evidence": ["turned", "climbed"]}
    assert earned(regrade(new, new, other, Rule("grant", ("first:mayor",)))) == 1
    assert regrade(new, new, other, Rule("drop", ("first:mayor",))).counts is False


def test_another_unit_leaves_the_mark():
    old = an_item("numerical")
    new = an_item("numerical", key={"value": "930", "tolerance": "30", "unit": "miles"})
    assert regrade(old, new, "1500", KEY).stays == "It asked for km then, and asks for miles now"


# --- marks that move -------------------------------------------------------------------------------------------------

FRACTIONS = st.decimals(0, 1, places=7)
WORTH = st.decimals("0.5", 3, places=2)


def a_mark(fraction: Decimal | None, available: Decimal = FULL, *, by_person: bool = False) -> Standing:
    return Standing(fraction, available, "as it was", {}, by_person)


@given(FRACTIONS, FRACTIONS, WORTH, WORTH, st.booleans())
def test_a_mark_moves_to_what_the_answer_earns(
    old: Decimal, new: Decimal, worth: Decimal, worth_now: Decimal, spare: bool
):
    move = moved(a_mark(old, worth), Outcome(Mark(new, "anew")), worth_now, spare=spare)
    assert move.by == (move.new.mark or 0) - (move.old.mark or 0)
    if spare:
        assert move.new.fraction is not None
        assert move.new.fraction >= old
    if move.stays:
        assert (move.stays, move.new) == (SPARED, move.old)
    else:
        assert (move.new.fraction, move.new.available) == (new, worth_now)


@given(FRACTIONS, WORTH)
def test_what_is_left_out_is_worth_nothing_and_keeps_its_fraction(fraction: Decimal, worth: Decimal):
    move = moved(a_mark(fraction, worth), Outcome(counts=False), worth)
    assert (move.new.fraction, move.new.available, move.new.mark) == (fraction, 0, 0)


def test_a_persons_mark_stays_and_what_cannot_be_marked_says_why():
    move = moved(a_mark(ZERO, by_person=True), Outcome(Mark(FULL, "anew")), FULL)
    assert (move.moves, move.stays) == (False, BY_PERSON)
    assert moved(a_mark(ZERO), Outcome(stays="gone"), FULL).stays == "gone"

"""The laws that every item type obeys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.entry import digest
from quizapp.domain.gallery import sample_responses
from quizapp.domain.item import Item, Review, is_blank
from quizapp.domain.items import ITEM_TYPES, build, entry, item_digest
from quizapp.web.filters import inline_markdown, quoted
from tests.builders import FIELDS, an_entry, an_item

TEMPLATES = Path(__file__).parent.parent / "templates"
NAMES = [
    *("answer", "answer-year", "answer-month", "answer-day", "answer-calendar", "answer-evidence"),
    *(f"answer-{position}" for position in range(5)),
]
VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "5",
            "00",
            "99",
            "-1",
            "true",
            "false",
            "1905",
            "06",
            "6",
            "14",
            "julian",
            "gregorian",
            "1",
            "2",
            "3",
            "4",
            "1,500",
            "1.500,5 km",
            "agrees",
            "silent",
            "less_exact",
        ]
    ),
    st.text(max_size=40),
    st.text(st.characters(exclude_categories=()), max_size=10),  # surrogates too
)
FORMS = st.dictionaries(st.sampled_from(NAMES), st.lists(VALUES, max_size=8))

WITHOUT_DISTRACTORS = {"ordering", "corroboration"}
every_type = pytest.mark.parametrize("item", [an_item(one) for one in ITEM_TYPES], ids=list(ITEM_TYPES))


def test_every_type_has_an_example_and_a_name() -> None:
    assert FIELDS.keys() == ITEM_TYPES.keys()
    assert all(item_type.label for item_type in ITEM_TYPES.values())


@every_type
def test_the_key_earns_full_marks(item: Item) -> None:
    assert item.mark(item.correct_response()).fraction == 1


@every_type
def test_a_blank_form_is_blank_and_earns_nothing(item: Item) -> None:
    for form in ({}, {"answer": []}, {"answer": [""]}, {name: ["  "] for name in NAMES}):
        response = item.read(form, item.default_order())
        assert response is None
        assert is_blank(response)
        assert item.mark(response).fraction == 0
    assert item.form(None, item.default_order()) == {}
    assert item.review(None, item.default_order()).given == ""


@every_type
@given(seed=st.text(max_size=5), form=FORMS)
def test_a_response_goes_to_a_form_and_back_under_any_order(item: Item, seed: str, form: dict[str, list[str]]) -> None:
    order = item.shuffled_order(seed)
    responses = [item.read(form, order), item.correct_response(), *sample_responses(item).values()]
    for response in responses:
        assert item.read(item.form(response, order), order) == response


@every_type
@given(form=FORMS)
def test_whatever_a_browser_sends_is_read_marked_and_reviewed(item: Item, form: dict[str, list[str]]) -> None:
    response = item.read(form, item.default_order())
    mark = item.mark(response)
    assert mark.fraction is not None
    assert 0 <= mark.fraction <= 1
    assert mark.reason
    text = json.dumps(response, ensure_ascii=False)
    assert json.loads(text) == response
    assert text.encode()  # a lone surrogate would not encode
    assert "\\u0000" not in text  # PostgreSQL takes no NUL
    assert is_blank(response) == (item.review(response, item.default_order()).given == "")


@every_type
def test_overlong_text_is_cut(item: Item) -> None:
    response = item.read({name: ["9" * 100_000] for name in NAMES}, item.default_order())
    assert len(json.dumps(response)) < 1100


@every_type
def test_a_response_is_read_by_position_only(item: Item) -> None:
    for option in getattr(item, "options", ()):
        assert item.read({"answer": [option.id]}, item.default_order()) is None


@every_type
def test_the_reason_of_a_partly_right_or_wrong_answer_does_not_name_the_key(item: Item) -> None:
    key = item.review(None, item.default_order()).key
    assert key
    for name, response in sample_responses(item).items():
        if name != "right":
            reason = item.mark(response).reason.replace(str(response), "…")
            assert not any(part in reason for part in key.split("; "))


@every_type
def test_an_item_is_built_from_its_entry_again(item: Item) -> None:
    assert build(entry(item)) == item
    assert build(json.loads(json.dumps(entry(item)))) == item


@every_type
def test_the_digest_is_of_what_is_written_and_not_of_defaults(item: Item) -> None:
    written = an_entry(item.type)
    defaults = {"marks": "1", "tags": [], "note": None, "needs_text": False}
    assert item_digest(build({**written, **defaults})) == item_digest(item)
    assert item_digest(build(dict(reversed(written.items())))) == item_digest(item)
    assert item_digest(build({**written, "stem": "Another?"})) != item_digest(item)
    assert item_digest(build({**written, "topic": "other"})) != item_digest(item)


DIGESTS = {
    "single_choice": "84c5bbed36e4ad78e701cb5c2fddfecb01ca8148bbe09b420aa4d16c464ddd7c",
    "multiple_choice": "8b540d61f40056d16b872a427b1c1c5ba28e57d9b37d97d15df5062ba68ba0ab",
    "true_false": "ae824da9461c13cfa652684f0ab97b10b15827b4385f24fdb5f42e63127da480",
    "short_answer": "176f350a1b2a34d282a4177656cc7476a730262df7edc54d1c6b7e8ddd84ad41",
    "numerical": "e7cd5b28f0a9ee32fd3fdabf433cba9a342a9f22d2a54bc3802573b0fb8d0b4e",
    "ordering": "2c269801af458bf21dc950c9b40d0affa6521620e1843f720145ad73ee5ee01d",
    "matching": "0d96e7a569b0451162a1322a891974f3f33bebaa302bdd77bc1c9db44b800476",
    "evidence": "8cc2cb31e3a14cd4cf39be4203416be4b25f0cc5ae1ef14122f4ada7f5bfc56d",
    "corroboration": "0632dc44492a676d754de26d5dc29e6bd0f41998c77da371bde3422c14b07e52",
    "date": "8e92073f89897fdc2ffcdca31701603565dd5103737c11e8acf8c22f82dcd992",
}


def test_digests_never_change_since_attempts_point_at_them() -> None:
    assert {one: digest(entry(an_item(one))) for one in ITEM_TYPES} == DIGESTS


@every_type
def test_asking_shows_no_id_and_no_key(item: Item) -> None:
    order = item.shuffled_order("seed")
    html = _page(item, "ask", item.ask(order), {})
    assert [ref for ref in item.passages() if ref in html] == []
    page = html + repr(item.ask(order))
    options = [*getattr(item, "options", ()), *getattr(getattr(item, "answer", None), "options", ())]
    hidden = [quoted for option in options for quoted in (f'"{option.id}"', f"'{option.id}'")]
    hidden += [option.feedback for option in options if getattr(option, "feedback", None)]
    hidden += [wrong.feedback for wrong in getattr(item, "wrong", ())]
    hidden += [item.id, item.explanation, item_digest(item), "correct", "almanac/candles"]
    if not item.option_texts(order) and item.type != "true_false":
        hidden.append(str(item.review(None, order).key))
    assert [one for one in hidden if one in page] == []


@every_type
def test_the_question_is_the_same_whatever_the_key_is(item: Item) -> None:
    if item.type == "true_false":
        assert item.ask(()) == an_item("true_false", key=False).ask(())
    if hasattr(item, "options"):
        other, order = _with_another_key(item)
        assert other.mark(item.correct_response()).fraction != 1
        assert other.ask(order) == item.ask(item.default_order())
        if item.type != "ordering":  # of which the right order, another one here, is never shown
            assert other.shuffled_order("x") == item.shuffled_order("x")


def _with_another_key(item: Item) -> tuple[Item, tuple[int, ...]]:
    """The item with the same things to choose from and another key, and the order that shows them as before."""
    plain, order = entry(item), item.default_order()
    if item.type == "ordering":
        last = len(order) - 1
        options = [{**one, "tie": False} for one in plain["options"][::-1]]
        return build({**plain, "options": options}), tuple(last - i for i in order)
    if item.type == "matching":
        matches = [one["match"] for one in plain["options"]]
        options = [
            {**one, "match": match} for one, match in zip(plain["options"], matches[1:] + matches[:1], strict=True)
        ]
        return build({**plain, "options": options}), order
    if item.type == "corroboration":
        keys = [{"key": "less_exact", "quote": "some words"}, {"key": "silent", "quote": None}]
        options = [{**one, **keys[one["key"] in ("less_exact", "silent")]} for one in plain["options"]]
        turned = [{**one, **keys[one["key"] == "less_exact"]} for one in options]
        return build({**plain, "options": [_without_none(one) for one in turned]}), order
    turned = [{**one, "correct": not one.get("correct", False)} for one in plain["options"]]
    other = item.model_copy(update={"options": tuple(type(item.options[0])(**one) for one in turned)})
    return other, order


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


@every_type
@given(seed=st.text(max_size=20))
def test_a_shuffled_order_is_a_permutation_that_honours_pins(item: Item, seed: str) -> None:
    order = item.shuffled_order(seed)
    assert sorted(order) == sorted(item.default_order())
    assert order == item.shuffled_order(seed)
    pins = _pins(item, order)
    assert [pin for pin in pins if pin == "first"] == pins[: pins.count("first")]
    assert [pin for pin in pins if pin == "last"] == pins[len(pins) - pins.count("last") :]


def _pins(item: Item, order: tuple[int, ...]) -> list[str | None]:
    """The pins of the options that have any, in the order shown."""
    options = [*getattr(item, "options", ()), *getattr(getattr(item, "answer", None), "options", ())]
    return [options[i].pin for i in order if i < len(options) and hasattr(options[i], "pin")]


@pytest.mark.parametrize(
    "type_", ["single_choice", "multiple_choice", "ordering", "matching", "evidence", "corroboration"]
)
def test_seeds_shuffle_differently(type_: str) -> None:
    item = an_item(type_)
    assert len({item.shuffled_order(str(seed)) for seed in range(50)}) > 4


@every_type
def test_sample_responses_are_what_they_are_called(item: Item) -> None:
    samples = sample_responses(item)
    fractions = {name: item.mark(response).fraction for name, response in samples.items()}
    assert fractions.keys() >= {"blank", "right", "wrong"}
    assert fractions["blank"] == fractions["wrong"] == 0
    assert fractions["right"] == 1
    assert not is_blank(samples["wrong"])
    assert ("half right" not in samples) == (item.type in {"single_choice", "true_false", "date", "numerical"})
    if "half right" in samples:
        assert 0 < fractions["half right"] < 1


@every_type
def test_a_guess_score_is_a_fraction_where_there_is_one(item: Item) -> None:
    score = item.guess_score()
    assert score is None or 0 < score < 1
    assert (score is None) == (item.type in {"short_answer", "date", "numerical"})


@every_type
def test_every_distractor_has_a_place_in_the_entry(item: Item) -> None:
    plain = entry(item)
    assert bool(item.distractors()) == (item.type not in WITHOUT_DISTRACTORS)
    for place, feedback, _ in item.distractors():
        assert _at(plain, place).get("feedback") == feedback
    for place, evidence in item.all_evidence():
        found = _at(plain, place)
        assert evidence.passage == (found if isinstance(found, str) else found["passage"])
    assert item.passages()[0] == "almanac/calendars"


@every_type
def test_a_review_hides_what_the_policy_hides(item: Item) -> None:
    order = item.default_order()
    for response in sample_responses(item).values():
        review = item.review(response, order)
        nothing = review.only(frozenset())
        assert nothing.key is None
        assert all(line.offered and line.correct is None and not line.feedback for line in nothing.lines)
        assert all(not line.evidence and line.true_in is None for line in nothing.lines)
        told = review.only(frozenset({"correctness", "feedback"}))
        assert all(line.chosen or line.offered for line in told.lines)
        assert all(line.chosen for line in told.lines if line.correct is not None or line.feedback)


@every_type
def test_a_wrong_answer_that_was_foreseen_gets_its_feedback(item: Item) -> None:
    response = sample_responses(item)["wrong"]
    chosen = [line for line in item.review(response, item.default_order()).lines if line.chosen]
    assert chosen
    assert any(line.correct is False for line in chosen)
    if item.type != "ordering":  # whose reverse may leave one in its place, and whose things have no feedback
        assert all(line.correct is False for line in chosen)
        assert any(line.feedback for line in chosen)


@every_type
def test_the_templates_ask_and_review(item: Item) -> None:
    order = item.default_order()
    for response in sample_responses(item).values():
        review, question = item.review(response, order), item.ask(order)
        asked = _page(item, "ask", question, item.form(response, order))
        assert question.stem in asked
        assert all(text in asked for text in (*question.options, *question.offered, *filter(None, [question.claim])))
        assert asked.count("checked") + asked.count("selected") >= len(
            item.form(response, order).get("answer-month", ())
        )
        shown = _page(item, "review", review, question, "/passages/{}".format, "Source of {}".format)
        assert _passages(review) <= {ref for ref in item.passages() if f"/passages/{ref}" in shown}
        assert all(line.text in shown for line in review.lines)
        assert all(
            text in shown for line in review.lines for text in (line.given, not line.correct and line.key) if text
        )


def _page(item: Item, macro: str, *arguments: Any) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"inline_markdown": inline_markdown, "quoted": quoted}
    return str(getattr(environment.get_template(f"items/{item.type}.html").module, macro)(*arguments))


def _passages(review: Review) -> set[str]:
    lines = review.lines
    return {one.passage for line in lines for one in line.evidence} | {line.true_in for line in lines if line.true_in}


def _at(plain: Any, place: tuple[str | int, ...]) -> Any:
    for part in place:
        plain = plain[part]
    return plain

"""Lint points at what may be guessed, misread or given away, and at nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.domain import lint
from quizapp.domain.item import Item
from quizapp.domain.items import build
from tests.builders import COMMON


def a_choice(*texts: str, name: str = "choice", stem: str = "Which clock is meant?", **more: Any) -> Item:
    options = [{"id": f"o{i}", "text": text, "correct": i == 0} for i, text in enumerate(texts)]
    return build({**COMMON, "id": name, "type": "single_choice", "stem": stem, "options": options, **more})


def an_answer(text: str, *, name: str = "answer", stem: str = "Who made it?", **more: Any) -> Item:
    return build({**COMMON, "id": name, "type": "short_answer", "stem": stem, "key": {"text": text}, **more})


def a_statement(key: bool) -> Item:
    return build({**COMMON, "id": f"says-{key}".lower(), "type": "true_false", "stem": f"It is {key}.", "key": key})


def told(*items: Item) -> list[tuple[str, str]]:
    return [(finding.item, finding.message) for finding in lint.findings(items)]


GOOD = a_choice("A sundial", "A candle", "A glass")


def test_good_items_give_nothing_to_tell() -> None:
    assert told(GOOD, an_answer("Odile Varn")) == []


@pytest.mark.parametrize("stem", ["Which is not a clock?", "Which never stops?", "Which isn’t one?", "All except?"])
def test_negatives(stem: str) -> None:
    [(_, message)] = told(a_choice("A", "B", stem=stem))
    assert message.startswith("a negative, «")


def test_words_that_only_look_negative() -> None:
    assert told(a_choice("A", "B", stem="Which notary knotted a northern note?")) == []


def test_long_sentences() -> None:
    [(_, message)] = told(a_choice("A", "B", stem=f"{'word ' * 29}word?"))
    assert message.startswith("30 words a sentence")


def test_lengths_of_options() -> None:
    assert told(a_choice("A", "A sundial on the southern wall")) == [
        ("choice", "the longest option is 30.0 times as long as the shortest")
    ]
    long_key = a_choice("A sundial on the southern wall", "A glass of sand", "Some old candle")
    assert told(long_key) == [("choice", "the key is 2.0 times as long as its distractors")]


def test_the_same_stem_twice() -> None:
    assert told(GOOD, a_choice("Other", "Things", name="second", stem="Which clock is  meant")) == [
        ("second", "the same stem as «choice»")
    ]


def test_names_that_a_slip_makes_the_key() -> None:
    others = (an_answer("Kamenew", name="other", stem="Who else?"), a_choice("Kamenjev’s", "Somebody", name="third"))
    message = "would be taken for the key with a slip; list it under «wrong»"
    found = [one for one in told(an_answer("Kamenev"), *others) if one[0] == "answer"]
    assert found == [("answer", f"«Kamenew» {message}"), ("answer", f"«Kamenjev» {message}")]
    known = an_answer("Kamenev", wrong=[{"answer": "Kamenew"}, {"answer": "Kamenjev"}])
    assert [one for one in told(known, *others) if one[0] == "answer"] == []
    assert [one for one in told(an_answer("Kamenev", near_miss="none"), *others) if one[0] == "answer"] == []


def test_items_that_give_each_other_away() -> None:
    telling = a_choice("A", "B", name="telling", stem="What did Odile Varn mend?")
    assert told(an_answer("Odile Varn"), telling) == [
        ("answer", "the stem of «telling» tells the key; say so with «not_with»")
    ]
    assert told(an_answer("Odile Varn", not_with=["telling"]), telling) == []
    assert told(an_answer("Odile Varn"), telling.model_copy(update={"not_with": ("answer",)})) == []


def test_figures() -> None:
    figures = lint.figures([GOOD, a_choice("Long key", "B", name="x"), a_statement(True), a_statement(False)])
    assert (figures.items, figures.single_choice, figures.longest, figures.true) == (4, 2, 1.0, 0.5)
    assert figures.longest_by_chance == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert figures.key_length == pytest.approx((9 / 7.5 + 8) / 2)
    empty = lint.figures([])
    assert (empty.longest, empty.key_length, empty.true, empty.words_a_sentence) == (None, None, None, None)

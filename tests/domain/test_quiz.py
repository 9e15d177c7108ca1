"""What a quiz draws and what its questions are worth: spread, sources, points; what is omitted changes no digest."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.entry import digest, plain
from quizapp.domain.item import Item
from quizapp.domain.items import build
from quizapp.domain.quiz import CannotDraw, Pool, Quiz, draw, in_words
from tests import small_bank

BANK: dict[str, Item] = {
    item.id: item
    for item in (
        build(small_bank.a_choice(number, topic="tides" if number <= 12 else "winds", skill="recall"))
        for number in range(1, 17)
    )
}


def a_quiz(*sections: dict[str, Any], **more: Any) -> Quiz:
    return Quiz.model_validate({"id": "one", "title": "One", "sections": list(sections), **more})


def test_what_is_omitted_changes_no_digest():
    entry = {"id": "one", "title": "One", "sections": [{"draw": 2, "from": {"topic": "tides"}}]}
    assert plain(Quiz.model_validate(entry)) == entry
    assert digest(plain(Quiz.model_validate(entry))) == digest(entry)


def test_what_is_said_comes_back():
    sections = [
        {"items": ["choice-1"], "points": {"choice-1": "2.5"}, "each": "2"},
        {"draw": 2, "from": {"source": ["almanac"]}, "spread": "topic"},
    ]
    entry = plain(a_quiz(*sections, wait="1 d"))
    assert entry["sections"] == sections
    assert entry["wait"] == "1 d"


@given(st.integers(), st.integers(2, 6))
def test_a_spread_draw_takes_of_each_topic_as_evenly_as_it_can(seed: int, number: int):
    section = {"draw": number, "from": {}, "spread": "topic"}
    counts = Counter(one.item.topic for one in draw(a_quiz(section), BANK, str(seed)))
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len(counts) == 2


def test_a_spread_draw_goes_on_where_a_topic_has_no_more():
    drawn = draw(a_quiz({"draw": 14, "from": {}, "spread": "topic"}), BANK, "seed")
    assert Counter(one.item.topic for one in drawn) == {"tides": 10, "winds": 4}


def test_a_draw_without_spread_is_what_it_always_was():
    drawn = [one.item.id for one in draw(a_quiz({"draw": 3, "from": {"topic": "winds"}}), BANK, "seed")]
    again = [one.item.id for one in draw(a_quiz({"draw": 3, "from": {"topic": "winds"}}), BANK, "seed")]
    assert drawn == again
    assert set(drawn) < {f"choice-{number}" for number in range(13, 17)}


def test_a_pool_of_a_source_admits_what_names_a_passage_of_it():
    item = BANK["choice-1"]
    assert Pool(source="almanac").admits(item)
    assert Pool(source=("other", "almanac")).admits(item)
    assert not Pool(source="almanac-of-others").admits(item)
    with pytest.raises(CannotDraw):
        draw(a_quiz({"draw": 1, "from": {"source": "nowhere"}}), BANK, "seed")


def test_points_of_the_question_go_before_those_of_the_section_and_those_before_its_own_marks():
    section = {"items": ["choice-1", "choice-2"], "points": {"choice-1": "3"}, "each": "2"}
    assert [one.marks for one in draw(a_quiz(section), BANK, "seed")] == [Decimal(3), Decimal(2)]
    assert [one.marks for one in draw(a_quiz({"items": ["choice-1"]}), BANK, "seed")] == [BANK["choice-1"].marks]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(minutes=61), "2 hours"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=25), "2 days"),
    ],
)
def test_a_length_of_time_is_rounded_up_to_what_a_person_says(length: timedelta, words: str):
    assert in_words(length) == words

"""When each moment begins and ends, and what it shows where the quiz says nothing, something or everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.review_policy import ASPECTS, EVERYTHING, MOMENTS, NOTHING, Moment, moment, visible
from tests import builders

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(("after", "closes", "expected"), [
    (None, None, "during"),
    (0 * MINUTE, None, "right_after"),
    (2 * MINUTE - SECOND, None, "right_after"),
    (2 * MINUTE, None, "while_open"),
    (500 * MINUTE, None, "while_open"),
    (0 * MINUTE, 1 * MINUTE, "right_after"),
    (1 * MINUTE, 1 * MINUTE, "after_close"),
    (60 * MINUTE, 90 * MINUTE, "while_open"),
    (90 * MINUTE, 90 * MINUTE, "after_close"),
])  # fmt: skip
def test_the_moment_follows_from_submission_and_close(
    after: timedelta | None, closes: timedelta | None, expected: Moment
):
    """``closes`` counts from the submission, as ``after`` does."""
    now = NOON + (after or timedelta(0))
    submitted = None if after is None else NOON
    assert moment(submitted, now, NOON + closes if closes is not None else None) == expected


def test_an_attempt_that_is_not_submitted_is_running_even_after_the_close():
    assert moment(None, NOON, NOON - MINUTE) == "during"


@pytest.mark.parametrize("at", MOMENTS)
def test_practice_shows_all_and_a_test_all_but_during(at: Moment):
    assert visible("practice", {}, at) == EVERYTHING
    assert visible("test", {}, at) == (NOTHING if at == "during" else EVERYTHING)


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.parametrize("mode", ["practice", "test"])
def test_what_the_quiz_says_of_one_moment_changes_no_other(mode: str, at: Moment, aspect):
    overrides = {at: (aspect,)}
    assert visible(mode, overrides, at) == {aspect}
    for other in MOMENTS:
        if other != at:
            assert visible(mode, overrides, other) == visible(mode, {}, other)


@pytest.mark.parametrize("at", MOMENTS)
def test_nothing_may_be_said_too(at: Moment):
    assert visible("practice", {at: ()}, at) == NOTHING


def responses(item: Item) -> list[Any]:
    return [item.correct_response(), *item.sample_responses(), None]


@pytest.mark.parametrize("aspect", [*ASPECTS, "nothing"])
@pytest.mark.parametrize("name", sorted(ITEM_TYPES))
def test_one_aspect_of_a_review_shows_itself_alone(name: str, aspect: str):
    item = builders.an_item(name)
    order = item.default_order()
    for response in responses(item):
        whole, part = item.review(response, order), item.review(response, order).only(frozenset({aspect}))
        assert part.given == whole.given
        assert (part.key, part.key_parts) == ((whole.key, whole.key_parts) if aspect == "key" else (None, ()))
        for line in part.lines:
            own = line.chosen
            assert line.offered or aspect == "key" or (own and aspect in ("correctness", "feedback"))
            assert (line.correct is None) or aspect == "key" or (own and aspect == "correctness")
            assert (line.key is None) or aspect == "key"
            assert (line.feedback is None) or (own and aspect == "feedback")
            assert (not line.evidence and line.true_in is None) or (own and aspect == "evidence")

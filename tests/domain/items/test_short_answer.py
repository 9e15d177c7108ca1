from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import an_entry, an_item, mistakes_in

KEY = {"text": "Harrison", "accept": ["John Harrison", "Харрисон"]}


def item(**changes: Any) -> Any:
    return an_item(
        "short_answer",
        **{"key": KEY, "wrong": [{"answer": "Morrison", "feedback": "Another."}], "near_miss": "full", **changes},
    )


@pytest.mark.parametrize(
    "response", ["Harrison", " harrison. ", "JOHN HARRISON", "Hárrison", "харрисон", "the Harrison"]
)
def test_right_however_written(response: str) -> None:
    assert item().mark(response).fraction == 1
    assert item().mark(response).reason == "The right answer."


@pytest.mark.parametrize(
    ("near_miss", "fraction", "reason"),
    [
        ("full", "1", "“Harison” is close to “Harrison”: taken as a spelling slip, the full mark."),
        ("half", "0.5", "“Harison” is close to the right answer: taken as a spelling slip, half the mark."),
        ("none", "0", "“Harison” is close to the right answer, but spelling counts here: no mark."),
    ],
)
def test_a_near_miss_is_always_told(near_miss: str, fraction: str, reason: str) -> None:
    mark = item(near_miss=near_miss).mark("Harison")
    assert (mark.fraction, mark.reason) == (Decimal(fraction), reason)


def test_a_near_miss_of_what_is_accepted_too_names_that() -> None:
    assert "“John Harrison”" in item().mark("Jon Harrisson").reason


def test_as_near_to_a_wrong_answer_is_no_slip() -> None:
    of_two = item(wrong=[{"answer": "Garrison", "feedback": "Soldiers."}])
    assert of_two.mark("Darrison").fraction == 0
    assert of_two.mark("Darrison").reason.startswith("As near to a wrong answer")
    assert of_two.mark("Garrison").fraction == 0
    assert of_two.mark("Harrisan").fraction == 1
    assert of_two.mark("Harrison").fraction == 1


def test_a_wrong_answer_with_a_slip_gets_its_feedback() -> None:
    for given in ("Morrison", "MORRISON", "Morison"):
        review = item().review(given, ())
        assert review.given == given
        assert [(line.text, line.chosen, line.feedback) for line in review.lines] == [("Morrison", True, "Another.")]
    for given in ("Harrison", "Harison", "Somebody", None):
        assert not any(line.chosen for line in item().review(given, ()).lines)


def test_what_was_typed_is_kept_as_typed() -> None:
    assert item().read({"answer": ["  JOHN  harrison "]}, ()) == "JOHN  harrison"


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"key": {"text": "?!"}}, ("key", "text"), "no letter or digit"),
        ({"key": {"text": "A", "accept": ["…"]}}, ("key", "accept", 0), "no letter or digit"),
        ({"key": {"text": "A", "accept": [""]}}, ("key", "accept", 0), "is empty"),
        ({"key": {"text": "A", "accept": "B"}}, ("key", "accept"), "should be a list"),
        ({"key": "A"}, ("key",), "fields with names"),
        ({"key": {"text": 1917}}, ("key", "text"), "put it in quotation marks"),
        ({"wrong": [{"answer": "pope gregory!"}]}, ("wrong", 0, "answer"), "is right by the key"),
        ({"wrong": [{"answer": "gregorius"}]}, ("wrong", 0, "answer"), "is right by the key"),
        ({"wrong": [{"answer": "Julius"}, {"answer": "julius"}]}, ("wrong", 1, "answer"), "listed twice"),
        ({"wrong": [{"anwser": "Julius", "answer": "x"}]}, ("wrong", 0, "anwser"), "did you mean «answer»"),
        ({"near_miss": "some"}, ("near_miss",), "not one of full, half, none"),
    ],
)
def test_authors_mistakes(changes: dict[str, Any], place: tuple[str | int, ...], message: str) -> None:
    found = mistakes_in(an_entry("short_answer", **changes))
    assert list(found) == [place]
    assert message in found[place][0]

"""Mistakes of shape, in a teacher's words."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.domain.entry import FORMS, Entry, Place, explain
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, Evidence, Source
from tests.builders import COMMON, OPTIONS, an_entry, mistakes_in

QUOTES = "should be text; put it in quotation marks"
FIELDS = "should be fields with names («name: value»)"
CASES: list[tuple[dict[str, Any], Place, str]] = [
    ({"stem": None}, ("stem",), "missing field «stem»"),
    ({"stme": "Which?"}, ("stme",), "unknown field «stme»; did you mean «stem»?"),
    ({"zzz": 1}, ("zzz",), "unknown field «zzz»"),
    ({"stem": True}, ("stem",), QUOTES),
    ({"stem": ["a"]}, ("stem",), "should be text, not a list"),
    ({"stem": " "}, ("stem",), "is empty; write text"),
    ({"stem": ""}, ("stem",), "is empty; write text"),
    ({"difficulty": 7}, ("difficulty",), "should be at most 5, not «7»"),
    ({"difficulty": "hard"}, ("difficulty",), "should be a whole number, not «hard»"),
    ({"marks": 0}, ("marks",), "should be more than 0, not «0»"),
    ({"marks": "many"}, ("marks",), "should be a number, not «many»"),
    ({"because": 1}, ("because",), "should be true or false, not «1»"),
    ({"tags": "one"}, ("tags",), "should be a list, not «one»"),
    ({"tags": ["one", 2]}, ("tags", 1), QUOTES),
    ({"show": ["columbia"]}, ("show", 0), "should name a source and its passage, such as «columbia/brest-litovsk»"),
    ({"evidence": ["x"]}, ("evidence", 0), f"{FIELDS}, not «x»"),
    ({"evidence": [{"quote": "x"}]}, ("evidence", 0, "passage"), "missing field «passage»"),
    ({"evidence": [{"passage": "a/b", "quote": 5}]}, ("evidence", 0, "quote"), QUOTES),
    ({"evidence": [{"passage": "a/b", "quote": ["a", 5]}]}, ("evidence", 0, "quote", 1), QUOTES),
    ({"evidence": [{"passage": "a/b", "quote": [" "]}]}, ("evidence", 0, "quote", 0), "is empty; write text"),
    (
        {
            "evidence": [
                {"passage": "a/b", "quote": "one two three four five six seven eight nine ten eleven twelve thirteen"}
            ]
        },
        ("evidence", 0, "quote"),
        "a quote of 13 words; 12 at most",
    ),
    ({"evidence": [{"passage": "a/b", "quote": " "}]}, ("evidence", 0, "quote"), "is empty; write text"),
    (
        {"evidence": [{"passage": "a/b", "ocurrence": 2}]},
        ("evidence", 0, "ocurrence"),
        "unknown field «ocurrence»; did you mean «occurrence»?",
    ),
    ({"options": [*OPTIONS, {"id": "x", "text": False}]}, ("options", 4, "text"), QUOTES),
    (
        {"options": [*OPTIONS, {"id": "X Y", "text": "x"}]},
        ("options", 4, "id"),
        "should be lower-case letters, digits and single hyphens, such as «brest-litovsk-signed»",
    ),
    ({"options": [*OPTIONS, None]}, ("options", 4), f"{FIELDS}, but nothing is written here"),
    (
        {"options": [*OPTIONS, {"id": "x", "text": "x", "pin": "lst"}]},
        ("options", 4, "pin"),
        "«lst» is not one of first, last; did you mean «last»?",
    ),
]


@pytest.mark.parametrize(("changes", "place", "message"), CASES, ids=[str(case[0]) for case in CASES])
def test_one_mistake(changes: dict[str, Any], place: Place, message: str) -> None:
    assert mistakes_in(an_entry("single_choice", **changes)) == {place: [message]}


def test_all_mistakes_at_once_those_of_shape_and_those_of_sense() -> None:
    options = [*OPTIONS, {"id": "sundial", "text": "A SUNDIAL", "corect": True}]
    found = mistakes_in(an_entry("single_choice", stem=None, difficulty=9, skill="memory", options=options))
    assert found.keys() == {
        ("stem",), ("difficulty",), ("skill",), ("options", 4, "corect"), ("options", 4, "id"), ("options", 4, "text"),
    }  # fmt: skip


def test_what_a_fault_may_have_caused_is_not_held_against_the_author() -> None:
    options = [{"id": "a", "text": "A", "corect": True}, {"id": "b", "text": "B"}]
    assert mistakes_in(an_entry("single_choice", options=options)).keys() == {("options", 0, "corect")}


JUNK = st.sampled_from([None, True, 7, -1.5, "", " ", "x", "true", [], ["x"], [None], {}, {"x": 1}, [{}], {"id": 5}])


def _mangled(value: Any, draw: st.DrawFn) -> Any:
    """The value with junk put in, or fields taken out or renamed, here or further in."""
    act = draw(st.sampled_from(["in", "in", "in", "junk", "drop", "rename"]))
    if act == "junk" or not value or not isinstance(value, dict | list):
        return draw(JUNK)
    if isinstance(value, list):
        i = draw(st.integers(0, len(value) - 1))
        return [*value[:i], _mangled(value[i], draw), *value[i + 1 :]]
    name = draw(st.sampled_from(sorted(value)))
    rest = {key: one for key, one in value.items() if key != name}
    if act == "drop":
        return rest
    return {**rest, f"{name}x": value[name]} if act == "rename" else {**rest, name: _mangled(value[name], draw)}


@st.composite
def mangled_entries(draw: st.DrawFn) -> dict[str, Any]:
    entry: Any = an_entry(draw(st.sampled_from(list(ITEM_TYPES))))
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(entry)))
        entry = {**entry, name: _mangled(entry[name], draw)}
    return dict(entry)


@given(mangled_entries())
def test_whatever_is_written_is_built_or_explained(entry: dict[str, Any]) -> None:
    before = deepcopy(entry)
    for place, messages in mistakes_in(entry).items():
        assert place
        assert place[0] in entry or messages[0].startswith("missing field")
        assert not any("Input should" in message or "Extra inputs" in message for message in messages)
        parent: Any = entry
        for part in place[:-1]:
            parent = parent[part]
    assert entry == before


def test_an_unknown_type_names_those_that_there_are() -> None:
    *first, last = ITEM_TYPES
    known = f"{', '.join(first)} and {last}"
    assert mistakes_in({**an_entry("date"), "type": "dates"}) == {
        ("type",): [f"unknown type «dates»; did you mean «date»? There are {known}"]
    }
    assert mistakes_in({"stem": "?", **COMMON}) == {
        ("type",): [f"missing field «type»: one of {known}"],
        ("id",): ["missing field «id»"],
    }


def test_sources_and_disputes_are_explained_too() -> None:
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"passages": [{"id": "p", "start": -1, "kindd": "text", "claims": [{"say": "x"}]}]})
    found = {problem.place: problem.message for problem in explain(caught.value)}
    assert found["passages", 0, "start"] == "should be at least 0, not «-1»"
    assert found["passages", 0, "kindd"] == "unknown field «kindd»; did you mean «kind»?"
    assert found["passages", 0, "claims", 0, "say"] == "unknown field «say»; did you mean «says»?"
    assert found["title",] == "missing field «title»"
    with pytest.raises(ValidationError) as caught:
        Dispute.model_validate({"id": "d", "question": "Q?", "kind": "quarrel", "positions": [], "judgement": "J"})
    found = {problem.place: problem.message for problem in explain(caught.value)}
    assert found["positions",] == "give at least 1 here"
    assert found["kind",].startswith("«quarrel» is not one of contradiction, calendar")


def test_a_quizs_review_policy_keeps_its_moments_in_the_place() -> None:
    written = {"id": "q", "title": "Q", "time_limit": "15 minutes", "sections": [{"items": "a"}, {"draw": 0}]}
    with pytest.raises(ValidationError) as caught:
        Quiz.model_validate({**written, "review": {"during": ["scores"], "whenever": []}, "shuffle": {"item": True}})
    assert {problem.place: problem.message for problem in explain(caught.value)} == {
        ("time_limit",): "should be a whole number and s, min, h or d, such as «15 min»",
        ("shuffle", "item"): "unknown field «item»; did you mean «items»?",
        (
            "review",
            "during",
            0,
        ): "«scores» is not one of score, marks, correctness, feedback, explanation, key, evidence; "
        "did you mean «score»?",
        ("review", "whenever"): "«whenever» is not one of during, right_after, while_open, after_close",
        ("sections", 0, "items"): "should be a list, not «a»",
        ("sections", 1, "draw"): "should be at least 1, not «0»",
    }


def _patterns(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
        return own.union(*map(_patterns, schema.values()))
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("model", [*ITEM_TYPES.values(), Source, Dispute, Quiz], ids=lambda model: model.__name__)
def test_every_pattern_is_said_in_words(model: type[Entry]) -> None:
    told_by_a_validator = {pattern for pattern in _patterns(Evidence.model_json_schema()) if "{0,11}" in pattern}
    assert _patterns(model.model_json_schema()) <= FORMS.keys() | told_by_a_validator

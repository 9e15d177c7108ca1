"""The laws of every exchange format: what is written comes back, or the report says what is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.domain.exchange import OPTION_IDS, Defaults
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES, build, entry
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from quizapp.formats.registry import FORMATS
from tests.builders import an_item

LINKS = Links("https://school.example/quiz", {"almanac/candles": "The almanac, On candles"})
ELSEWHERE = Defaults(topic="somewhere-else", difficulty=5, skill="change", explanation="Nothing was said.")
WRITTEN = [name for name, one in FORMATS.items() if one.dump]
EVERYTHING: dict[str, Any] = {
    "disputes": ["leap-day"], "show": ["almanac/candles", "almanac/leap"], "tags": ["clocks", "a tag, with comma"],
    "not_with": ["another-item"], "attributed_to": "The almanac", "needs_text": True, "note": "Speaks of fire.",
    "unsourced": "Common knowledge.",
    "marks": "2.5", "hint": "Look at the sun.", "because": True, "difficulty": 4, "skill": "chronology",
}  # fmt: skip

# What a format may lose of a type, beyond what is nothing to people; everything else is a mistake of ours.
EXPECTED_LOSSES = {"aiken": None, "xlsx": {"answer"}, "csv": {"answer"}}
ONE_RIGHT = {"single_choice", "true_false"}

every_format = pytest.mark.parametrize("name", WRITTEN)
every_type = pytest.mark.parametrize("item_type", list(ITEM_TYPES))


def a_full_item(item_type: str) -> Item:
    """An item of the type in which every field says something."""
    return build({**entry(an_item(item_type)), **EVERYTHING})


@every_format
@every_type
def test_an_item_comes_back_or_the_report_says_what_is_lost(name: str, item_type: str) -> None:
    items = [an_item(item_type), build({**entry(a_full_item(item_type)), "id": "second"})]
    departure = registry.write(name, items, LINKS)
    assert {one.place for one in departure.left_out} in (set(), {item.id for item in items})
    if departure.left_out:
        assert name == "aiken" or item_type == "evidence"
        assert all(one.message for one in departure.left_out)
        return
    back = registry.read(name, departure.data, ELSEWHERE)
    assert not [str(one) for question in back.questions for one in question.problems]
    lost = {one.place: set(one.message.split(", ")) - {OPTION_IDS} for one in departure.lost}
    for sent, found in zip(items, back.items, strict=True):
        names = lost.get(sent.id, set())
        allowed = EXPECTED_LOSSES.get(name, set())
        assert allowed is None or names <= allowed, f"{sent.type} loses {names}"
        assert without(entry(found), names) == without(entry(sent), names)


def without(one: Any, names: set[str]) -> Any:
    """An entry without the fields and, where they may be lost, the ids of options."""
    bare = {name: value for name, value in one.items() if name not in names}
    return {name: without_ids(value) if name in ("options", "answer") else value for name, value in bare.items()}


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_ids(one) for name, one in value.items() if name != "id"}
    return [without_ids(one) for one in value] if isinstance(value, list) else value


@every_format
def test_evidence_survives_as_text_with_a_link(name: str) -> None:
    if name in ("aiken", "yaml"):
        pytest.skip(f"{name} has no feedback, or needs no link")
    departure = registry.write(name, [an_item("single_choice")], LINKS)
    text = readable(departure.data)
    assert "https://school.example/quiz/sources/almanac/candles" in text.replace("\\:", ":")
    assert "an inch an hour" in text
    assert "The almanac, On candles" in text


def readable(data: bytes) -> str:
    """The text of a file, of all parts where it is an archive."""
    from quizapp.formats.package import is_package, unpack

    parts = unpack(data).values() if is_package(data) else [data]
    return "\n".join(part.decode("utf-8", "replace") for part in parts)


@every_format
def test_what_the_format_cannot_carry_is_named(name: str) -> None:
    items = [build({**entry(an_item(item_type)), "id": item_type.replace("_", "-")}) for item_type in ITEM_TYPES]
    departure = registry.write(name, items, LINKS)
    back = {item.type for item in registry.read(name, departure.data, ELSEWHERE).items}
    left_out = {one.place.replace("-", "_") for one in departure.left_out}
    assert back | left_out == set(ITEM_TYPES)
    if name == "aiken":
        assert back == ONE_RIGHT


# The letters that formats use for themselves, those that people type, and others.
WORDS = st.text(st.sampled_from("aé Ж“”\"'’~=#{}:\\[]%<>&;,|*_-–>.\n\t/1209()@!?$^`+"), min_size=1, max_size=40)
TEXTS = st.one_of(WORDS, st.text(min_size=1, max_size=30)).filter(lambda text: text.strip() != "")


@st.composite
def choices(draw: st.DrawFn) -> Item:
    """A choice whose texts are anything."""
    texts = draw(st.lists(TEXTS, min_size=2, max_size=5, unique_by=lambda t: " ".join(t.casefold().split())))
    options = [
        {"id": f"o{i}", "text": text, "correct": i == 0, "feedback": draw(st.none() | TEXTS)}
        for i, text in enumerate(texts)
    ]
    shown = [{name: value for name, value in one.items() if value is not None} for one in options]
    return build({**entry(an_item("single_choice")), "stem": draw(TEXTS), "options": shown, "explanation": draw(TEXTS)})


@every_format
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(item=choices())
def test_whatever_the_texts_are_the_report_is_true(name: str, item: Item) -> None:
    departure = registry.write(name, [item], LINKS)
    back = registry.read(name, departure.data, ELSEWHERE).items
    if departure.lost or departure.left_out:
        return
    assert [without(entry(one), set()) for one in back] == [without(entry(item), set())]


@every_format
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(whitelist_categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_plain_texts_are_never_lost(name: str, text: str) -> None:
    """Letters, digits, punctuation and symbols in any order, within a sentence that begins and ends with a word."""
    said = " ".join(f"Say {text} twice".split())
    options = [
        {"id": "a", "text": f"Yes, {said}", "correct": True},
        {"id": "b", "text": f"No, {said}", "feedback": said},
    ]
    item = build({**entry(an_item("single_choice")), "stem": said, "options": options, "explanation": said})
    departure = registry.write(name, [item], LINKS)
    back = registry.read(name, departure.data, ELSEWHERE).items
    assert [one.stem for one in back] == [said]
    assert [[option.text for option in one.options] for one in back] == [[f"Yes, {said}", f"No, {said}"]]  # type: ignore[attr-defined]
    if name != "aiken":
        assert not [one for one in departure.lost if one.message != OPTION_IDS]

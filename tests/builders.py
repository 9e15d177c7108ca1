"""Things to test with, quiet unless told otherwise. Their content is our own and comes from no document."""

from __future__ import annotations

from typing import Any

from quizapp.domain.entry import InvalidEntry, Place
from quizapp.domain.item import Item
from quizapp.domain.items import build

COMMON: dict[str, Any] = {
    "topic": "telling-time",
    "difficulty": 2,
    "skill": "recall",
    "explanation": "The almanac says so.",
    "evidence": [{"passage": "almanac/calendars", "quote": "ten days vanished"}],
}
OPTIONS: list[dict[str, Any]] = [
    {"id": "sundial", "text": "A sundial", "correct": True, "feedback": "It needs no fuel."},
    {
        "id": "candle",
        "text": "A candle",
        "feedback": "It burns down.",
        "evidence": [{"passage": "almanac/candles", "quote": "an inch an hour"}],
    },
    {"id": "hourglass", "text": "An hourglass", "feedback": "It runs out.", "true_in": "almanac/glasses"},
    {"id": "other", "text": "Something else", "feedback": "Nothing else is named.", "pin": "last"},
]
FIELDS: dict[str, dict[str, Any]] = {
    "single_choice": {"stem": "Which clock shows shadows?", "options": OPTIONS},
    "multiple_choice": {
        "stem": "Which clocks work in the rain?",
        "options": [
            {"id": "none", "text": "Not a single one", "pin": "first"},
            {"id": "water", "text": "A water clock", "correct": True},
            {"id": "sundial", "text": "A sundial", "feedback": "There is no shadow.", "true_in": "almanac/summer"},
            {"id": "hourglass", "text": "An hourglass", "correct": True},
            {"id": "pendulum", "text": "A pendulum clock", "correct": True},
            {"id": "shadow", "text": "A shadow stick", "evidence": [{"passage": "almanac/sticks"}]},
        ],
    },
    "true_false": {
        "stem": "Every fourth year of the Julian calendar leaps.",
        "key": True,
        "wrong": [{"feedback": "There are no exceptions.", "evidence": [{"passage": "almanac/leap"}]}],
    },
    "short_answer": {
        "stem": "After whom is the New Style calendar named?",
        "key": {"text": "Pope Gregory", "accept": ["Gregorius", "Григорий"]},
        "near_miss": "half",
        "wrong": [
            {"answer": "Pope Gregori", "feedback": "That is a jeweller."},
            {
                "answer": "Julius Caesar",
                "feedback": "He has the Old Style.",
                "evidence": [{"passage": "almanac/caesar"}],
            },
        ],
    },
    "date": {
        "stem": "On which day did the clock tower open?",
        "key": {
            "date": "1905-06-14",
            "calendar": "gregorian",
            "accept": [{"date": "1905-06-15", "calendar": "gregorian"}],
        },
        "wrong": [
            {
                "answer": {"date": "1905-07", "calendar": "unstated"},
                "feedback": "It closed then.",
                "evidence": [{"passage": "almanac/fire"}],
            },
            {"answer": {"date": "1905-07-04", "calendar": "julian"}, "feedback": "That is when it caught fire."},
        ],
    },
}


def an_entry(type: str, **changes: Any) -> dict[str, Any]:  # noqa: A002 - the field's own name
    """The plain entry of a small item; a change to None takes the field out."""
    entry = {"id": f"an-item-{type.replace('_', '-')}", **COMMON, "type": type, **FIELDS[type], **changes}
    return {name: value for name, value in entry.items() if value is not None}


def an_item(type: str, **changes: Any) -> Item:  # noqa: A002 - the field's own name
    """A small item of the type."""
    return build(an_entry(type, **changes))


def mistakes_in(entry: dict[str, Any]) -> dict[Place, list[str]]:
    """What ``build`` finds wrong with the entry, by place; empty where it is well."""
    try:
        build(entry)
    except InvalidEntry as invalid:
        found: dict[Place, list[str]] = {}
        for problem in invalid.problems:
            found.setdefault(problem.place, []).append(problem.message)
        return found
    return {}

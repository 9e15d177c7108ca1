"""Things to test with, quiet unless told otherwise. Their content is our own and comes from no document."""

from __future__ import annotations

from typing import Any

from quizapp.domain.entry import InvalidEntry, Place
from quizapp.domain.item import Item
from quizapp.domain.items import build, item_digest

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
    "numerical": {
        "stem": "How far did the carrier walk in a year?",
        "key": {"value": "1500", "tolerance": "50", "unit": "km"},
        "wrong": [
            {"answer": "500", "feedback": "Not so few.", "evidence": [{"passage": "almanac/carrier"}]},
            {"answer": "3000.5", "feedback": "That was in two years."},
        ],
    },
    "ordering": {
        "stem": "Put these clocks in the order in which the town bought them.",
        "options": [
            {
                "id": "sundial",
                "text": "The sundial",
                "evidence": [{"passage": "almanac/sundial", "quote": "came first"}],
            },
            {"id": "water", "text": "The water clock"},
            {"id": "candle", "text": "The candle clock", "tie": True},
            {"id": "tower", "text": "The tower clock"},
        ],
    },
    "matching": {
        "stem": "What drives each of these clocks?",
        "options": [
            {"id": "hourglass", "text": "The hourglass", "match": "Sand", "evidence": [{"passage": "almanac/glasses"}]},
            {"id": "sundial", "text": "The sundial", "match": "Light", "feedback": "It waits for the sun."},
            {"id": "stick", "text": "The shadow stick", "match": "Light"},
        ],
        "wrong": [{"answer": "Steam", "feedback": "No clock of the town had a boiler.", "evidence": []}],
    },
    "evidence": {
        "stem": "Which words prove it?",
        "answer": {
            "stem": "Who wound the clock?",
            "options": [
                {"id": "keeper", "text": "The keeper", "correct": True},
                {"id": "mayor", "text": "The mayor", "feedback": "He only paid for it."},
                {"id": "nobody", "text": "Nobody at all", "feedback": "It ran for years.", "pin": "last"},
            ],
        },
        "options": [
            {"id": "turned", "passage": "almanac/keeper", "quote": "turned the key", "correct": True},
            {"id": "climbed", "passage": "almanac/tower", "quote": "climbed up daily", "correct": True},
            {
                "id": "paid",
                "passage": "almanac/mayor",
                "quote": "paid for the oil",
                "feedback": "Paying is not winding.",
            },
            {
                "id": "slept", "passage": "almanac/keeper", "quote": "slept soundly", "occurrence": 2,
                "feedback": "That was at night.",
            },
        ],
    },
    "corroboration": {
        "stem": "How does each passage stand to the claim?",
        "claim": "The clock stopped for nine days.",
        "options": [
            {"id": "book", "passage": "almanac/book", "key": "agrees", "quote": "nine days", "feedback": "It counts."},
            {"id": "song", "passage": "almanac/song", "key": "disagrees", "quote": "never stood still"},
            {"id": "letter", "passage": "almanac/letter", "key": "less_exact", "quote": "for some days"},
            {"id": "bill", "passage": "almanac/bill", "key": "silent", "feedback": "It speaks of oil only."},
        ],
    },
}  # fmt: skip


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


def digest_of(entry: dict[str, Any]) -> str:
    """The digest of the item that an entry describes."""
    return item_digest(build(entry))

"""A bank of any size in which every rule has something to do: documents, passages, disputes, quizzes, all ten types.

The documents are made of invented words, so that each quote stands once in its passage and all of them together cover
less than a fifth of their document, as in the real bank: about six quotes an item, one passage for each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.domain.items import ITEM_TYPES

A_TOPIC = 25  # items
A_SOURCE = 500  # passages
SENTENCES, WORDS = 4, 13  # of a passage, of a sentence
SKILLS = ("recall", "chronology", "causation", "sourcing", "corroboration", "close_reading")
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
LITTLE = ("the", "of", "in", "by", "and")


@dataclass(frozen=True)
class Folders:
    """Where a bank was written."""

    bank: Path
    seeds: Path
    documents: Path


def write(root: Path, items: int) -> Folders:
    """Writes a bank of so many items with its documents."""
    folders = Folders(root / "question_bank", root / "seeds", root / "documents")
    for folder in (folders.bank, folders.seeds, folders.documents):
        folder.mkdir(parents=True)
    for number in range(0, items, A_SOURCE):
        _write_source(folders, number // A_SOURCE, range(number, min(number + A_SOURCE, items)))
    for number in range(0, items, A_TOPIC):
        _write_topic(folders.bank, number // A_TOPIC, range(number, min(number + A_TOPIC, items)), items)
    topics = range((items + A_TOPIC - 1) // A_TOPIC)
    _write(folders.bank / "quizzes.yaml", "", "quizzes", (_quiz(topic) for topic in topics))
    _write(folders.seeds / "disputes.yaml", "", "disputes", (_dispute(one, items) for one in range(0, items, 5)))
    return folders


def word(number: int) -> str:
    """An invented word; each number has its own."""
    letters = ""
    while number or len(letters) < 4:
        number, syllable = divmod(number, len(SYLLABLES))
        letters = SYLLABLES[syllable] + letters
    return letters


def sentence(passage: int, number: int) -> list[str]:
    """The words of a sentence of a passage: little ones, and invented ones that stand nowhere else."""
    first = (passage * SENTENCES + number) * WORDS
    words = [LITTLE[i % len(LITTLE)] if i % 3 == 0 else word(first + i) for i in range(WORDS)]
    return [words[0].capitalize(), *words[1:-1], f"{words[-1]}."]


def text(passage: int) -> str:
    """A passage."""
    return " ".join(" ".join(sentence(passage, number)) for number in range(SENTENCES))


def ref(passage: int) -> str:
    """What a passage is called."""
    return f"source-{passage // A_SOURCE}/passage-{passage}"


def quote(passage: int, number: int) -> dict[str, str]:
    """Evidence: one of the three quotes that a passage has, of three words each."""
    words = sentence(passage, number % 3)
    return {"passage": ref(passage), "quote": " ".join(words[1:4])}


def name(passage: int, number: int = 0) -> str:
    """A name that a passage is about."""
    return " ".join(part.capitalize() for part in sentence(passage, number)[4:6])


def _write_source(folders: Folders, number: int, passages: range) -> None:
    texts = [text(passage) for passage in passages]
    document = "\n\n".join(texts)
    name_of_source = f"source-{number}"
    (folders.documents / f"{name_of_source}.txt").write_text(document, encoding="utf-8", newline="\n")
    head = {
        "id": name_of_source, "file": f"{name_of_source}.txt", "sha256": _sha256(document), "title": name_of_source,
        "publisher": "nobody", "year": "undated", "kind": "chronicle", "rights": "ours", "language": "en",
        "find": "It is made up.", "reliability": "medium", "good_for": "benchmarks", "poor_for": "history",
        "assessment": "Invented words in invented order.",
    }  # fmt: skip
    entries = _passages(passages, texts)
    _write(folders.seeds / f"{name_of_source}.yaml", _fields(head, ""), "passages", entries)


def _passages(passages: range, texts: list[str]) -> Iterator[dict[str, Any]]:
    start = 0
    for passage, words in zip(passages, texts, strict=True):
        yield {
            "id": f"passage-{passage}",
            "heading": f"Of {name(passage)}",
            "start": start,
            "end": start + len(words),
            "sha256": _sha256(words),
            "account": f"The chronicle tells of {name(passage)} and of {name(passage, 1)}, and calls both old.",
            "claims": [{"says": "it was so", "speaker": "the chronicle", "quote": quote(passage, 0)["quote"]}],
        }
        start += len(words) + 2


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _write_topic(folder: Path, number: int, items: range, every: int) -> None:
    head = _fields({"topic": f"topic-{number}", "title": f"Topic {number}"}, "")
    _write(folder / f"topic-{number}.yaml", head, "items", (item(one, every) for one in items))


def _write(path: Path, head: str, list_name: str, entries: Iterator[dict[str, Any]]) -> None:
    parts = [f"  - {_fields(entry, '    ').lstrip()}" for entry in entries]
    path.write_text(f"{head}{list_name}:\n{''.join(parts)}", encoding="utf-8", newline="\n")


def _fields(entry: dict[str, Any], indent: str) -> str:
    """Fields as YAML; what is a list has a line for each member, written as JSON, which YAML includes."""
    lines = []
    for field, value in entry.items():
        if isinstance(value, list) and value:
            members = "".join(f"{indent}  - {json.dumps(one)}\n" for one in value)
            lines.append(f"{indent}{field}:\n{members}")
        else:
            lines.append(f"{indent}{field}: {json.dumps(value)}\n")
    return "".join(lines)


def item(number: int, every: int) -> dict[str, Any]:
    """The entry of an item; its type, skill and difficulty follow from its number."""
    other, third = (number + 1) % every, (number + 2) % every
    kind = list(ITEM_TYPES)[number % len(ITEM_TYPES)]
    entry: dict[str, Any] = {
        "id": f"item-{number}",
        "type": kind,
        "stem": f"What does the chronicle say of {name(number)} and of {name(other, 1)} in the year {1000 + number}?",
        "difficulty": 1 + number % 5,
        "skill": SKILLS[number % len(SKILLS)],
        "explanation": f"The chronicle names {name(number, 2)} first, and {name(other, 2)} after it.",
        "evidence": [quote(number, 0), quote(other, 1)],
        "disputes": [f"dispute-{number // 5 * 5}"],
        "not_with": [f"item-{other}"],
    }
    if kind == "true_false":
        entry["stem"] = f"The chronicle says that {name(number)} came before {name(other, 1)}."
    return entry | _OF_TYPE[kind](number, other, third)


def _distractor(passage: int, number: int) -> dict[str, Any]:
    feedback = f"The chronicle says this of {name(passage, 2)}."
    return {"feedback": feedback, "evidence": [quote(passage, number)]}


def _single(number: int, other: int, third: int) -> dict[str, Any]:
    options = [{"id": "key", "text": name(number, 2), "correct": True}]
    wrong = ((other, 0), (third, 1), (third, 2))
    options += [{"id": f"o{i}", "text": name(*place), **_distractor(*place)} for i, place in enumerate(wrong)]
    return {"options": options}


def _multiple(number: int, other: int, third: int) -> dict[str, Any]:
    return {
        "options": [*_single(number, other, third)["options"], {"id": "too", "text": name(number, 1), "correct": True}]
    }


def _true_false(number: int, other: int, third: int) -> dict[str, Any]:
    return {"key": number % 20 < 10, "wrong": [_distractor(third, 0)]}


def _short_answer(number: int, other: int, third: int) -> dict[str, Any]:
    wrong = [{"answer": name(one, 2), **_distractor(one, 2)} for one in (other, third)]
    return {"key": {"text": name(number, 2)}, "wrong": wrong}


def _numerical(number: int, other: int, third: int) -> dict[str, Any]:
    return {"key": {"value": number + 5}, "wrong": [{"answer": number + 50, **_distractor(other, 0)}]}


def _date(number: int, other: int, third: int) -> dict[str, Any]:
    day = f"{1000 + number % 900:04}-{1 + number % 12:02}-{1 + number % 28:02}"
    wrong = {"answer": {"date": "1999-01-01", "calendar": "unstated"}, **_distractor(other, 0)}
    return {"key": {"date": day, "calendar": "unstated"}, "wrong": [wrong]}


def _ordering(number: int, other: int, third: int) -> dict[str, Any]:
    places = ((number, 0), (number, 1), (other, 2), (third, 2))
    return {"options": [{"id": f"o{i}", "text": name(*one), "evidence": [quote(*one)]} for i, one in enumerate(places)]}


def _matching(number: int, other: int, third: int) -> dict[str, Any]:
    places = ((number, 0), (other, 1), (third, 2))
    options = [
        {"id": f"o{i}", "text": name(*one), "match": name(one[0], 3), "evidence": [quote(*one)]}
        for i, one in enumerate(places)
    ]
    return {"options": options, "wrong": [{"answer": name(third, 1), **_distractor(third, 1)}]}


def _evidence(number: int, other: int, third: int) -> dict[str, Any]:
    options = [{"id": "key", **quote(number, 2), "correct": True}]
    options += [{"id": f"o{one}", **quote(one, 2), "feedback": "It says so of another."} for one in (other, third)]
    return {"options": options}


def _corroboration(number: int, other: int, third: int) -> dict[str, Any]:
    options = [{"id": "a", "key": "agrees", **quote(number, 2)}, {"id": "b", "key": "disagrees", **quote(other, 2)}]
    options.append({"id": "c", "key": "silent", "passage": ref(third)})
    return {"claim": f"{name(number, 2)} was first.", "options": options}


_OF_TYPE = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "date": _date,
    "ordering": _ordering,
    "matching": _matching,
    "evidence": _evidence,
    "corroboration": _corroboration,
}


def _quiz(topic: int) -> dict[str, Any]:
    sections = [{"title": "Drawn", "draw": 3, "from": {"topic": f"topic-{topic}"}}]
    return {"id": f"quiz-{topic}", "title": f"Quiz {topic}", "mode": "practice", "sections": sections}


def _dispute(number: int, every: int) -> dict[str, Any]:
    other = (number + 3) % every
    positions = [
        {"says": name(number), "who": "one page", "evidence": [quote(number, 1)]},
        {"says": name(other), "who": "another page", "evidence": [quote(other, 1)]},
    ]
    return {
        "id": f"dispute-{number}",
        "question": f"Who was first, {name(number)} or {name(other)}?",
        "kind": "contradiction",
        "positions": positions,
        "judgement": "Nobody can say.",
    }

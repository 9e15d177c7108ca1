"""What the builder's form holds, as plain data, and the quiz that it becomes. Nothing typed is lost: all of it is text.

A draft is {title, …, sections: [{kind, title, items, points, draw, …}]}; ``FIELDS`` and ``SECTION`` name its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from quizapp.domain.entry import explain, plain
from quizapp.domain.quiz import Quiz, Section
from quizapp.domain.review_policy import ASPECTS, MOMENTS

Draft = dict[str, Any]
Problems = dict[str, list[str]]

TEXTS = ("title", "description", "time_limit", "grace", "attempts", "wait", "pass_mark", "password")
CHOICES = {"mode": "practice", "access": "open", "sources": "open", "navigation": "free", "grading": "best",
           "review_kind": "mode"}  # fmt: skip
TICKS = {"shuffle_items": False, "shuffle_options": True, "certainty": False}
SAID_ALIKE = ("title", "description", "mode", "access", "sources", "password", "navigation", "grading", "certainty",
              "pass_mark")  # fmt: skip
SECTION_TEXTS = ("kind", "title", "draw", "each", "spread", "low", "high", "tag")
SECTION_LISTS = ("items", "points", "topic", "skill", "type", "source")
POOL_LISTS = ("topic", "skill", "type", "source")
LONGEST, MOST_SECTIONS, MOST_ITEMS = 2000, 40, 200

EXAM: Mapping[str, Sequence[str]] = {"right_after": ["score"], "while_open": ["score"]}


def empty() -> Draft:
    """A draft in which nothing is said yet: one section, to which questions are added."""
    return cleaned({"shuffle_options": True, "sections": [a_section("items")]})


def a_section(kind: str) -> Draft:
    """A new section of chosen questions («items») or of a random draw («draw»)."""
    return {"kind": kind, "draw": "5" if kind == "draw" else ""}


def cleaned(data: Mapping[str, Any]) -> Draft:
    """The draft with every field, of the right kind and not too long, whatever was sent."""
    draft: Draft = {name: _text(data.get(name)) for name in TEXTS}
    draft |= {name: _text(data.get(name)) or default for name, default in CHOICES.items()}
    draft |= {name: bool(data.get(name, default)) for name, default in TICKS.items()}
    draft["review"] = _texts(data.get("review"), len(MOMENTS) * len(ASPECTS))
    sections = data.get("sections") or ()
    draft["sections"] = [_section(one) for one in list(sections)[:MOST_SECTIONS] if isinstance(one, Mapping)]
    return draft


def _section(data: Mapping[str, Any]) -> Draft:
    section: Draft = {name: _text(data.get(name)) for name in SECTION_TEXTS}
    section |= {name: _texts(data.get(name), MOST_ITEMS) for name in SECTION_LISTS}
    section["kind"] = "draw" if section["kind"] == "draw" else "items"
    section["points"] = (section["points"] + [""] * MOST_ITEMS)[: len(section["items"])]
    return section


def _text(value: Any) -> str:
    return str(value).replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST] if value is not None else ""


def _texts(values: Any, most: int) -> list[str]:
    return [_text(one)[:80] for one in list(values)[:most]] if isinstance(values, list | tuple) else []


# --- from a quiz ------------------------------------------------------------------------------------------------------


def draft_of(quiz: Quiz) -> Draft:
    """The draft that says what the quiz says."""
    data: dict[str, Any] = {
        name: _said(getattr(quiz, name)) for name in (*TEXTS, *CHOICES, "certainty") if name != "review_kind"
    }
    data |= {"shuffle_items": quiz.shuffle.items, "shuffle_options": quiz.shuffle.options}
    review = {moment: list(aspects) for moment, aspects in quiz.review.items()}
    data["review_kind"] = "mode" if not review else "exam" if review == EXAM else "own"
    data["review"] = [f"{moment}:{aspect}" for moment, aspects in review.items() for aspect in aspects]
    data["sections"] = [_draft_of_section(section) for section in quiz.sections]
    return cleaned(data)


def _draft_of_section(section: Section) -> dict[str, Any]:
    pool = plain(section.source) if section.source else {}
    data: dict[str, Any] = {name: _listed(pool.get(name)) for name in POOL_LISTS}
    low, high = _range(pool.get("difficulty"))
    return {
        **data,
        "kind": "draw" if section.draw else "items",
        "title": section.title,
        "items": list(section.items),
        "points": [_said(section.points.get(one)) for one in section.items],
        "draw": _said(section.draw),
        "each": _said(section.each),
        "spread": section.spread,
        "tag": pool.get("tag"),
        "low": low,
        "high": high,
    }


def _said(value: Any) -> Any:
    return "" if value is None else value if isinstance(value, bool | str) else str(value)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _range(level: Any) -> tuple[str, str]:
    if level is None:
        return "", ""
    low, high = (level, level) if isinstance(level, int) else level
    return str(low), str(high)


# --- to a quiz --------------------------------------------------------------------------------------------------------


def quiz_of(draft: Draft, name: str) -> tuple[Quiz | None, Problems]:
    """The quiz that the draft says, or what is wrong, field by field."""
    entry = {key: value for key, value in _entry(draft, name).items() if value not in (None, "", {}, [])}
    problems = _early(draft)
    try:
        quiz = Quiz.model_validate(entry)
    except ValidationError as error:
        for problem in explain(error):
            field = _field(problem.place)
            if field not in problems:
                problems.setdefault(field, []).append(_sentence(problem.message))
        return None, problems
    return (quiz, {}) if not problems else (None, problems)


def said(draft: Draft) -> dict[str, Any]:
    """What the draft says, right or not, as the files would say it: for people to compare."""
    return _filled({key: value for key, value in _entry(draft, "").items() if key != "id"})


def _entry(draft: Draft, name: str) -> dict[str, Any]:
    shuffle = {"items": draft["shuffle_items"], "options": draft["shuffle_options"]}
    return {
        "id": name,
        **{key: draft[key] for key in SAID_ALIKE},
        "time_limit": length(draft["time_limit"]),
        "grace": length(draft["grace"]),
        "wait": length(draft["wait"]),
        "attempts": _whole(draft["attempts"]),
        "shuffle": shuffle,
        "review": _review(draft),
        "sections": [_section_entry(one) for one in draft["sections"]],
    }


def _section_entry(section: Draft) -> dict[str, Any]:
    said: dict[str, Any] = {"title": section["title"], "each": section["each"]}
    if section["kind"] == "draw":
        said |= {"draw": _whole(section["draw"]), "spread": section["spread"]}
        return {**_filled(said), "from": pool_entry(section)}
    points = zip(section["items"], section["points"], strict=True)
    return _filled({**said, "items": section["items"], "points": {item: one for item, one in points if one}})


def pool_entry(section: Mapping[str, Any]) -> dict[str, Any]:
    """What a draw chooses from, as the files say it."""
    low, high = (_whole(section.get(name) or "") for name in ("low", "high"))
    level = [low or 1, high or 5] if low or high else None
    lists = {name: section.get(name) for name in POOL_LISTS}
    one_or_more = {name: said[0] if said and len(said) == 1 else said for name, said in lists.items()}
    return _filled({**one_or_more, "tag": section.get("tag"), "difficulty": level})


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}


def _review(draft: Draft) -> dict[str, list[str]]:
    if draft["review_kind"] == "exam":
        return {moment: list(aspects) for moment, aspects in EXAM.items()}
    if draft["review_kind"] != "own":
        return {}
    ticked = set(draft["review"])
    return {moment: [one for one in ASPECTS if f"{moment}:{one}" in ticked] for moment in MOMENTS}


def length(text: str) -> str:
    """A length of time as the files say it; a bare number is minutes, and words for units are understood."""
    found = re.fullmatch(r"([0-9]{1,6}) *([a-zA-Z]*)\.?", text.strip())
    units = {"": "min", "m": "min", "mins": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h",
             "day": "d", "days": "d", "second": "s", "seconds": "s", "sec": "s"}  # fmt: skip
    return f"{int(found[1])} {units.get(found[2].lower(), found[2].lower())}" if found else text


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else text


def _early(draft: Draft) -> Problems:
    """What is better said in the builder's words than in those of the files."""
    found: Problems = {}
    if not draft["title"]:
        found["title"] = ["Give the quiz a title."]
    if not draft["sections"]:
        found["title"] = [*found.get("title", []), "Add a section with questions."]
    for name in ("time_limit", "grace", "wait"):
        if draft[name] and not re.fullmatch(r"[0-9]+ (s|min|h|d)", length(draft[name])):
            found[name] = ["Write a whole number and min, h or d, such as “20 min”."]
    for number, section in enumerate(draft["sections"]):
        found |= _early_in(f"sections-{number}-", section)
    return found


def _early_in(place: str, section: Draft) -> Problems:
    if section["kind"] == "draw":
        low, high = section["low"] or "1", section["high"] or "5"
        found = {} if re.fullmatch(r"[1-9][0-9]{0,2}", section["draw"]) else {"draw": ["Say how many, such as 5."]}
        return {f"{place}{key}": said for key, said in found.items()} | (
            {f"{place}high": ["This is easier than the lower end."]} if low > high else {}
        )
    return {} if section["items"] else {f"{place}items": ["This section has no questions yet. Add some, or remove it."]}


def _field(place: Iterable[Any]) -> str:
    """The form's field for a place in the entry."""
    steps = list(place)
    if steps and steps[0] == "sections" and len(steps) > 1:
        inner = [one for one in steps[2:] if isinstance(one, str)]
        name = {"from": "topic"}.get(inner[0], inner[0]) if inner else "items"
        name = {"points": "items"}.get(name, name)
        return (
            f"sections-{steps[1]}-{name}" if name in (*SECTION_TEXTS, *SECTION_LISTS) else f"sections-{steps[1]}-title"
        )
    first = str(steps[0]) if steps else "title"
    return first if first in (*TEXTS, *CHOICES) else "title"


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"

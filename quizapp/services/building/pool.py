"""What there is to put into a quiz: questions to search for, and how many a draw can choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.quiz import Pool
from quizapp.services.building.draft import pool_entry
from quizapp.services.taking.starting import drawable
from quizapp.store import bank
from quizapp.store import questions as written

A_PAGE = 40
Pairs = tuple[tuple[str, str], ...]
SORTS = ("topic", "newest", "difficulty", "type", "question")
MINE = "me"


@dataclass(frozen=True)
class Choices:
    """What questions can be chosen by: pairs of value and label."""

    topics: Pairs
    skills: Pairs
    types: Pairs
    sources: Pairs
    tags: Pairs


@dataclass(frozen=True)
class Wanted:
    """What to look for among the questions; what is empty asks for nothing. ``author``: «me», or anybody."""

    search: str = ""
    topic: str = ""
    skill: str = ""
    type: str = ""
    difficulty: str = ""
    source: str = ""
    author: str = ""


@dataclass(frozen=True)
class Found:
    """A page of the questions that fit; ``own``: the ids of those that the one who looks wrote."""

    items: tuple[Item, ...]
    total: int
    number: int
    last: int
    own: frozenset[str] = frozenset()


def choices(session: Session) -> Choices:
    """Topics, skills, types, sources and tags of the questions that can be set."""
    items = drawable(session).values()
    titles = bank.topic_titles(session)
    sources = bank.sources(session, bank.current_digests(session, "source").values())
    return Choices(
        topics=_pairs((item.topic for item in items), titles),
        skills=_pairs((item.skill for item in items), {}),
        types=_pairs((item.type for item in items), {name: one.label for name, one in ITEM_TYPES.items()}),
        sources=tuple((one.id, one.title) for one in sources.values()),
        tags=_pairs((tag for item in items for tag in item.tags), {}),
    )


def _pairs(values: Iterable[str], labels: Mapping[str, str]) -> Pairs:
    found = {one: labels.get(one) or one.replace("_", " ").capitalize() for one in values}
    return tuple(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def find(session: Session, wanted: Wanted, *, user_id: int, sort: str = "topic", number: int = 1) -> Found:
    """The questions that fit all that is wanted; words are sought in what a teacher sees of them."""
    words = wanted.search.casefold().split()
    made = written.made(session)
    own = frozenset(name for name, (author_id, _) in made.items() if author_id == user_id)
    fitting = [item for item in drawable(session).values() if _fits(item, wanted, words)]
    fitting = [item for item in fitting if wanted.author != MINE or item.id in own]
    fitting.sort(key=_key(sort.lstrip("-"), {name: at for name, (_, at) in made.items()}), reverse=sort.startswith("-"))
    last = max(1, -(-len(fitting) // A_PAGE))
    number = min(max(1, number), last)
    return Found(tuple(fitting[(number - 1) * A_PAGE : number * A_PAGE]), len(fitting), number, last, own)


def _key(sort: str, made: Mapping[str, datetime]) -> Any:
    keys = {
        "newest": lambda item: (-made[item.id].timestamp() if item.id in made else 0, item.topic, item.stem),
        "difficulty": lambda item: (item.difficulty, item.topic, item.stem),
        "type": lambda item: (item.label, item.topic, item.stem),
        "question": lambda item: item.stem.casefold(),
    }
    return keys.get(sort, lambda item: (item.topic, item.difficulty, item.stem))


def _fits(item: Item, wanted: Wanted, words: Collection[str]) -> bool:
    given = {"topic": wanted.topic, "skill": wanted.skill, "type": wanted.type, "difficulty": wanted.difficulty}
    if any(value and str(getattr(item, name)) != value for name, value in given.items()):
        return False
    if wanted.source and all(ref.partition("/")[0] != wanted.source for ref in item.passages()):
        return False
    if not words:
        return True
    text = " ".join((item.id, item.stem, item.explanation, *item.tags, *_options(item))).casefold()
    return all(word in text for word in words)


def _options(item: Item) -> tuple[str, ...]:
    return item.option_texts(item.default_order())


def fitting(items: Collection[Item], section: Mapping[str, Any], fixed: Collection[str] = ()) -> int | None:
    """How many questions a draw can choose from, without those set already; None where its conditions are wrong."""
    try:
        pool = Pool.model_validate(pool_entry(section))
    except ValidationError:
        return None
    return sum(item.id not in fixed and pool.admits(item) for item in items)


def count(session: Session, section: Mapping[str, Any], fixed: Collection[str] = ()) -> int | None:
    """How many questions the draw that the form says can choose from; two queries."""
    return fitting(drawable(session).values(), section, fixed)


def questions(session: Session, draft: Mapping[str, Any]) -> dict[str, Item]:
    """The questions that the draft names, by id; those that cannot be set any more are missing."""
    named = {one for section in draft["sections"] for one in section["items"]}
    return {name: item for name, item in drawable(session).items() if name in named} if named else {}


def counts(session: Session, draft: Mapping[str, Any]) -> list[int | None]:
    """For each section how many questions its draw can choose from; None where it draws nothing, or cannot."""
    fixed = {one for section in draft["sections"] for one in section["items"]}
    if not any(section["kind"] == "draw" for section in draft["sections"]):
        return [None] * len(draft["sections"])
    items = drawable(session).values()
    return [fitting(items, one, fixed) if one["kind"] == "draw" else None for one in draft["sections"]]

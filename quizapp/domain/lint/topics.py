"""What a topic as a whole lacks: easy or hard items, several skills, more than recall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizapp.domain.item import Item
from quizapp.domain.lint.rule import Finding

EASY, HARD = 2, 4  # up to, and from
SKILLS = 3
BEYOND_RECALL = 1 / 3
TOPIC = ("topic",)


def findings(items: Sequence[Item]) -> Iterator[Finding]:
    """What each topic lacks."""
    by_topic: dict[str, list[Item]] = {}
    for item in items:
        by_topic.setdefault(item.topic, []).append(item)
    for topic, members in by_topic.items():
        for message in (*_range(members), *_skills(members)):
            yield Finding(topic, TOPIC, message, "topic")


def _range(items: Sequence[Item]) -> Iterator[str]:
    levels = {item.difficulty for item in items}
    if min(levels) > EASY:
        yield f"no easy item (difficulty up to {EASY}) in this topic"
    if max(levels) < HARD:
        yield f"no hard item (difficulty from {HARD}) in this topic"


def _skills(items: Sequence[Item]) -> Iterator[str]:
    if (number := len({item.skill for item in items})) < SKILLS:
        yield f"{number} skill{'s' * (number != 1)} in this topic; ask for {SKILLS} at least"
    beyond = sum(item.skill != "recall" for item in items) / len(items)
    if beyond < BEYOND_RECALL:
        yield f"{beyond:.0%} of this topic ask for more than recall; a third at least"

"""The bank without what belongs to one installation alone: sources that teachers added, and what rests on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import is_own
from quizapp.formats.bank_dump import Bank


def without_own(bank: Bank) -> tuple[Bank, tuple[str, ...]]:
    """The bank as it can stand in files, and in words what is left out of it."""
    items, quizzes, sources = list(bank.items), list(bank.quizzes), list(bank.sources)
    gone = {item.id for item in items if any(is_own(ref) for ref in item.passages())}
    there = {item.id for item in items} - gone
    kept = [quiz for one in quizzes if (quiz := _quiz(one, there)) is not None]
    whole = {quiz.id for quiz in kept}
    left_out = [
        *(f"source {source.id}" for source in sources if source.is_own),
        *(f"item {name}" for name in sorted(gone)),
        *(f"quiz {quiz.id}" for quiz in quizzes if quiz.id not in whole),
    ]
    emptied = {item.topic for item in items if item.id in gone} - {one.topic for one in items if one.id not in gone}
    lesser = replace(
        bank,
        topics=[topic for topic in bank.topics if topic.id not in emptied],
        sources=[source for source in sources if not source.is_own],
        items=[_item(item, there) for item in items if item.id in there],
        quizzes=kept,
    )
    return lesser, tuple(left_out)


def _item(item: Item, there: Collection[str]) -> Item:
    """The question without the names of those that are not there: retired ones, and the examples."""
    if set(item.not_with) <= set(there):
        return item
    return item.model_copy(update={"not_with": tuple(one for one in item.not_with if one in there)})


def _quiz(quiz: Quiz, there: Collection[str]) -> Quiz | None:
    """The quiz with those questions alone; None where nothing is left of it."""
    if all(item in there for section in quiz.sections for item in section.items):
        return quiz
    sections = [
        section.model_copy(
            update={
                "items": tuple(item for item in section.items if item in there),
                "points": {item: points for item, points in section.points.items() if item in there},
            }
        )
        for section in quiz.sections
    ]
    left = tuple(section for section in sections if section.items or section.source is not None)
    return quiz.model_copy(update={"sections": left}) if left else None

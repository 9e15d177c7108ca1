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
    kept = [quiz for one in quizzes if (quiz := _quiz(one, gone)) is not None]
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
        items=[_item(item, gone) for item in items if item.id not in gone],
        quizzes=kept,
    )
    return lesser, tuple(left_out)


def _item(item: Item, gone: Collection[str]) -> Item:
    if not set(item.not_with) & set(gone):
        return item
    return item.model_copy(update={"not_with": tuple(one for one in item.not_with if one not in gone)})


def _quiz(quiz: Quiz, gone: Collection[str]) -> Quiz | None:
    """The quiz without those questions; None where nothing is left of it."""
    if not any(item in gone for section in quiz.sections for item in section.items):
        return quiz
    sections = [
        section.model_copy(
            update={
                "items": tuple(item for item in section.items if item not in gone),
                "points": {item: points for item, points in section.points.items() if item not in gone},
            }
        )
        for section in quiz.sections
    ]
    left = tuple(section for section in sections if section.items or section.source is not None)
    return quiz.model_copy(update={"sections": left}) if left else None

"""A question as a student will see it, while it is still being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.entry import InvalidEntry
from quizapp.domain.item import Item, Question, Review
from quizapp.domain.items import ITEM_TYPES, build
from quizapp.domain.source import Evidence
from quizapp.domain.typed import Typed, filled, tidied, untyped
from quizapp.services.reading import ShownPassage, passage_names, shown_passages
from quizapp.store import bank

WHERE = (("In practice", False), ("In a test of a class", True))


@dataclass(frozen=True)
class Preview:
    """The question as it is asked; and, once it is whole, what is read afterwards by who answered rightly."""

    question: Question
    review: Review | None
    explanation: str
    evidence: tuple[Evidence, ...]
    unsourced: str | None
    shown: Mapping[str, ShownPassage]
    passages: Mapping[str, str]
    reason_rule: str = " ".join(f"{where}: {because.RULE[marked]}" for where, marked in WHERE)


def of_typed(session: Session, type_name: str, given: Typed) -> Preview | None:
    """What is typed as a student will see it; None where too little of it can be read."""
    model = ITEM_TYPES[type_name]
    clean = tidied(given, model)
    known = {"id": "sound", "topic": "sound", "type": type_name, "not_with": [], "disputes": []}
    entry = {**untyped(filled(clean, model), model), **known}
    try:
        item = model.model_validate(entry)
    except ValidationError:
        return None
    try:
        whole = build({**untyped(clean, model), **known, "difficulty": 1, "skill": "recall"})
    except InvalidEntry:
        whole = None
    return of_item(session, whole or item, is_whole=whole is not None)


def of_item(session: Session, item: Item, *, is_whole: bool = True) -> Preview:
    """The item as a student sees it, and what is read afterwards."""
    order = item.default_order()
    refs = set(item.passages())
    names = {ref: str(name) for ref, name in passage_names(session, refs).items()}
    shown = shown_passages(session, bank.current_digests(session, "passage", refs))
    return Preview(
        question=item.ask(order),
        review=item.review(item.correct_response(), order) if is_whole else None,
        explanation=item.explanation,
        evidence=item.evidence,
        unsourced=item.unsourced,
        shown={one.ref: one for one in shown},
        passages={ref: names.get(ref, ref) for ref in refs},
    )

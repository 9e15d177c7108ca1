"""What a slot earns: its answer by the item's rule or by what teachers accept in this quiz, and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.attempt import Saved
from quizapp.domain.item import Item, is_blank
from quizapp.domain.marking import FULL, Mark
from quizapp.domain.short_text import folded_digest
from quizapp.store import accepting
from quizapp.store.sheets import WholeSheet
from quizapp.store.tables import Attempt

ACCEPTED = "Your teacher takes this answer as right."


@dataclass(frozen=True)
class Rules:
    """What holds in an attempt beside its items: whether a teacher marks reasons, and what is accepted, by item."""

    reasons: bool = False
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)


def rules(session: Session, attempt: Attempt | WholeSheet, items: Iterable[Item]) -> Rules:
    """What holds in this attempt; one query where it has short answers, else none."""
    short = {item.id for item in items if item.type == "short_answer"}
    found: dict[str, set[str]] = {}
    for one in accepting.in_quiz(session, attempt.quiz, short) if short else ():
        found.setdefault(one.item, set()).add(one.digest)
    accepted = {name: frozenset(digests) for name, digests in found.items()}
    return Rules(because.is_marked(attempt.mode, attempt.assignment_id), accepted)


def mark_of(item: Item, answer: Saved | None, holds: Rules, points: int | None = None) -> Mark:
    """What the answer earns with its reason; ``points`` are those that a teacher gave the reason."""
    response = answer.response if answer else None
    mark = item.mark(response)
    if mark.fraction != 1 and _is_accepted(item, response, holds):
        mark = Mark(FULL, ACCEPTED)
    if not (item.because and holds.reasons):
        return mark
    reason = answer.because if answer else None
    return because.with_reason(mark, answered=not is_blank(response), reason=reason, points=points)


def _is_accepted(item: Item, response: object, holds: Rules) -> bool:
    accepted = holds.accepted.get(item.id)
    return bool(accepted) and isinstance(response, str) and folded_digest(response) in (accepted or ())

"""Questions that wait to be looked at, since what they rest on has changed, and where they were used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from quizapp.store.tables import Attempt, Content, Slot

AT_ONCE = 500
LONGEST = 2000


@dataclass(frozen=True)
class Waiting:
    """A question that waits: set aside as a draft, or still in use and only listed."""

    name: str
    digest: str
    reason: str | None
    in_use: bool


def waiting(session: Session, names: Sequence[str] | None = None, *, for_change: bool = False) -> list[Waiting]:
    """Those that wait, or those of these names; drafts first."""
    is_draft = Content.set_aside == "draft"
    is_listed = and_(Content.to_look_at.is_not(None), Content.retired_at.is_(None))
    query = select(Content).where(Content.kind == "item", or_(is_draft, is_listed))
    if names is not None:
        query = query.where(Content.name.in_(list(names)))
    found = session.scalars(query.with_for_update() if for_change else query)
    rows = [_waiting(content) for content in found]
    return sorted(rows, key=lambda one: (one.in_use, one.name))


def _waiting(content: Content) -> Waiting:
    in_use = content.set_aside != "draft"
    return Waiting(content.name, content.digest, content.to_look_at if in_use else content.set_aside_reason, in_use)


def list_to_look_at(session: Session, whys: Mapping[str, str]) -> None:
    """Has these questions, by name, listed for the reason given, beside any that they are listed for already."""
    names = list(whys)
    for i in range(0, len(names), AT_ONCE):
        part = names[i : i + AT_ONCE]
        for content in session.scalars(select(Content).where(Content.kind == "item", Content.name.in_(part))):
            known, why = content.to_look_at or "", whys[content.name]
            if why not in known:
                content.to_look_at = f"{known} {why}".strip()[:LONGEST]
    session.flush()


def uses(session: Session, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Item → the quizzes whose attempts set it, each with how many."""
    query = (
        select(Slot.item, Attempt.quiz, func.count())
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Slot.item.in_(list(names)), Attempt.number >= 0)
        .group_by(Slot.item, Attempt.quiz)
        .order_by(Slot.item, Attempt.quiz)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for item, quiz, number in session.execute(query):
        found.setdefault(item, []).append((quiz, number))
    return found

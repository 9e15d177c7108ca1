"""Questions that a quiz sets and that new attempts do not get, since they are drafts again or retired."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.store import bank


@dataclass(frozen=True)
class LeftOut:
    """A question that is left out. ``status``: draft | retired; ``reason``, where somebody or something gave one."""

    name: str
    stem: str
    status: str
    reason: str


def left_out(session: Session, quiz: Quiz) -> list[LeftOut]:
    """Those of the quiz's chosen questions that are left out, in its order; one query."""
    fixed = [one for section in quiz.sections for one in section.items]
    found = {one.name: one for one in bank.those_set_aside(session, fixed)} if fixed else {}
    return [_left_out(found[name]) for name in fixed if name in found]


def _left_out(one: bank.SetAside) -> LeftOut:
    stem = str(one.entry.get("stem") or one.name)
    return LeftOut(one.name, stem, "draft" if one.how == "draft" else "retired", one.reason or "")

"""A quiz of questions that were chosen in their list: a draft with one section that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services.building import draft as drafts
from quizapp.services.building import moves, own
from quizapp.services.building.draft import MOST_ITEMS
from quizapp.services.errors import Refusal
from quizapp.services.taking.starting import drawable


class CannotGather(Refusal):
    """None of these questions can be set, or more than a section holds."""

    title = "No quiz was made"


@dataclass(frozen=True)
class Gathered:
    """The draft's name for now; how many questions came in, and how many cannot be set just now."""

    name: str
    count: int
    left: int


def gather(session: Session, names: Sequence[str], *, user_id: int, key: str, now: datetime) -> Gathered:
    """A draft of a new quiz with those of these questions that can be set, in this order. Raises ``CannotGather``."""
    chosen = list(dict.fromkeys(names))
    known = drawable(session)
    settable = [one for one in chosen if one in known]
    if not settable:
        raise CannotGather("None of these questions is ready, so no quiz was made. Make them ready first.")
    if len(settable) > MOST_ITEMS:
        raise CannotGather(
            f"These are {len(settable):,} questions, and a section holds {MOST_ITEMS} at most; no quiz was made. "
            "Choose fewer; or make a new quiz with a random draw."
        )
    data = drafts.empty()
    count = moves.add_items(data, 0, settable)
    name = own.begin(session, user_id=user_id, key=key, now=now, data=data)
    return Gathered(name, count, len(chosen) - count)

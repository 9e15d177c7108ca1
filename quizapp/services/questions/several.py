"""What is done with several questions at once: those that were ticked, or all that a search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.entry import InvalidEntry
from quizapp.formats import csv_table
from quizapp.services.errors import Conflict, NotFound, Refusal
from quizapp.services.questions import listing, publishing
from quizapp.services.questions.listing import Wanted

MOST = 1000
HEADS = ("id", "question", "status", "topic", "type", "skill", "difficulty", "sources", "tags", "author", "reports",
         "changed (UTC)")  # fmt: skip


class TooMany(Refusal):
    """More questions than can be changed at once."""

    title = "Too many questions at once"


@dataclass(frozen=True)
class Done:
    """What became of it: how many were changed, and why others were not, by name."""

    changed: int
    left: tuple[tuple[str, str], ...] = ()


def all_found(session: Session, wanted: Wanted, expected: int) -> list[str]:
    """The names of all that are found. Raises ``TooMany``; ``Conflict`` where they are not as many as the page said."""
    names = listing.names(session, wanted)
    if len(names) != expected:
        raise Conflict(
            f"Meanwhile {len(names):,} questions fit, and the page said {expected:,}. Nothing was changed. "
            "Go back, look at the list again, and press the button once more."
        )
    if len(names) > MOST:
        raise TooMany(f"{len(names):,} questions fit, and {MOST:,} are the most at once. Choose a topic, or search.")
    return names


def make_ready(session: Session, names: Sequence[str], *, actor_id: int, now: datetime) -> Done:
    """Make those of these questions ready that are not, once their evidence holds; the others stay, with the reason."""
    changed, left = 0, []
    for name in dict.fromkeys(names):
        try:
            changed += publishing.is_made_ready(session, name, actor_id=actor_id, now=now)
        except NotFound:
            left.append((name, "It is still being written. Open it, and press “Make ready” there."))
        except InvalidEntry:
            left.append((name, "It is not complete yet. Open it: it says what is missing."))
        except Conflict as conflict:
            left.append((name, conflict.message))
    return Done(changed, tuple(left))


def as_csv(session: Session, wanted: Wanted, sort: str) -> str:
    """The list itself for a spreadsheet: a line for each question found; three queries."""
    return csv_table.dump(HEADS, [
        (one.line.name, one.line.stem, one.line.status, one.topic_title, one.type_label, one.line.skill,
         one.line.difficulty or None, " ".join(one.line.sources.split()), " ".join(one.line.tags.split()), one.author,
         one.line.problems, one.line.updated_at.isoformat(sep=" ", timespec="seconds")[:19])
        for one in listing.every(session, wanted, sort=sort)
    ])  # fmt: skip

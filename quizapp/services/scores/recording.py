"""Who took scores out of the app: what, in which format, of whom and how much; in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.services import audit
from quizapp.services.people import Person
from quizapp.services.scores.exporting import Export
from quizapp.services.scores.wanted import GRADEBOOKS, ROWS
from quizapp.store import score_scope

EVERY_QUIZ = "all quizzes"


def said_of(session: Session, made: Export) -> dict[str, Any]:
    """What is to be said of an export; how much is in it is what there is now. Two queries."""
    wanted, found = made.wanted, made.found
    size = score_scope.size(session, found.scope)
    return {
        "format": wanted.format,
        "a row for": ROWS["students" if wanted.format in GRADEBOOKS else wanted.rows],
        "with": ", ".join(sorted(wanted.parts)) or None,
        "of": found.class_name,
        "quiz": found.titles.get(wanted.quiz or "", EVERY_QUIZ),
        "students": size.students,
        "attempts": size.attempts,
    }


def record(session: Session, who: Person | None, made: Export, said: Mapping[str, Any], *, now: datetime) -> None:
    """Write down that somebody, or a command (None), gets this file."""
    name, actor_id = made.wanted.quiz or EVERY_QUIZ, who.id if who else None
    audit.record(session, actor_id, "export", "scores", name, None, said, now=now, class_id=made.wanted.class_id)


def record_table(
    session: Session, who: Person, class_id: int, quiz: str | None, *, title: str, form: str, rows: int, now: datetime
) -> None:
    """Write down that a teacher gets a table of the gradebook, of so many students. ``title``: what is in it."""
    said = {"format": form, "a row for": ROWS["students"], "quiz": title, "students": rows}
    audit.record(session, who.id, "export", "scores", quiz or EVERY_QUIZ, None, said, now=now, class_id=class_id)

"""Who took the whole question bank out of the app; in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit
from quizapp.services.exporting import Export
from quizapp.store import bank

WHOLE = "whole bank"


def record_export(session: Session, actor_id: int | None, made: Export, *, form: str, now: datetime) -> None:
    """Write down that somebody, or a command (None), gets every question in another format."""
    said = {"format": form, "questions": len(made.items) - len(made.departure.left_out)}
    audit.record(session, actor_id, "export", "bank", WHOLE, None, said, now=now)


def record_dump(session: Session, files: int, *, now: datetime) -> None:
    """Write down that a command writes what is published as YAML."""
    questions = len(bank.current_digests(session, "item"))
    said = {"format": "yaml", "questions": questions, "files": files}
    audit.record(session, None, "export", "bank", WHOLE, None, said, now=now)

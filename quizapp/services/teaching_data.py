"""What is kept of a teacher's work that nobody else has yet, for «export my data»: drafts, and files uploaded."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.services.building import draft
from quizapp.store import building, imports, questions
from quizapp.store.building import QuizDraft
from quizapp.store.imports import ImportBatch
from quizapp.store.question_tables import QuestionDraft


def exported(session: Session, user_id: int) -> dict[str, Any]:
    """Drafts of quizzes and questions as they were typed, and uploads; three queries.

    A file that still waits for its import goes along, in base64; an imported one is gone, and what it changed is named.
    """
    return {
        "quiz_drafts": [_quiz(one) for one in building.drafts(session, user_id)],
        "question_drafts": [_question(one) for one in questions.drafts_of(session, user_id)],
        "uploads": [_upload(one) for one in imports.with_data(session, user_id)],
    }


def _quiz(kept: QuizDraft) -> dict[str, Any]:
    return {"quiz": kept.quiz, "saved_at": _time(kept.saved_at), "typed": draft.cleaned(kept.data)}


def _question(kept: QuestionDraft) -> dict[str, Any]:
    return {"question": kept.name, "type": kept.type, "saved_at": _time(kept.updated_at), "typed": kept.typed}


def _upload(batch: ImportBatch) -> dict[str, Any]:
    return {
        "file_name": batch.file_name,
        "format": batch.format,
        "uploaded_at": _time(batch.created_at),
        "imported_at": _time(batch.imported_at),
        "undone_at": _time(batch.undone_at),
        "questions": [one["name"] for one in batch.changes],
        "file": base64.b64encode(batch.data).decode() if batch.data else None,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

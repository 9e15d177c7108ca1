"""The quiz of a file as a draft for its teacher, who looks at it and saves it once its questions are ready."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.quiz_outline import OutlineSection, QuizOutline
from quizapp.services.building import draft, own
from quizapp.services.errors import NotFound
from quizapp.services.importing.preview import dry_run


def propose_quiz(session: Session, user_id: int, batch_id: uuid.UUID, *, key: str, now: datetime) -> str:
    """The quiz that the file holds as a draft; its name for now. ``key`` makes it unique. Raises ``NotFound``."""
    outline = dry_run(session, user_id, batch_id).outline
    if outline is None:
        raise NotFound("This file holds no quiz.")
    return own.begin(session, user_id=user_id, key=key, now=now, data=draft.cleaned(_typed(outline)))


def _typed(outline: QuizOutline) -> dict[str, Any]:
    """What the builder's form would hold."""
    return {
        "title": outline.title,
        "description": outline.description,
        "mode": "practice" if outline.is_practice else "test",
        "navigation": "one_way" if outline.is_one_way else "free",
        "time_limit": _length(outline.seconds),
        "shuffle_items": any(one.is_shuffled for one in outline.sections),
        "shuffle_options": True,
        "sections": [_section(one) for one in outline.sections],
    }


def _section(section: OutlineSection) -> dict[str, Any]:
    points = [f"{section.points[one]:f}" if one in section.points else "" for one in section.questions]
    return {"kind": "items", "title": section.title, "items": list(section.questions), "points": points}


def _length(seconds: int | None) -> str:
    if not seconds:
        return ""
    return f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"

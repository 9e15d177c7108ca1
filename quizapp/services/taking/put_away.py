"""Scores that are put away, because they would tell how good an answer to an open question is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services.reading.open_questions import open_questions
from quizapp.store import attempts
from quizapp.store.tables import Attempt


def scores_put_away(session: Session, mine: Sequence[Attempt], now: datetime) -> frozenset[uuid.UUID]:
    """Which of a student's attempts were handed in while a question of theirs is being asked in another one.

    No query where none is open, and two where some were handed in since.
    """
    began = min((one.started_at for one in mine if one.submitted_at is None), default=None)
    since = [one for one in mine if began and one.submitted_at is not None and one.submitted_at >= began]
    if not since:
        return frozenset()
    asked = open_questions(session, since[0].user_id, now=now)
    items = attempts.items_of(session, [one.id for one in since])
    return frozenset(one.id for one in since if asked.told_by_score(items[one.id], one.submitted_at))

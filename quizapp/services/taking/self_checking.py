"""Comparing one's own reason with the explanation: kept, never marked."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.reading import open_questions
from quizapp.services.taking.lines import visible_aspects
from quizapp.store import attempts, bank

NOT_YET = "The explanation is not shown yet, so there is nothing to compare your reason with."
NO_REASON = "You gave no reason here, so there is nothing to compare."


def self_check(
    session: Session, attempt_id: uuid.UUID, number: int, verdict: str, *, user_id: int, now: datetime
) -> None:
    """Keep what the student says of the own reason; later ones replace it.

    Raises ``NotFound``; ``Conflict`` where there is no reason, where a teacher marks it, or before the explanation.
    """
    attempt = attempts.find(session, attempt_id, user_id)
    slot = next((one for one in attempt.slots if one.number == number), None) if attempt else None
    if attempt is None or slot is None or verdict not in because.SELF_CHECKS:
        raise NotFound
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    final = slot.checked_at is not None or attempt.submitted_at is not None
    asked = open_questions(session, user_id, now=now)
    if not final or "explanation" not in visible_aspects(attempt, quiz, now) or slot.item in asked.places:
        raise Conflict(NOT_YET)
    answer = attempts.answers(session, [attempt_id]).get((attempt_id, number))
    if answer is None or answer.because is None or because.is_marked(attempt.mode, attempt.assignment_id):
        raise Conflict(NO_REASON)
    slot.self_check = verdict

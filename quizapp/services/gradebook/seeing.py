"""Which attempts a teacher may see: those at what own classes set, and what their students took of themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from quizapp.services.errors import NotFound
from quizapp.store import gradebook
from quizapp.store.tables import Attempt

NO_SUCH = "There is no such attempt, or it is not one of your students’."


def seen_by(session: Session, attempt_id: uuid.UUID, teacher_id: int) -> Attempt:
    """The attempt with its slots, if this teacher may see it; one query for the attempt, one for its slots.

    That is: a class of theirs set it; or its student is in a class of theirs and took it outside any class. What
    another teacher's class set is not theirs to see. Raises ``NotFound``, as for an attempt that there is not.
    """
    found = gradebook.attempt_of_teacher(session, attempt_id, teacher_id)
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def those_seen_by(session: Session, attempt_ids: Iterable[uuid.UUID], teacher_id: int) -> set[uuid.UUID]:
    """Which of these attempts this teacher may see; one query, none for none."""
    return gradebook.attempts_of_teacher(session, attempt_ids, teacher_id)

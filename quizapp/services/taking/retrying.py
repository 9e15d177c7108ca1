"""Practising again: attempts outside the grade, on what was missed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.quiz import Drawn, marks_available
from quizapp.services.errors import Conflict, NotAllowed
from quizapp.services.taking.finishing import close_overdue
from quizapp.services.taking.lines import visible_aspects
from quizapp.services.taking.results import missed_slots
from quizapp.services.taking.starting import own_attempt, slots_of
from quizapp.store import attempts, bank
from quizapp.store.tables import Attempt

PUT_AWAY = "What was missed stands in an attempt that is open just now. Finish that first; then you can practise it."


def retry(
    session: Session, attempt_id: uuid.UUID, *, user_id: int, new_id: uuid.UUID, seed: str, now: datetime
) -> Attempt:
    """A practice attempt on what was missed in a submitted one, or the open one, so that two presses start one.

    Raises ``NotFound``; ``Conflict`` where the attempt is still open, nothing was missed, or all of it is being asked
    in another open attempt; ``NotAllowed`` while the key may not be seen.
    """
    attempts.lock_user(session, user_id)
    close_overdue(session, now=now, user_id=user_id)
    old = own_attempt(session, attempt_id, user_id)
    if old.submitted_at is None:
        raise Conflict("Finish this attempt first; then you can practise what you missed.")
    quiz = bank.quizzes(session, [old.quiz_digest])[old.quiz_digest]
    if "key" not in visible_aspects(old, quiz, now):
        raise NotAllowed("The answers of this attempt are not shown yet, so it cannot be practised again yet.")
    begun = attempts.open_outside_the_grade(session, user_id, old.quiz, old.id)
    return begun or _new_retry(session, old, new_id, seed, now)


def _new_retry(session: Session, old: Attempt, new_id: uuid.UUID, seed: str, now: datetime) -> Attempt:
    missed = missed_slots(old.slots)
    if not missed:
        raise Conflict("Nothing was missed in this attempt. Well done; there is nothing to practise again.")
    being_asked = attempts.open_items(session, old.user_id)
    free = [slot for slot in missed if slot.item not in being_asked]
    if not free:
        raise Conflict(PUT_AWAY)
    items = bank.items(session, [slot.item_digest for slot in free])
    drawn = [_drawn(items[slot.item_digest], slot.section, f"{seed}:{slot.number}") for slot in free]
    attempt = outside_the_grade(session, drawn, (old.quiz, old.quiz_digest), old.user_id, new_id, seed, now)
    attempt.retry_of = old.id
    return attempt


def practice(
    session: Session,
    items: Sequence[Item],
    *,
    quiz: str,
    quiz_digest: str,
    user_id: int,
    new_id: uuid.UUID,
    seed: str,
    now: datetime,
) -> Attempt:
    """A practice attempt on these items, outside the grade, at a quiz whose version is kept already."""
    drawn = [_drawn(item, 0, f"{seed}:{number}") for number, item in enumerate(items, start=1)]
    return outside_the_grade(session, drawn, (quiz, quiz_digest), user_id, new_id, seed, now)


def outside_the_grade(
    session: Session,
    drawn: Sequence[Drawn],
    quiz: tuple[str, str],
    user_id: int,
    new_id: uuid.UUID,
    seed: str,
    now: datetime,
) -> Attempt:
    """A new practice attempt with the number 0; ``quiz`` is the quiz's id and digest."""
    name, digest = quiz
    attempt = Attempt(
        id=new_id, user_id=user_id, quiz=name, quiz_digest=digest, mode="practice", number=0, seed=seed,
        started_at=now, available=marks_available(drawn), slots=slots_of(session, drawn),
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    return attempt


def _drawn(item: Item, section: int, seed: str) -> Drawn:
    return Drawn(item, section, item.shuffled_order(seed))

"""What a reader may see now: which of their questions are open, and which they have seen reviewed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.domain.review_policy import moment, visible
from quizapp.services.errors import NotAllowed
from quizapp.services.reading.withholding import NOTHING, Withheld, withheld
from quizapp.store import bank, readers
from quizapp.store.readers import ReaderSlot


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that still takes answers."""

    id: uuid.UUID
    quiz: str  # its title


@dataclass(frozen=True)
class Reviewed:
    """A slot of the reader's whose key and evidence they may see. ``evidence`` maps what it names to digests."""

    item: Item
    digest: str
    evidence: Mapping[str, str]
    attempt_id: uuid.UUID
    number: int


@dataclass(frozen=True)
class Standing:
    """What a reader may see. ``pending`` are the open attempts for whose sake something is withheld."""

    withheld: Withheld = NOTHING
    pending: tuple[OpenAttempt, ...] = ()
    reviewed: tuple[Reviewed, ...] = ()

    def review_of(self, item: str | None, digest: str | None = None) -> Reviewed | None:
        """The newest review of this item (in this version, where one is asked for); None where there is none to see."""
        return next(
            (one for one in self.reviewed if one.item.id == item and digest in (None, one.digest)),
            None,
        )

    def reviewed_once(self) -> tuple[Reviewed, ...]:
        """The newest review of each item."""
        return tuple({one.item.id: one for one in reversed(self.reviewed)}.values())[::-1]


class SourcesClosed(NotAllowed):
    """The reader is taking a quiz without sources."""

    title = "Sources are closed for now"

    def __init__(self, attempt: OpenAttempt) -> None:
        super().__init__(
            f"You are taking “{attempt.quiz}”, which is taken without the sources. They open again when you submit it."
        )
        self.attempt = attempt


def standing(session: Session, user_id: int | None, *, now: datetime, named: str | None = None) -> Standing:
    """What the reader may see now. At most three queries. Raises ``SourcesClosed``.

    Reviews are those of items that name ``named``: a passage or a dispute, as «passage:…» or «dispute:…».
    """
    if user_id is None:
        return Standing()
    slots = readers.slots(session, user_id, named)
    quizzes = bank.quizzes(session, [slot.quiz_digest for slot in slots])
    _refuse_while_closed(slots, quizzes, now)
    items = bank.items(session, [slot.item_digest for slot in slots])
    open_slots = [slot for slot in slots if not is_final(slot, now)]
    kept = withheld(items[slot.item_digest] for slot in open_slots)
    return Standing(
        withheld=kept,
        pending=_attempts(open_slots, quizzes),
        reviewed=tuple(
            Reviewed(items[slot.item_digest], slot.item_digest, slot.evidence, slot.attempt_id, slot.number)
            for slot in slots
            if named in slot.evidence
            and slot.item not in kept.items
            and may_see_evidence(slot, quizzes[slot.quiz_digest], now)
        ),
    )


def is_final(slot: ReaderSlot, now: datetime) -> bool:
    """Whether the slot takes no more answers: its attempt has ended or, in practice, it has been checked."""
    return not slot.sitting.open(now) or (slot.mode == "practice" and slot.checked_at is not None)


def may_see_evidence(slot: ReaderSlot, quiz: Quiz, now: datetime) -> bool:
    """Whether the review policy shows this slot's key and evidence now.

    Evidence alone is not enough: a page that tells what supports the key from what does not would give the key away.
    """
    if not is_final(slot, now):
        return False
    ended = None if slot.sitting.open(now) else slot.sitting.submitted_at or slot.sitting.submission_time(now)
    overrides = {} if slot.is_retry else quiz.review
    return {"key", "evidence"} <= visible(slot.mode, overrides, moment(ended, now, slot.closes_at))


def _refuse_while_closed(slots: list[ReaderSlot], quizzes: Mapping[str, Quiz], now: datetime) -> None:
    for slot in slots:
        quiz = quizzes[slot.quiz_digest]
        if quiz.sources == "closed" and not slot.is_retry and slot.sitting.open(now):
            raise SourcesClosed(OpenAttempt(slot.attempt_id, quiz.title))


def _attempts(slots: list[ReaderSlot], quizzes: Mapping[str, Quiz]) -> tuple[OpenAttempt, ...]:
    found = {slot.attempt_id: quizzes[slot.quiz_digest].title for slot in slots}
    return tuple(OpenAttempt(attempt, title) for attempt, title in found.items())

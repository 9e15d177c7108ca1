"""What a student is being asked just now, and what that keeps back from them wherever else they look."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services.reading.standing import is_final
from quizapp.services.reading.withholding import NOTHING, Withheld, withheld
from quizapp.store import bank, readers


@dataclass(frozen=True)
class Place:
    """Where a question is being asked, and since when. ``quiz`` is its title."""

    attempt: uuid.UUID
    number: int
    since: datetime
    quiz: str


@dataclass(frozen=True)
class OpenQuestions:
    """The student's questions that still take answers: item → where, and what they keep back together.

    An item that is being asked in several places stands with the first of them. ``final`` are the questions of open
    attempts that are checked there, and still asked in another one.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    withheld: Withheld = NOTHING
    final: tuple[tuple[uuid.UUID, int], ...] = ()

    @property
    def quizzes(self) -> tuple[str, ...]:
        """The titles of the quizzes that ask; all of them, so that none tells which of them something would help."""
        return tuple(sorted({place.quiz for place in self.places.values()}))

    def told_by_score(self, items: Iterable[str], submitted_at: datetime | None) -> bool:
        """Whether the score of an attempt at these items would tell how good an answer to an open question is.

        A score of before the question was opened tells nothing new.
        """
        asked = (self.places[item] for item in items if item in self.places)
        return submitted_at is not None and any(place.since <= submitted_at for place in asked)

    def told_elsewhere(self, attempt: uuid.UUID) -> frozenset[int]:
        """The numbers of the attempt's checked questions that are still asked in another attempt."""
        return frozenset(number for one, number in self.final if one == attempt)


NONE_OPEN = OpenQuestions()


def open_questions(session: Session, user_id: int, *, now: datetime) -> OpenQuestions:
    """All of the student's open questions; one query once the items and quizzes are known."""
    slots = readers.slots(session, user_id)
    asked = [slot for slot in slots if not is_final(slot, now)]
    if not asked:
        return NONE_OPEN
    items = bank.items(session, [slot.item_digest for slot in asked])
    titles = {key: quiz.title for key, quiz in bank.quizzes(session, [slot.quiz_digest for slot in asked]).items()}
    places = {
        slot.item: Place(slot.attempt_id, slot.number, slot.sitting.started_at, titles[slot.quiz_digest])
        for slot in asked
    }
    return OpenQuestions(
        places,
        withheld(items[slot.item_digest] for slot in asked),
        final=tuple((slot.attempt_id, slot.number) for slot in slots if slot.item in places and is_final(slot, now)),
    )

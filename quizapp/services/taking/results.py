"""What came out: an attempt as its student may see it, against the versions that it was set."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.attempt import Saved, Standing
from quizapp.domain.certainty import SURE
from quizapp.domain.item import Item, Question, Review, is_blank
from quizapp.domain.marking import from_units
from quizapp.domain.quiz import MISTAKES, Quiz
from quizapp.domain.review_policy import NOTHING, moment, visible
from quizapp.domain.source import Evidence
from quizapp.services.errors import NotFound
from quizapp.services.taking.finishing import needs_closing
from quizapp.store import attempts, bank, readers
from quizapp.store.answers import MarkedSlot
from quizapp.store.sheets import Sheet, SheetSlot
from quizapp.store.tables import Attempt, Slot


@dataclass(frozen=True)
class Line:
    """One slot of a result. What the review policy hides is None or empty; ``item`` and ``version`` go with the key."""

    attempt: uuid.UUID
    number: int
    question: Question
    review: Review
    answered: bool
    flagged: bool
    fraction: Decimal | None
    mark: Decimal | None
    available: Decimal
    reason: str | None
    parts: Mapping[str, Decimal]
    explanation: str | None
    evidence: tuple[Evidence, ...]
    disputes: tuple[str, ...]
    item: str | None
    version: str | None
    certainty: int | None = None
    late: tuple[Review, ...] = ()
    put_away: bool = False  # its student has the same question open in another attempt
    changed: bool = False  # the question, or a passage or dispute that it names, has a newer version

    @property
    def outcome(self) -> str | None:
        """The fraction in one word; None where it may not be seen or a person has still to mark."""
        return outcome(self.fraction)

    @property
    def passages(self) -> set[str]:
        """The passages that the line names."""
        named = {one.passage for one in self.evidence} | set(self.question.passages)
        for option in self.review.lines:
            named |= {one.passage for one in option.evidence}
            named |= {option.true_in} if option.true_in else set()
        return named


def outcome(fraction: Decimal | None) -> str | None:
    """A fraction in one word: right, partly or wrong; None for None."""
    if fraction is None:
        return None
    return "right" if fraction == 1 else "partly" if fraction > 0 else "wrong"


@dataclass(frozen=True)
class ResultPage:
    """An attempt after submission. ``mark``, ``percent`` and ``passed`` are None where the score may not be seen."""

    id: uuid.UUID
    quiz: Quiz
    mode: str
    number: int
    retry: bool
    started_at: datetime
    submitted_at: datetime | None
    overdue: bool
    closing: bool
    mark: Decimal | None
    available: Decimal
    percent: Decimal | None
    passed: bool | None
    lines: tuple[Line, ...]
    missed: int | None
    may_retry: bool

    @property
    def of_mistakes(self) -> bool:
        """Whether this was a practice of mistakes from all quizzes."""
        return self.quiz.id == MISTAKES.id

    @property
    def sure_and_wrong(self) -> tuple[Line, ...]:
        """The answers that their student was sure of and that earned less than the full mark, as far as seen."""
        return tuple(
            one for one in self.lines if one.certainty == SURE and one.answered and one.outcome in ("partly", "wrong")
        )

    @property
    def passages(self) -> set[str]:
        """The passages that the page names."""
        return {ref for line in self.lines for ref in line.passages}


def visible_aspects(attempt: Attempt | Sheet | MarkedSlot, quiz: Quiz, now: datetime) -> frozenset[str]:
    """What may be seen of the attempt now (of final slots only while it runs)."""
    overrides = quiz.review if attempt.number > 0 else {}
    return visible(attempt.mode, {**overrides}, moment(attempt.submitted_at, now))


def result_page(session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime) -> ResultPage:
    """The user's own attempt with all that may be seen of it. Raises ``NotFound``.

    While it is open, ``submitted_at`` is None and there are no lines.
    """
    attempt = attempts.find(session, attempt_id, user_id)
    if attempt is None:
        raise NotFound
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    seen = visible_aspects(attempt, quiz, now)
    lines = _lines(session, attempt, seen, now) if attempt.submitted_at is not None else ()
    percent = attempt.mark * 100 / attempt.available if attempt.mark is not None and "score" in seen else None
    missed = len(missed_slots(attempt))
    return ResultPage(
        id=attempt.id,
        quiz=quiz,
        mode=attempt.mode,
        number=attempt.number,
        retry=attempt.number == 0,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        overdue=attempt.overdue,
        closing=needs_closing(attempt, now),
        mark=attempt.mark if "score" in seen else None,
        available=attempt.available,
        percent=percent,
        passed=None if percent is None or quiz.pass_mark is None else percent >= quiz.pass_mark,
        lines=lines,
        missed=missed if "correctness" in seen else None,
        may_retry=attempt.submitted_at is not None and missed > 0 and "key" in seen,
    )


def missed_slots(attempt: Attempt) -> list[Slot]:
    """The slots of a submitted attempt that earned less than the full mark; what a person has still to mark, never."""
    return [slot for slot in attempt.slots if slot.fraction is not None and slot.fraction < 1]


def _lines(session: Session, attempt: Attempt, seen: frozenset[str], now: datetime) -> tuple[Line, ...]:
    """Each slot; of an item that its student has open elsewhere just now, only what was answered."""
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    answers = attempts.answers(session, [attempt.id])
    late = attempts.others(session, attempt.id, [Standing.LATE])
    newest = _newest(session, attempt.slots)
    is_open = readers.open_items(session, attempt.user_id, now)
    found = (
        line(
            slot,
            items[slot.item_digest],
            answers.get((attempt.id, slot.number)),
            NOTHING if slot.item in is_open else seen,
            late.get(slot.number, ()),
        )
        for slot in attempt.slots
    )
    return tuple(
        replace(one, changed=not _named(slot).items() <= newest.items(), put_away=slot.item in is_open)
        for one, slot in zip(found, attempt.slots, strict=True)
    )


def _named(slot: Slot) -> dict[str, str]:
    """«kind:name» → digest of the item, passages and disputes that the slot was set with."""
    return {f"item:{slot.item}": slot.item_digest, **slot.evidence}


def _newest(session: Session, slots: list[Slot]) -> dict[str, str]:
    """«kind:name» → digest that is published now, of all that the slots name; one query."""
    return bank.current_of(session, {name for slot in slots for name in _named(slot)})


def line(
    slot: Slot | SheetSlot,
    item: Item,
    answer: Saved | None,
    seen: frozenset[str],
    late: list[Saved] | tuple[Saved, ...] = (),
) -> Line:
    """What may be seen of a final slot. A reason tells both what was right and what it earned, so it needs both."""
    response = answer.response if answer else None
    key = "key" in seen
    return Line(
        attempt=slot.attempt_id,
        number=slot.number,
        question=item.ask(slot.order),
        review=item.review(response, slot.order).only(seen),
        answered=not is_blank(response),
        flagged=slot.flagged,
        fraction=slot.fraction if "correctness" in seen else None,
        mark=slot.mark if "marks" in seen else None,
        available=slot.available,
        reason=slot.reason if {"marks", "correctness"} <= seen else None,
        parts={name: from_units(units) for name, units in slot.parts.items()} if "marks" in seen else {},
        explanation=item.explanation if "explanation" in seen else None,
        evidence=item.evidence if "evidence" in seen else (),
        disputes=item.disputes if "evidence" in seen else (),
        item=item.id if key else None,
        version=slot.item_digest if key else None,
        certainty=answer.certainty if answer else None,
        late=tuple(item.review(one.response, slot.order).only(frozenset()) for one in late),
    )

"""One slot of an attempt as its student may see it: what the review policy shows, and no open question keeps back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from quizapp.domain import because
from quizapp.domain.attempt import Saved, Standing
from quizapp.domain.item import Item, Question, Review, is_blank
from quizapp.domain.marking import from_units
from quizapp.domain.quiz import Quiz
from quizapp.domain.review_policy import NOTHING, moment, visible
from quizapp.domain.source import Evidence
from quizapp.services.reading import NONE_OPEN, OpenQuestions, Place
from quizapp.services.taking.corrections import Correction
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
    unsourced: str | None = None  # why no evidence was given
    certainty: int | None = None
    because: str | None = None  # the reason that its student gave
    points: int | None = None  # of two, that a teacher gave the reason
    waiting: bool = False  # for a person's mark
    self_check: str | None = None  # of the reason, by its student: a key of ``because.SELF_CHECKS``
    may_self_check: bool = False
    late: tuple[Review, ...] = ()
    not_chosen: tuple[Review, ...] = ()  # written on another device, and something else was kept
    asked_in: Place | None = None  # where its student has the same question open; until then nothing of it is shown
    comment: str | None = None  # a teacher's words to the student
    spared: tuple[str, ...] = ()  # quotes or disputes are left out for what these quizzes ask now
    corrections: tuple[Correction, ...] = ()  # what was marked anew since, the earliest first
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
        for one in self.corrections:
            named |= {proof.passage for proof in one.key.evidence} if one.key else set()
        return named


def outcome(fraction: Decimal | None) -> str | None:
    """A fraction in one word: right, partly or wrong; None for None."""
    if fraction is None:
        return None
    return "right" if fraction == 1 else "partly" if fraction > 0 else "wrong"


def visible_aspects(attempt: Attempt | Sheet | MarkedSlot, quiz: Quiz, now: datetime) -> frozenset[str]:
    """What may be seen of the attempt now (of final slots only while it runs)."""
    overrides = quiz.review if attempt.number != 0 else {}
    return visible(attempt.mode, {**overrides}, moment(attempt.submitted_at, now, attempt.closes_at))


def line(
    slot: Slot | SheetSlot,
    item: Item,
    answer: Saved | None,
    seen: frozenset[str],
    *,
    others: Sequence[Saved] = (),
    asked: OpenQuestions = NONE_OPEN,
    by_teacher: bool = False,
) -> Line:
    """What may be seen of a final slot while these questions are open; of one that is itself open, only the answer.

    ``others``: what was written besides and does not count. ``by_teacher``: whether a teacher marks reasons here.
    """
    place = asked.places.get(item.id)
    allowed = seen if place is None else NOTHING
    found = _with_reason(_line(slot, item, answer, allowed, others), slot, answer, by_teacher)
    return replace(_spared(found, asked), asked_in=place)


def _with_reason(found: Line, slot: Slot | SheetSlot, answer: Saved | None, by_teacher: bool) -> Line:
    """The line with the reason, if one was given, and what became of it."""
    reason = answer.because if answer else None
    waiting = slot.fraction is None
    return replace(
        found,
        because=reason,
        points=because.points_of(found.parts) if reason and not waiting else None,
        waiting=waiting,
        self_check=None if by_teacher else slot.self_check,
        may_self_check=reason is not None and not by_teacher and found.explanation is not None,
    )


def _line(
    slot: Slot | SheetSlot,
    item: Item,
    answer: Saved | None,
    seen: frozenset[str],
    others: Sequence[Saved],
) -> Line:
    """What the policy shows. A reason tells both what was right and what it earned, so it needs both."""
    response = answer.response if answer else None
    key = "key" in seen
    late = [one for one in others if one.standing is Standing.LATE]
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
        unsourced=item.unsourced if "evidence" in seen else None,
        item=item.id if key else None,
        version=slot.item_digest if key else None,
        certainty=answer.certainty if answer else None,
        late=tuple(_unmarked(item, slot, one) for one in late),
        not_chosen=tuple(_unmarked(item, slot, one) for one in _not_chosen(answer, late, others)),
    )


def _not_chosen(answer: Saved | None, late: Sequence[Saved], others: Sequence[Saved]) -> list[Saved]:
    """What differed from another device's answer and was left at that, each thing once.

    Not what the same page replaced by the answer that counts, nor what is told otherwise.
    """
    told = [_words(one) for one in (answer, *late) if one is not None]
    found = []
    for one in others:
        is_replaced = answer is not None and answer.stamp.client == one.stamp.client
        if one.standing is Standing.CONFLICT and not is_replaced and _words(one) not in (*told, (None, None)):
            found.append(one)
            told.append(_words(one))
    return found


def _words(one: Saved) -> tuple[object, str | None]:
    return None if is_blank(one.response) else one.response, one.because


def _unmarked(item: Item, slot: Slot | SheetSlot, one: Saved) -> Review:
    """What does not count, its reason included; nothing of it is marked."""
    review = item.review(one.response, slot.order).only(frozenset())
    if one.because is None:
        return review
    return replace(review, given=f"{review.given or 'no answer'}, because: {one.because}")


def _spared(found: Line, asked: OpenQuestions) -> Line:
    """The line without the quotes and disputes that open questions keep back; what it asked with stays."""
    kept = asked.withheld
    if not kept:
        return found

    def left(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(one if one in found.question.places else kept.spared(one) for one in evidence)

    lines = tuple(replace(one, evidence=left(one.evidence)) for one in found.review.lines)
    disputes = tuple(name for name in found.disputes if name not in kept.disputes)
    review = replace(found.review, lines=lines)
    spared = replace(found, review=review, evidence=left(found.evidence), disputes=disputes)
    return replace(spared, spared=asked.quizzes if spared != found else ())

"""One slot of an attempt as its student may see it: what the review policy shows, and no open question keeps back."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

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
from quizapp.store.sheets import Sheet, SheetSlot, WholeSheet
from quizapp.store.tables import Attempt, Slot

KEPT = 2048  # faces, in each process: of some 2 kB each


@dataclass(frozen=True)
class Line:
    """One slot of a result. What the review policy hides is None or empty; ``item`` and ``version`` go with the key.

    Lines with the same ``alike`` have the same question, review, explanation, evidence, disputes, item and version, and
    the same reason for there being no source; it is None where nothing is known to be like this one.
    """

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
    named: tuple[str, ...] = ()  # the passages of the question, its review and its evidence, sorted
    alike: Hashable = None

    @property
    def outcome(self) -> str | None:
        """The fraction in one word; None where it may not be seen or a person has still to mark."""
        return outcome(self.fraction)

    @property
    def passages(self) -> set[str]:
        """The passages that the line names."""
        named = set(self.named)
        for one in self.corrections:
            named |= {proof.passage for proof in one.key.evidence} if one.key else set()
        return named


@dataclass(frozen=True)
class Since:
    """What became of a slot after its attempt was handed in, as far as its student may see it."""

    changed: bool = False
    comment: str | None = None
    corrections: tuple[Correction, ...] = ()


def outcome(fraction: Decimal | None) -> str | None:
    """A fraction in one word: right, partly or wrong; None for None."""
    if fraction is None:
        return None
    return "right" if fraction == 1 else "partly" if fraction > 0 else "wrong"


def visible_aspects(attempt: Attempt | Sheet | WholeSheet | MarkedSlot, quiz: Quiz, now: datetime) -> frozenset[str]:
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
    since: Since = Since(),
) -> Line:
    """What may be seen of a final slot while these questions are open; of one that is itself open, only the answer.

    ``others``: what was written besides and does not count. ``by_teacher``: whether a teacher marks reasons here. A
    reason tells both what was right and what it earned, so it needs both.
    """
    place = asked.places.get(item.id)
    allowed = seen if place is None else NOTHING
    response, reason = (answer.response, answer.because) if answer else (None, None)
    given = _Given(slot.item_digest, tuple(slot.order), repr(response), allowed, item, response)
    face, key, marks = _face(given), "key" in allowed, "marks" in allowed
    parts = {name: from_units(units) for name, units in slot.parts.items()} if marks else {}
    late = [one for one in others if one.standing is Standing.LATE]
    waiting = slot.fraction is None
    found = Line(
        attempt=slot.attempt_id,
        number=slot.number,
        question=face.question,
        review=face.review,
        answered=not is_blank(response),
        flagged=slot.flagged,
        fraction=slot.fraction if "correctness" in allowed else None,
        mark=slot.mark if marks else None,
        available=slot.available,
        reason=slot.reason if marks and "correctness" in allowed else None,
        parts=parts,
        explanation=face.explanation,
        evidence=face.evidence,
        disputes=face.disputes,
        unsourced=face.unsourced,
        item=item.id if key else None,
        version=slot.item_digest if key else None,
        certainty=answer.certainty if answer else None,
        because=reason,
        points=because.points_of(parts) if reason and not waiting else None,
        waiting=waiting,
        self_check=None if by_teacher else slot.self_check,
        may_self_check=reason is not None and not by_teacher and face.explanation is not None,
        late=tuple(_unmarked(item, slot, one) for one in late),
        not_chosen=tuple(_unmarked(item, slot, one) for one in _not_chosen(answer, late, others)),
        asked_in=place,
        comment=since.comment,
        corrections=since.corrections,
        changed=since.changed,
        named=face.named,
        alike=given,
    )
    return _spared(found, asked) if asked.withheld else found


@dataclass(frozen=True)
class _Given:
    """A version with the order in which it was asked, what was answered, and what of that may be seen."""

    digest: str
    order: tuple[int, ...]
    words: str
    seen: frozenset[str]
    item: Item = field(compare=False, repr=False)
    response: Any = field(compare=False, repr=False)


@dataclass(frozen=True)
class _Face:
    """What the review policy shows of a version and an answer to it, whosever that is."""

    question: Question
    review: Review
    explanation: str | None
    evidence: tuple[Evidence, ...]
    disputes: tuple[str, ...]
    unsourced: str | None
    named: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def _face(given: _Given) -> _Face:
    """Versions never change, and a class is asked the same: what they see is put together once."""
    item, shows_evidence = given.item, "evidence" in given.seen
    question = item.ask(given.order)
    review = item.review(given.response, given.order).only(given.seen)
    evidence = item.evidence if shows_evidence else ()
    return _Face(
        question=question,
        review=review,
        explanation=item.explanation if "explanation" in given.seen else None,
        evidence=evidence,
        disputes=item.disputes if shows_evidence else (),
        unsourced=item.unsourced if shows_evidence else None,
        named=tuple(sorted(_named(question, review, evidence))),
    )


def _named(question: Question, review: Review, evidence: Sequence[Evidence]) -> set[str]:
    named = {one.passage for one in evidence} | set(question.passages)
    for option in review.lines:
        named |= {one.passage for one in option.evidence}
        named |= {option.true_in} if option.true_in else set()
    return named


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

    def left(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(one if one in found.question.places else kept.spared(one) for one in evidence)

    lines = tuple(replace(one, evidence=left(one.evidence)) for one in found.review.lines)
    disputes = tuple(name for name in found.disputes if name not in kept.disputes)
    review = replace(found.review, lines=lines)
    spared = replace(found, review=review, evidence=left(found.evidence), disputes=disputes)
    return found if spared == found else replace(spared, spared=asked.quizzes, alike=None)

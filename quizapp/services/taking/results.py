"""What came out: an attempt as its student may see it, against the versions that it was set."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.attempt import Standing
from quizapp.domain.certainty import SURE
from quizapp.domain.marking import less
from quizapp.domain.quiz import MISTAKES, Quiz
from quizapp.services.errors import NotFound, SignInNeeded
from quizapp.services.reading import OpenQuestions, open_questions
from quizapp.services.taking.corrections import corrections
from quizapp.services.taking.finishing import lateness, needs_closing, time_ran_out
from quizapp.services.taking.lines import Line, Since, line, visible_aspects
from quizapp.services.taking.starting import percent as percent_of
from quizapp.store import attempts, bank, marks, sheets
from quizapp.store.mark_tables import WHOLE_ATTEMPT
from quizapp.store.sheets import SheetSlot, WholeSheet
from quizapp.store.tables import Slot

PASSAGE = "passage:"
AnySlot = TypeVar("AnySlot", Slot, SheetSlot)


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
    time_ran_out: bool
    closing: bool
    mark: Decimal | None
    score_put_away: bool  # while a question of it is being asked in another attempt
    available: Decimal
    percent: Decimal | None
    passed: bool | None
    lines: tuple[Line, ...]
    missed: int | None
    may_retry: bool
    assignment_id: int | None = None
    late_by: timedelta | None = None
    late_percent: int = 0  # of ``whole_mark``, taken off for handing in late
    whole_mark: Decimal | None = None
    comment: str | None = None  # a teacher's words to the student
    set_because: str | None = None  # why a teacher set the whole mark by hand
    waiting: bool = False  # the score may be seen once a teacher has marked what waits
    published: Mapping[str, str | None] = field(default_factory=dict)  # «kind:name» → digest, of what the slots name

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
    def corrected(self) -> tuple[Line, ...]:
        """The questions that were marked anew since, as far as seen."""
        return tuple(one for one in self.lines if one.corrections)

    @property
    def passages(self) -> set[str]:
        """The passages that the page names."""
        return {ref for line in self.lines for ref in line.passages}


def result_page(
    session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime, epoch: int | None = None
) -> ResultPage:
    """The user's own attempt with all that may be seen of it; four queries once the items are known.

    While it is open, ``submitted_at`` is None and there are no lines. Raises ``NotFound``; ``SignInNeeded`` where
    ``epoch`` is given and the account has ended that session.
    """
    attempt = sheets.whole_sheet(session, attempt_id, user_id)
    if attempt is None:
        raise NotFound
    if epoch is not None and attempt.session_epoch != epoch:
        raise SignInNeeded
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    seen = visible_aspects(attempt, quiz, now)
    asked = open_questions(session, user_id, now=now)
    published = _published(session, attempt.slots) if attempt.submitted_at is not None else {}
    lines = _lines(session, attempt, seen, asked, published) if attempt.submitted_at is not None else ()
    put_away = asked.told_by_score((slot.item for slot in attempt.slots), attempt.submitted_at)
    mark = less(attempt.mark, attempt.late_percent) if "score" in seen and not put_away else None
    percent = percent_of(mark, attempt.available)
    missed = sum(1 for slot in missed_slots(attempt.slots) if slot.item not in asked.places)
    return ResultPage(
        id=attempt.id,
        quiz=quiz,
        mode=attempt.mode,
        number=attempt.number,
        retry=attempt.number == 0,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        time_ran_out=time_ran_out(attempt),
        closing=needs_closing(attempt, now),
        mark=mark,
        score_put_away="score" in seen and put_away,
        available=attempt.available,
        percent=percent,
        passed=None if percent is None or quiz.pass_mark is None else percent >= quiz.pass_mark,
        lines=lines,
        missed=missed if "correctness" in seen else None,
        may_retry=attempt.submitted_at is not None and missed > 0 and "key" in seen,
        assignment_id=attempt.assignment_id,
        late_by=lateness(attempt),
        late_percent=attempt.late_percent,
        whole_mark=attempt.mark if mark is not None else None,
        comment=attempt.comment if "score" in seen and not put_away else None,
        set_because=_set_because(session, attempt) if mark is not None else None,
        waiting=attempt.submitted_at is not None and attempt.mark is None and "score" in seen and not put_away,
        published=published,
    )


def _set_because(session: Session, attempt: WholeSheet) -> str | None:
    """Why the whole mark was set by hand; no query where it was not."""
    if attempt.set_mark is None:
        return None
    return next((one.why for one in reversed(marks.history(session, [attempt.id])) if one.slot == WHOLE_ATTEMPT), None)


def missed_slots(slots: Iterable[AnySlot]) -> list[AnySlot]:
    """Of a submitted attempt those that earned less than the full mark; what a person has still to mark, never."""
    return [slot for slot in slots if slot.fraction is not None and slot.fraction < 1]


def _lines(
    session: Session,
    attempt: WholeSheet,
    seen: frozenset[str],
    asked: OpenQuestions,
    published: Mapping[str, str | None],
) -> tuple[Line, ...]:
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    besides = [Standing.LATE, Standing.CONFLICT]
    others = attempts.others(session, attempt.id, besides) if attempt.has_others else {}
    corrected = corrections(session, attempt, seen, asked)
    by_teacher = because.is_marked(attempt.mode, attempt.assignment_id)
    return tuple(
        line(
            slot,
            items[slot.item_digest],
            slot.answer,
            seen,
            others=others.get(slot.number, ()),
            asked=asked,
            by_teacher=by_teacher,
            since=Since(
                changed=not _named(slot).items() <= published.items(),
                comment=slot.comment if "marks" in seen and slot.item not in asked.places else None,
                corrections=corrected.get(slot.number, ()),
            ),
        )
        for slot in attempt.slots
    )


def _named(slot: SheetSlot) -> dict[str, str]:
    """«kind:name» → digest of the item, passages and disputes that the slot was set with."""
    return {f"item:{slot.item}": slot.item_digest, **slot.evidence}


def _published(session: Session, slots: Iterable[SheetSlot]) -> dict[str, str | None]:
    """«kind:name» → digest that is published now, of all that the slots name, and of the sources; one query."""
    named = {name for slot in slots for name in _named(slot)}
    passages = [name.removeprefix(PASSAGE) for name in named if name.startswith(PASSAGE)]
    wanted = named | {f"source:{ref.partition('/')[0]}" for ref in passages}
    return dict.fromkeys(wanted) | bank.current_of(session, wanted)

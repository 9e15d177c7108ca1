"""What the pages of a running attempt show: a question, and the summary before submitting."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.attempt import Stamp
from quizapp.domain.item import Question
from quizapp.domain.quiz import MISTAKES, Quiz
from quizapp.services.errors import NotFound, SignInNeeded
from quizapp.services.reading import NONE_OPEN, OpenQuestions, ShownPassage, open_questions, shown_passages
from quizapp.services.taking.lines import Line, line, outcome, visible_aspects
from quizapp.services.taking.saving import answer_form
from quizapp.store import attempts, bank, sheets
from quizapp.store.attempts import Look
from quizapp.store.sheets import NO_SLOT, Sheet, SheetSlot


class Step(NamedTuple):
    """A slot in the attempt's navigation. ``outcome`` only of a slot whose result may be seen."""

    number: int
    section: str | None
    answered: bool
    flagged: bool
    checked: bool
    outcome: str | None = None  # right | partly | wrong


class Steps(tuple[Step, ...]):  # noqa: SLOT001 it keeps its hash
    """The steps of an attempt, whose hash is worked out once: pages remember by it what they have drawn."""

    def __hash__(self) -> int:
        """As of any tuple."""
        found: int | None = self.__dict__.get("hashed")
        if found is None:
            found = self.__dict__["hashed"] = super().__hash__()
        return found


@dataclass(frozen=True)
class AttemptFrame:
    """What surrounds every page of an attempt. ``closing``: the clock has ended it; submit it, then look again."""

    id: uuid.UUID
    quiz: Quiz
    mode: str
    retry: bool
    steps: tuple[Step, ...]
    deadline: datetime | None
    seconds_left: int | None
    submitted: bool
    closing: bool
    reached: int | None = None  # where the questions go one way: the only one that is open

    @property
    def repeats_one(self) -> bool:
        """Whether it asks again what one attempt missed; what all missed is a quiz of its own."""
        return self.retry and self.quiz.id != MISTAKES.id

    @property
    def unanswered(self) -> tuple[Step, ...]:
        """The steps without an answer; one that was given up is done with."""
        return tuple(step for step in self.steps if not step.answered and not step.checked)

    @property
    def ahead(self) -> tuple[Step, ...]:
        """Where the questions go one way: those that have not been asked yet."""
        return tuple(step for step in self.steps if self.reached is not None and step.number > self.reached)

    @property
    def resting_place(self) -> int | None:
        """The question to come back to: the first that waits for an answer, or for its check; None where none does."""
        steps = self.steps[(self.reached or 1) - 1 :]
        todo = [one.number for one in steps if not (one.checked if self.mode == "practice" else one.answered)]
        if self.reached is None:
            return todo[0] if todo else None
        return self.reached if todo else None

    @property
    def flagged(self) -> tuple[Step, ...]:
        """The steps to come back to."""
        return tuple(step for step in self.steps if step.flagged)


@dataclass(frozen=True)
class QuestionPage:
    """One slot: the question with the answer so far or, once it is final and may be seen, its review.

    ``drawn``, the item's digest and the order of its options, tells questions apart; it is not for pages to show.
    """

    frame: AttemptFrame
    number: int
    question: Question
    drawn: tuple[str, tuple[int, ...]]
    form: dict[str, list[str]]
    base: Stamp | None
    checked: bool
    review: Line | None
    first_time: bool
    shown: Mapping[str, ShownPassage]
    reason_rule: str | None = None  # how a reason counts, where one is asked for

    @property
    def likeness(self) -> Hashable:
        """Equal for pages that ask the same in the same order beside the same passages, with the same answer so far."""
        answer = tuple((name, *values) for name, values in self.form.items())
        return (*self.drawn, answer, tuple(self.shown.values()))

    @property
    def given(self) -> tuple[ShownPassage, ...]:
        """What the question gives to read before it asks."""
        return tuple(self.shown[ref] for ref in self.question.show if ref in self.shown)

    @property
    def passages(self) -> set[str]:
        """The passages that the page names."""
        return self.review.passages if self.review else set(self.question.passages)

    @property
    def step(self) -> Step:
        """This slot in the navigation."""
        return self.frame.steps[self.number - 1]


def frame(
    session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime, epoch: int | None = None
) -> AttemptFrame:
    """The attempt without any question: whether it is open, closing or submitted; one query, two where it has outcomes.

    Raises ``NotFound``; ``SignInNeeded`` where ``epoch`` is given and the account has ended that session.
    """
    sheet = _load(session, attempt_id, NO_SLOT, user_id, epoch)
    return _frame(sheet, _quiz(session, sheet), _asked(session, sheet, user_id, now), now)


def question_page(
    session: Session,
    attempt_id: uuid.UUID,
    number: int,
    *,
    user_id: int,
    now: datetime,
    epoch: int | None = None,
) -> QuestionPage:
    """A slot of the user's own attempt; one query once the items are known, two where some are checked.

    Raises as ``frame`` does.
    """
    sheet = _load(session, attempt_id, number, user_id, epoch)
    slot = sheet.slot
    if slot is None:
        raise NotFound("This attempt has no such question.")
    item, order = bank.item(session, slot.item_digest), slot.order
    quiz, asked = _quiz(session, sheet), _asked(session, sheet, user_id, now)
    seen = visible_aspects(sheet, quiz, now)
    question = item.ask(order)
    by_teacher = because.is_marked(sheet.mode, sheet.assignment_id)
    return QuestionPage(
        frame=_frame(sheet, quiz, asked, now),
        number=number,
        question=question,
        drawn=(slot.item_digest, order),
        form=answer_form(item, slot.answer, order) if slot.answer else {},
        base=slot.answer.stamp if slot.answer else None,
        checked=slot.checked_at is not None,
        review=line(slot, item, slot.answer, seen, asked=asked, by_teacher=by_teacher) if slot.checked_at else None,
        first_time=slot.first_shown_at is None,
        shown=_shown(session, slot, question),
        reason_rule=because.RULE[by_teacher] if item.because else None,
    )


def _shown(session: Session, slot: SheetSlot, question: Question) -> dict[str, ShownPassage]:
    """The passages beside the question by reference, as they were when the attempt began; no query where none are."""
    refs = question.passages
    evidence = slot.evidence if refs else {}
    digests = {ref: evidence[f"passage:{ref}"] for ref in refs if f"passage:{ref}" in evidence}
    return {one.ref: one for one in shown_passages(session, digests)}


def mark_shown(session: Session, looks: Sequence[Look]) -> None:
    """Note when slots were first shown."""
    attempts.mark_shown(session, looks)


def leave(session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int) -> None:
    """Go on to the next question for good, where the questions go one way; elsewhere, or from another, nothing."""
    attempts.leave(session, attempt_id, number, user_id=user_id)


def _load(session: Session, attempt_id: uuid.UUID, number: int, user_id: int, epoch: int | None) -> Sheet:
    sheet = sheets.sheet(session, attempt_id, user_id, number)
    if sheet is None:
        raise NotFound
    if epoch is not None and sheet.session_epoch != epoch:
        raise SignInNeeded
    return sheet


def _quiz(session: Session, sheet: Sheet) -> Quiz:
    return bank.quizzes(session, [sheet.quiz_digest])[sheet.quiz_digest]


def _asked(session: Session, sheet: Sheet, user_id: int, now: datetime) -> OpenQuestions:
    """The student's open questions; not asked for where nothing is checked, so that there is nothing to keep back."""
    return open_questions(session, user_id, now=now) if sheets.some_checked(sheet.states) else NONE_OPEN


def _frame(sheet: Sheet, quiz: Quiz, asked: OpenQuestions, now: datetime) -> AttemptFrame:
    shown = "correctness" in visible_aspects(sheet, quiz, now)
    return AttemptFrame(
        id=sheet.id,
        quiz=quiz,
        mode=sheet.mode,
        retry=sheet.number == 0,
        steps=_steps(
            sheet.states, tuple(section.title for section in quiz.sections), shown, asked.told_elsewhere(sheet.id)
        ),
        deadline=sheet.sitting.deadline,
        seconds_left=sheet.sitting.seconds_left(now),
        submitted=sheet.submitted_at is not None,
        closing=sheet.sitting.overdue(now),
        reached=sheet.reached,
    )


@lru_cache(maxsize=1024)
def _steps(states: str, titles: tuple[str | None, ...], shown: bool, put_away: frozenset[int]) -> Steps:
    """The steps of an attempt whose slots stand so; a class that works through a quiz has many alike."""
    return Steps(
        Step(
            number=state.number,
            section=titles[state.section] if state.section < len(titles) else None,
            answered=state.answered,
            flagged=state.flagged,
            checked=state.checked,
            outcome=outcome(state.fraction) if shown and state.checked and state.number not in put_away else None,
        )
        for state in sheets.states(states)
    )

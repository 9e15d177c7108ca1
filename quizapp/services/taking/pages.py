"""What the pages of a running attempt show: a question, and the summary before submitting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.attempt import Saved, Stamp
from quizapp.domain.item import Item, Question, is_blank
from quizapp.domain.quiz import Quiz
from quizapp.services.errors import NotFound
from quizapp.services.reading import ShownPassage, shown_passages
from quizapp.services.taking.finishing import needs_closing
from quizapp.services.taking.results import Line, line, outcome, visible_aspects
from quizapp.store import attempts, bank
from quizapp.store.tables import Attempt, Slot


@dataclass(frozen=True)
class Step:
    """A slot in the attempt's navigation. ``fraction`` only of a slot whose result may be seen."""

    number: int
    section: str | None
    answered: bool
    flagged: bool
    checked: bool
    outcome: str | None = None  # right | partly | wrong


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

    @property
    def unanswered(self) -> tuple[Step, ...]:
        """The steps without an answer."""
        return tuple(step for step in self.steps if not step.answered)

    @property
    def flagged(self) -> tuple[Step, ...]:
        """The steps to come back to."""
        return tuple(step for step in self.steps if step.flagged)


@dataclass(frozen=True)
class QuestionPage:
    """One slot: the question with the answer so far or, once it is final and may be seen, its review."""

    frame: AttemptFrame
    number: int
    question: Question
    form: dict[str, list[str]]
    base: Stamp | None
    checked: bool
    review: Line | None
    first_time: bool
    shown: tuple[ShownPassage, ...]

    @property
    def passages(self) -> set[str]:
        """The passages that the page names."""
        return self.review.passages if self.review else set(self.question.show)

    @property
    def step(self) -> Step:
        """This slot in the navigation."""
        return self.frame.steps[self.number - 1]


def frame(session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime) -> AttemptFrame:
    """The attempt without any question: whether it is open, closing or submitted. Raises ``NotFound``."""
    attempt, answers = _load(session, attempt_id, user_id)
    return _frame(session, attempt, answers, now)


def question_page(session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int, now: datetime) -> QuestionPage:
    """A slot of the user's own attempt; two queries once the items are known. Raises ``NotFound``."""
    attempt, answers = _load(session, attempt_id, user_id)
    slot = next((one for one in attempt.slots if one.number == number), None)
    if slot is None:
        raise NotFound("This attempt has no such question.")
    item = bank.item(session, slot.item_digest)
    answer = answers.get(number)
    around = _frame(session, attempt, answers, now)
    seen = visible_aspects(attempt, around.quiz, now)
    final = slot.checked_at is not None and bool(seen)
    return QuestionPage(
        frame=around,
        number=number,
        question=item.ask(slot.order),
        form=item.form(answer.response, slot.order) if answer else {},
        base=answer.stamp if answer else None,
        checked=slot.checked_at is not None,
        review=line(slot, item, answer, seen) if final else None,
        first_time=slot.first_shown_at is None,
        shown=shown_passages(session, _shown(slot, item)) if item.show else (),
    )


def _shown(slot: Slot, item: Item) -> dict[str, str]:
    digests = {ref: slot.evidence.get(f"passage:{ref}") for ref in item.show}
    return {ref: digest for ref, digest in digests.items() if digest}


def mark_shown(session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int, now: datetime) -> None:
    """Note when a slot was first shown."""
    attempts.mark_shown(session, attempt_id, number, user_id=user_id, now=now)


def summary_page(session: Session, attempt_id: uuid.UUID, *, user_id: int, now: datetime) -> AttemptFrame:
    """What is answered, unanswered and flagged, before submitting. Raises ``NotFound``."""
    return frame(session, attempt_id, user_id=user_id, now=now)


def _load(session: Session, attempt_id: uuid.UUID, user_id: int) -> tuple[Attempt, dict[int, Saved]]:
    attempt = attempts.find(session, attempt_id, user_id)
    if attempt is None:
        raise NotFound
    found = attempts.answers(session, [attempt_id])
    return attempt, {number: saved for (_, number), saved in found.items()}


def _frame(session: Session, attempt: Attempt, answers: dict[int, Saved], now: datetime) -> AttemptFrame:
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    shown = bool({"marks", "correctness"} & visible_aspects(attempt, quiz, now))
    return AttemptFrame(
        id=attempt.id,
        quiz=quiz,
        mode=attempt.mode,
        retry=attempt.number == 0,
        steps=tuple(_step(slot, quiz, answers.get(slot.number), shown) for slot in attempt.slots),
        deadline=attempt.deadline,
        seconds_left=attempts.sitting(attempt).seconds_left(now),
        submitted=attempt.submitted_at is not None,
        closing=needs_closing(attempt, now),
    )


def _step(slot: Slot, quiz: Quiz, answer: Saved | None, shown: bool) -> Step:
    section = quiz.sections[slot.section].title if slot.section < len(quiz.sections) else None
    return Step(
        number=slot.number,
        section=section,
        answered=answer is not None and not is_blank(answer.response),
        flagged=slot.flagged,
        checked=slot.checked_at is not None,
        outcome=outcome(slot.fraction) if shown and slot.checked_at is not None else None,
    )

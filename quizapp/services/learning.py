"""What to do next, and practising one's mistakes over all quizzes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.item import Item, is_blank
from quizapp.domain.quiz import MISTAKES, Quiz, may_stand_together
from quizapp.services import taking
from quizapp.services.assignments.student import Assigned, assigned
from quizapp.services.errors import Conflict
from quizapp.services.taking.lines import visible_aspects
from quizapp.services.taking.put_away import scores_put_away
from quizapp.services.taking.starting import AttemptLine, QuizLine, quiz_lines
from quizapp.store import answers, assignments, attempts, bank, versions
from quizapp.store.answers import MarkedSlot
from quizapp.store.tables import Attempt

MOST = 10  # questions in one practice
NOTHING = "There is nothing to practise just now. What you answer wrong, and may see the answer of, comes here."


@dataclass(frozen=True)
class WhatNext:
    """What a person may want to do now, the most pressing first; all of it empty for a visitor.

    ``open`` and ``last`` pair an attempt with its quiz. ``due`` is for what a class has to do by a day; ``set_by`` says
    what set an open attempt. ``answered`` are the open attempts in which every question has an answer. ``has_run_out``:
    the clock has ended an attempt that nobody has handed in yet.
    """

    lines: tuple[QuizLine, ...]
    open: tuple[tuple[Quiz, AttemptLine], ...] = ()
    due: tuple[Assigned, ...] = ()
    last: tuple[Quiz, AttemptLine] | None = None
    mistakes: int = 0
    set_by: Mapping[uuid.UUID, Assigned] = field(default_factory=dict)
    answered: frozenset[uuid.UUID] = frozenset()
    has_run_out: bool = False

    @property
    def fresh(self) -> tuple[QuizLine, ...]:
        """The quizzes that were never begun."""
        return tuple(line for line in self.lines if not line.attempts)

    @property
    def is_new(self) -> bool:
        """Whether this person has not done anything here yet."""
        return not self.open and not self.due and self.last is None


def what_next(session: Session, *, user_id: int | None, now: datetime) -> WhatNext:
    """The quizzes, and where this person stands; one query for a visitor.

    Five queries, one more where an attempt is open, two more where scores are put away, five more where a class sets
    something.
    """
    mine = attempts.of_user(session, user_id, slots=False) if user_id is not None else []
    put_away = scores_put_away(session, mine, now)
    lines = tuple(quiz_lines(session, mine, now, put_away))
    set_to_me = assigned(session, user_id=user_id, now=now) if user_id is not None else []
    due = tuple(one for one in set_to_me if one.is_pressing and one.line.open_attempt is None)
    if user_id is None or not mine:
        return WhatNext(lines, due=due)
    quizzes = bank.quizzes(session, [attempt.quiz_digest for attempt in mine])
    pairs = [(attempt, (quizzes[attempt.quiz_digest])) for attempt in mine]
    submitted = [(attempt, quiz) for attempt, quiz in pairs if attempt.submitted_at is not None]
    open_pairs = [pair for pair in pairs if attempts.sitting(pair[0]).open(now)]
    set_by = {one.line.open_attempt.id: one for one in set_to_me if one.line.open_attempt is not None}
    last = max(submitted, key=lambda pair: pair[0].submitted_at or now, default=None)
    return WhatNext(
        lines,
        open=tuple(
            (quiz, AttemptLine.of(attempt, quiz, now))
            for attempt, quiz in sorted(open_pairs, key=lambda pair: _is_due(set_by.get(pair[0].id)))
        ),
        due=due,
        last=(last[1], AttemptLine.of(last[0], last[1], now, put_away)) if last else None,
        mistakes=len(mistakes(session, user_id=user_id, now=now)),
        set_by=set_by,
        answered=_all_answered(session, [attempt.id for attempt, _ in open_pairs]),
        has_run_out=any(taking.needs_closing(attempt, now) for attempt in mine),
    )


def _is_due(one: Assigned | None) -> tuple[bool, float]:
    """What a class sets goes first, by its due date or close."""
    ends = (one.schedule.dates.due or one.schedule.dates.closes) if one else None
    return one is None, ends.timestamp() if ends else float("inf")


def _all_answered(session: Session, ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    far = assignments.reached(session, ids)
    return frozenset(key for key, one in far.items() if one.questions and one.answered == one.questions)


def mistakes(session: Session, *, user_id: int, now: datetime) -> list[Item]:
    """The questions to practise, as published now, what was last answered wrong first; two queries.

    Those whose last final answer was not right, in an attempt whose key the student may see; one whose key is hidden
    counts for nothing, since its coming here would tell. Left out: what was not answered and not given up, what is
    withdrawn, and what is being asked in an open attempt.
    """
    slots = answers.of_user(session, user_id)
    quizzes = bank.quizzes(session, [slot.quiz_digest for slot in slots])
    being_asked = {slot.item for slot in slots if slot.final_at is None}
    told = [slot for slot in slots if _says_something(slot, quizzes[slot.quiz_digest], now)]
    latest: dict[str, MarkedSlot] = {}
    for slot in sorted(told, key=lambda slot: slot.final_at or now, reverse=True):
        latest.setdefault(slot.item, slot)
    missed = [name for name, slot in latest.items() if slot.fraction != 1 and name not in being_asked]
    return _settable(session, missed)


def practise_mistakes(session: Session, *, user_id: int, new_id: uuid.UUID, seed: str, now: datetime) -> Attempt:
    """A practice attempt, outside the grade, on at most ten mistakes; the open one, where there is one.

    Raises ``Conflict`` where there is nothing to practise.
    """
    attempts.lock_user(session, user_id)
    taking.close_overdue(session, now=now, user_id=user_id)
    begun = attempts.open_outside_the_grade(session, user_id, MISTAKES.id)
    if begun is not None:
        return begun
    chosen = _standing_together(mistakes(session, user_id=user_id, now=now))
    if not chosen:
        raise Conflict(NOTHING)
    entry = plain(MISTAKES)
    versions.keep(session, versions.Thing("quiz", MISTAKES.id, digest(entry), entry), now)
    return taking.practice(
        session, chosen, quiz=MISTAKES.id, quiz_digest=digest(entry), user_id=user_id, new_id=new_id, seed=seed, now=now
    )


def _says_something(slot: MarkedSlot, quiz: Quiz, now: datetime) -> bool:
    """Whether the slot was answered, or given up, and its student may see the key."""
    if slot.final_at is None or slot.fraction is None:
        return False
    return (slot.checked_at is not None or not is_blank(slot.response)) and "key" in visible_aspects(slot, quiz, now)


def _settable(session: Session, names: Sequence[str]) -> list[Item]:
    """The items of these names that are published and can be set here, in the order given."""
    digests = bank.current_digests(session, "item", names) if names else {}
    items = bank.items(session, digests.values())
    found = [items[digests[name]] for name in names if name in digests]
    attached = bank.attached_sources(session) if any(item.needs_text for item in found) else set()
    return [item for item in found if not item.needs_text or {ref.split("/")[0] for ref in item.passages()} <= attached]


def _standing_together(items: Sequence[Item]) -> list[Item]:
    """The first ten of which none gives another away."""
    chosen: list[Item] = []
    for item in items:
        if len(chosen) < MOST and all(may_stand_together(item, other) for other in chosen):
            chosen.append(item)
    return chosen

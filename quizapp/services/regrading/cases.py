"""Each place where a question was asked, and what a rule would make of its mark."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain import regrade as regrading
from quizapp.domain.item import Item, Response, is_blank
from quizapp.domain.marking import FULL, ZERO, Mark, from_units, less
from quizapp.domain.quiz import Quiz
from quizapp.domain.regrade import Move, Outcome, Rule, Standing, moved, regrade
from quizapp.domain.short_text import folded_digest
from quizapp.services.people import person
from quizapp.services.taking.credit import ACCEPTED
from quizapp.store import accepting, bank, regrades
from quizapp.store.regrades import Answered, Asked, Moved
from quizapp.store.tables import Attempt

ONLY_ONE = "It is all that counts in this attempt, so it cannot be left out there"


@dataclass(frozen=True)
class Case:
    """One place where the question was asked: what was answered, and what becomes of its mark."""

    attempt_id: uuid.UUID
    number: int
    student: str
    user_id: int
    quiz: str
    attempt_number: int
    submitted_at: datetime
    version: str
    given: str
    move: Move
    total: Total

    @property
    def way(self) -> str:
        """What becomes of the mark: up, down, left out, otherwise (as much, but not as before), same or stays."""
        if self.move.stays:
            return "stays"
        if not self.move.moves:
            return "same"
        if not self.move.new.available:
            return "left out"
        by = self.move.by
        return "up" if by > 0 else "down" if by < 0 else "otherwise"


@dataclass(frozen=True)
class Total:
    """What becomes of the whole attempt; marks are None while a person has still to mark something in it."""

    old: Decimal | None
    new: Decimal | None
    old_available: Decimal
    new_available: Decimal
    is_set_by_hand: bool
    late_percent: int


@dataclass
class Marker:
    """Answers marked anew, each different one of a version once: students mostly choose between a few."""

    new: Item
    digest: str
    rule: Rule
    items: Mapping[str, Item]
    accepted: Mapping[str, frozenset[str]]
    known: dict[tuple[str, str], tuple[str, Outcome]] = field(default_factory=dict)

    def of(self, digest: str, response: Response) -> tuple[str, Outcome]:
        """The answer in words, and what becomes of it."""
        key = digest, json.dumps(response, sort_keys=True)
        if key not in self.known:
            old = self.items[digest]
            given = old.review(response, old.default_order()).given
            self.known[key] = given, regrade(self.new if digest == self.digest else old, self.new, response, self.rule)
        return self.known[key]

    def moved(self, one: Answered, answer: tuple[Response, str | None], changed: Moved | None) -> tuple[str, Move]:
        """The answer in words, and what becomes of its mark."""
        asked, (response, reason) = one.asked, answer
        given, outcome = self.of(asked.item_digest, response)
        parts = {name: from_units(units) for name, units in asked.parts.items()}
        with_reason = self.items[asked.item_digest].because and because.is_marked(
            one.attempt.mode, one.attempt.assignment_id
        )
        by_person = changed is not None and (
            changed.kind == "override" or (changed.kind == "person" and not with_reason)
        )
        old = Standing(asked.fraction, asked.available, asked.reason or "", parts, by_person)
        if self.rule.deed != "full_marks":
            outcome = self._accepting(one.attempt.quiz, response, outcome)
        if with_reason and self.rule.deed != "full_marks":
            outcome = regrading.with_reason(outcome, old, answered=not is_blank(response), reason=reason)
        move = moved(old, outcome, self._worth(asked, changed), spare=self.rule.spare)
        is_all = not outcome.counts and one.attempt.available == asked.available
        return given, Move(old, old, ONLY_ONE) if move.moves and is_all else move

    def _accepting(self, quiz: str, response: Response, outcome: Outcome) -> Outcome:
        """The outcome where a teacher takes this answer as right in this quiz, whatever the key says."""
        accepted = self.accepted.get(quiz)
        if not accepted or outcome.mark is None or outcome.mark.fraction == 1 or not isinstance(response, str):
            return outcome
        return replace(outcome, mark=Mark(FULL, ACCEPTED)) if folded_digest(response) in accepted else outcome

    def _worth(self, asked: Asked, changed: Moved | None) -> Decimal:
        """What the question counts for now: as much as at first, unless its own marks are others now."""
        first = changed.worth if changed is not None and changed.worth is not None else asked.available
        return self.new.marks if first == self.items[asked.item_digest].marks else first


def cases(
    session: Session, new: Item, digest: str, rule: Rule, items: Mapping[str, Item], teacher: int | None, *, lock: bool
) -> list[Case]:
    """What becomes of each place where the question was asked; six queries at most."""
    asked = regrades.answered(session, new.id, teacher, lock=lock)
    unknown = {one.asked.item_digest for one in asked} - set(items)
    known = {**items, **(bank.items(session, unknown) if unknown else {})}
    marker = Marker(new, digest, rule, known, _accepted(session, new))
    responses = regrades.responses(session, new.id, teacher)
    changed = regrades.moved(session, new.id, teacher)
    quizzes = bank.quizzes(session, {one.attempt.quiz_digest for one in asked})
    found: list[Found] = []
    for one in asked:
        place = one.asked.attempt_id, one.asked.number
        found.append((one, *marker.moved(one, responses.get(place, (None, None)), changed.get(place))))
    waits = any(one.attempt.mark is None for one in asked)
    totals = _totals(found, regrades.rests(session, new.id, teacher) if waits else {})
    return [_case(one, given, move, totals[one.attempt.id], quizzes) for one, given, move in found]


Found = tuple[Answered, str, Move]


def _accepted(session: Session, item: Item) -> dict[str, frozenset[str]]:
    """Quiz → digests of what teachers take as right there beside the key; one query for short answers alone."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in accepting.of_item(session, item.id) if item.type == "short_answer" else ():
        found[one.quiz].add(one.digest)
    return {quiz: frozenset(digests) for quiz, digests in found.items()}


def _totals(found: Sequence[Found], rests: Mapping[uuid.UUID, tuple[Decimal, int]]) -> dict[uuid.UUID, Total]:
    """What becomes of each attempt when all of its slots move."""
    by_attempt: defaultdict[uuid.UUID, list[Move]] = defaultdict(list)
    attempts = {one.attempt.id: one.attempt for one, _, _ in found}
    for one, _, move in found:
        by_attempt[one.attempt.id].append(move)
    return {key: _total(attempts[key], moves, rests.get(key, (ZERO, 0))) for key, moves in by_attempt.items()}


def _total(attempt: Attempt, moves: Sequence[Move], rest: tuple[Decimal, int]) -> Total:
    by_hand, off = attempt.set_mark is not None, attempt.late_percent
    earned = attempt.mark
    if earned is None and not rest[1] and all(one.new.fraction is not None for one in moves):
        earned = rest[0] + sum((one.new.mark or ZERO for one in moves), ZERO)
    elif earned is not None and not by_hand:
        earned += sum((one.by for one in moves), ZERO)
    worth = attempt.available + sum((one.new.available - one.old.available for one in moves), ZERO)
    return Total(less(attempt.mark, off), less(earned, off), attempt.available, worth, by_hand, off)


def _case(one: Answered, given: str, move: Move, total: Total, quizzes: Mapping[str, Quiz]) -> Case:
    attempt = one.attempt
    assert attempt.submitted_at is not None  # noqa: S101 the query asks for it
    return Case(
        attempt_id=attempt.id,
        number=one.asked.number,
        student=person(one.user).name,
        user_id=one.user.id,
        quiz=quizzes[attempt.quiz_digest].title,
        attempt_number=attempt.number,
        submitted_at=attempt.submitted_at,
        version=one.asked.item_digest,
        given=given,
        move=move,
        total=total,
    )

"""The dry run of a regrade: whose marks would move, from what to what, and why; and whose stay."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain import regrade as regrading
from quizapp.domain.item import Item, Response, is_blank
from quizapp.domain.marking import FULL, ZERO, Mark, from_units, less
from quizapp.domain.quiz import Quiz
from quizapp.domain.regrade import Move, Outcome, Rule, Standing, marks_alike, moved, regrade
from quizapp.domain.short_text import folded_digest
from quizapp.services.errors import NotFound
from quizapp.services.people import Person, person
from quizapp.services.taking.credit import ACCEPTED
from quizapp.store import accepting, bank, questions, regrades
from quizapp.store.regrades import Answered, Asked, Moved
from quizapp.store.tables import Attempt

NO_QUESTION = "There is no question of this name that was ever ready."
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
        """What becomes of the mark, in one word: up, down, otherwise (as much, but not as before), same or stays."""
        if self.move.stays:
            return "stays"
        if not self.move.moves:
            return "same"
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


@dataclass(frozen=True)
class Use:
    """A version as it was asked: how many submitted attempts of one's own students, and of others; and open ones."""

    version: str
    item: Item
    mine: int
    others: int
    running: int
    marks_alike: bool


@dataclass(frozen=True)
class DryRun:
    """All that would happen. ``fingerprint`` tells two dry runs apart that would not do the same."""

    name: str
    item: Item
    version: str
    status: str
    rule: Rule
    problem: str | None
    uses: tuple[Use, ...]
    cases: tuple[Case, ...] = ()

    @cached_property
    def moving(self) -> tuple[Case, ...]:
        """The marks that would move."""
        return tuple(one for one in self.cases if one.move.moves)

    @cached_property
    def staying(self) -> tuple[Case, ...]:
        """The marks that stay for a reason that somebody should know."""
        return tuple(one for one in self.cases if one.move.stays)

    @property
    def same(self) -> int:
        """How many answers earn by the rule what they have already."""
        return len(self.cases) - len(self.moving) - len(self.staying)

    def count(self, way: str) -> int:
        """How many of the moving marks go this way."""
        return sum(one.way == way for one in self.moving)

    @property
    def students(self) -> int:
        """How many students' marks would move."""
        return len({one.user_id for one in self.moving})

    @property
    def others(self) -> int:
        """How many submitted attempts belong to somebody else's students."""
        return sum(one.others for one in self.uses)

    @property
    def running(self) -> int:
        """How many attempts are open: they keep their version, and are not touched."""
        return sum(one.running for one in self.uses)

    @cached_property
    def prints(self) -> Mapping[uuid.UUID, str]:
        """Attempt → a short word that tells whether what would happen to it is still the same."""
        told: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
        for one in self.moving:
            told[one.attempt_id].append([one.number, *(_plain(side) for side in (one.move.old, one.move.new))])
        return {key: _hashed([self.version, *value])[:16] for key, value in told.items()}

    @cached_property
    def fingerprint(self) -> str:
        """The same for all that would happen."""
        return _hashed(sorted((str(key), value) for key, value in self.prints.items()))[:32]


def _plain(one: Standing) -> list[Any]:
    return [str(one.fraction), str(one.available), one.reason, {name: str(part) for name, part in one.parts.items()}]


def _hashed(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def mine_only(who: Person) -> int | None:
    """Whose attempts somebody may move: a teacher those of own students, an administrator everybody's."""
    return None if who.role == "admin" else who.id


def dry_run(session: Session, name: str, rule: Rule, *, who: Person, lock: bool = False) -> DryRun:
    """What a regrade of the question by this rule would do to the marks of this person's students; nothing is changed.

    The same few queries for any number of attempts. Raises ``NotFound``.
    """
    standing = questions.standing(session, name)
    if standing is None:
        raise NotFound(NO_QUESTION)
    teacher = mine_only(who)
    counts = regrades.uses(session, name, teacher)
    items = bank.items(session, {standing.digest, *(one[0] for one in counts)})
    new = items[standing.digest]
    uses = _uses(counts, items, standing.digest)
    problem = rule.problem(new)
    cases = () if problem else _cases(session, new, standing.digest, rule, items, teacher, lock=lock)
    return DryRun(name, new, standing.digest, standing.status, rule, problem, uses, tuple(cases))


def _uses(counts: Iterable[regrades.Count], items: Mapping[str, Item], current: str) -> tuple[Use, ...]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"mine": 0, "others": 0, "running": 0})
    for digest, handed_in, mine, number in counts:
        found[digest]["running" if not handed_in else "mine" if mine else "others"] += number
    uses = [
        Use(key, items[key], marks_alike=marks_alike(items[key], items[current]), **one) for key, one in found.items()
    ]
    return tuple(sorted(uses, key=lambda one: (one.version == current, -one.mine, one.version)))


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


def _cases(
    session: Session, new: Item, digest: str, rule: Rule, items: Mapping[str, Item], teacher: int | None, *, lock: bool
) -> list[Case]:
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


def waiting(session: Session, name: str, version: str, *, who: Person) -> tuple[int, int]:
    """How many submitted attempts of one's students have the question at all, and how many with another key than now.

    Those before one's last regrade by this version are not counted among the second: they were looked at then.
    """
    teacher = mine_only(who)
    counts = [one for one in regrades.uses(session, name, teacher) if one[1] and one[2]]
    items = bank.items(session, {version, *(one[0] for one in counts)})
    others = {key for key, item in items.items() if not marks_alike(item, items[version])}
    since = regrades.last_run_at(session, name, version, who.id) if others else None
    fresh = counts if since is None else regrades.uses(session, name, teacher, since)
    return sum(one[3] for one in counts), sum(one[3] for one in fresh if one[1] and one[2] and one[0] in others)

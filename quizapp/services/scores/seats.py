"""What the columns of exports are read from: a student before a quiz, with an attempt or without; an answer in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache

from sqlalchemy.orm import Session

from quizapp.domain.attempt import Sitting
from quizapp.domain.item import Item, is_blank
from quizapp.domain.marking import from_units, less, rounded
from quizapp.domain.quiz import Quiz
from quizapp.services.scores.wanted import Found
from quizapp.store import bank, gradebook, scores
from quizapp.store.score_scope import Block
from quizapp.store.scores import Sat, SatSlot, Student

REMEMBERED = 20_000  # answers in words
Opened = tuple[str, datetime]


@dataclass
class Seat:
    """A student before a quiz. ``sat`` is None for one who has not begun; ``quiz`` is as it was then."""

    student: Student
    block: Block
    title: str
    groups: str
    is_here: bool
    now: datetime
    sat: Sat | None = None
    quiz: Quiz | None = None

    @cached_property
    def state(self) -> str:
        """How it stands, in the words of the gradebook."""
        if self.sat is None:
            return "not started"
        if self.sat.submitted_at is None:
            sitting = Sitting(self.sat.started_at, self.sat.deadline, timedelta(seconds=self.sat.grace_seconds))
            return "working" if sitting.open(self.now) else "time is up"
        return "to mark" if self.sat.mark is None else "done"

    @cached_property
    def mark(self) -> Decimal | None:
        """What the attempt comes to after lateness."""
        return less(self.sat.mark, self.sat.late_percent) if self.sat is not None and self.sat.submitted_at else None

    @cached_property
    def percent(self) -> Decimal | None:
        """That, in per cent."""
        if self.sat is None or self.mark is None or not self.sat.available:
            return None
        return rounded(self.mark * 100 / self.sat.available)

    @property
    def passed(self) -> bool | None:
        """Whether the pass mark was reached; None where there is none, or no mark."""
        if self.percent is None or self.quiz is None or self.quiz.pass_mark is None:
            return None
        return self.percent >= self.quiz.pass_mark

    @property
    def late(self) -> bool | None:
        """Whether it was handed in after the due date, or the later end that the teacher gave."""
        if self.sat is None or self.sat.submitted_at is None or self.sat.due_at is None:
            return None
        until = self.sat.due_at if self.sat.own_deadline is None else max(self.sat.due_at, self.sat.own_deadline)
        return self.sat.submitted_at > until


@dataclass
class Answer:
    """What was answered to a question of an attempt. ``saves``: how often; ``opened``: passages, from this question."""

    seat: Seat
    slot: SatSlot
    item: Item
    given: str
    key: str
    saves: int = 0
    opened: tuple[Opened, ...] = ()

    def part(self, name: str) -> Decimal | None:
        """The mark of a part, «answer» or «evidence»; None where the item has no such parts."""
        if self.slot.parts == "{}":
            return None
        units = json.loads(self.slot.parts).get(name)
        return None if units is None else rounded(from_units(units) * self.slot.available)


@dataclass
class Reader:
    """Reads seats and answers of what was found, block by block and page by page."""

    session: Session
    found: Found
    now: datetime
    with_saves: bool = False
    with_openings: bool = False
    words: Callable[[str, str], tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.words = lru_cache(maxsize=REMEMBERED)(self._words)

    def seats(self) -> Iterator[Seat]:
        """Every attempt by class, quiz, name and number; after those of a quiz who has not begun it."""
        for page in self._pages():
            yield from page

    def answers(self) -> Iterator[Answer]:
        """Every question of every attempt, answered or not."""
        for page in self._pages():
            yield from self.answers_of([one for one in page if one.sat is not None])

    def answers_of(self, seats: list[Seat]) -> Iterator[Answer]:
        """The questions of these attempts."""
        ids = [one.sat.id for one in seats if one.sat is not None]
        if not ids:
            return
        slots = scores.slots(self.session, ids)
        items = bank.items(self.session, {slot.item_digest for some in slots.values() for slot in some})
        saves = scores.saves(self.session, ids) if self.with_saves else {}
        users = list({one.student.user_id for one in seats})
        opened = scores.openings(self.session, ids, users) if self.with_openings else {}
        for seat, attempt_id in zip(seats, ids, strict=True):
            for slot in slots[attempt_id]:
                place = (attempt_id, slot.number)
                given, key = self.words(slot.item_digest, slot.response or "null")
                yield Answer(
                    seat, slot, items[slot.item_digest], given, key, saves.get(place, 0), tuple(opened.get(place, ()))
                )

    def pages_with_slots(self) -> Iterator[tuple[Seat, list[Answer]]]:
        """Every seat with its questions."""
        for page in self._pages():
            grouped: dict[int, list[Answer]] = {id(one): [] for one in page}
            for answer in self.answers_of([one for one in page if one.sat is not None]):
                grouped[id(answer.seat)].append(answer)
            for seat in page:
                yield seat, grouped[id(seat)]

    def _pages(self) -> Iterator[list[Seat]]:
        class_id, groups, here = -1, dict[int, list[str]](), set[int]()
        for block in self.found.blocks:
            if block.class_id != class_id:
                class_id = block.class_id or 0
                groups = gradebook.groups(self.session, class_id) if class_id else {}
                here = scores.members(self.session, class_id)
            for page in scores.attempts(self.session, self.found.scope, block):
                quizzes = bank.quizzes(self.session, {sat.quiz_digest for _, sat in page})
                yield [self._seat(who, block, groups, here, sat, quizzes[sat.quiz_digest]) for who, sat in page]
            yield [
                self._seat(who, block, groups, here)
                for who in scores.not_started(self.session, self.found.scope, block)
            ]

    def _seat(
        self, who: Student, block: Block, groups: dict[int, list[str]], here: set[int], sat: Sat | None = None,
        quiz: Quiz | None = None,
    ) -> Seat:  # fmt: skip
        title, mine = self.found.titles.get(block.quiz, block.quiz), "; ".join(groups.get(who.user_id, ()))
        return Seat(who, block, title, mine, who.user_id in here, self.now, sat, quiz)

    def _words(self, digest: str, response: str) -> tuple[str, str]:
        """What was answered, and the right answer, in words."""
        item = bank.item(self.session, digest)
        said = json.loads(response)
        review = item.review(said, item.default_order())
        return "" if is_blank(said) else review.given, review.key or ""

"""An assignment as it runs: who has not started, where the others are, who is stuck, late or done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy.orm import Session

from quizapp.domain.collation import collated
from quizapp.domain.marking import less
from quizapp.domain.quiz import Quiz
from quizapp.domain.schedule import Accommodation, Schedule
from quizapp.formats import csv_table
from quizapp.services.assignments.schedules import Accommodations, schedule
from quizapp.services.assignments.setting import taught
from quizapp.services.people import Person, person
from quizapp.services.taking.finishing import due
from quizapp.store import assignments, attempts, bank
from quizapp.store.assignments import Reached
from quizapp.store.class_tables import Assignment, SchoolClass
from quizapp.store.tables import Attempt

STUCK = timedelta(minutes=5)
State = Literal["not started", "working", "stuck", "time is up", "submitted", "left the class"]
NOWHERE = Reached()


@dataclass(frozen=True)
class Seat:
    """A student and where they are: in their last attempt, or nowhere yet."""

    person: Person
    schedule: Schedule
    gets: Accommodation
    attempt: Attempt | None
    reached: Reached
    attempts: int
    state: State
    is_late: bool
    is_member: bool = True

    @property
    def ends_at(self) -> datetime | None:
        """When the open attempt ends; None where nothing ends it, or none is open."""
        return self.attempt.deadline if self.attempt is not None and self.attempt.submitted_at is None else None

    @property
    def percent(self) -> Decimal | None:
        """What counts of a submitted attempt, in per cent."""
        if self.attempt is None or self.attempt.mark is None or not self.attempt.available:
            return None
        mark = less(self.attempt.mark, self.attempt.late_percent)
        return None if mark is None else mark * 100 / self.attempt.available

    @property
    def sorted_name(self) -> str:
        """The family name first, else the username."""
        both = (self.person.family_name, self.person.given_name)
        return ", ".join(name for name in both if name) or self.person.username


@dataclass(frozen=True)
class LivePage:
    """An assignment with a seat for each student that it is for, and for each who has begun it and left the class."""

    assignment: Assignment
    school_class: SchoolClass
    quiz: Quiz
    seats: tuple[Seat, ...]
    now: datetime

    def count(self, *states: State) -> int:
        """How many are in these states."""
        return sum(1 for seat in self.seats if seat.state in states)


SORTS = {
    "name": lambda seat: collated(seat.sorted_name),
    "state": lambda seat: seat.state,
    "question": lambda seat: seat.reached.question or 0,
    "answered": lambda seat: seat.reached.answered,
    "seen": lambda seat: seat.reached.last_seen.timestamp() if seat.reached.last_seen else 0.0,
    "ends": lambda seat: seat.ends_at.timestamp() if seat.ends_at else float("inf"),
    "score": lambda seat: seat.percent if seat.percent is not None else Decimal(-1),
}


def live(session: Session, assignment_id: int, *, teacher_id: int, now: datetime, sort: str = "name") -> LivePage:
    """Where everybody is; eight queries at most, however many students. Raises ``NotFound``."""
    assignment, school_class = taught(session, assignment_id, teacher_id)
    quiz = quiz_of(session, assignment)
    gets = Accommodations.of(assignments.accommodations_in(session, assignment.class_id))
    latest, counted = _latest(assignments.attempts(session, [assignment.id]))
    reached = assignments.reached(session, [one.id for one in latest.values()])
    members = [person(user) for user in assignments.students(session, assignment.id)]
    gone = _gone(session, latest, members)
    seats = [
        _seat(one, assignment, quiz, gets, latest.get(one.id), reached, counted, now, one in members)
        for one in (*members, *gone)
    ]
    key = SORTS.get(sort.lstrip("-"), SORTS["name"])
    return LivePage(assignment, school_class, quiz, tuple(sorted(seats, key=key, reverse=sort.startswith("-"))), now)


def quiz_of(session: Session, assignment: Assignment) -> Quiz:
    """The quiz as published now, else the version that was last taken."""
    published = bank.current_quizzes(session, [assignment.quiz])
    if assignment.quiz in published:
        return published[assignment.quiz][1]
    return bank.last_quiz(session, assignment.quiz)


def as_csv(page: LivePage) -> str:
    """The seats for a spreadsheet."""
    heads = ("Family name", "Given name", "Username", "State", "Question", "Answered", "Questions", "Last seen (UTC)",
             "Late", "Attempts", "Per cent")  # fmt: skip
    return csv_table.dump(heads, [_row(seat) for seat in page.seats])


def _row(seat: Seat) -> tuple[object, ...]:
    seen = seat.reached.last_seen
    score = round(seat.percent, 2) if seat.percent is not None else None
    return (
        *(seat.person.family_name, seat.person.given_name, seat.person.username, seat.state),
        *(seat.reached.question, seat.reached.answered, seat.reached.questions or None),
        *(f"{seen:%Y-%m-%d %H:%M:%S}" if seen else None, "yes" if seat.is_late else "", seat.attempts, score),
    )


def _latest(found: Iterable[Attempt]) -> tuple[dict[int, Attempt], dict[int, int]]:
    """Student → the attempt to look at (the open one, else the last), and how many there are."""
    latest: dict[int, Attempt] = {}
    counted: dict[int, int] = {}
    for attempt in found:
        counted[attempt.user_id] = counted.get(attempt.user_id, 0) + 1
        before = latest.get(attempt.user_id)
        if before is None or before.submitted_at is not None or attempt.submitted_at is None:
            latest[attempt.user_id] = attempt
    return latest, counted


def _gone(session: Session, latest: Mapping[int, Attempt], members: list[Person]) -> list[Person]:
    there = {one.id for one in members}
    return [person(user) for user in assignments.users(session, set(latest) - there)]


def _seat(
    who: Person,
    assignment: Assignment,
    quiz: Quiz,
    gets: Accommodations,
    attempt: Attempt | None,
    reached: Mapping[uuid.UUID, Reached],
    counted: Mapping[int, int],
    now: datetime,
    is_member: bool,
) -> Seat:
    what = gets.get(assignment, who.id)
    holds = schedule(assignment, quiz, what)
    where = reached.get(attempt.id, NOWHERE) if attempt is not None else NOWHERE
    state = _state(attempt, where, now)
    until = due(attempt) if attempt is not None else holds.dates.due
    ended = attempt.submitted_at if attempt is not None and attempt.submitted_at is not None else now
    is_late = until is not None and ended > until
    return Seat(who, holds, what, attempt, where, counted.get(who.id, 0), state, is_late, is_member)


def _state(attempt: Attempt | None, where: Reached, now: datetime) -> State:
    if attempt is None:
        return "not started"
    if attempt.submitted_at is not None:
        return "submitted"
    if not attempts.sitting(attempt).open(now):
        return "time is up"
    seen = where.last_seen or attempt.started_at
    return "stuck" if now - seen > STUCK else "working"

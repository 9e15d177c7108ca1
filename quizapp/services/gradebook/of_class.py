"""The gradebook of a class: everybody in it, also who has not begun; every quiz set to it; and what it comes to."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from quizapp.domain.counting import Total, total
from quizapp.domain.quiz import Quiz
from quizapp.services.assignments.schedules import Accommodations, schedule
from quizapp.services.gradebook.cells import Cell, Column, cell
from quizapp.services.gradebook.policy import Policy, policy
from quizapp.services.people import Person, person
from quizapp.store import assignments, bank, classes, gradebook
from quizapp.store.class_tables import Assignment
from quizapp.store.gradebook import Sat

Mine = Mapping[tuple[int, str], Sequence[Sat]]
NOT_SET = Cell("not set")


@dataclass(frozen=True)
class Row:
    """A student with a cell for each column, and what they come to."""

    student: Person
    groups: tuple[str, ...]
    cells: tuple[Cell, ...]
    total: Total[int]

    @property
    def sorted_name(self) -> str:
        """The family name first, else the username."""
        both = (self.student.family_name, self.student.given_name)
        return ", ".join(name for name in both if name) or self.student.username

    @property
    def waits(self) -> bool:
        """Whether an answer that counts waits for a person, so that the total may yet change."""
        return any(one.waits for one in self.cells)


@dataclass(frozen=True)
class Book:
    """The gradebook of a class, rows by name, columns in the order set."""

    class_id: int
    policy: Policy
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def has_run_out(self) -> bool:
        """Whether the clock has ended an attempt that nobody has handed in yet: close it, then read again."""
        return any(one.state == "time is up" for row in self.rows for one in row.cells)

    def shown(self, share: Fraction | None, available: Decimal) -> str:
        """A result as the teacher of this class has it shown; a dash where there is none."""
        return "–" if share is None else self.policy.scale.shown(share, available)

    def mean(self, index: int) -> Fraction | None:
        """The mean share of a column over those who have a result; None where nobody has."""
        return _mean(row.cells[index].share for row in self.rows)

    @property
    def mean_total(self) -> Fraction | None:
        """The mean share of the totals of those who have one."""
        return _mean(row.total.share for row in self.rows)


def _mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    known = [one for one in shares if one is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def rows(session: Session, class_id: int, *, now: datetime, own: bool = False, only: str | None = None) -> Book:
    """The gradebook of a class, whole; fifteen queries at most, however many students and quizzes.

    ``own`` adds the quizzes that its students took of themselves; they never count towards the total. ``only`` leaves
    the one column of this key, or none. No access is checked here. Attempts whose time has run out stand as «time is
    up» until somebody closes them.
    """
    chosen = policy(session, class_id)
    set_here = [one for one in gradebook.assignments(session, class_id) if only in (None, f"a{one.id}")]
    quiz = only.removeprefix("q-") if only and only.startswith("q-") else None
    wanted = [one.id for one in set_here] if only and quiz is None else None
    sat = gradebook.attempts(session, class_id, own=own, quiz=quiz, assignment_ids=wanted)
    columns = _columns(session, set_here, sat)
    mine: defaultdict[tuple[int, str], list[Sat]] = defaultdict(list)
    for one in sat:
        mine[one.user_id, _key(one.assignment_id, one.quiz)].append(one)
    due = _dues(session, class_id, set_here, {column.key: column.quiz for column in columns})
    meant = gradebook.targets(session, class_id) if any(one.target != "class" for one in set_here) else {}
    whom = {f"a{one.id}": meant.get(one.id, set()) for one in set_here if one.target != "class"}
    groups = gradebook.groups(session, class_id)
    by_hand, excused = gradebook.moved_by_hand(session, class_id, own=own), gradebook.excuses(session, class_id)
    known = _Known(columns, mine, whom, due, by_hand, excused, now)
    found = []
    for _, user in classes.members(session, class_id, "student"):
        cells = [_cell(known, column, user.id) for column in columns]
        found.append(Row(person(user), tuple(groups.get(user.id, ())), *_counting(cells, columns, chosen)))
    return Book(class_id, chosen, columns, tuple(found))


def _key(assignment_id: int | None, quiz: str) -> str:
    return f"a{assignment_id}" if assignment_id is not None else f"q-{quiz}"


def _columns(session: Session, set_here: Sequence[Assignment], sat: Sequence[Sat]) -> tuple[Column, ...]:
    """What is set, in the order set, then what was taken of themselves, by title."""
    own = dict.fromkeys(one.quiz for one in sat if one.assignment_id is None)
    quizzes = _quizzes(session, {*own, *(one.quiz for one in set_here)})
    available: dict[str, Decimal] = {}
    for one in sat:
        key = _key(one.assignment_id, one.quiz)
        available[key] = max(one.available, available.get(key, one.available))
    of_class = [
        Column(
            key=(key := f"a{one.id}"), quiz=quizzes[one.quiz], assignment_id=one.id, due_at=one.due_at,
            closes_at=one.closes_at, set_at=one.created_at, withdrawn=one.withdrawn_at is not None,
            available=available.get(key),
        )
        for one in set_here
    ]  # fmt: skip
    by_title = sorted(own, key=lambda name: quizzes[name].title.casefold())
    return (*of_class, *(Column(f"q-{name}", quizzes[name], available=available[f"q-{name}"]) for name in by_title))


def _quizzes(session: Session, names: Collection[str]) -> dict[str, Quiz]:
    """The quizzes as published now, else their last version; three queries at most."""
    found = {name: quiz for name, (_, quiz) in bank.current_quizzes(session, names).items()} if names else {}
    return {**gradebook.last_quizzes(session, set(names) - set(found)), **found}


def _dues(
    session: Session, class_id: int, set_here: Sequence[Assignment], quizzes: Mapping[str, Quiz]
) -> dict[tuple[int | None, str], datetime | None]:
    """(student, column) → from when on what is not handed in is missing; student None for whoever gets nothing more."""
    rows = assignments.accommodations_in(session, class_id)
    gets = Accommodations.of(rows)
    found: dict[tuple[int | None, str], datetime | None] = {}
    for one in set_here:
        key = f"a{one.id}"
        for user_id in (None, *{row.user_id for row in rows}):
            dates = schedule(one, quizzes[key], gets.get(one, user_id or 0)).dates
            found[user_id, key] = dates.due or dates.closes
    return found


@dataclass(frozen=True)
class _Known:
    """What was read of the class."""

    columns: Sequence[Column]
    mine: Mine
    whom: Mapping[str, set[int]]
    due: Mapping[tuple[int | None, str], datetime | None]
    by_hand: set[uuid.UUID]
    excused: Mapping[tuple[int, int], str]
    now: datetime


def _cell(known: _Known, column: Column, user_id: int) -> Cell:
    sat = known.mine.get((user_id, column.key), ())
    is_set = column.assignment_id is not None and user_id in known.whom.get(column.key, (user_id,))
    if not sat and not is_set:
        return NOT_SET
    until = known.due.get((user_id, column.key), known.due.get((None, column.key)))
    found = cell(sat, column.quiz.grading, counts=column.counts, due=until, now=known.now)
    if not known.by_hand.isdisjoint(found.counted):
        found = replace(found, by_hand=True)
    why = known.excused.get((column.assignment_id or 0, user_id))
    return found if why is None else replace(found, state="excused", excused_because=why, counts=False)


def _counting(cells: list[Cell], columns: Sequence[Column], chosen: Policy) -> tuple[tuple[Cell, ...], Total[int]]:
    """The cells with what is dropped, and the total; missing work counts as nothing where that is chosen.

    A quiz that nobody has begun is missing from nobody's total.
    """
    results: dict[int, tuple[Fraction, Decimal]] = {}
    for at, one in enumerate(cells):
        there_is = columns[at].available
        if one.counts and one.share is not None:
            results[at] = (one.share, one.available)
        elif one.state == "missing" and chosen.missing_is_zero and columns[at].counts and there_is:
            cells[at] = replace(one, share=Fraction(0), available=there_is, counts=True)
            results[at] = (Fraction(0), there_is)
    came_to = total(results, drop=chosen.drop_lowest, weighting=chosen.weighting)
    for at in came_to.dropped:
        cells[at] = replace(cells[at], dropped=True)
    return tuple(cells), came_to

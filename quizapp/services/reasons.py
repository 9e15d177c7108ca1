"""Marking the reasons of a class: question by question, 0, 1 or 2 points each, with the way back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.item import Item
from quizapp.domain.marking import Mark, from_units
from quizapp.formats import csv_table
from quizapp.services import marks, notes
from quizapp.services.assignments.setting import taught
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.services.taking.lines import outcome
from quizapp.store import assignments, bank, classes, reasons
from quizapp.store import marks as store_marks
from quizapp.store.class_tables import Assignment, SchoolClass
from quizapp.store.mark_tables import MarkChange
from quizapp.store.reasons import Counted, Reason
from quizapp.store.tables import Attempt

NO_REASON = "There is no such reason to mark, or it is not one of your classes’."
NOTHING_TO_UNDO = "There is nothing to take back here: this reason has no points from this page."
TAKEN_BACK = "points for the reason taken back"


@dataclass(frozen=True)
class Todo:
    """A question whose reasons a teacher marks, and how far that is."""

    assignment_id: int
    class_name: str
    quiz_title: str
    item: str
    stem: str
    given: int
    waiting: int

    @property
    def done(self) -> int:
        """How many are marked."""
        return self.given - self.waiting


@dataclass(frozen=True)
class Line:
    """One student's reason, and what it was given; ``points`` is None while it waits, or where a mark was set by hand.

    ``outcome`` is that of the answer alone; ``label`` stands for the name where names are hidden.
    """

    attempt_id: uuid.UUID
    number: int
    person: Person
    label: str
    answer: str
    outcome: str | None
    because: str
    points: int | None
    waiting: bool


@dataclass(frozen=True)
class ReasonSheet:
    """A question with all the reasons that a class gave."""

    assignment: Assignment
    school_class: SchoolClass
    quiz_title: str
    item: Item
    key: str | None
    lines: tuple[Line, ...]

    @property
    def waiting(self) -> int:
        """How many are not marked yet."""
        return sum(1 for line in self.lines if line.waiting)

    @property
    def done(self) -> int:
        """How many are marked."""
        return len(self.lines) - self.waiting


SORTS = {
    "quiz": lambda one: (one.quiz_title.casefold(), one.stem),
    "class": lambda one: (one.class_name.casefold(), one.quiz_title.casefold()),
    "waiting": lambda one: one.waiting,
    "question": lambda one: one.stem.casefold(),
}


def todo(session: Session, teacher_id: int, sort: str = "-waiting") -> list[Todo]:
    """The questions with reasons in this teacher's classes, most waiting first; four queries."""
    counted = reasons.counts(session, teacher_id)
    if not counted:
        return []
    items = bank.items(session, {one.item_digest for one in counted})
    named = {one.school_class.id: one.school_class.name for one in classes.of_teacher(session, teacher_id)}
    set_to = {one.id: one for one in assignments.by_ids(session, {one.assignment_id for one in counted})}
    titles = _titles(session, {one.quiz for one in set_to.values()})
    found = [_todo(one, set_to[one.assignment_id], named, titles, items) for one in counted]
    key = SORTS.get(sort.lstrip("-"), SORTS["waiting"])
    return sorted(sorted(found, key=SORTS["class"]), key=key, reverse=sort.startswith("-"))


def waiting(session: Session, teacher_id: int) -> int:
    """How many reasons wait for this teacher; one query."""
    return sum(one.waiting for one in reasons.counts(session, teacher_id))


def todo_csv(found: Sequence[Todo]) -> str:
    """The same for a spreadsheet."""
    rows = ((one.stem, one.quiz_title, one.class_name, one.waiting, one.done) for one in found)
    return csv_table.dump(("Question", "Quiz", "Class", "Waiting", "Marked"), rows)


def _todo(
    one: Counted, set_to: Assignment, named: Mapping[int, str], titles: Mapping[str, str], items: Mapping[str, Item]
) -> Todo:
    stem = items[one.item_digest].stem
    title = titles.get(set_to.quiz, set_to.quiz)
    return Todo(one.assignment_id, named[set_to.class_id], title, one.item, stem, one.given, one.waiting)


def _titles(session: Session, quizzes: set[str]) -> dict[str, str]:
    return {name: quiz.title for name, (_, quiz) in bank.current_quizzes(session, quizzes).items()}


def sheet(session: Session, assignment_id: int, item: str, *, teacher_id: int, names: bool = False) -> ReasonSheet:
    """All reasons given to a question; by name where names are shown, else in an order that tells nobody.

    Six queries, however many students. Raises ``NotFound``.
    """
    assignment, school_class = taught(session, assignment_id, teacher_id)
    rows = reasons.of_question(session, assignment_id, item)
    if not rows:
        raise NotFound("Nobody has given a reason to this question yet, or it asks for none.")
    items = bank.items(session, {row.item_digest for row in rows})
    people = {user.id: person(user) for user in assignments.users(session, {row.user_id for row in rows})}
    ordered = sorted(rows, key=_by_name(people) if names else _by_lot)
    lines = [_line(row, items[row.item_digest], people[row.user_id], i) for i, row in enumerate(ordered, start=1)]
    newest = items[rows[-1].item_digest]
    key = newest.review(newest.correct_response(), newest.default_order()).key
    title = _titles(session, {assignment.quiz}).get(assignment.quiz, assignment.quiz)
    return ReasonSheet(assignment, school_class, title, newest, key, tuple(lines))


def _by_lot(row: Reason) -> str:
    return hashlib.sha256(f"{row.attempt_id}:{row.number}".encode()).hexdigest()


def _by_name(people: Mapping[int, Person]) -> Callable[[Reason], str]:
    return lambda row: "\0".join((people[row.user_id].family_name, people[row.user_id].name, _by_lot(row))).casefold()


def _line(row: Reason, item: Item, who: Person, place: int) -> Line:
    return Line(
        attempt_id=row.attempt_id,
        number=row.number,
        person=who,
        label=f"Reason {place}",
        answer=item.review(row.response, tuple(row.order)).given,
        outcome=outcome(_own(row, item).fraction),
        because=row.because,
        points=_points(row.parts) if row.fraction is not None else None,
        waiting=row.fraction is None,
    )


def give(session: Session, attempt_id: uuid.UUID, number: int, points: int, *, teacher_id: int, now: datetime) -> None:
    """Give a reason its points; the student hears of it when nothing of the attempt waits any more.

    Raises ``NotFound``; ``Conflict`` for other points than 0, 1 and 2.
    """
    if not 0 <= points <= because.MOST_POINTS:
        raise Conflict("A reason is given 0, 1 or 2 points.")
    row, quiz_title = _mine(session, attempt_id, number, teacher_id)
    why = f"{because.in_words(points)} for the reason"
    mark = _mark(session, row, points)
    moved = marks.change(session, attempt_id, number, mark, kind="person", why=why, actor_id=teacher_id, now=now)
    if moved is not None and moved.old_fraction is None:
        _tell_if_done(session, attempt_id, row.user_id, quiz_title, now)


def take_back(session: Session, attempt_id: uuid.UUID, number: int, *, teacher_id: int, now: datetime) -> None:
    """The points before the last ones count again, or the reason waits again.

    Raises ``NotFound``; ``Conflict`` where this reason was given none.
    """
    row, _ = _mine(session, attempt_id, number, teacher_id)
    history = marks.history(session, attempt_id)
    given = _given([one for one in history if one.slot == number and one.at >= row.submitted_at])
    if not given or row.fraction is None:
        raise Conflict(NOTHING_TO_UNDO)
    mark = _mark(session, row, given[-2] if len(given) > 1 else None)
    marks.change(session, attempt_id, number, mark, kind="undo", why=TAKEN_BACK, actor_id=teacher_id, now=now)


def _given(changes: Sequence[MarkChange]) -> list[int]:
    """The points given one after the other, without those that were taken back."""
    given: list[int] = []
    for change in changes:
        if change.kind == "person" and (points := _points(change.new_parts)) is not None:
            given.append(points)
        elif change.kind == "undo" and change.why == TAKEN_BACK and given:
            given.pop()
    return given


def _mine(session: Session, attempt_id: uuid.UUID, number: int, teacher_id: int) -> tuple[Reason, str]:
    """The reason and its quiz's title, if it is of a class of this teacher's; the attempt is locked."""
    attempt = store_marks.attempt(session, attempt_id)
    if attempt is None or attempt.assignment_id is None:
        raise NotFound(NO_REASON)
    assignment, _ = taught(session, attempt.assignment_id, teacher_id)
    row = reasons.of_slot(session, attempt_id, number)
    if row is None:
        raise NotFound(NO_REASON)
    return row, _titles(session, {assignment.quiz}).get(assignment.quiz, assignment.quiz)


def _mark(session: Session, row: Reason, points: int | None) -> Mark:
    own = _own(row, bank.item(session, row.item_digest))
    return because.with_reason(own, answered=True, reason=row.because, points=points)


def _own(row: Reason, item: Item) -> Mark:
    """What the answer alone earns now: as it was kept, which a regrade may have changed, else by the item."""
    by_item = item.mark(row.response)
    kept = row.parts.get(because.OWN)
    if kept is None or (fraction := from_units(kept)) == by_item.fraction:
        return by_item
    parts = {name: from_units(units) for name, units in row.parts.items() if name not in (because.OWN, because.FIELD)}
    return Mark(fraction, f"it counts {_percent(fraction)}.", parts)


def _points(parts: Mapping[str, int]) -> int | None:
    return because.points_of({name: from_units(units) for name, units in parts.items()})


def _percent(fraction: Decimal) -> str:
    return f"{round(fraction * 100)}%"


def _tell_if_done(session: Session, attempt_id: uuid.UUID, user_id: int, quiz_title: str, now: datetime) -> None:
    """A note to the student once nothing waits, unless one about this attempt is still unread."""
    attempt = session.get(Attempt, attempt_id)
    address = f"/attempts/{attempt_id}/result"
    if attempt is None or attempt.mark is None:
        return
    if all(note.address != address for note in notes.unread(session, user_id)):
        notes.tell(session, [user_id], f"Your teacher has marked your reasons in “{quiz_title}”.",
                   address=address, now=now)  # fmt: skip

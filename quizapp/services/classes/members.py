"""The students of a class: who they are, taking one out and back, what each gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.collation import collated
from quizapp.domain.marking import less
from quizapp.domain.schedule import Accommodation
from quizapp.formats import csv_table
from quizapp.services import audit
from quizapp.services.assignments.schedules import NOTHING, said
from quizapp.services.classes import own
from quizapp.services.errors import NotFound
from quizapp.services.people import Person, person
from quizapp.store import assignments, bank, classes, users
from quizapp.store.class_tables import ClassGroup
from quizapp.store.tables import Attempt

NOT_IN_CLASS = "This student is not in the class, or not any more."


@dataclass(frozen=True)
class Student:
    """A student of a class as its teacher sees them. ``gets``: beyond the others, in all quizzes of the class."""

    person: Person
    joined_at: datetime
    groups: tuple[str, ...]
    gets: Accommodation

    @property
    def sorted_name(self) -> str:
        """The family name first, else the username."""
        both = (self.person.family_name, self.person.given_name)
        return ", ".join(name for name in both if name) or self.person.username

    @property
    def longer(self) -> str:
        """What the student gets, in a few words; empty for nothing."""
        return in_words(self.gets)


def in_words(gets: Accommodation) -> str:
    """An accommodation in a few words; empty for nothing."""
    minutes = int(gets.extra.total_seconds() // 60) if gets.extra else 0
    told = (
        (gets.time_percent not in (None, 100), f"{gets.time_percent}% of the time"),
        (minutes, f"{minutes} min more"),
        (gets.attempts, f"{gets.attempts} more {'attempt' if gets.attempts == 1 else 'attempts'}"),
        (gets.own.opens or gets.own.due or gets.own.closes, "own dates"),
    )
    return ", ".join(words for is_so, words in told if is_so)


SORTS = {
    "name": lambda one: (collated(one.sorted_name), one.person.username),
    "username": lambda one: one.person.username.casefold(),
    "number": lambda one: (one.person.student_number or "").casefold(),
    "groups": lambda one: one.groups,
    "joined": lambda one: one.joined_at,
    "longer": lambda one: one.longer,
}


def students(session: Session, class_id: int, sort: str = "name") -> list[Student]:
    """The students of the class; four queries."""
    named = {group.id: group.name for group in classes.groups(session, class_id)}
    groups: dict[int, list[str]] = {}
    for group_id, user_ids in classes.group_members(session, class_id).items():
        for user_id in user_ids:
            groups.setdefault(user_id, []).append(named[group_id])
    rows = assignments.accommodations_in(session, class_id)
    gets = {row.user_id: said(row) for row in rows if row.assignment_id is None}
    found = [
        Student(person(user), place.joined_at, tuple(sorted(groups.get(user.id, ()))), gets.get(user.id, NOTHING))
        for place, user in classes.members(session, class_id, "student")
    ]
    return sorted(found, key=SORTS.get(sort.lstrip("-"), SORTS["name"]), reverse=sort.startswith("-"))


def students_csv(session: Session, class_id: int) -> str:
    """The students for a spreadsheet, in the columns that a list is read from."""
    heads = ("Family name", "Given name", "Username", "Student number", "Groups", "Time", "Joined (UTC)")
    rows = [
        (
            *(one.person.family_name, one.person.given_name, one.person.username, one.person.student_number),
            *("; ".join(one.groups), one.longer, f"{one.joined_at:%Y-%m-%d %H:%M}"),
        )
        for one in students(session, class_id)
    ]
    return csv_table.dump(heads, rows)


def student(session: Session, class_id: int, user_id: int) -> Student:
    """One of them. Raises ``NotFound``."""
    place = classes.membership(session, class_id, user_id)
    user = users.by_id(session, user_id)
    if place is None or user is None or place.role != "student" or place.removed_at is not None:
        raise NotFound(NOT_IN_CLASS)
    members = classes.group_members(session, class_id)
    groups = [group.name for group in classes.groups(session, class_id) if user_id in members.get(group.id, ())]
    gets = said(assignments.accommodation(session, class_id, user_id))
    return Student(person(user), place.joined_at, tuple(groups), gets)


def remove(session: Session, class_id: int, user_id: int, *, teacher_id: int, now: datetime) -> Person:
    """Take a student out of the class; what they did in it stays. Raises ``NotFound``."""
    own.taught(session, class_id, teacher_id, lock=True)
    found = student(session, class_id, user_id)
    place = classes.membership(session, class_id, user_id)
    if place is not None:
        place.removed_at = now
    audit.record(session, teacher_id, "remove", "member", user_id, {"role": "student"}, None, now=now,
                 class_id=class_id)  # fmt: skip
    return found.person


def removed(session: Session, class_id: int) -> list[Person]:
    """The students who were taken out, by name."""
    return [person(user) for user in classes.removed(session, class_id)]


def bring_back(session: Session, class_id: int, user_id: int, *, teacher_id: int, now: datetime) -> Person:
    """A student who was taken out comes back. Raises ``NotFound``."""
    own.taught(session, class_id, teacher_id, lock=True)
    place, user = classes.membership(session, class_id, user_id), users.by_id(session, user_id)
    if place is None or user is None or place.role != "student":
        raise NotFound(NOT_IN_CLASS)
    if place.removed_at is not None:
        place.removed_at = None
        audit.record(session, teacher_id, "bring back", "member", user_id, None, {"role": "student"}, now=now,
                     class_id=class_id)  # fmt: skip
    return person(user)


@dataclass(frozen=True)
class Result:
    """An attempt at something that the class was set; ``percent`` is what counts, None while it is open or waits."""

    attempt: Attempt
    title: str
    percent: Decimal | None


def results(session: Session, class_id: int, user_id: int) -> list[Result]:
    """What a student did in what the class was set, the newest first; three queries."""
    set_to = [one.id for one in assignments.of_class(session, class_id, withdrawn=True)]
    found = [one for one in assignments.attempts(session, set_to, user_id) if one.number > 0]
    titles = {
        name: quiz.title for name, (_, quiz) in bank.current_quizzes(session, {one.quiz for one in found}).items()
    }
    return [Result(one, titles.get(one.quiz, one.quiz), _percent(one)) for one in reversed(found)]


def _percent(attempt: Attempt) -> Decimal | None:
    mark = less(attempt.mark, attempt.late_percent) if attempt.submitted_at is not None else None
    return mark * 100 / attempt.available if mark is not None and attempt.available else None


# --- groups ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """A group of a class and who is in it. ``is_used``: something is set to it, so that it cannot be deleted."""

    id: int
    name: str
    members: frozenset[int]


def groups(session: Session, class_id: int) -> list[Group]:
    """The groups of the class; two queries."""
    members = classes.group_members(session, class_id)
    return [Group(one.id, one.name, frozenset(members.get(one.id, ()))) for one in classes.groups(session, class_id)]


def group_row(session: Session, class_id: int, group_id: int) -> ClassGroup:
    """One of them. Raises ``NotFound``."""
    found = next((one for one in classes.groups(session, class_id) if one.id == group_id), None)
    if found is None:
        raise NotFound("There is no such group in this class.")
    return found


def ids_in(session: Session, class_id: int, wanted: Iterable[int]) -> frozenset[int]:
    """Those of these ids that are students of the class."""
    return frozenset(wanted) & {user.id for _, user in classes.members(session, class_id, "student")}

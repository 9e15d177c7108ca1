"""Which attempts count: whose, and which of each student's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.formats import csv_table
from quizapp.services.classes import own
from quizapp.services.people import Person
from quizapp.store import analysis, bank
from quizapp.store.analysis import Sat, Whose

COUNTING = {
    "first": "each student’s first attempt",
    "last": "each student’s last attempt",
    "best": "each student’s best attempt",
    "all": "every attempt",
}


@dataclass(frozen=True)
class Group:
    """People to choose: their attempts, under a name. ``id`` stands in addresses; empty for all."""

    id: str
    name: str


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what there is to choose."""

    which: str
    group: Group
    groups: tuple[Group, ...]
    whose: Whose


@dataclass(frozen=True)
class QuizCount:
    """A quiz with how often it was finished."""

    quiz: Quiz
    attempts: int
    students: int


def choose(session: Session, who: Person, which: str, group: str) -> Choice:
    """The choice that an address makes; one's first attempt, and all that one may see, where it makes none.

    A teacher sees the students of own classes and those who are in no class; an administrator sees all.
    """
    classes = [Group(str(one.school_class.id), one.school_class.name) for one in own.mine(session, who.id)]
    everybody = Group("", "Everybody" if who.role == "admin" else "My classes, and whoever is in no class")
    chosen = next((one for one in classes if one.id == group), everybody)
    teacher = None if who.role == "admin" else who.id
    whose = Whose(teacher, int(chosen.id) if chosen.id else None)
    return Choice(which if which in COUNTING else "first", chosen, (everybody, *classes), whose)


def counted(session: Session, whose: Whose) -> list[QuizCount]:
    """The published quizzes with their finished attempts, the most taken first; three queries."""
    numbers = {quiz: (attempts, students) for quiz, attempts, students in analysis.counts(session, whose)}
    quizzes = [quiz for _, quiz in bank.current_quizzes(session).values()]
    found = [QuizCount(quiz, *numbers.get(quiz.id, (0, 0))) for quiz in quizzes]
    return sorted(found, key=lambda one: (-one.attempts, one.quiz.title.casefold()))


def counting(attempts: Iterable[Sat], which: str) -> list[Sat]:
    """The attempts that count, of those given in the order of submission."""
    if which == "all":
        return list(attempts)
    grouped: defaultdict[int, list[Sat]] = defaultdict(list)
    for one in attempts:
        grouped[one.user_id].append(one)
    return [_of_one(mine, which) for mine in grouped.values()]


def _of_one(mine: list[Sat], which: str) -> Sat:
    ordered = sorted(mine, key=lambda one: one.number)
    if which == "best":
        return max(ordered, key=lambda one: one.mark if one.mark is not None else -1)
    return ordered[-1] if which == "last" else ordered[0]


def counted_csv(found: Iterable[QuizCount]) -> str:
    """The quizzes with how often each was finished, for a spreadsheet."""
    return csv_table.dump(
        ("Quiz", "Finished attempts", "Students"), [(one.quiz.title, one.attempts, one.students) for one in found]
    )

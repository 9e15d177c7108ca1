"""A teacher's first page: what waits, what is set now, and the first steps of whoever is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import reasons
from quizapp.services.people import Person
from quizapp.services.reports import inbox
from quizapp.store import bank, desk

MOST = 6  # assignments on the page; a class's own page has all


@dataclass(frozen=True)
class Running:
    """What is set to a class and not closed."""

    id: int
    quiz_title: str
    class_id: int
    class_name: str
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    students: int
    submitted: int


@dataclass(frozen=True)
class FirstSteps:
    """How far somebody has come who is new to teaching here."""

    took_a_quiz: bool
    wrote_a_question: bool
    made_a_class: bool
    set_a_quiz: bool

    @property
    def done(self) -> bool:
        """Whether there is nothing left to show them."""
        return self.wrote_a_question and self.made_a_class and self.set_a_quiz


@dataclass(frozen=True)
class Desk:
    """What a teacher finds: how many reports, reasons and questions wait; what is set; the first steps.

    ``shaken`` questions are left out of new attempts until somebody has looked; ``listed`` ones stay in use.
    """

    reports: int
    reasons: int
    shaken: int
    listed: int
    running: tuple[Running, ...]
    steps: FirstSteps

    @property
    def waits(self) -> bool:
        """Whether anything waits for the teacher."""
        return bool(self.reports or self.reasons or self.shaken or self.listed)


def desk_of(session: Session, teacher: Person, *, now: datetime) -> Desk:
    """The desk of a teacher; ten queries at most."""
    *steps, shaken, listed = desk.counted(session, teacher.id)
    found = desk.running(session, teacher.id, now, MOST)
    titles = {name: quiz.title for name, (_, quiz) in bank.current_quizzes(session).items()} if found else {}
    running = tuple(
        Running(
            one.id, titles.get(one.quiz, one.quiz), one.class_id, class_name, one.opens_at, one.due_at, one.closes_at,
            students, submitted,
        )
        for one, class_name, students, submitted in found
    )  # fmt: skip
    waiting = reasons.waiting(session, teacher.id)
    return Desk(inbox.waiting(session, teacher), waiting, shaken, listed, running, FirstSteps(*steps))

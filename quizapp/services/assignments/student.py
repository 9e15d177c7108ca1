"""What a class sets a student: the list, one of them, and starting it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.domain.schedule import Accommodation, Schedule, State
from quizapp.services.assignments.schedules import Accommodations, schedule
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.taking.finishing import close_overdue
from quizapp.services.taking.put_away import scores_put_away
from quizapp.services.taking.starting import AttemptLine, Beginning, QuizLine, attempt_lines, begin
from quizapp.store import assignments, attempts, bank, gradebook
from quizapp.store.class_tables import Assignment
from quizapp.store.tables import Attempt

NO_SUCH = "There is nothing at this address for you. Perhaps your teacher has withdrawn it, or it was set to others."


@dataclass(frozen=True)
class Assigned:
    """A quiz that a class sets this student, with what holds for them."""

    id: int
    class_name: str
    line: QuizLine
    schedule: Schedule
    gets: Accommodation
    now: datetime
    is_excused: bool = False  # need not do it: it counts for nothing

    @property
    def quiz(self) -> Quiz:
        """The quiz as published now."""
        return self.line.quiz

    @property
    def state(self) -> State:
        """Whether it may be taken now."""
        return self.schedule.state(self.now)

    @property
    def is_done(self) -> bool:
        """Whether something has been handed in and nothing is open."""
        return bool(self.line.finished) and self.line.open_attempt is None

    @property
    def may_start(self) -> bool:
        """Whether a new attempt can be begun now."""
        return self.state in ("open", "late") and self.line.open_attempt is None and self.line.attempts_left != 0

    @property
    def is_pressing(self) -> bool:
        """Whether it waits for this student: not handed in, not closed, and not excused."""
        if self.is_done or self.is_excused:
            return False
        return self.may_start or self.line.open_attempt is not None or self.state == "not_yet"

    @property
    def has_longer(self) -> bool:
        """Whether this student has more time than the others."""
        return self.schedule.time is not None and self.schedule.time != self.quiz.limit()

    @property
    def time_if_started_now(self) -> timedelta | None:
        """What the close leaves of the time; None where it leaves all."""
        left, whole = self.schedule.time_left(self.now), self.schedule.time
        return left if left is not None and whole is not None and left < whole else None

    @property
    def percent_off_now(self) -> int:
        """What handing in now would cost for lateness."""
        return self.schedule.late_percent(self.now)


def assigned(session: Session, *, user_id: int, now: datetime) -> list[Assigned]:
    """What is set to a student now, the most pressing first; eight queries at most, one where nothing is."""
    rows = assignments.for_student(session, user_id)
    return sorted(_all(session, rows, user_id, now), key=_urgency) if rows else []


def assigned_page(session: Session, assignment_id: int, *, user_id: int, now: datetime) -> Assigned:
    """One of them. Raises ``NotFound`` where it is not set to this student."""
    rows = assignments.for_student(session, user_id, assignment_id=assignment_id)
    found = _all(session, rows, user_id, now)
    if not found:
        raise NotFound(NO_SUCH)
    return found[0]


def start_assigned(
    session: Session,
    assignment_id: int,
    *,
    user_id: int,
    attempt_id: uuid.UUID,
    seed: str,
    now: datetime,
    password: str = "",
) -> Attempt:
    """A new attempt at an assignment, or the open one. Raises ``NotFound``; ``NotAllowed`` before it opens, after it
    has closed, and where no attempt is left; ``WrongPassword``.
    """
    attempts.lock_user(session, user_id)
    close_overdue(session, now=now, user_id=user_id)
    found = assigned_page(session, assignment_id, user_id=user_id, now=now)
    if found.line.open_attempt is None and found.state == "not_yet":
        raise NotAllowed("This quiz is not open yet. Its page says when it opens.")
    if found.line.open_attempt is None and found.state == "closed":
        raise NotAllowed("This quiz is closed. If you should have more time, ask your teacher.")
    digest = bank.current_digests(session, "quiz", [found.quiz.id])[found.quiz.id]
    extra = found.gets.attempts or 0
    how = Beginning(user_id, attempt_id, seed, now, found.schedule, found.id, extra, password)
    return begin(session, found.quiz, digest, assignments.attempts(session, [found.id], user_id), how)


def _all(session: Session, rows: Iterable[tuple[Assignment, str]], user_id: int, now: datetime) -> list[Assigned]:
    known = list(rows)
    published = bank.current_quizzes(session, {one.quiz for one, _ in known})
    gets = Accommodations.of(assignments.accommodations_of(session, user_id))
    mine = _lines(session, attempts.of_user(session, user_id, slots=False), now)
    excused = {assignment.id for assignment, _ in gradebook.excuses_of_user(session, user_id)}
    found = []
    for one, class_name in known:
        if one.quiz in published:
            quiz, what = published[one.quiz][1], gets.get(one, user_id)
            line = QuizLine(quiz, tuple(mine.get(one.id, ())), what.attempts or 0)
            holds = schedule(one, quiz, what)
            found.append(Assigned(one.id, class_name, line, holds, what, now, one.id in excused))
    return found


def _lines(session: Session, mine: list[Attempt], now: datetime) -> Mapping[int, list[AttemptLine]]:
    put_away = scores_put_away(session, mine, now)
    of = {attempt.id: attempt.assignment_id for attempt in mine if attempt.assignment_id is not None}
    found: dict[int, list[AttemptLine]] = {}
    for lines in attempt_lines(session, [one for one in mine if one.id in of], now, put_away).values():
        for line in lines:
            found.setdefault(of[line.id], []).append(line)
    return found


def _urgency(one: Assigned) -> tuple[bool, float, float]:
    """What waits goes first, by its due date or close; what is done or closed goes last."""
    ends = one.schedule.dates.due or one.schedule.dates.closes
    return (not one.is_pressing, ends.timestamp() if ends else float("inf"), float(-one.id))

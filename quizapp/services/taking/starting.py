"""Finding a quiz, and starting or resuming an attempt at it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.items import item_digest
from quizapp.domain.marking import less
from quizapp.domain.quiz import CannotDraw, Drawn, Quiz, draw, duration, grade, in_words
from quizapp.domain.schedule import Schedule
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotAllowed, NotFound, Unavailable
from quizapp.services.taking.finishing import close_overdue, needs_closing, time_ran_out
from quizapp.services.taking.lines import visible_aspects
from quizapp.services.taking.put_away import scores_put_away
from quizapp.store import attempts, bank
from quizapp.store.tables import Attempt, Slot


@dataclass(frozen=True)
class AttemptLine:
    """An attempt in a list. ``mark`` is None until it is submitted, while its score may not be seen, or is put away.

    It is what counts: where something was taken off for handing in late, ``late_percent`` says how much.
    """

    id: uuid.UUID
    number: int
    started_at: datetime
    submitted_at: datetime | None
    mark: Decimal | None
    available: Decimal
    late_percent: int = 0
    waiting: bool = False  # for a teacher's marks; the score may be seen then
    time_ran_out: bool = False  # it was handed in by that
    is_retry: bool = False  # of what was missed in another attempt
    has_run_out: bool = False  # the clock has ended it, and nobody has handed it in yet

    @classmethod
    def of(cls, attempt: Attempt, quiz: Quiz, now: datetime, put_away: Collection[uuid.UUID] = ()) -> AttemptLine:
        """The attempt in short, as its student may see it now; ``quiz`` in the version that was set."""
        when = (attempt.started_at, attempt.submitted_at)
        is_shown = "score" in visible_aspects(attempt, quiz, now) and attempt.id not in put_away
        mark = less(attempt.mark, attempt.late_percent) if is_shown else None
        waiting = is_shown and attempt.mark is None and attempt.submitted_at is not None
        return cls(
            attempt.id,
            attempt.number,
            *when,
            mark=mark,
            available=attempt.available,
            late_percent=attempt.late_percent,
            waiting=waiting,
            time_ran_out=time_ran_out(attempt),
            is_retry=attempt.retry_of is not None,
            has_run_out=needs_closing(attempt, now),
        )

    @property
    def percent(self) -> Decimal | None:
        """The mark as per cent of what was available."""
        return percent(self.mark, self.available)


@dataclass(frozen=True)
class QuizLine:
    """A quiz as a list or its own page shows it to one user."""

    quiz: Quiz
    attempts: tuple[AttemptLine, ...] = ()
    extra_attempts: int = 0

    @property
    def attempts_allowed(self) -> int | None:
        """How many attempts there may be; None where there is no limit."""
        return None if self.quiz.attempts is None else self.quiz.attempts + self.extra_attempts

    @property
    def open_attempt(self) -> AttemptLine | None:
        """The attempt to go on with."""
        return next((one for one in self.attempts if one.submitted_at is None and one.number > 0), None)

    @property
    def has_run_out(self) -> bool:
        """Whether the clock has ended one of them that nobody has handed in yet."""
        return any(one.has_run_out for one in self.attempts)

    @property
    def finished(self) -> tuple[AttemptLine, ...]:
        """The submitted attempts that count."""
        return tuple(one for one in self.attempts if one.submitted_at is not None and one.number > 0)

    @property
    def best(self) -> Decimal | None:
        """The highest per cent of a finished attempt."""
        return max((one.percent for one in self.finished if one.percent is not None), default=None)

    @property
    def last(self) -> Decimal | None:
        """The per cent of the attempt finished last."""
        return self.finished[-1].percent if self.finished else None

    @property
    def grade(self) -> Decimal | None:
        """The per cent that the finished attempts make together, by the quiz's grading method."""
        return grade([one.percent for one in self.finished if one.percent is not None], self.quiz.grading)

    @property
    def attempts_left(self) -> int | None:
        """How many attempts are left to start; None where there is no limit."""
        started = sum(1 for one in self.attempts if one.number > 0)
        return None if self.attempts_allowed is None else max(0, self.attempts_allowed - started)


def percent(mark: Decimal | None, available: Decimal) -> Decimal | None:
    """Per cent of the marks available; None where there is no mark or nothing to earn."""
    return None if mark is None or not available else mark * 100 / available


def quizzes_page(session: Session, *, user_id: int | None, now: datetime) -> list[QuizLine]:
    """The published quizzes that are open to everybody, with the user's attempts; five queries at most."""
    mine = attempts.of_user(session, user_id, slots=False) if user_id is not None else []
    return quiz_lines(session, mine, now, scores_put_away(session, mine, now))


def quiz_lines(
    session: Session, mine: Iterable[Attempt], now: datetime, put_away: Collection[uuid.UUID]
) -> list[QuizLine]:
    """The published quizzes that are open to everybody, each with those of the attempts that are at it."""
    published = bank.current_quizzes(session)
    lines = attempt_lines(session, mine, now, put_away)
    return [
        QuizLine(quiz, tuple(lines.get(name, ()))) for name, (_, quiz) in published.items() if quiz.access == "open"
    ]


def attempt_lines(
    session: Session, mine: Iterable[Attempt], now: datetime, put_away: Collection[uuid.UUID]
) -> dict[str, list[AttemptLine]]:
    """Quiz → its attempts in short, in the order given."""
    found = list(mine)
    quizzes = bank.quizzes(session, [attempt.quiz_digest for attempt in found])
    lines: dict[str, list[AttemptLine]] = {}
    for attempt in found:
        lines.setdefault(attempt.quiz, []).append(AttemptLine.of(attempt, quizzes[attempt.quiz_digest], now, put_away))
    return lines


def quiz_page(session: Session, name: str, *, user_id: int | None, now: datetime) -> QuizLine:
    """One quiz that is open to everybody, with the user's attempts outside any class. Raises ``NotFound``."""
    _, quiz = _open_to_all(session, name)
    mine = attempts.of_user(session, user_id, slots=False) if user_id is not None else []
    put_away = scores_put_away(session, mine, now)
    at_it = [one for one in mine if one.quiz == name and one.assignment_id is None]
    return QuizLine(quiz, tuple(attempt_lines(session, at_it, now, put_away).get(name, ())))


def _open_to_all(session: Session, name: str) -> tuple[str, Quiz]:
    """The published quiz with its digest. Raises ``NotFound``."""
    found = bank.current_quizzes(session, [name])
    if name not in found or found[name][1].access != "open":
        raise NotFound(
            "There is no quiz at this address. Perhaps it has been withdrawn; the list shows those there are."
        )
    return found[name]


def start(
    session: Session, name: str, *, user_id: int, attempt_id: uuid.UUID, seed: str, now: datetime, password: str = ""
) -> Attempt:
    """A new attempt, or the open one where there is one, so that two presses start one attempt.

    Raises ``NotFound``, ``NotAllowed`` where no attempt is left, and ``WrongPassword``.
    """
    attempts.lock_user(session, user_id)
    close_overdue(session, now=now, user_id=user_id)
    digest, quiz = _open_to_all(session, name)
    mine = [one for one in attempts.of_quiz(session, user_id, name) if one.assignment_id is None]
    return begin(session, quiz, digest, mine, Beginning(user_id, attempt_id, seed, now, password=password))


def check_password(session: Session, name: str, said: str) -> None:
    """For a visitor, before an account is made. Raises ``NotFound``, ``WrongPassword``."""
    if not _open_to_all(session, name)[1].opens(said):
        raise WrongPassword(said)


@dataclass(frozen=True)
class Beginning:
    """Who begins an attempt, as what, when, and under which rules."""

    user_id: int
    attempt_id: uuid.UUID
    seed: str
    now: datetime
    schedule: Schedule | None = None  # None: as the quiz says
    assignment_id: int | None = None
    extra_attempts: int = 0
    password: str = ""


class WrongPassword(Mistakes):
    """The quiz has a password, and this was not it."""

    def __init__(self, said: str) -> None:
        missing = "Type the password of this quiz. Your teacher has it."
        super().__init__({"password": ["That is not the password of this quiz. Look again." if said else missing]})


def begin(session: Session, quiz: Quiz, digest: str, mine: Iterable[Attempt], how: Beginning) -> Attempt:
    """The open one of these attempts, else a new one; the caller holds the user's lock.

    Raises ``NotAllowed``, ``Unavailable``, ``WrongPassword``.
    """
    numbered = [one for one in mine if one.number > 0]
    begun = next((one for one in numbered if one.submitted_at is None), None)
    if begun is not None:
        return own_attempt(session, begun.id, how.user_id)
    allowed = None if quiz.attempts is None else quiz.attempts + how.extra_attempts
    if allowed is not None and len(numbered) >= allowed:
        raise NotAllowed(f"All {allowed} attempts at this quiz are used. Your results stay open to you.")
    _check_wait(quiz, numbered, how.now)
    if not quiz.opens(how.password):
        raise WrongPassword(how.password)
    number = 1 + max((one.number for one in numbered), default=0)
    attempt = _new_attempt(quiz, digest, number, how)
    attempt.slots = slots_of(session, _drawn(session, quiz, how.seed))
    attempt.available = sum((slot.available for slot in attempt.slots), Decimal(0))
    session.add(attempt)
    session.flush()
    return attempt


def _check_wait(quiz: Quiz, before: Iterable[Attempt], now: datetime) -> None:
    """Raises ``NotAllowed`` while the quiz's waiting time between attempts runs."""
    handed_in = [one.submitted_at for one in before if one.submitted_at is not None]
    if quiz.wait is None or not handed_in:
        return
    left = max(handed_in) + duration(quiz.wait) - now
    if left > timedelta(0):
        raise NotAllowed(f"Between two attempts at this quiz lie {quiz.wait}. Come back in {in_words(left)}.")


def own_attempt(session: Session, attempt_id: uuid.UUID, user_id: int) -> Attempt:
    """The attempt with its slots. Raises ``NotFound`` where it isn't this user's."""
    attempt = attempts.find(session, attempt_id, user_id)
    if attempt is None:
        raise NotFound
    return attempt


def _drawn(session: Session, quiz: Quiz, seed: str) -> list[Drawn]:
    items = drawable(session)
    try:
        return draw(without_set_aside(session, quiz, items), items, seed)
    except CannotDraw as error:
        raise Unavailable(f"This quiz cannot be put together just now: {error}. Please tell your teacher.") from error


def without_set_aside(session: Session, quiz: Quiz, items: Mapping[str, Item]) -> Quiz:
    """The quiz without those of its fixed items that are set aside, as a draft or retired; it may lose sections."""
    missing = {item for section in quiz.sections for item in section.items if item not in items}
    aside = bank.set_aside(session, missing) if missing else set()
    if not aside:
        return quiz
    left = [
        section.model_copy(update={"items": tuple(item for item in section.items if item not in aside)})
        for section in quiz.sections
    ]
    kept = tuple(section for section in left if section.items or section.draw)
    if not kept:
        raise Unavailable("All questions of this quiz are being looked at just now. Please tell your teacher.")
    return quiz.model_copy(update={"sections": kept})


def drawable(session: Session) -> dict[str, Item]:
    """The published items that can be set here: those that need an attached text only where it is attached."""
    attached = bank.attached_sources(session)
    return {
        name: item
        for name, item in bank.current_items(session).items()
        if not item.needs_text or {ref.split("/")[0] for ref in item.passages()} <= attached
    }


def _new_attempt(quiz: Quiz, digest: str, number: int, how: Beginning) -> Attempt:
    schedule = how.schedule or Schedule(time=quiz.limit())
    return Attempt(
        id=how.attempt_id,
        user_id=how.user_id,
        quiz=quiz.id,
        quiz_digest=digest,
        mode=quiz.mode,
        number=number,
        seed=how.seed,
        started_at=how.now,
        deadline=schedule.deadline(how.now),
        grace_seconds=int(duration(quiz.grace).total_seconds()),
        assignment_id=how.assignment_id,
        due_at=schedule.dates.due,
        closes_at=schedule.dates.closes,
        reached=1 if quiz.is_one_way else None,
    )


def slots_of(session: Session, drawn: Sequence[Drawn]) -> list[Slot]:
    """What was drawn as slots, with the digests of all that its items name, as published now; two queries."""
    passages = {ref for one in drawn for ref in one.item.passages()}
    disputes = {name for one in drawn for name in one.item.disputes}
    digests = {
        "passage": bank.current_digests(session, "passage", passages),
        "dispute": bank.current_digests(session, "dispute", disputes),
    }
    return [_slot(number, one, digests) for number, one in enumerate(drawn, start=1)]


def _slot(number: int, drawn: Drawn, digests: Mapping[str, Mapping[str, str]]) -> Slot:
    item = drawn.item
    named = [("passage", ref) for ref in item.passages()] + [("dispute", name) for name in item.disputes]
    return Slot(
        number=number,
        section=drawn.section,
        item=item.id,
        item_digest=item_digest(item),
        evidence={f"{kind}:{name}": digests[kind][name] for kind, name in named if name in digests[kind]},
        order=list(drawn.order),
        available=drawn.marks,
    )

"""What exports of scores read: attempts, their slots and answers, page by page, so that memory stays bounded.

Rows go by class and quiz. An attempt belongs to the class to which its assignment was set; one that was not set to
anybody, to the first of the wanted classes in which its student is. Nobody's attempt is of two classes, then.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Standing
from quizapp.domain.quiz import MISTAKES
from quizapp.store.assignments import is_for
from quizapp.store.class_tables import Assignment, Membership, SchoolClass
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot, User

STAFF = ("teacher", "admin")
PAGE = 200  # attempts that are read at once
IS_STUDENT = and_(Membership.role == "student", Membership.removed_at.is_(None))


@dataclass(frozen=True)
class Scope:
    """Whose scores: of these classes; or of all there are and of whoever is in none. Of one quiz, or of every one."""

    classes: tuple[int, ...] | None
    quiz: str | None = None


@dataclass(frozen=True)
class Block:
    """A quiz in a class; without a class for those who are in none.

    ``is_set``: it is set to the class, or was; ``is_free``: somebody took it without its being set.
    """

    class_id: int | None
    class_name: str
    quiz: str
    is_set: bool
    is_free: bool


class Student(NamedTuple):
    """Whose row it is."""

    user_id: int
    family_name: str
    given_name: str
    username: str
    student_number: str | None
    email: str | None


class Sat(NamedTuple):
    """An attempt."""

    id: uuid.UUID
    quiz: str
    quiz_digest: str
    mode: str
    number: int
    started_at: datetime
    deadline: datetime | None
    grace_seconds: int
    submitted_at: datetime | None
    overdue: bool
    mark: Decimal | None
    available: Decimal
    assignment_id: int | None
    due_at: datetime | None
    own_deadline: datetime | None
    late_percent: int
    set_mark: Decimal | None
    comment: str | None


class SatSlot(NamedTuple):
    """A place in an attempt with its current answer; what is kept as JSON is still text."""

    attempt_id: uuid.UUID
    number: int
    section: int
    item: str
    item_digest: str
    available: Decimal
    flagged: bool
    first_shown_at: datetime | None
    checked_at: datetime | None
    fraction: Decimal | None
    mark: Decimal | None
    reason: str | None
    parts: str
    comment: str | None
    response: str | None
    because: str | None
    certainty: int | None
    answered_at: datetime | None


PERSON = tuple(
    getattr(User, name) for name in ("id", "family_name", "given_name", "username", "student_number", "email")
)
BY_NAME = (func.lower(User.family_name), func.lower(User.given_name), User.username_key, User.id)
ATTEMPT = tuple(getattr(Attempt, name) for name in Sat._fields)
SLOT: list[Any] = [cast(Slot.parts, Text) if one == "parts" else getattr(Slot, one) for one in SatSlot._fields[:-4]]
IS_COUNTED = and_(Attempt.number > 0, Attempt.quiz != MISTAKES.id)  # what is outside the grade is not exported


def blocks(session: Session, scope: Scope) -> list[Block]:
    """What there is to export, by class and quiz; three queries."""
    names = _class_names(session, scope)
    found = {(row[0], row[1]) for row in session.execute(_assigned(scope))}
    own = {(row[0], row[1]) for row in session.execute(_taken_freely(scope)) if row[0] is not None or _all(scope)}
    both = sorted(found | own, key=lambda one: (one[0] is None, names.get(one[0], "").casefold(), one[0] or 0, one[1]))
    return [Block(one[0], names.get(one[0], ""), one[1], one in found, one in own) for one in both]


def attempts(session: Session, scope: Scope, block: Block) -> Iterator[list[tuple[Student, Sat]]]:
    """The attempts of a block by name and number, retries and teachers' own left out, in pages."""
    query = (
        select(*PERSON, *ATTEMPT)
        .join(User, User.id == Attempt.user_id)
        .where(Attempt.id.in_(_ids(scope, block)), User.role.not_in(STAFF))
        .order_by(*BY_NAME, Attempt.number)
        .execution_options(yield_per=PAGE)
    )
    width = len(PERSON)
    for rows in session.execute(query).partitions(PAGE):
        yield [(Student._make(row[:width]), Sat._make(row[width:])) for row in rows]


def of_nobody(session: Session, scope: Scope) -> Iterator[tuple[Student, Sat]]:
    """The attempts of those who are in no class, by name and in the order started."""
    query = (
        select(*PERSON, *ATTEMPT)
        .join(User, User.id == Attempt.user_id)
        .where(
            *_free(scope), User.role.not_in(STAFF), Attempt.user_id.not_in(select(Membership.user_id).where(IS_STUDENT))
        )
        .order_by(*BY_NAME, Attempt.started_at)
        .execution_options(yield_per=PAGE)
    )
    width = len(PERSON)
    for row in session.execute(query):
        yield Student._make(row[:width]), Sat._make(row[width:])


def not_started(session: Session, scope: Scope, block: Block) -> list[Student]:
    """The students for whom the quiz is set and who have not begun it, by name."""
    if not block.is_set:
        return []
    meant = exists().where(
        Assignment.class_id == block.class_id,
        Assignment.quiz == block.quiz,
        Assignment.withdrawn_at.is_(None),
        is_for(User.id),
    )
    begun = select(Attempt.user_id).where(Attempt.id.in_(_ids(scope, block)))
    query = _roster(block.class_id).where(meant, User.id.not_in(begun))
    return [Student._make(row) for row in session.execute(query)]


def roster(session: Session, class_id: int) -> list[Student]:
    """The students of a class, by name."""
    return [Student._make(row) for row in session.execute(_roster(class_id))]


def members(session: Session, class_id: int | None) -> set[int]:
    """Who is in the class as a student now."""
    query = select(Membership.user_id).where(Membership.class_id == class_id, IS_STUDENT)
    return set(session.scalars(query))


def slots(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[SatSlot]]:
    """The slots of a page of attempts with their current answers; one query."""
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    here = and_(every.attempt_id == Slot.attempt_id, every.slot == Slot.number)
    newest = select(func.max(every.ordinal)).where(here, every.standing == Standing.CURRENT.value)
    answered = (cast(answer.response, Text), answer.because, answer.certainty, answer.received_at)
    query = (
        select(*SLOT, *answered)
        .outerjoin(
            answer,
            and_(
                answer.attempt_id == Slot.attempt_id,
                answer.slot == Slot.number,
                answer.ordinal == newest.correlate(Slot).scalar_subquery(),
            ),
        )
        .where(Slot.attempt_id.in_(attempt_ids))
        .order_by(Slot.attempt_id, Slot.number)
    )
    found: dict[uuid.UUID, list[SatSlot]] = {one: [] for one in attempt_ids}
    for row in session.execute(query):
        found[row[0]].append(SatSlot._make(row))
    return found


Place = tuple[uuid.UUID, int]


def saves(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[Place, int]:
    """How many answers were saved in each slot of these attempts, later replaced ones included; one query."""
    query = select(Response.attempt_id, Response.slot, func.count()).where(Response.attempt_id.in_(attempt_ids))
    rows = session.execute(query.group_by(Response.attempt_id, Response.slot))
    return {(row[0], row[1]): row[2] for row in rows}


def openings(
    session: Session, attempt_ids: Sequence[uuid.UUID], user_ids: Sequence[int]
) -> dict[Place, list[tuple[str, datetime]]]:
    """The passages that were opened from each slot of these attempts, of these users, and when; one query."""
    query = select(
        PassageOpening.attempt_id, PassageOpening.slot, PassageOpening.passage, PassageOpening.opened_at
    ).where(PassageOpening.user_id.in_(user_ids), PassageOpening.attempt_id.in_(attempt_ids))
    found: dict[Place, list[tuple[str, datetime]]] = {}
    for attempt_id, slot, passage, opened_at in session.execute(query.order_by(PassageOpening.opened_at)):
        if attempt_id is not None and slot is not None:
            found.setdefault((attempt_id, slot), []).append((passage, opened_at))
    return found


def counts(session: Session, scope: Scope) -> tuple[int, int, int]:
    """How many attempts, how many slots, and the most slots of an attempt; at most what is exported, or a bit more."""
    query = select(func.count(Attempt.id.distinct()), func.count(), func.max(Slot.number)).join(Slot)
    attempts_, slots_, most = session.execute(query.where(Attempt.id.in_(_all_ids(scope)))).one()
    return attempts_, slots_, most or 0


def item_digests(session: Session, scope: Scope) -> list[tuple[str, str]]:
    """Item and digest of every item version that these attempts set, by item."""
    query = select(Slot.item, Slot.item_digest).where(Slot.attempt_id.in_(_all_ids(scope))).distinct()
    return [(row[0], row[1]) for row in session.execute(query.order_by(Slot.item, Slot.item_digest))]


# --- which -----------------------------------------------------------------------------------------------------------


def _all(scope: Scope) -> bool:
    return scope.classes is None


def _class_names(session: Session, scope: Scope) -> dict[int | None, str]:
    query = select(SchoolClass.id, SchoolClass.name)
    rows = session.execute(query if scope.classes is None else query.where(SchoolClass.id.in_(scope.classes)))
    return {row[0]: row[1] for row in rows}


def _assigned(scope: Scope) -> Select[int, str]:
    """Class and quiz of what is set, or was and has been begun."""
    begun = exists().where(Attempt.assignment_id == Assignment.id, Attempt.number > 0)
    query = select(Assignment.class_id, Assignment.quiz).where(or_(Assignment.withdrawn_at.is_(None), begun)).distinct()
    if scope.classes is not None:
        query = query.where(Assignment.class_id.in_(scope.classes))
    return query if scope.quiz is None else query.where(Assignment.quiz == scope.quiz)


def _free(scope: Scope) -> list[ColumnElement[bool]]:
    """Attempts at what was set to nobody."""
    free = [Attempt.assignment_id.is_(None), IS_COUNTED]
    return free if scope.quiz is None else [*free, Attempt.quiz == scope.quiz]


def _taken_freely(scope: Scope) -> Select[Any]:
    """Class and quiz of what was taken without being set; the class is NULL for whoever is in none of those wanted."""
    home = _home(scope).subquery()
    query = select(home.c.class_id, Attempt.quiz).join(User, User.id == Attempt.user_id)
    joined = query.outerjoin(home, home.c.user_id == Attempt.user_id)
    return joined.where(*_free(scope), User.role.not_in(STAFF)).distinct()


def _home(scope: Scope) -> Select[int, int]:
    """Each student with the first of the classes wanted in which they are."""
    query = select(Membership.user_id, func.min(Membership.class_id).label("class_id")).where(IS_STUDENT)
    if scope.classes is not None:
        query = query.where(Membership.class_id.in_(scope.classes))
    return query.group_by(Membership.user_id)


def _ids(scope: Scope, block: Block) -> Any:
    """The attempts of a block, found by way of its class, so that no other is looked at."""
    here = [Attempt.quiz == block.quiz, IS_COUNTED]
    if block.class_id is None:
        of_a_class = select(Membership.user_id).where(IS_STUDENT)
        return select(Attempt.id).where(*here, Attempt.assignment_id.is_(None), Attempt.user_id.not_in(of_a_class))
    set_here = select(Assignment.id).where(Assignment.class_id == block.class_id, Assignment.quiz == block.quiz)
    other = aliased(Membership)
    earlier = exists().where(
        other.user_id == Membership.user_id,
        other.role == "student",
        other.removed_at.is_(None),
        other.class_id < Membership.class_id,
        *([other.class_id.in_(scope.classes)] if scope.classes is not None else []),
    )
    home = select(Membership.user_id).where(Membership.class_id == block.class_id, IS_STUDENT, ~earlier)
    assigned = select(Attempt.id).where(*here, Attempt.assignment_id.in_(set_here))
    free = select(Attempt.id).where(*here, Attempt.assignment_id.is_(None), Attempt.user_id.in_(home))
    return assigned.union_all(free)


def _all_ids(scope: Scope) -> Any:
    """The attempts of all blocks together, those of teachers among them."""
    if scope.classes is None:
        counted = select(Attempt.id).where(IS_COUNTED)
        return counted if scope.quiz is None else counted.where(Attempt.quiz == scope.quiz)
    set_here = select(Assignment.id).where(Assignment.class_id.in_(scope.classes))
    students = select(Membership.user_id).where(Membership.class_id.in_(scope.classes), IS_STUDENT)
    of_quiz = [] if scope.quiz is None else [Attempt.quiz == scope.quiz]
    assigned = select(Attempt.id).where(IS_COUNTED, *of_quiz, Attempt.assignment_id.in_(set_here))
    return assigned.union_all(select(Attempt.id).where(*_free(scope), Attempt.user_id.in_(students)))


def _roster(class_id: int | None) -> Select[Any]:
    query = select(*PERSON).join(Membership, Membership.user_id == User.id)
    return query.where(Membership.class_id == class_id, IS_STUDENT).order_by(*BY_NAME)


def class_names(session: Session) -> dict[int, str]:
    """Every class there is."""
    return {row[0]: row[1] for row in session.execute(select(SchoolClass.id, SchoolClass.name))}

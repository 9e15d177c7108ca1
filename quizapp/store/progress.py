"""What a class has earned, added up by the database, so that no page reads every answer of 500 students."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.attempt import Standing
from quizapp.store.class_tables import Assignment, Membership
from quizapp.store.tables import Attempt, Content, Response, Slot


@dataclass(frozen=True)
class Span:
    """The finished attempts of a class: how many, by how many students, from when to when."""

    attempts: int
    students: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Earned:
    """What was earned in a group of answers. ``key`` and ``period`` say which."""

    key: str
    period: int
    answered: int
    earned: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class OfStudent:
    """What a student earned with questions of a group. ``keys``: its skill, say, as the question is published now."""

    user_id: int
    keys: tuple[str | None, ...]
    answered: int
    earned: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class Answered:
    """A marked answer of one of a student's latest attempts."""

    user_id: int
    attempt_id: uuid.UUID
    number: int
    quiz_digest: str
    submitted_at: datetime
    item_digest: str
    order: list[Any]
    evidence: dict[str, Any]
    fraction: Decimal
    response: Any
    certainty: int | None


def assignments_of(session: Session, class_id: int) -> set[int]:
    """The assignments of a class, withdrawn ones included."""
    return set(session.scalars(select(Assignment.id).where(Assignment.class_id == class_id)))


def span(session: Session, class_id: int) -> Span:
    """The finished attempts of a class; one query."""
    when = Attempt.submitted_at
    query = select(func.count(), func.count(Attempt.user_id.distinct()), func.min(when), func.max(when))
    return Span(*session.execute(query.where(*_of_class(class_id))).one())


def by_item(session: Session, class_id: int, starts: Sequence[datetime]) -> list[Earned]:
    """What was earned with each question in each period; ``starts`` are their beginnings. One query.

    As many rows as questions times periods at most.
    """
    period = _period(starts)
    query = (
        select(Slot.item_digest, period.label("period"), *_sums())
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(*_of_class(class_id), Slot.mark.is_not(None))
        .group_by(Slot.item_digest, "period")  # by its name: PostgreSQL does not see that two expressions are one
    )
    return [Earned(*row) for row in session.execute(query)]


def by_student(session: Session, class_id: int, keys: Sequence[str], user_id: int | None = None) -> list[OfStudent]:
    """What each student (or one) earned with each «skill», «topic» or «type», or each mixture of them; one query.

    As many rows as students times groups at most.
    """
    columns = [getattr(Content, key) for key in keys]
    query = (
        select(Attempt.user_id, *columns, *_sums())
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .outerjoin(Content, and_(Content.kind == "item", Content.name == Slot.item))
        .where(*_of_class(class_id, user_id), Slot.mark.is_not(None))
        .group_by(Attempt.user_id, *columns)
    )
    return [OfStudent(row[0], tuple(row[1:-3]), *row[-3:]) for row in session.execute(query)]


def answered(session: Session, class_id: int, latest: int, user_id: int | None = None) -> list[Answered]:
    """The marked answers of each student's (or one's) latest attempts that count; one query, blank slots left out."""
    newest_first = func.row_number().over(
        partition_by=Attempt.user_id, order_by=(Attempt.submitted_at.desc(), Attempt.id)
    )
    ranked = (
        select(Attempt.id, newest_first.label("rank"))
        .where(*_of_class(class_id, user_id), Attempt.number > 0)
        .subquery()
    )
    answer, every = aliased(Response, name="answer"), aliased(Response, name="every")
    here = and_(every.attempt_id == Slot.attempt_id, every.slot == Slot.number)
    newest = select(func.max(every.ordinal)).where(here, every.standing == Standing.CURRENT.value).correlate(Slot)
    query = (
        select(
            *(Attempt.user_id, Slot.attempt_id, Slot.number, Attempt.quiz_digest, Attempt.submitted_at),
            *(Slot.item_digest, Slot.order, Slot.evidence, Slot.fraction, answer.response, answer.certainty),
        )
        .join(ranked, ranked.c.id == Slot.attempt_id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .join(
            answer,
            and_(
                answer.attempt_id == Slot.attempt_id,
                answer.slot == Slot.number,
                answer.ordinal == newest.scalar_subquery(),
            ),
        )
        .where(ranked.c.rank <= latest, Slot.fraction.is_not(None))
        .order_by(Attempt.user_id, Attempt.submitted_at, Attempt.id, Slot.number)
    )
    return [Answered(*row) for row in session.execute(query)]


def finished(session: Session, class_id: int) -> dict[int, tuple[int, datetime | None]]:
    """Student → how many attempts that count are finished, and when the last of all was; one query."""
    counting = func.count().filter(Attempt.number > 0)
    query = select(Attempt.user_id, counting, func.max(Attempt.submitted_at)).where(*_of_class(class_id))
    return {row[0]: (row[1], row[2]) for row in session.execute(query.group_by(Attempt.user_id))}


def overdue(session: Session, class_id: int, now: datetime) -> list[int]:
    """The students of a class who have an attempt whose deadline is over and that nobody has submitted; one query."""
    query = select(Attempt.user_id).where(
        Attempt.user_id.in_(_students(class_id)), Attempt.submitted_at.is_(None), Attempt.deadline < now
    )
    return list(session.scalars(query.distinct()))


def _sums() -> tuple[ColumnElement[Any], ...]:
    return func.count(), func.sum(Slot.mark), func.sum(Slot.available)


def _of_class(class_id: int, user_id: int | None = None) -> tuple[ColumnElement[bool], ...]:
    """Finished attempts of its students (or one of them): at what it was set, or outside any class."""
    set_to_it = select(Assignment.id).where(Assignment.class_id == class_id)
    concerns = or_(Attempt.assignment_id.is_(None), Attempt.assignment_id.in_(set_to_it))
    whose = [Attempt.user_id == user_id] if user_id is not None else []
    return Attempt.user_id.in_(_students(class_id)), Attempt.submitted_at.is_not(None), concerns, *whose


def _students(class_id: int) -> Select[Any]:
    return select(Membership.user_id).where(
        Membership.class_id == class_id, Membership.role == "student", Membership.removed_at.is_(None)
    )


def _period(starts: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the last period that begins before an attempt was handed in."""
    later = [(Attempt.submitted_at < start, literal(i)) for i, start in enumerate(starts[1:])]
    return case(*later, else_=literal(len(starts) - 1)) if later else literal(0)

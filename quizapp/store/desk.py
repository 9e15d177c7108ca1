"""What a teacher's first page asks: what waits for them, what is set now, how far a new one has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from quizapp.store.assignments import is_for
from quizapp.store.class_tables import Assignment, Membership, SchoolClass
from quizapp.store.question_tables import ContentHistory
from quizapp.store.tables import Attempt, Content


def counted(session: Session, user_id: int) -> tuple[bool, bool, bool, bool, int, int]:
    """Whether somebody has taken a quiz, written a question, made a class, set a quiz; and how many questions wait
    because what they rest on has changed, left out of new attempts and in use. One query.
    """
    classes = select(Membership.class_id).where(
        Membership.user_id == user_id, Membership.role == "teacher", Membership.removed_at.is_(None)
    )
    shaken = select(func.count()).where(Content.kind == "item", Content.set_aside == "draft")
    listed = select(func.count()).where(
        Content.kind == "item", Content.to_look_at.is_not(None), Content.retired_at.is_(None)
    )
    row = session.execute(
        select(
            exists().where(Attempt.user_id == user_id),
            or_(
                exists().where(Content.kind == "item", Content.author_id == user_id),
                exists().where(ContentHistory.kind == "item", ContentHistory.actor_id == user_id),
            ),
            classes.exists(),
            exists().where(Assignment.class_id.in_(classes)),
            shaken.scalar_subquery(),
            listed.scalar_subquery(),
        )
    ).one()
    return bool(row[0]), bool(row[1]), bool(row[2]), bool(row[3]), int(row[4]), int(row[5])


def running(session: Session, user_id: int, now: datetime, most: int) -> list[tuple[Assignment, str, int, int]]:
    """What is set to this teacher's classes and not closed: with the class's name, for how many it is, and how many
    have handed in; what is due soonest first, what was due before last. One query.
    """
    ends = func.coalesce(Assignment.due_at, Assignment.closes_at)
    query = (
        select(Assignment, SchoolClass.name, _meant(), _submitted())
        .join(SchoolClass, SchoolClass.id == Assignment.class_id)
        .join(Membership, Membership.class_id == Assignment.class_id)
        .where(Membership.user_id == user_id, Membership.role == "teacher", Membership.removed_at.is_(None))
        .where(SchoolClass.archived_at.is_(None), Assignment.withdrawn_at.is_(None))
        .where(or_(Assignment.closes_at.is_(None), Assignment.closes_at > now))
        .order_by(case((ends.is_(None), 1), (ends < now, 2), else_=0), ends, Assignment.id.desc())
        .limit(most)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def _meant() -> Any:
    seat = Membership.__table__.alias("seat")
    place: Select[Any] = select(func.count()).select_from(seat)
    here = and_(seat.c.class_id == Assignment.class_id, seat.c.role == "student", seat.c.removed_at.is_(None))
    return place.where(here, is_for(seat.c.user_id)).correlate(Assignment).scalar_subquery()


def _submitted() -> Any:
    query = select(func.count(Attempt.user_id.distinct()))
    done = and_(Attempt.assignment_id == Assignment.id, Attempt.submitted_at.is_not(None))
    return query.where(done).correlate(Assignment).scalar_subquery()

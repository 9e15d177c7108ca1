"""What a regrade reads: where a question was asked, what was answered, how the marks moved since; and its runs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from quizapp.domain.attempt import Standing
from quizapp.store.class_tables import Membership
from quizapp.store.mark_tables import MarkChange
from quizapp.store.regrade_tables import RegradeRun
from quizapp.store.tables import Attempt, Response, Slot, Units, User

Place = tuple[uuid.UUID, int]  # attempt and slot
IS_THERE = Membership.removed_at.is_(None)
MOST_RUNS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a submitted attempt set it, and what it earned there."""

    attempt_id: uuid.UUID
    number: int
    item_digest: str
    available: Decimal
    fraction: Decimal | None
    reason: str | None
    parts: dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """The same with its attempt and its student."""

    asked: Asked
    attempt: Attempt
    user: User


@dataclass(frozen=True)
class Moved:
    """What became of a slot since it was handed in: the last kind of change, and what it was worth at first."""

    kind: str
    worth: Decimal | None


def of_teacher(teacher_id: int | None) -> ColumnElement[bool]:
    """Attempts of those who are students in a class of this teacher; of everybody for None."""
    if teacher_id is None:
        return true()
    mine = select(Membership.class_id).where(Membership.user_id == teacher_id, Membership.role == "teacher", IS_THERE)
    students = select(Membership.user_id).where(Membership.class_id.in_(mine), Membership.role == "student", IS_THERE)
    return Attempt.user_id.in_(students)


def answered(session: Session, item: str, teacher_id: int | None, *, lock: bool = False) -> list[Answered]:
    """Where the question was asked in submitted attempts, by student and time; one query, or two with locks."""
    here = (Slot.item == item, Attempt.submitted_at.is_not(None), of_teacher(teacher_id))
    if lock:
        ids = select(Attempt.id).join(Slot, Slot.attempt_id == Attempt.id).where(*here).order_by(Attempt.id)
        session.execute(ids.with_for_update(of=Attempt))
    query = (
        select(*(getattr(Slot, name) for name in Asked.__slots__), Attempt, User)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .join(User, User.id == Attempt.user_id)
        .where(*here)
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.username_key)
        .order_by(Attempt.submitted_at, Attempt.id, Slot.number)
        .execution_options(populate_existing=lock)
    )
    return [Answered(Asked(*row[:-2]), row[-2], row[-1]) for row in session.execute(query)]


def responses(session: Session, item: str, teacher_id: int | None) -> dict[Place, tuple[Any, str | None]]:
    """The answer that counts in each place where the question was asked, with the reason given; one query."""
    newest = (
        select(Response.attempt_id, Response.slot, func.max(Response.ordinal).label("ordinal"))
        .where(Response.standing == Standing.CURRENT.value)
        .join(Slot, and_(Slot.attempt_id == Response.attempt_id, Slot.number == Response.slot))
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Slot.item == item, Attempt.submitted_at.is_not(None), of_teacher(teacher_id))
        .group_by(Response.attempt_id, Response.slot)
        .subquery()
    )
    same = and_(
        Response.attempt_id == newest.c.attempt_id,
        Response.slot == newest.c.slot,
        Response.ordinal == newest.c.ordinal,
    )
    query = select(Response.attempt_id, Response.slot, Response.response, Response.because).join(newest, same)
    return {(row[0], row[1]): (row[2], row[3]) for row in session.execute(query)}


def rests(session: Session, item: str, teacher_id: int | None) -> dict[uuid.UUID, tuple[Decimal, int]]:
    """Of attempts that have no mark yet: what their other questions earned, and how many of those wait; one query."""
    asked = select(Slot.attempt_id).where(Slot.item == item)
    query = (
        select(Slot.attempt_id, func.sum(Slot.mark, type_=Units()), func.count() - func.count(Slot.fraction))
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Attempt.submitted_at.is_not(None), Attempt.mark.is_(None), of_teacher(teacher_id))
        .where(Slot.attempt_id.in_(asked), Slot.item != item)
        .group_by(Slot.attempt_id)
    )
    return {row[0]: (row[1] or Decimal(0), row[2]) for row in session.execute(query)}


def moved(session: Session, item: str, teacher_id: int | None) -> dict[Place, Moved]:
    """What became of the marks of the question since they were handed in; one query."""
    query = (
        select(MarkChange.attempt_id, MarkChange.slot, MarkChange.kind, MarkChange.old_available)
        .join(Slot, and_(Slot.attempt_id == MarkChange.attempt_id, Slot.number == MarkChange.slot))
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Slot.item == item, Attempt.submitted_at.is_not(None), of_teacher(teacher_id))
        .order_by(MarkChange.id)
    )
    found: dict[Place, Moved] = {}
    for attempt_id, slot, kind, worth in session.execute(query):
        before = found.get((attempt_id, slot))
        first = before.worth if before and before.worth is not None else worth
        found[attempt_id, slot] = Moved(kind, first)
    return found


Count = tuple[str, bool, bool, int]  # digest, whether submitted, whether of this teacher's students, how many


def uses(session: Session, item: str, teacher_id: int | None, since: datetime | None = None) -> list[Count]:
    """How often each version was asked, and of whom; one query."""
    mine, handed_in = of_teacher(teacher_id).label("mine"), Attempt.submitted_at.is_not(None).label("handed_in")
    asked = (select(Slot.item_digest, handed_in, mine, Attempt.id).join(Attempt, Attempt.id == Slot.attempt_id)).where(
        Slot.item == item
    )
    if since is not None:
        asked = asked.where(Attempt.submitted_at > since)
    each = asked.subquery()
    kinds = (each.c.item_digest, each.c.handed_in, each.c.mine)
    query = select(*kinds, func.count(each.c.id.distinct())).group_by(*kinds)
    return [(row[0], bool(row[1]), bool(row[2]), row[3]) for row in session.execute(query)]


# --- runs ------------------------------------------------------------------------------------------------------------


def add_run(session: Session, run: RegradeRun) -> RegradeRun:
    """Writes a run down; it has its id then."""
    session.add(run)
    session.flush()
    return run


def run(session: Session, run_id: int, actor_id: int | None, *, lock: bool = False) -> RegradeRun | None:
    """A run of this teacher's; of anybody's for None."""
    query = _runs(actor_id).where(RegradeRun.id == run_id)
    return session.scalar(query.with_for_update() if lock else query)


def runs(session: Session, actor_id: int | None) -> Sequence[RegradeRun]:
    """The runs of a teacher, or all, the newest first."""
    return session.scalars(_runs(actor_id).order_by(RegradeRun.id.desc()).limit(MOST_RUNS)).all()


def runs_of(session: Session, run_ids: Collection[int]) -> dict[int, RegradeRun]:
    """The runs with these ids; no query for none."""
    if not run_ids:
        return {}
    return {one.id: one for one in session.scalars(select(RegradeRun).where(RegradeRun.id.in_(run_ids)))}


def last_run_at(session: Session, item: str, to_digest: str, actor_id: int) -> datetime | None:
    """When this teacher last marked the question anew by this version, and left it so."""
    query = select(func.max(RegradeRun.at)).where(
        RegradeRun.item == item, RegradeRun.to_digest == to_digest, RegradeRun.actor_id == actor_id,
        RegradeRun.undone_at.is_(None),
    )  # fmt: skip
    return session.scalar(query)


def _runs(actor_id: int | None) -> Select[RegradeRun]:
    query = select(RegradeRun)
    return query if actor_id is None else query.where(RegradeRun.actor_id == actor_id)


@dataclass(frozen=True)
class Changed:
    """A mark that a run moved, with where it stands now."""

    change: MarkChange
    slot: Slot
    attempt: Attempt
    user: User

    @property
    def is_as_left(self) -> bool:
        """Whether the mark is still as the run left it: nobody has moved it, and the attempt was not handed in anew."""
        now = (self.slot.fraction, self.slot.mark, self.slot.reason, dict(self.slot.parts))
        return now == (self.change.new_fraction, self.change.new_mark, self.change.new_reason, self.change.new_parts)


def changes(session: Session, run_id: int, *, lock: bool = False) -> list[Changed]:
    """What a run moved, by student; one query."""
    query = (
        select(MarkChange, Slot, Attempt, User)
        .join(Slot, and_(Slot.attempt_id == MarkChange.attempt_id, Slot.number == MarkChange.slot))
        .join(Attempt, Attempt.id == MarkChange.attempt_id)
        .join(User, User.id == Attempt.user_id)
        .where(MarkChange.run_id == run_id, MarkChange.kind == "regrade")
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.username_key, MarkChange.id)
        .execution_options(populate_existing=lock)
    )
    locked = query.with_for_update(of=(Attempt, Slot)) if lock else query
    return [Changed(*row) for row in session.execute(locked)]

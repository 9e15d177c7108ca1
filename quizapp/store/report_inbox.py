"""What students reported as teachers find it: only of students of own classes, and of those who are in no class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from quizapp.store.class_tables import Membership, SchoolClass
from quizapp.store.report_tables import ProblemReport, Reporter
from quizapp.store.reports import STANDS, UNSETTLED
from quizapp.store.tables import User

IS_THERE = Membership.removed_at.is_(None)
SETTLED = ("answered", "declined", "withdrawn")  # nothing comes of these
COUNTS = or_(STANDS, ProblemReport.state == "withdrawn")  # one who stands by the report, or nobody does any more


@dataclass(frozen=True)
class Wanted:
    """Conditions that must all hold; what is empty asks for nothing. ``seen_by``: a teacher's id; None sees all."""

    seen_by: int | None = None
    state: str = ""
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Counted:
    """A report with how many reported it whom this teacher may see, and how many in all."""

    report: ProblemReport
    mine: int
    total: int
    last_at: datetime


def _theirs(seen_by: int | None) -> ColumnElement[bool]:
    """Whether a teacher may see who a ``Reporter`` is: a student of theirs, or of nobody."""
    if seen_by is None:
        return true()
    place = aliased(Membership)
    is_student = and_(place.user_id == Reporter.user_id, place.role == "student", place.removed_at.is_(None))
    taught = select(Membership.class_id).where(Membership.user_id == seen_by, Membership.role == "teacher", IS_THERE)
    return or_(exists().where(is_student, place.class_id.in_(taught)), ~exists().where(is_student))


def _found(query: Any, wanted: Wanted) -> Any:
    seen = exists().where(Reporter.report_id == ProblemReport.id, COUNTS, _theirs(wanted.seen_by))
    query = query.where(seen)
    if wanted.state:
        query = query.where(ProblemReport.state == wanted.state)
    if wanted.kinds:
        query = query.where(ProblemReport.kind.in_(wanted.kinds))
    if wanted.subject:
        query = query.where(ProblemReport.subject == wanted.subject)
    for word in wanted.words:
        title, name = func.lower(ProblemReport.title), func.lower(ProblemReport.subject)
        query = query.where(or_(title.contains(word, autoescape=True), name.contains(word, autoescape=True)))
    return query


def count(session: Session, wanted: Wanted) -> int:
    """How many reports there are of these."""
    return session.scalar(_found(select(func.count(ProblemReport.id)), wanted)) or 0


def page(session: Session, wanted: Wanted, sort: str, offset: int, limit: int) -> list[Counted]:
    """Reports with how many reported them; ``sort`` "-last", say."""
    here = and_(Reporter.report_id == ProblemReport.id, COUNTS)
    mine = select(func.count()).where(here, _theirs(wanted.seen_by)).correlate(ProblemReport).scalar_subquery()
    total = select(func.count()).where(here).correlate(ProblemReport).scalar_subquery()
    last = select(func.max(Reporter.reported_at)).where(here).correlate(ProblemReport).scalar_subquery()
    columns: Mapping[str, Any] = {
        "question": func.lower(ProblemReport.title), "kind": ProblemReport.kind, "state": ProblemReport.state,
        "reporters": mine, "last": last,
    }  # fmt: skip
    column = columns.get(sort.lstrip("-"), last)
    query = _found(select(ProblemReport, mine, total, last), wanted)
    query = query.order_by(column.desc() if sort.startswith("-") else column.asc(), ProblemReport.id.desc())
    return [Counted(*row) for row in session.execute(query.limit(limit).offset(offset))]


def find(session: Session, report_id: int, seen_by: int | None, *, lock: bool = False) -> ProblemReport | None:
    """The report, if this teacher may see any of those who made it."""
    query: Select[Any] = _found(select(ProblemReport), Wanted(seen_by)).where(ProblemReport.id == report_id)
    found: ProblemReport | None = session.scalar(query.with_for_update() if lock else query)
    return found


def reporters(session: Session, report_ids: Collection[int], seen_by: int | None) -> list[tuple[Reporter, User]]:
    """Who reported these, of those whom this teacher may see, the first one first.

    Whoever has withdrawn it is left out, unless nobody stands by it any more.
    """
    query = select(Reporter, User).join(User, User.id == Reporter.user_id)
    query = query.join(ProblemReport, ProblemReport.id == Reporter.report_id)
    query = query.where(Reporter.report_id.in_(report_ids), COUNTS, _theirs(seen_by))
    return [(row[0], row[1]) for row in session.execute(query.order_by(Reporter.reported_at, Reporter.user_id))]


def classes_of(session: Session, user_ids: Collection[int], seen_by: int | None) -> dict[int, list[str]]:
    """User → the names of the classes in which they are students; of a teacher's own ones alone."""
    query = (
        select(Membership.user_id, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == Membership.class_id)
        .where(Membership.user_id.in_(user_ids), Membership.role == "student", IS_THERE)
    )
    if seen_by is not None:
        own = aliased(Membership)
        mine = select(own.class_id).where(own.user_id == seen_by, own.role == "teacher", own.removed_at.is_(None))
        query = query.where(Membership.class_id.in_(mine))
    found: dict[int, list[str]] = {}
    for user_id, name in session.execute(query.order_by(SchoolClass.name)):
        found.setdefault(user_id, []).append(name)
    return found


def of_question(session: Session, item: str, seen_by: int | None) -> list[Counted]:
    """The reports of a question that this teacher may see and that wait, or led to a new version; the newest first."""
    found = page(session, Wanted(seen_by, subject=item), "-last", 0, 50)
    return [one for one in found if one.report.kind != "judgement" and one.report.state not in SETTLED]


def waiting(session: Session, seen_by: int | None) -> int:
    """How many reports wait for this teacher, or for any other who may see them."""
    seen = exists().where(Reporter.report_id == ProblemReport.id, STANDS, _theirs(seen_by))
    return session.scalar(select(func.count(ProblemReport.id)).where(UNSETTLED, seen)) or 0

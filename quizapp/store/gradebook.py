"""What the gradebook reads: the attempts of a class's students, whom its assignments are for, the slots that count."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, selectinload

from quizapp.domain.quiz import MISTAKES, Quiz
from quizapp.store.class_tables import (
    Assignment,
    AssignmentGroup,
    AssignmentStudent,
    ClassGroup,
    GroupMember,
    Membership,
    SchoolClass,
)
from quizapp.store.gradebook_tables import Excuse, GradingPolicy
from quizapp.store.mark_tables import MarkChange
from quizapp.store.tables import Attempt, Slot, Version

AT_ONCE = 5_000  # values that one query is given; SQLite takes 32,766
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sat:
    """An attempt of a student of the class, without its slots."""

    id: uuid.UUID
    user_id: int
    quiz: str
    quiz_digest: str
    assignment_id: int | None
    number: int
    started_at: datetime
    deadline: datetime | None
    grace_seconds: int
    submitted_at: datetime | None
    due_at: datetime | None
    own_deadline: datetime | None
    late_percent: int
    mark: Decimal | None
    available: Decimal
    set_mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SatSlot:
    """A slot of an attempt. ``parts`` is the JSON as kept: «{}» where the mark has no parts."""

    attempt_id: uuid.UUID
    number: int
    section: int
    item: str
    item_digest: str
    available: Decimal
    fraction: Decimal | None
    mark: Decimal | None
    parts: str


def _students(class_id: int) -> Select[Any]:
    return select(Membership.user_id).where(
        Membership.class_id == class_id, Membership.role == "student", Membership.removed_at.is_(None)
    )


def _of_class(class_id: int, own: bool) -> tuple[ColumnElement[bool], ...]:
    """Attempts within the grade, of the students of a class, at what is set to it; or also of themselves."""
    set_to_it = Attempt.assignment_id.in_(select(Assignment.id).where(Assignment.class_id == class_id))
    of_themselves = and_(Attempt.assignment_id.is_(None), Attempt.quiz != MISTAKES.id)
    where = or_(set_to_it, of_themselves) if own else set_to_it
    return (where, Attempt.user_id.in_(_students(class_id)), Attempt.number > 0)


def attempts(
    session: Session,
    class_id: int,
    *,
    own: bool = False,
    quiz: str | None = None,
    assignment_ids: Collection[int] | None = None,
) -> list[Sat]:
    """The attempts of the students of a class at what is set to it, in the order started; one query.

    ``own`` adds those that they began of themselves; ``quiz`` leaves only those, at this quiz; ``assignment_ids`` only
    those at these assignments. Retries, which are outside the grade, are left out.
    """
    query = (
        select(*(getattr(Attempt, name) for name in Sat.__slots__))
        .where(*_of_class(class_id, own))
        .order_by(Attempt.started_at, Attempt.id)
    )
    if quiz is not None:
        query = query.where(Attempt.quiz == quiz, Attempt.assignment_id.is_(None))
    if assignment_ids is not None:
        query = query.where(Attempt.assignment_id.in_(assignment_ids))
    return [Sat(*row) for row in session.execute(query)]


def assignments(session: Session, class_id: int) -> list[Assignment]:
    """What is set to the class, the oldest first; what is withdrawn only where somebody has begun it; one query."""
    begun = exists().where(Attempt.assignment_id == Assignment.id)
    query = select(Assignment).where(Assignment.class_id == class_id, or_(Assignment.withdrawn_at.is_(None), begun))
    return list(session.scalars(query.order_by(Assignment.created_at, Assignment.id)))


def targets(session: Session, class_id: int) -> dict[int, set[int]]:
    """Assignment → the students whom it is for, of those that are not for the whole class; two queries."""
    wanted = (Assignment.class_id == class_id, Assignment.target != "class")
    by_name = select(AssignmentStudent.assignment_id, AssignmentStudent.user_id).join(Assignment).where(*wanted)
    by_group = (
        select(AssignmentGroup.assignment_id, GroupMember.user_id)
        .join(GroupMember, GroupMember.group_id == AssignmentGroup.group_id)
        .join(Assignment, Assignment.id == AssignmentGroup.assignment_id)
        .where(*wanted)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for query in (by_name, by_group):
        for assignment_id, user_id in session.execute(query):
            found[assignment_id].add(user_id)
    return found


def groups(session: Session, class_id: int) -> dict[int, list[str]]:
    """Student → the names of the groups of this class that they are in; one query."""
    query = (
        select(GroupMember.user_id, ClassGroup.name)
        .join(ClassGroup, ClassGroup.id == GroupMember.group_id)
        .where(ClassGroup.class_id == class_id)
        .order_by(ClassGroup.name)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for user_id, name in session.execute(query):
        found[user_id].append(name)
    return found


def last_quizzes(session: Session, names: Collection[str]) -> dict[str, Quiz]:
    """Name → the last version of quizzes that are published no more; no query for none."""
    if not names:
        return {}
    newest = select(Version.name, func.max(Version.created_at).label("at")).where(_named(names)).group_by(Version.name)
    last = newest.subquery()
    query = select(Version.name, Version.entry).join(
        last, and_(Version.name == last.c.name, Version.created_at == last.c.at)
    )
    return {name: Quiz.model_validate(entry) for name, entry in session.execute(query.where(Version.kind == "quiz"))}


def _named(names: Collection[str]) -> ColumnElement[bool]:
    return and_(Version.kind == "quiz", Version.name.in_(list(names)))


def slots(session: Session, attempt_ids: Iterable[uuid.UUID], *, with_parts: bool = False) -> list[SatSlot]:
    """The slots of these attempts, by attempt and number; one query for each five thousand attempts.

    ``with_parts`` leaves those whose mark has parts.
    """
    columns: list[Any] = [getattr(Slot, name) for name in SatSlot.__slots__[:-1]] + [cast(Slot.parts, Text)]
    found: list[SatSlot] = []
    for some in _some(list(attempt_ids)):
        query = select(*columns).where(Slot.attempt_id.in_(some)).order_by(Slot.attempt_id, Slot.number)
        if with_parts:
            query = query.where(cast(Slot.parts, Text) != "{}")
        found += [SatSlot(*row) for row in session.execute(query)]
    return found


@dataclass(slots=True)
class Tally:
    """So many marked slots, and what was earned in them of what was available; in units of 10⁻⁷."""

    slots: int = 0
    earned: int = 0
    available: int = 0

    def add(self, slots: int, earned: int, available: int) -> None:
        """So much more."""
        self.slots += slots
        self.earned += earned
        self.available += available


def tallies(session: Session, attempt_ids: Iterable[uuid.UUID]) -> dict[tuple[int, str], Tally]:
    """(student, item version) → what these attempts come to in it; one query for each five thousand attempts.

    Added up here: the databases take longer than that. Whole numbers as they are kept, since there are very many.
    """
    found: defaultdict[tuple[int, str], Tally] = defaultdict(Tally)
    in_units = (type_coerce(Slot.mark, BigInteger), type_coerce(Slot.available, BigInteger))
    marked = select(Attempt.user_id, Slot.item_digest, *in_units).join_from(Attempt, Slot).where(Slot.mark.is_not(None))
    for some in _some(list(attempt_ids)):
        for user_id, digest, earned, available in session.execute(marked.where(Attempt.id.in_(some))):
            found[user_id, digest].add(1, earned, available)
    return found


def _some(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at once as a query takes."""
    return (all_of_them[start : start + AT_ONCE] for start in range(0, len(all_of_them), AT_ONCE))


# --- what is chosen, excused and set by hand -------------------------------------------------------------------------


def policy(session: Session, class_id: int) -> GradingPolicy | None:
    """What is chosen for a class; one query."""
    return session.get(GradingPolicy, class_id)


def excuses(session: Session, class_id: int) -> dict[tuple[int, int], str]:
    """(assignment, student) → why the student is excused from it, in a class; one query."""
    query = select(Excuse.assignment_id, Excuse.user_id, Excuse.why).join(Assignment)
    rows = session.execute(query.where(Assignment.class_id == class_id))
    return {(assignment_id, user_id): why for assignment_id, user_id, why in rows}


def excuse(session: Session, assignment_id: int, user_id: int) -> Excuse | None:
    """The student's excuse from an assignment."""
    return session.get(Excuse, (assignment_id, user_id))


def excuses_of_user(session: Session, user_id: int) -> list[tuple[Assignment, Excuse]]:
    """What a student is excused from, in whatever class; one query."""
    query = select(Assignment, Excuse).join(Excuse, Excuse.assignment_id == Assignment.id)
    rows = session.execute(query.where(Excuse.user_id == user_id).order_by(Assignment.id))
    return [(row[0], row[1]) for row in rows]


def moved_by_hand(session: Session, class_id: int, *, own: bool = False) -> set[uuid.UUID]:
    """The attempts of a class's students in which a person moved a mark; one query."""
    query = (
        select(MarkChange.attempt_id)
        .join(Attempt, Attempt.id == MarkChange.attempt_id)
        .where(MarkChange.kind == "override", *_of_class(class_id, own))
        .distinct()
    )
    return set(session.scalars(query))


def attempt_of_teacher(session: Session, attempt_id: uuid.UUID, teacher_id: int) -> Attempt | None:
    """The attempt with its slots, if a class of this teacher's set it, or if it was set by none and its student is in
    one; two queries.
    """
    query = select(Attempt).where(Attempt.id == attempt_id, _seen_by(teacher_id))
    return session.scalars(query.options(selectinload(Attempt.slots))).one_or_none()


def attempts_of_teacher(session: Session, attempt_ids: Iterable[uuid.UUID], teacher_id: int) -> set[uuid.UUID]:
    """Those of these attempts that this teacher may see, by the same rule; no query for none."""
    wanted = list(attempt_ids)
    if not wanted:
        return set()
    return set(session.scalars(select(Attempt.id).where(Attempt.id.in_(wanted), _seen_by(teacher_id))))


def _seen_by(teacher_id: int) -> ColumnElement[bool]:
    mine = select(Membership.class_id).where(
        Membership.user_id == teacher_id, Membership.role == "teacher", Membership.removed_at.is_(None)
    )
    students = select(Membership.user_id).where(
        Membership.class_id.in_(mine), Membership.role == "student", Membership.removed_at.is_(None)
    )
    set_by_me = Attempt.assignment_id.in_(select(Assignment.id).where(Assignment.class_id.in_(mine)))
    of_themselves = and_(Attempt.assignment_id.is_(None), Attempt.user_id.in_(students))
    return or_(set_by_me, of_themselves)


def class_of(session: Session, assignment_id: int | None) -> SchoolClass | None:
    """The class that an assignment is set to; no query for none."""
    if assignment_id is None:
        return None
    query = select(SchoolClass).join(Assignment, Assignment.class_id == SchoolClass.id)
    return session.scalars(query.where(Assignment.id == assignment_id)).one_or_none()


def attempts_beside(session: Session, attempt: Attempt) -> tuple[tuple[int, uuid.UUID], ...]:
    """Number and id of every attempt of the same student at the same quiz, in the same assignment or in none."""
    query = select(Attempt.number, Attempt.id).where(
        Attempt.user_id == attempt.user_id,
        Attempt.quiz == attempt.quiz,
        Attempt.assignment_id.is_not_distinct_from(attempt.assignment_id),
        Attempt.number > 0,
    )
    return tuple((row[0], row[1]) for row in session.execute(query.order_by(Attempt.number)))

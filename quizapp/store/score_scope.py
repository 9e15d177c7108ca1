"""Which attempts an export of scores holds: by class and quiz, by whom, how many.

An attempt belongs to the class to which its assignment was set; one that was not set to anybody, to the first of the
wanted classes in which its student is. Nobody's attempt is of two classes, then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.domain.quiz import MISTAKES
from quizapp.store.class_tables import Assignment, Membership, SchoolClass
from quizapp.store.tables import Attempt, Slot, User

STAFF = ("teacher", "admin")
IS_STUDENT = and_(Membership.role == "student", Membership.removed_at.is_(None))
IS_COUNTED = and_(Attempt.number > 0, Attempt.quiz != MISTAKES.id)  # what is outside the grade is not exported


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


def blocks(session: Session, scope: Scope) -> list[Block]:
    """What there is to export, by class and quiz; three queries."""
    names = _class_names(session, scope)
    found = {(row[0], row[1]) for row in session.execute(_assigned(scope))}
    own = {(row[0], row[1]) for row in session.execute(_taken_freely(scope)) if row[0] is not None or _all(scope)}
    both = sorted(found | own, key=lambda one: (one[0] is None, names.get(one[0], "").casefold(), one[0] or 0, one[1]))
    return [Block(one[0], names.get(one[0], ""), one[1], one in found, one in own) for one in both]


def class_names(session: Session) -> dict[int, str]:
    """Every class there is."""
    return {row[0]: row[1] for row in session.execute(select(SchoolClass.id, SchoolClass.name))}


def counts(session: Session, scope: Scope) -> tuple[int, int, int]:
    """How many attempts, how many slots, and the most slots of an attempt; at most what is exported, or a bit more."""
    query = select(func.count(Attempt.id.distinct()), func.count(), func.max(Slot.number)).join(Slot)
    attempts_, slots_, most = session.execute(query.where(Attempt.id.in_(all_ids(scope)))).one()
    return attempts_, slots_, most or 0


def item_digests(session: Session, scope: Scope) -> list[tuple[str, str]]:
    """Item and digest of every item version that these attempts set, by item."""
    query = select(Slot.item, Slot.item_digest).where(Slot.attempt_id.in_(all_ids(scope))).distinct()
    return [(row[0], row[1]) for row in session.execute(query.order_by(Slot.item, Slot.item_digest))]


@dataclass(frozen=True)
class Size:
    """How many students and attempts an export is about."""

    students: int
    attempts: int


def size(session: Session, scope: Scope) -> Size:
    """How much there is, teachers' own attempts left out; two queries, none over the answers: they are too many."""
    mine = Attempt.id.in_(all_ids(scope))
    query = select(func.count(Attempt.id)).join(User, User.id == Attempt.user_id)
    taken = session.scalar(query.where(mine, User.role.not_in(STAFF)))
    members = select(Membership.user_id).where(IS_STUDENT)
    if scope.classes is not None:
        members = members.where(Membership.class_id.in_(scope.classes))
    people = or_(User.id.in_(members), User.id.in_(select(Attempt.user_id).where(mine)))
    students = session.scalar(select(func.count(User.id)).where(people, User.role.not_in(STAFF)))
    return Size(students or 0, taken or 0)


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


def free(scope: Scope) -> list[ColumnElement[bool]]:
    """Attempts at what was set to nobody."""
    found = [Attempt.assignment_id.is_(None), IS_COUNTED]
    return found if scope.quiz is None else [*found, Attempt.quiz == scope.quiz]


def _taken_freely(scope: Scope) -> Select[Any]:
    """Class and quiz of what was taken without being set; the class is NULL for whoever is in none of those wanted."""
    home = _home(scope).subquery()
    query = select(home.c.class_id, Attempt.quiz).join(User, User.id == Attempt.user_id)
    joined = query.outerjoin(home, home.c.user_id == Attempt.user_id)
    return joined.where(*free(scope), User.role.not_in(STAFF)).distinct()


def _home(scope: Scope) -> Select[int, int]:
    """Each student with the first of the classes wanted in which they are."""
    query = select(Membership.user_id, func.min(Membership.class_id).label("class_id")).where(IS_STUDENT)
    if scope.classes is not None:
        query = query.where(Membership.class_id.in_(scope.classes))
    return query.group_by(Membership.user_id)


def ids_of(scope: Scope, block: Block) -> Any:
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
    taken = select(Attempt.id).where(*here, Attempt.assignment_id.is_(None), Attempt.user_id.in_(home))
    return assigned.union_all(taken)


def all_ids(scope: Scope) -> Any:
    """The attempts of all blocks together, those of teachers among them."""
    if scope.classes is None:
        counted = select(Attempt.id).where(IS_COUNTED)
        return counted if scope.quiz is None else counted.where(Attempt.quiz == scope.quiz)
    set_here = select(Assignment.id).where(Assignment.class_id.in_(scope.classes))
    students = select(Membership.user_id).where(Membership.class_id.in_(scope.classes), IS_STUDENT)
    of_quiz = [] if scope.quiz is None else [Attempt.quiz == scope.quiz]
    assigned = select(Attempt.id).where(IS_COUNTED, *of_quiz, Attempt.assignment_id.in_(set_here))
    return assigned.union_all(select(Attempt.id).where(*free(scope), Attempt.user_id.in_(students)))

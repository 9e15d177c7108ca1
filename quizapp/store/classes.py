"""Queries about classes, who is in them, and their groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.store.class_tables import Assignment, AssignmentGroup, ClassGroup, GroupMember, Membership, SchoolClass
from quizapp.store.tables import User

IS_THERE = Membership.removed_at.is_(None)


@dataclass(frozen=True)
class Counted:
    """A class with how many there are in it."""

    school_class: SchoolClass
    students: int
    assignments: int
    asking: int  # students who ask to have their account deleted


def of_teacher(session: Session, user_id: int) -> list[Counted]:
    """The classes that somebody teaches, archived ones last, by name; one query."""
    here = Membership.class_id == SchoolClass.id
    students = select(func.count()).where(here, Membership.role == "student", IS_THERE)
    assignments = select(func.count(Assignment.id)).where(
        Assignment.class_id == SchoolClass.id, Assignment.withdrawn_at.is_(None)
    )
    ask = select(func.count()).select_from(Membership).join(User, User.id == Membership.user_id)
    asking = ask.where(here, Membership.role == "student", IS_THERE, User.deletion_asked_at.is_not(None))
    mine = select(Membership.class_id).where(Membership.user_id == user_id, Membership.role == "teacher", IS_THERE)
    query = (
        select(SchoolClass, *(one.correlate(SchoolClass).scalar_subquery() for one in (students, assignments, asking)))
        .where(SchoolClass.id.in_(mine))
        .order_by(SchoolClass.archived_at.is_not(None), SchoolClass.name, SchoolClass.id)
    )
    return [Counted(*row) for row in session.execute(query)]


def taught(session: Session, class_id: int, user_id: int, *, lock: bool = False) -> SchoolClass | None:
    """The class, if this user teaches it."""
    query = (
        select(SchoolClass)
        .join(Membership, Membership.class_id == SchoolClass.id)
        .where(SchoolClass.id == class_id, Membership.user_id == user_id, Membership.role == "teacher", IS_THERE)
    )
    return session.scalars(query.with_for_update(of=SchoolClass) if lock else query).one_or_none()


def by_id(session: Session, class_id: int) -> SchoolClass | None:
    """The class of this id, whoever's it is: access is for the caller."""
    return session.get(SchoolClass, class_id)


def by_code(session: Session, code: str) -> SchoolClass | None:
    """The class that this code opens."""
    return session.scalar(select(SchoolClass).where(SchoolClass.join_code == code, SchoolClass.archived_at.is_(None)))


def set_code(session: Session, school_class: SchoolClass, code: str | None) -> bool:
    """Give the class this join code, or none; False where another class has it."""
    try:
        with session.begin_nested():
            school_class.join_code = code
    except IntegrityError:
        return False
    return True


def membership(session: Session, class_id: int, user_id: int) -> Membership | None:
    """Somebody's place in a class, also of somebody who was removed."""
    return session.get(Membership, (class_id, user_id))


def members(session: Session, class_id: int, role: str) -> list[tuple[Membership, User]]:
    """Who is in the class in this role, by name; one query."""
    query = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id == class_id, Membership.role == role, IS_THERE)
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.username_key)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def of_student(session: Session, user_id: int, *, archived: bool = False) -> list[SchoolClass]:
    """The classes that somebody is in as a student; archived ones only where asked for."""
    query = (
        select(SchoolClass)
        .join(Membership, Membership.class_id == SchoolClass.id)
        .where(Membership.user_id == user_id, Membership.role == "student", IS_THERE)
    )
    if not archived:
        query = query.where(SchoolClass.archived_at.is_(None))
    return list(session.scalars(query.order_by(SchoolClass.name)))


def teachers_of(session: Session, class_ids: Iterable[int]) -> dict[int, list[User]]:
    """Class → its teachers; one query."""
    query = (
        select(Membership.class_id, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id.in_(list(class_ids)), Membership.role == "teacher", IS_THERE)
        .order_by(Membership.joined_at)
    )
    found: dict[int, list[User]] = {}
    for class_id, user in session.execute(query):
        found.setdefault(class_id, []).append(user)
    return found


def put(session: Session, class_id: int, user_id: int, role: str, now: datetime) -> Membership:
    """Somebody into a class; who was removed comes back."""
    found = membership(session, class_id, user_id)
    if found is None:
        found = Membership(class_id=class_id, user_id=user_id, role=role, joined_at=now)
        session.add(found)
    elif found.removed_at is not None:
        found.role, found.joined_at, found.removed_at = role, now, None
    session.flush()
    return found


# --- groups ----------------------------------------------------------------------------------------------------------


def groups(session: Session, class_id: int) -> list[ClassGroup]:
    """The groups of a class by name."""
    return list(session.scalars(select(ClassGroup).where(ClassGroup.class_id == class_id).order_by(ClassGroup.name)))


def group_members(session: Session, class_id: int) -> dict[int, set[int]]:
    """Group → ids of the students in it, those who were removed from the class left out; one query."""
    query = (
        select(GroupMember.group_id, GroupMember.user_id)
        .join(ClassGroup, ClassGroup.id == GroupMember.group_id)
        .join(Membership, (Membership.class_id == ClassGroup.class_id) & (Membership.user_id == GroupMember.user_id))
        .where(ClassGroup.class_id == class_id, IS_THERE)
    )
    found: dict[int, set[int]] = {}
    for group_id, user_id in session.execute(query):
        found.setdefault(group_id, set()).add(user_id)
    return found


def set_group(session: Session, group_id: int, user_ids: Iterable[int]) -> None:
    """Have these students, and no others, in the group."""
    session.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    session.add_all(GroupMember(group_id=group_id, user_id=user_id) for user_id in sorted(set(user_ids)))
    session.flush()


def is_set_something(session: Session, group_id: int) -> bool:
    """Whether an assignment is for this group."""
    query = select(AssignmentGroup.assignment_id).where(AssignmentGroup.group_id == group_id).limit(1)
    return session.scalar(query) is not None


def remove_group(session: Session, group: ClassGroup) -> None:
    """Delete a group to which nothing is set."""
    session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    session.delete(group)
    session.flush()


def removed(session: Session, class_id: int) -> list[User]:
    """The students who were taken out of a class, by name."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.class_id == class_id, Membership.role == "student", Membership.removed_at.is_not(None))
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.username_key)
    )
    return list(session.scalars(query))


def places_of_user(session: Session, user_id: int) -> list[tuple[Membership, SchoolClass]]:
    """All classes that somebody is or was in, in whatever role."""
    query = select(Membership, SchoolClass).join(SchoolClass, SchoolClass.id == Membership.class_id)
    rows = session.execute(query.where(Membership.user_id == user_id).order_by(Membership.joined_at))
    return [(row[0], row[1]) for row in rows]


def groups_of_user(session: Session, user_id: int) -> dict[int, list[str]]:
    """Class → names of the groups in which somebody is."""
    query = select(ClassGroup.class_id, ClassGroup.name).join(GroupMember, GroupMember.group_id == ClassGroup.id)
    found: dict[int, list[str]] = {}
    for class_id, name in session.execute(query.where(GroupMember.user_id == user_id).order_by(ClassGroup.name)):
        found.setdefault(class_id, []).append(name)
    return found


def alone_in(session: Session, user_id: int) -> list[int]:
    """The classes of which somebody is the only teacher."""
    taught = (Membership.role == "teacher", IS_THERE)
    mine = select(Membership.class_id).where(Membership.user_id == user_id, *taught)
    query = (
        select(Membership.class_id)
        .join(SchoolClass, SchoolClass.id == Membership.class_id)
        .where(Membership.class_id.in_(mine), *taught)
        .group_by(Membership.class_id)
        .having(func.count() == 1)
    )
    return list(session.scalars(query))

"""What finds and deletes the demo class: nothing of it is left, and nothing of anybody else's goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from quizapp.store import users
from quizapp.store.class_tables import (
    Accommodation,
    Assignment,
    AssignmentGroup,
    AssignmentStudent,
    ClassGroup,
    GroupMember,
    Membership,
    SchoolClass,
)
from quizapp.store.tables import Attempt, User

MARK = "made_up"  # in the preferences of a made-up account


def students(session: Session, prefix: str) -> list[User]:
    """The made-up accounts, whose usernames begin so."""
    query = select(User).where(User.username_key.startswith(prefix, autoescape=True)).order_by(User.username_key)
    return [user for user in session.scalars(query) if user.preferences.get(MARK)]


def classes_of(session: Session, made_up: Sequence[int]) -> list[SchoolClass]:
    """The classes in which they are."""
    ids = select(Membership.class_id).where(Membership.user_id.in_(made_up), Membership.role == "student")
    return list(session.scalars(select(SchoolClass).where(SchoolClass.id.in_(ids))))


def remove_students(session: Session, made_up: Sequence[User]) -> None:
    """Delete the accounts with all that they left."""
    for user in made_up:
        users.remove(session, user, [])


def is_anybodys(session: Session, school_class: SchoolClass) -> bool:
    """Whether students are still in the class, or attempts at what was set to it are kept."""
    set_to_it = select(Assignment.id).where(Assignment.class_id == school_class.id)
    people = select(func.count()).where(Membership.class_id == school_class.id, Membership.role == "student")
    sat = select(func.count()).where(Attempt.assignment_id.in_(set_to_it))
    return bool((session.scalar(people) or 0) + (session.scalar(sat) or 0))


def remove_class(session: Session, school_class: SchoolClass) -> None:
    """Delete a class that is nobody's any more, with its assignments and groups."""
    given = school_class.id
    set_to_it = select(Assignment.id).where(Assignment.class_id == given)
    groups = select(ClassGroup.id).where(ClassGroup.class_id == given)
    for query in (
        delete(AssignmentGroup).where(AssignmentGroup.assignment_id.in_(set_to_it)),
        delete(AssignmentStudent).where(AssignmentStudent.assignment_id.in_(set_to_it)),
        delete(Accommodation).where(Accommodation.class_id == given),
        delete(GroupMember).where(GroupMember.group_id.in_(groups)),
        delete(Assignment).where(Assignment.class_id == given),
        delete(ClassGroup).where(ClassGroup.class_id == given),
        delete(Membership).where(Membership.class_id == given),
    ):
        session.execute(query.execution_options(synchronize_session=False))
    session.delete(school_class)
    session.flush()

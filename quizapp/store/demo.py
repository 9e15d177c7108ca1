"""What finds and deletes the demo class: nothing of it is left, and nothing of anybody else's goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from quizapp.store import users, versions
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
from quizapp.store.question_tables import QuestionLine
from quizapp.store.tables import Attempt, Content, Slot, User, Version
from quizapp.store.versions import Thing

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


# --- a question and a quiz of its own --------------------------------------------------------------------------------


def publish(session: Session, thing: Thing, now: datetime) -> None:
    """Put something into the bank that no file has; it comes back where it was retired."""
    versions.add_versions(session, [thing], now)
    content = session.get(Content, (thing.kind, thing.name))
    if content is None:
        versions.add_content(session, thing)
        session.flush()
        content = session.get_one(Content, (thing.kind, thing.name))
    content.digest, content.published_digest = thing.digest, None  # of no file: publishing the bank leaves it alone
    content.retired_at = content.set_aside = content.set_aside_reason = None
    session.flush()


def retire(session: Session, kind: str, name: str, now: datetime) -> None:
    """Take something out of the bank; attempts keep it."""
    content = session.get(Content, (kind, name))
    if content is not None:
        content.retired_at, content.set_aside = now, "retired"
        content.set_aside_reason = "made for the demo class"
        session.flush()


def unpublish(session: Session, kind: str, name: str, now: datetime) -> None:
    """Delete something from the bank, with its versions; where somebody uses it, it is retired."""
    content = session.get(Content, (kind, name))
    if content is None:
        return
    if _is_used(session, kind, name):
        retire(session, kind, name, now)
        return
    session.delete(content)
    session.flush()
    for query in (
        delete(QuestionLine).where(QuestionLine.name == name) if kind == "item" else None,
        delete(Version).where(Version.kind == kind, Version.name == name),
    ):
        if query is not None:
            session.execute(query.execution_options(synchronize_session=False))


def _is_used(session: Session, kind: str, name: str) -> bool:
    if kind == "item":
        found = select(func.count()).where(Slot.item == name)
        return bool(session.scalar(found))
    taken = session.scalar(select(func.count()).where(Attempt.quiz == name)) or 0
    return bool(taken + (session.scalar(select(func.count()).where(Assignment.quiz == name)) or 0))

"""Groups of a class: making, renaming, filling, deleting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import audit, usernames
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import members, own
from quizapp.services.errors import Conflict
from quizapp.store import classes
from quizapp.store.class_tables import ClassGroup

LONGEST_NAME = 80


def create(session: Session, class_id: int, name: str, *, teacher_id: int, now: datetime) -> ClassGroup:
    """A new group. Raises ``NotFound`` and ``Mistakes``."""
    own.taught(session, class_id, teacher_id, lock=True)
    made = ClassGroup(class_id=class_id, name=_checked(session, class_id, name))
    session.add(made)
    session.flush()
    new = {"name": made.name}
    audit.record(session, teacher_id, "create", "group", made.id, None, new, now=now, class_id=class_id)
    return made


def change(
    session: Session,
    class_id: int,
    group_id: int,
    name: str,
    user_ids: Iterable[int],
    *,
    teacher_id: int,
    now: datetime,
) -> ClassGroup:
    """Another name, other students. Raises ``NotFound`` and ``Mistakes``."""
    own.taught(session, class_id, teacher_id, lock=True)
    found = members.group_row(session, class_id, group_id)
    before = sorted(classes.group_members(session, class_id).get(group_id, ()))
    old = {"name": found.name, "students": before}
    found.name = _checked(session, class_id, name, found)
    wanted = members.ids_in(session, class_id, user_ids)
    classes.set_group(session, group_id, wanted)
    new = {"name": found.name, "students": sorted(wanted)}
    if new != old:
        audit.record(session, teacher_id, "change", "group", group_id, old, new, now=now, class_id=class_id)
    return found


def delete(session: Session, class_id: int, group_id: int, *, teacher_id: int, now: datetime) -> str:
    """Delete a group; its name. Raises ``NotFound``; ``Conflict`` while something is set to it."""
    own.taught(session, class_id, teacher_id, lock=True)
    found = members.group_row(session, class_id, group_id)
    if classes.is_set_something(session, group_id):
        raise Conflict("A quiz is or was set to this group, so it stays. You can rename or empty it.")
    name = found.name
    classes.remove_group(session, found)
    audit.record(session, teacher_id, "delete", "group", group_id, {"name": name}, None, now=now, class_id=class_id)
    return name


def _checked(session: Session, class_id: int, name: str, itself: ClassGroup | None = None) -> str:
    cleaned = usernames.personal_name(name)
    others = {one.name.casefold() for one in classes.groups(session, class_id) if one is not itself}
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise Mistakes({"name": [f"Give the group a name of at most {LONGEST_NAME} characters."]})
    if cleaned.casefold() in others:
        raise Mistakes({"name": ["The class has a group of this name already."]})
    return cleaned

"""Who changed what, when, from what to what: every service that changes something that matters says so here.

Entries name people by their ids, never by name: whoever is erased is gone from here too.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.formats import csv_table
from quizapp.services.people import Person, person
from quizapp.store import audit, bank
from quizapp.store.audit import Wanted
from quizapp.store.class_tables import AuditEntry

__all__ = ["Line", "Page", "Wanted", "as_csv", "page", "record"]

A_PAGE = 50
MOST_EXPORTED = 20_000
OF_PEOPLE = ("account", "member")  # kinds whose names are ids of users
OF_ATTEMPTS = ("attempt", "mark")  # kinds whose names are ids of attempts
DEEDS = {"override": "set by hand", "person": "mark a reason", "undo": "take back"}  # of marks, in words
FIELDS = {"slot": "question", "late": "late work", "percent_a_day": "per cent off a day"}
KINDS = {"item": "question", "assignment": "quiz set, no."}  # in words; what is not here says it itself
A_DIGEST = re.compile(r"[0-9a-f]{64}")
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GONE, A_COMMAND, GONE_ATTEMPT = "an erased account", "command line", "an attempt that was erased"

Value = Mapping[str, Any] | None


def record(
    session: Session,
    actor_id: int | None,
    action: str,
    kind: str,
    name: str | int,
    old: Value,
    new: Value,
    *,
    now: datetime,
    class_id: int | None = None,
) -> None:
    """Add to the audit trail, in the transaction of the change itself.

    ``actor_id`` is None for a command. ``action`` is a verb («publish», «extend»), ``kind`` and ``name`` say to what
    («item», its id). ``old`` and ``new`` hold what changed, as plain JSON; times as ISO text. ``class_id``: the class
    that it concerns, whose teachers see the entry; without one the actor sees it, and whoever changed that before.
    """
    entry = AuditEntry(
        at=now, actor_id=actor_id, action=action, kind=kind, name=str(name), class_id=class_id,
        old=dict(old) if old is not None else None, new=dict(new) if new is not None else None,
    )  # fmt: skip
    audit.add(session, entry)


Said = tuple[int | None, str, Value, Value]  # the class that it concerns, the name, old and new


def record_many(
    session: Session, entries: Sequence[Said], *, actor_id: int | None, action: str, kind: str, now: datetime
) -> None:
    """What ``record`` does, for many things at once."""
    rows = [
        {
            "at": now, "actor_id": actor_id, "action": action, "kind": kind, "name": name, "class_id": class_id,
            "old": None if old is None else dict(old), "new": None if new is None else dict(new),
        }
        for class_id, name, old, new in entries
    ]  # fmt: skip
    audit.add_all(session, rows)


@dataclass(frozen=True)
class Line:
    """An entry as people read it."""

    at: datetime
    who: str
    action: str
    kind: str
    name: str
    class_name: str
    changes: tuple[tuple[str, str, str], ...]  # field, from, to
    attempt: str = ""  # its id, where it is about one


@dataclass(frozen=True)
class Page:
    """A page of entries, with what can be filtered by."""

    lines: tuple[Line, ...]
    number: int
    last: int
    total: int
    actions: dict[str, str]  # with how people say them
    kinds: dict[str, str]  # likewise


def page(session: Session, wanted: Wanted, *, sort: str, number: int) -> Page:
    """One page of what this person may see; six queries at most."""
    total = audit.count(session, wanted)
    last = max(1, -(-total // A_PAGE))
    number = min(max(1, number), last)
    actions, kinds = audit.choices(session, wanted.seen_by)
    lines = _lines(session, audit.page(session, wanted, sort, (number - 1) * A_PAGE, A_PAGE))
    return Page(
        tuple(lines),
        number,
        last,
        total,
        _in_words(DEEDS, actions),
        _in_words(KINDS, kinds),
    )


def _in_words(words: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    return {one: words.get(one, one) for one in names}


def as_csv(session: Session, wanted: Wanted, *, sort: str) -> str:
    """All entries found, up to 20,000, for a spreadsheet."""
    lines = _lines(session, audit.page(session, wanted, sort, 0, MOST_EXPORTED))
    heads = ("When (UTC)", "Who", "Action", "Kind", "Name", "Class", "From", "To", "Attempt")
    return csv_table.dump(heads, [_row(line) for line in lines])


def seen_by(asking: Person) -> int | None:
    """Whose entries to show: an administrator sees all."""
    return None if asking.role == "admin" else asking.id


def _row(line: Line) -> Sequence[object]:
    olds = "; ".join(f"{field}: {old}" for field, old, _ in line.changes if old)
    news = "; ".join(f"{field}: {new}" for field, _, new in line.changes if new)
    when = line.at.isoformat(sep=" ", timespec="seconds")[:19]
    return (when, line.who, line.action, line.kind, line.name, line.class_name, olds, news, line.attempt)


def _lines(session: Session, found: Sequence[tuple[AuditEntry, Any, Any]]) -> list[Line]:
    ids = {int(entry.name) for entry, _, _ in found if entry.kind in OF_PEOPLE and entry.name.isdecimal()}
    names = {str(key): person(user).name for key, user in audit.people(session, sorted(ids)).items()}
    names |= _attempts(session, {entry.name for entry, _, _ in found if entry.kind in OF_ATTEMPTS})
    return [_line(entry, user, class_name, names) for entry, user, class_name in found]


def _attempts(session: Session, ids: set[str]) -> dict[str, str]:
    """Whose attempts these are, and at what."""
    found = audit.attempts(session, [uuid.UUID(one) for one in sorted(ids) if AN_ID.fullmatch(one)])
    quizzes = bank.quizzes(session, {digest for _, digest in found.values()})
    return {str(key): f"{person(user).name}, {quizzes[digest].title}" for key, (user, digest) in found.items()}


def _line(entry: AuditEntry, user: Any, class_name: str | None, names: Mapping[str, str]) -> Line:
    name, attempt = entry.name, ""
    if entry.kind in OF_PEOPLE and name.isdecimal():
        name = names.get(name, GONE)
    elif entry.kind in OF_ATTEMPTS:
        attempt = name if name in names else ""
        name = names.get(name, GONE_ATTEMPT)
    who = A_COMMAND if entry.actor_id is None else person(user).name if user is not None else GONE
    deed = DEEDS.get(entry.action, entry.action)
    return Line(entry.at, who, deed, entry.kind, name, class_name or "", _changes(entry.old, entry.new), attempt)


def _changes(old: Value, new: Value) -> tuple[tuple[str, str, str], ...]:
    fields = dict.fromkeys([*(old or {}), *(new or {})])
    pairs = ((field, (old or {}).get(field), (new or {}).get(field)) for field in fields)
    return tuple(
        (FIELDS.get(field, field.replace("_", " ")), _shown(before), _shown(after)) for field, before, after in pairs
    )


def _shown(value: Any) -> str:
    """A value as people read it: lists with commas, versions by their first letters."""
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_shown(one)}" for key, one in value.items())
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    return value[:12] if isinstance(value, str) and A_DIGEST.fullmatch(value) else str(value)

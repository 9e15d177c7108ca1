"""Students from a list: first what would happen, row by row; then, once the teacher says so, their accounts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from quizapp.formats import roster_table
from quizapp.formats.roster_table import Row, Table, Unreadable
from quizapp.services import accounts, audit, usernames
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own
from quizapp.services.classes.slips import Slip, first_slip
from quizapp.services.errors import Conflict
from quizapp.services.people import person
from quizapp.store import assignments, classes, users
from quizapp.store.class_tables import Accommodation, ClassGroup
from quizapp.store.tables import User

Status = Literal["new", "known", "there", "duplicate", "error"]
LEAST_TIME, MOST_TIME = 100, 1000  # per cent
LONGEST_NUMBER = 64
LONGEST_GROUP = 80
OWN_ACCOUNT = "has an account made by themselves: give them the join code."


@dataclass(frozen=True)
class Line:
    """A row of the list and what would become of it."""

    row: Row
    status: Status
    given_name: str = ""
    family_name: str = ""
    username: str = ""
    student_number: str = ""
    email: str = ""
    group: str = ""
    time_percent: int | None = None
    messages: tuple[str, ...] = ()
    user_id: int | None = None

    @property
    def name(self) -> str:
        """The family name first."""
        return ", ".join(one for one in (self.family_name, self.given_name) if one)


@dataclass(frozen=True)
class Plan:
    """What would happen with a list."""

    table: Table
    lines: tuple[Line, ...]

    def of(self, *statuses: Status) -> tuple[Line, ...]:
        """The lines of which that would become."""
        return tuple(line for line in self.lines if line.status in statuses)

    @property
    def does_something(self) -> bool:
        """Whether taking it in would change anything."""
        return bool(self.of("new", "known")) or any(line.group or line.time_percent for line in self.of("there"))

    @property
    def as_text(self) -> str:
        """The list itself, to be sent again."""
        return roster_table.dump((line.row for line in self.lines), self.table.columns)


def read(content: bytes, name: str = "", *, of: str = "file") -> Table:
    """The list in a file, or in the field ``of``. Raises ``Mistakes``."""
    try:
        return roster_table.load(content, name)
    except Unreadable as unreadable:
        raise Mistakes({of: [str(unreadable)]}) from None


def plan(session: Session, class_id: int, table: Table, *, teacher_id: int) -> Plan:
    """What would become of each row; stores nothing. Raises ``NotFound``, ``Conflict``.

    Four queries, and one for each further try at usernames that are taken.
    """
    school_class = own.taught(session, class_id, teacher_id)
    if school_class.archived_at is not None:
        raise Conflict("This class is archived. Take it up again, then you can add students.")
    lines = _without_duplicates([_read(row) for row in table.rows])
    lines = _matched(session, class_id, lines)
    return Plan(table, tuple(_with_usernames(session, lines)))


def take_in(session: Session, class_id: int, table: Table, *, teacher_id: int, now: datetime) -> list[Slip]:
    """Make the accounts that are new, put everybody into the class; the slips of the new ones.

    Rows that are wrong are left out. Doing it again changes nothing.
    """
    own.taught(session, class_id, teacher_id, lock=True)
    found = plan(session, class_id, table, teacher_id=teacher_id)
    groups = {group.name.casefold(): group for group in classes.groups(session, class_id)}
    members = classes.group_members(session, class_id)
    slips: list[Slip] = []
    for line in found.of("new", "known", "there"):
        user_id = line.user_id
        if line.status == "new":
            user, slip = _make(session, line, now)
            user_id = user.id
            slips.append(slip)
        if user_id is None:
            continue
        if line.status != "there":
            classes.put(session, class_id, user_id, "student", now)
        if line.group:
            group = _group(session, class_id, line.group, groups)
            members.setdefault(group.id, set()).add(user_id)
        _give_time(session, class_id, user_id, line.time_percent)
    for group in groups.values():
        classes.set_group(session, group.id, members.get(group.id, set()))
    counted = {status: len(found.of(status)) for status in ("new", "known")}
    if any(counted.values()):
        new = {"made": counted["new"], "joined": counted["known"]}
        audit.record(session, teacher_id, "take in list", "class", class_id, None, new, now=now, class_id=class_id)
    return slips


# --- reading a row ---------------------------------------------------------------------------------------------------


def _read(row: Row) -> Line:
    cells = {name: row.cells.get(name, "") for name in roster_table.NAMES}
    given, family = (usernames.personal_name(cells[name]) for name in ("given_name", "family_name"))
    wrong = list(row.problems)
    if not given and not family and not wrong:
        wrong.append("There is no name.")
    wrong += [f"A name has more than {accounts.LONGEST_NAME} characters."] * (
        max(len(given), len(family)) > accounts.LONGEST_NAME
    )
    if cells["username"]:
        wrong += [f"Username: {message}" for message in usernames.problems(cells["username"])]
    if len(cells["student_number"]) > LONGEST_NUMBER:
        wrong.append(f"The student number has more than {LONGEST_NUMBER} characters.")
    if len(cells["group"]) > LONGEST_GROUP:
        wrong.append(f"The group's name has more than {LONGEST_GROUP} characters.")
    wrong += [message for messages in accounts.email_problems(cells["email"]).values() for message in messages]
    percent, problem = _percent(cells["time"])
    wrong += [problem] if problem else []
    return Line(
        row,
        "error" if wrong else "new",
        given_name=given,
        family_name=family,
        username=usernames.clean(cells["username"]),
        student_number=cells["student_number"],
        email=cells["email"],
        group=cells["group"],
        time_percent=percent,
        messages=tuple(wrong),
    )


def _percent(text: str) -> tuple[int | None, str]:
    """«150%», «150», «1.5», «×2», «double»: the time in per cent, and what is wrong with it."""
    words = {"": None, "double": 200, "-": None, "none": None, "no": None}
    cleaned = text.casefold().strip("×x* ").replace(",", ".")
    if cleaned in words:
        return words[cleaned], ""
    told = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?) ?(%?)", cleaned)
    value = float(told[1]) if told else 0
    percent = round(value * 100) if told and not told[2] and value <= 10 else round(value)
    if not LEAST_TIME <= percent <= MOST_TIME:
        return None, f"Time “{text[:20]}” is not understood: write 150% or 1.5 for half as much again."
    return (None if percent == LEAST_TIME else percent), ""


# --- who is who ------------------------------------------------------------------------------------------------------


def _without_duplicates(lines: Iterable[Line]) -> list[Line]:
    """Of two rows that mean the same student, the later one is a duplicate of the first."""
    first: dict[tuple[str, str], int] = {}
    found = []
    for line in lines:
        marks = _marks(line)
        earlier = next((first[mark] for mark in marks if mark in first), None)
        if line.status != "error" and earlier is not None:
            found.append(replace(line, status="duplicate", messages=(f"The same student as in line {earlier}.",)))
        else:
            first.update(dict.fromkeys(marks, line.row.line))
            found.append(line)
    return found


def _marks(line: Line) -> list[tuple[str, str]]:
    """By what a student is known: username and number, else the name."""
    marks = []
    if line.username:
        marks.append(("username", usernames.key(line.username)))
    if line.student_number:
        marks.append(("number", line.student_number.casefold()))
    return marks or [("name", line.name.casefold())]


def _matched(session: Session, class_id: int, lines: list[Line]) -> list[Line]:
    """Each row with the account that is there already, if any."""
    keys = {usernames.key(line.username) for line in lines if line.username}
    numbers = {line.student_number for line in lines if line.student_number}
    known = users.of_list(session, keys, numbers)
    members = {user.id: user for _, user in classes.members(session, class_id, "student")}
    return [_match(line, known, members) if line.status == "new" else line for line in lines]


def _match(line: Line, known: Iterable[User], members: Mapping[int, User]) -> Line:
    there = [user for user in members.values() if _is(line, user)]
    if len(there) == 1:
        return replace(line, status="there", user_id=there[0].id, username=there[0].username)
    if len(there) > 1:
        return replace(line, status="error", messages=("Several in the class have this name: write the username.",))
    named = [user for user in known if line.username and user.username_key == usernames.key(line.username)]
    numbered = [user for user in known if line.student_number and _number(user) == line.student_number.casefold()]
    found = {user.id: user for user in (*named, *numbered)}
    if not found:
        return line
    if len(found) > 1:
        return replace(line, status="error", messages=("Username and student number belong to different accounts.",))
    (user,) = found.values()
    if user.role != "student" or user.rostered_at is None:
        return replace(line, status="error", messages=(f"“{user.username}” {OWN_ACCOUNT}",) if user.role == "student"
                       else (f"The username “{user.username}” is taken. Choose another.",))  # fmt: skip
    return replace(line, status="known", user_id=user.id, username=user.username)


def _is(line: Line, user: User) -> bool:
    if line.username:
        return user.username_key == usernames.key(line.username)
    if line.student_number and user.student_number:
        return _number(user) == line.student_number.casefold()
    return (user.family_name.casefold(), user.given_name.casefold()) == (
        line.family_name.casefold(), line.given_name.casefold(),
    )  # fmt: skip


def _number(user: User) -> str:
    return (user.student_number or "").casefold()


# --- usernames -------------------------------------------------------------------------------------------------------


def _with_usernames(session: Session, lines: list[Line]) -> list[Line]:
    """The new ones without a username get one that is free: anna.kern, anna.kern2."""
    given = {usernames.key(line.username) for line in lines if line.username}
    wanting = {at: _base(line) for at, line in enumerate(lines) if line.status == "new" and not line.username}
    counted: Counter[str] = Counter()
    made: dict[int, str] = {}
    while wanting:
        tried: dict[int, str] = {}
        for at, base in wanting.items():
            counted[base] += 1
            tried[at] = base if counted[base] == 1 else f"{base}{counted[base]}"
        taken = users.keys_taken(session, {usernames.key(name) for name in tried.values()}) | given
        free = {at: name for at, name in tried.items() if usernames.key(name) not in taken}
        made |= free
        wanting = {at: base for at, base in wanting.items() if at not in free}
    return [replace(line, username=made[at]) if at in made else line for at, line in enumerate(lines)]


def _base(line: Line) -> str:
    """The name as a username: small letters, without marks on them, a point between."""
    names = (
        (line.given_name.split(" ")[:1] + line.family_name.split(" ")[-1:]) if line.given_name else [line.family_name]
    )
    plain = (unicodedata.normalize("NFKD", name.casefold()) for name in names)
    letters = ("".join(one for one in name if one.isalnum() and not unicodedata.combining(one)) for name in plain)
    base = ".".join(name for name in letters if name)[:60]
    return base if not usernames.problems(base) else f"student.{base}"[:60].rstrip(".")


# --- taking in -------------------------------------------------------------------------------------------------------


def _make(session: Session, line: Line, now: datetime) -> tuple[User, Slip]:
    user = User(created_at=now, preferences={}, session_epoch=0, rostered_at=now)
    if not users.name(session, user, line.username, usernames.key(line.username), "student"):
        raise Conflict(f"The username {line.username} has just been taken. Look at the list again.")
    user.given_name, user.family_name = line.given_name, line.family_name
    user.student_number, user.email = line.student_number or None, line.email or None
    password = first_slip(user)
    session.flush()
    return user, Slip(person(user), password)


def _group(session: Session, class_id: int, name: str, groups: dict[str, ClassGroup]) -> ClassGroup:
    found = groups.get(name.casefold())
    if found is None:
        found = ClassGroup(class_id=class_id, name=name)
        session.add(found)
        session.flush()
        groups[name.casefold()] = found
    return found


def _give_time(session: Session, class_id: int, user_id: int, percent: int | None) -> None:
    if percent is None:
        return
    found = assignments.accommodation(session, class_id, user_id)
    if found is None:
        session.add(Accommodation(class_id=class_id, user_id=user_id, time_percent=percent))
    else:
        found.time_percent = percent
    session.flush()

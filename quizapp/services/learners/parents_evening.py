"""One plain page a student for parents' evening: what is done, strong and next, and two answers with their evidence.

Nothing on it compares the student with others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import progress
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.progress import Dimension, Outlook
from quizapp.domain.strands import Share, Strand, together
from quizapp.services import gradebook
from quizapp.services.classes import members, own
from quizapp.services.gradebook import Book, Cell, Column, Row
from quizapp.services.learners import evening_words
from quizapp.services.learners.evening_words import Said
from quizapp.services.learners.examples import Chosen, Evidences, Example, Mistakes, by_student, choose
from quizapp.services.people import Person
from quizapp.store import bank
from quizapp.store import progress as store
from quizapp.store.class_tables import SchoolClass
from quizapp.store.progress import OfStudent

LATEST = 4  # attempts, out of which the two answers are chosen
LISTED = 8  # quizzes; more would not leave room on the page
STATES = {
    "excused": "excused",
    "not started": "not begun yet",
    "missing": "not handed in",
    "working": "begun",
    "time is up": "begun",
    "to mark": "waits to be marked",
}
DIMENSIONS: tuple[Dimension, ...] = ("skills", "topics", "kinds")
KEYS = ("skill", "topic", "type")


@dataclass(frozen=True)
class Done:
    """A quiz that the student was set or took: how it stands, and the result as this class's teacher has it shown."""

    title: str
    cell: Cell
    due_at: datetime | None
    shown: str

    @property
    def is_late(self) -> bool:
        """Whether it was handed in after the due date."""
        return bool(self.cell.late_by)

    @property
    def standing(self) -> str:
        """How it stands where it is not handed in and marked; empty where it is."""
        return STATES.get(self.cell.state, "")


SORTS: Mapping[str, Callable[[Done], Any]] = {
    "quiz": lambda one: one.title.casefold(),
    "handed": lambda one: one.cell.submitted_at,
    "result": lambda one: one.cell.share,
}


@dataclass(frozen=True)
class EveningPage:
    """A student on one page. ``earlier`` are quizzes that are not listed; ``practised`` were taken of own accord."""

    student: Person
    done: tuple[Done, ...]
    earlier: int
    asked: int
    handed_in: int
    late: int
    practised: int
    outlook: Outlook
    well: Example | None
    learn: Example | None

    @property
    def strong(self) -> Said:
        """What goes well."""
        return evening_words.strong(self.outlook)

    @property
    def next(self) -> Said:
        """What costs most."""
        return evening_words.next_steps(self.outlook)

    def done_by(self, sort: str) -> list[Done]:
        """The quizzes in another order («result», «-result»), empty cells last; the latest first without such a one."""
        key = SORTS.get(sort.removeprefix("-"))
        if key is None:
            return list(self.done)
        known = sorted((one for one in self.done if key(one) is not None), key=key, reverse=sort.startswith("-"))
        return known + [one for one in self.done if key(one) is None]


@dataclass(frozen=True)
class Evening:
    """The pages of a class, or of one student of it."""

    school_class: SchoolClass
    pages: tuple[EveningPage, ...]


def evening(
    session: Session,
    class_id: int,
    *,
    teacher_id: int,
    now: datetime,
    user_id: int | None = None,
    listed: int | None = LISTED,
) -> Evening:
    """The pages of this teacher's class, or of one student; 26 queries at most, however many. Raises ``NotFound``.

    ``listed``: how many quizzes stand on a page; None for all.
    """
    school_class = own.taught(session, class_id, teacher_id)
    if user_id is not None:
        members.student(session, class_id, user_id)
    book = gradebook.rows(session, class_id, now=now, own=True)
    rows = [row for row in book.rows if user_id in (None, row.student.id)]
    outlooks = _outlooks(session, class_id, user_id)
    chosen, evidences = _chosen(session, class_id, outlooks, user_id)
    pages = [_page(row, book, outlooks.get(row.student.id, NOTHING), chosen, evidences, listed) for row in rows]
    return Evening(school_class, tuple(pages))


NOTHING = Outlook(0, 0)
NONE_CHOSEN = Chosen()


def _page(
    row: Row, book: Book, outlook: Outlook, chosen: Mapping[int, Chosen], evidences: Evidences, most: int | None
) -> EveningPage:
    pairs = list(zip(book.columns, row.cells, strict=True))
    asked = [(column, cell) for column, cell in pairs if column.counts and cell.state not in ("not set", "excused")]
    handed_in = [cell for _, cell in asked if cell.submitted_at]
    there = [pair for pair in pairs if pair[1].state != "not set"]
    listed = sorted(there, key=_moment)[::-1][:most]
    mine = chosen.get(row.student.id, NONE_CHOSEN)
    return EveningPage(
        student=row.student,
        done=tuple(_done(column, cell, book) for column, cell in listed),
        earlier=len(there) - len(listed),
        asked=len(asked),
        handed_in=len(handed_in),
        late=sum(1 for cell in handed_in if cell.late_by),
        practised=sum(1 for column, cell in pairs if column.assignment_id is None and cell.submitted_at),
        outlook=outlook,
        well=evidences.example(mine.well),
        learn=evidences.example(mine.learn),
    )


def _done(column: Column, cell: Cell, book: Book) -> Done:
    return Done(column.title, cell, column.due_at or column.closes_at, book.shown(cell.share, cell.available))


def _moment(pair: tuple[Column, Cell]) -> float:
    column, cell = pair
    moment = cell.submitted_at or column.set_at
    return moment.timestamp() if moment else 0.0


# --- what can be said ------------------------------------------------------------------------------------------------


def _outlooks(session: Session, class_id: int, user_id: int | None) -> dict[int, Outlook]:
    """Student → what can be said, by skill, topic and kind of question as they are published now; two queries."""
    rows: defaultdict[int, list[OfStudent]] = defaultdict(list)
    for row in store.by_student(session, class_id, KEYS, user_id):
        rows[row.user_id].append(row)
    titles = bank.topic_titles(session) if rows else {}
    return {one: _outlook(found, titles) for one, found in rows.items()}


def _outlook(rows: Sequence[OfStudent], titles: Mapping[str, str]) -> Outlook:
    everything = together("", (_share(row) for row in rows))
    strands = {name: _strands(rows, i, titles) for i, name in enumerate(DIMENSIONS)}
    return progress.outlook(strands, Strand("", "", (everything,)))


def _strands(rows: Iterable[OfStudent], place: int, titles: Mapping[str, str]) -> list[Strand]:
    groups: defaultdict[str, list[Share]] = defaultdict(list)
    for row in rows:
        if key := row.keys[place]:
            groups[key].append(_share(row))
    names = {key: _name(DIMENSIONS[place], key, titles) for key in groups}
    return [Strand(key, names[key], (together(names[key], shares),)) for key, shares in groups.items()]


def _share(row: OfStudent) -> Share:
    return Share("", row.answered, Decimal(row.earned), Decimal(row.available))


def _name(dimension: Dimension, key: str, titles: Mapping[str, str]) -> str:
    if dimension == "topics":
        return titles.get(key, key)
    return ITEM_TYPES[key].label if dimension == "kinds" and key in ITEM_TYPES else key.replace("_", " ")


# --- two answers -----------------------------------------------------------------------------------------------------


def _chosen(
    session: Session, class_id: int, outlooks: Mapping[int, Outlook], user_id: int | None
) -> tuple[dict[int, Chosen], Evidences]:
    answers = by_student(store.answered(session, class_id, LATEST, user_id))
    items = bank.items(session, {one.item_digest for found in answers.values() for one in found})
    mistakes = Mistakes(items)
    chosen = {
        one: choose(found, items, *_skills(outlooks.get(one, NOTHING)), mistakes) for one, found in answers.items()
    }
    wanted = [answer for one in chosen.values() for answer in (one.well, one.learn) if answer is not None]
    return chosen, Evidences(session, wanted, items)


def _skills(outlook: Outlook) -> tuple[Collection[str], Collection[str]]:
    """The skills that go well, and those that cost most."""
    return (
        {one.strand.key for one in outlook.strong if one.dimension == "skills"},
        {one.strand.key for one in outlook.next if one.dimension == "skills"},
    )

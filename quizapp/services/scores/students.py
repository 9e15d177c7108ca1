"""A row a student: what counts for each in each quiz, as the gradebook says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from quizapp.formats.sheets import Cell as Value
from quizapp.formats.sheets import Column, Sheet
from quizapp.services import gradebook
from quizapp.services.gradebook import Book, Cell
from quizapp.services.gradebook.cells import cell, percent_of
from quizapp.services.people import Person
from quizapp.services.scores.wanted import Found, Wanted
from quizapp.store import bank, scores
from quizapp.store import gradebook as store

OF_THEMSELVES = 0
Key = tuple[str, int]  # a quiz, and which of its assignments to the class: the first, the second …; or OF_THEMSELVES
NOT_SET = Cell("not set")


@dataclass(frozen=True)
class Line:
    """A student of a class with what stands for them in each quiz."""

    student: Person | scores.Student
    class_name: str
    groups: str
    cells: Mapping[Key, Cell]
    total: tuple[Value, ...] = (None, None)  # in per cent; as the class has it shown


@dataclass(frozen=True)
class Grades:
    """Everybody's grades: the quizzes in their order with their heads, and the lines, class by class."""

    session: Session
    found: Found
    wanted: Wanted
    now: datetime
    own: bool = True
    heads: Mapping[Key, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", self._heads())

    def lines(self) -> Iterator[Line]:
        """Every student of every class, who has not begun too; then those in no class who took a quiz."""
        for class_id in dict.fromkeys(one.class_id for one in self.found.blocks):
            if class_id is not None:
                yield from self._of_class(class_id)
        if self.found.scope.classes is None:
            yield from self._of_nobody()

    def _heads(self) -> dict[Key, str]:
        keys: dict[Key, None] = {}
        for class_id in dict.fromkeys(one.class_id for one in self.found.blocks):
            met: Counter[str] = Counter()
            for one in store.assignments(self.session, class_id) if class_id is not None else ():
                met[one.quiz] += 1
                keys[one.quiz, met[one.quiz]] = None
        if self.own:
            keys |= {(one.quiz, OF_THEMSELVES): None for one in self.found.blocks if one.is_free}
        chosen = [key for key in keys if self.wanted.quiz in (None, key[0])]
        return {key: _head(self.found.titles[key[0]], key[1], alone=(key[0], 1) not in keys) for key in chosen}

    def _of_class(self, class_id: int) -> Iterator[Line]:
        name = next(one.class_name for one in self.found.blocks if one.class_id == class_id)
        book = gradebook.rows(self.session, class_id, now=self.now, own=self.own)
        keys = _keys(book)
        for row in book.rows:
            cells = {key: one for key, one in zip(keys, row.cells, strict=True) if key in self.heads}
            came_to = row.total.share
            shown = None if came_to is None else book.shown(came_to, row.total.available)
            total = (percent_of(came_to), shown)
            yield Line(row.student, name, "; ".join(row.groups), cells, total)

    def _of_nobody(self) -> Iterator[Line]:
        for student, mine in groupby(scores.of_nobody(self.session, self.found.scope), lambda one: one[0]):
            by_quiz: dict[str, list[Any]] = {}
            for _, sat in mine:
                by_quiz.setdefault(sat.quiz, []).append(sat)
            quizzes = bank.quizzes(self.session, {sat.quiz_digest for some in by_quiz.values() for sat in some})
            cells = {
                (quiz, OF_THEMSELVES): cell(
                    some, quizzes[some[-1].quiz_digest].grading, counts=False, due=None, now=self.now
                )
                for quiz, some in by_quiz.items()
            }
            yield Line(student, "", "", cells)


def _keys(book: Book) -> list[Key]:
    met: Counter[str] = Counter()
    keys: list[Key] = []
    for column in book.columns:
        if column.assignment_id is None:
            keys.append((column.quiz.id, OF_THEMSELVES))
        else:
            met[column.quiz.id] += 1
            keys.append((column.quiz.id, met[column.quiz.id]))
    return keys


def _head(title: str, number: int, *, alone: bool) -> str:
    if number == OF_THEMSELVES:
        return title if alone else f"{title} (of themselves)"
    return title if number == 1 else f"{title} ({number})"


# --- as a table ------------------------------------------------------------------------------------------------------


WHO = (
    Column("family_name", "Family name"),
    Column("given_name", "Given name"),
    Column("username", "Username", "By which they sign in."),
    Column("student_number", "Student number", "As the school counts them."),
    Column("email", "E-mail", wide=24),
    Column("class", "Class"),
    Column("groups", "Groups", "Of the class, with semicolons between."),
)
TOTAL = (
    Column("total_percent", "Total per cent", "Of all that is set and counts, as the class is graded.", "percent"),
    Column("total", "Total", "As the class has its marks shown."),
)
STATE = (
    "not set; not started; missing (the due date is past); working; time is up; to mark (an answer waits for a "
    "person); done; excused."
)


def sheet(grades: Grades) -> Sheet:
    """The grades as a table: a few columns for each quiz, and the total where every quiz is there."""
    keys, with_times = list(grades.heads), "times" in grades.wanted.parts
    with_total = grades.wanted.quiz is None
    each = [column for key in keys for column in _columns(key, grades.heads[key], with_times=with_times)]
    columns = [*WHO, *each, *(TOTAL if with_total else ())]
    rows = (_row(line, keys, with_times=with_times, with_total=with_total) for line in grades.lines())
    return Sheet("Scores", "scores", columns, rows)


def _columns(key: Key, head: str, *, with_times: bool) -> list[Column]:
    name = key[0] if key[1] == 1 else f"{key[0]}:{key[1]}"
    found = [
        Column(f"{name}:mark", f"{head}: mark", "What counts, after lateness, as the quiz is graded.", "number"),
        Column(f"{name}:out_of", f"{head}: out of", "The points that there were.", "number"),
        Column(f"{name}:percent", f"{head}: per cent", "Mark ÷ out of.", "percent"),
        Column(f"{name}:attempts", f"{head}: attempts", "How many were begun.", "number"),
        Column(f"{name}:state", f"{head}: state", STATE, wide=12),
    ]
    when = Column(f"{name}:submitted_at", f"{head}: submitted", "The attempt that counts.", "time")
    return [*found, when] if with_times else found


def _row(line: Line, keys: Sequence[Key], *, with_times: bool, with_total: bool) -> list[Value]:
    who = line.student
    found: list[Value] = [
        *(who.family_name, who.given_name, who.username, who.student_number, who.email, line.class_name, line.groups)
    ]
    for key in keys:
        one = line.cells.get(key, NOT_SET)
        counts = one.share is not None and one.state != "excused"
        found += [one.mark, one.available, one.percent] if counts else [None, None, None]
        found += [one.attempts, one.state]
        if with_times:
            found.append(one.submitted_at)
    return [*found, *line.total] if with_total else found

"""The gradebook as tables for a spreadsheet: what its pages show, with marks as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.domain.collation import collated
from quizapp.formats.xlsx_tables import Sheet
from quizapp.services.gradebook.by_dimension import Share, Shares
from quizapp.services.gradebook.cells import Cell, percent_of
from quizapp.services.gradebook.of_class import Book, Row
from quizapp.services.gradebook.of_quiz import PARTS, Answer, QuestionRow, QuizBook
from quizapp.services.people import Person
from quizapp.store.classes import Counted

WHO = ("Family name", "Given name", "Username", "Student number")
CLASSES: dict[str, Callable[[Counted], Any]] = {
    "class": lambda one: collated(one.school_class.name),
    "students": lambda one: one.students,
    "quizzes": lambda one: one.assignments,
}


def of_classes(found: Sequence[Counted]) -> Sheet:
    """The classes with how many are in them and how many quizzes are set."""
    rows = [
        (one.school_class.name, one.students, one.assignments, "yes" if one.school_class.archived_at else None)
        for one in found
    ]
    return Sheet("Classes", ("Class", "Students", "Quizzes set", "Archived"), rows)


def classes_by(found: Sequence[Counted], sort: str) -> list[Counted]:
    """The classes in another order («students», «-students»); as given without such a one."""
    key = CLASSES.get(sort.removeprefix("-"))
    return sorted(found, key=key, reverse=sort.startswith("-")) if key else list(found)


def of_class(book: Book, rows: Sequence[Row]) -> Sheet:
    """A row for each student: the total in per cent, and the mark in each quiz or how it stands there."""
    quizzes = [f"{one.title}{_out_of(one.available)}" for one in book.columns]
    cells = [(*_who(row.student), _percent(row.total.share), *(_mark(one) for one in row.cells)) for row in rows]
    return Sheet("Gradebook", (*WHO, "Total (per cent)", *quizzes), cells)


def by_dimension(shares: Shares, rows: Sequence[Row]) -> Sheet:
    """A row for each student: the total, and for each topic, skill, source or part the per cent and of how many."""
    heads = [head for name in shares.names for head in (f"{name} (per cent)", f"{name} (answers)")]
    cells = [
        (
            *_who(row.student),
            _percent(row.total.share),
            *(cell for one in shares.rows[row.student.id] for cell in _share(one)),
        )
        for row in rows
    ]
    return Sheet("Gradebook", (*WHO, "Total (per cent)", *heads), cells)


def of_quiz(found: QuizBook, rows: Sequence[Row]) -> Sheet:
    """A row for each student: the mark, the parts of it, and the mark for each question with its own parts."""
    lines = {line.row.student.id: line for line in found.rows}
    heads = ["Mark", "Per cent", *(f"{PARTS[part]} (per cent)" for part in found.parts)]
    for one in found.questions:
        heads += [f"Question {one.number}{_out_of(one.available)}"]
        heads += [f"Question {one.number}: {PARTS[part]} (per cent)" for part in one.parts]
    return Sheet("Gradebook", (*WHO, *heads), [_question_row(found, lines[row.student.id]) for row in rows])


def _question_row(found: QuizBook, line: QuestionRow) -> list[object]:
    cells: list[object] = [*_who(line.row.student), _mark(line.cell), _percent(line.cell.share)]
    cells += [_percent(line.part(part)) for part in found.parts]
    for question, answer in zip(found.questions, line.answers, strict=True):
        cells += [_answer(answer), *(_part(answer, part) for part in question.parts)]
    return cells


def _who(one: Person) -> tuple[object, ...]:
    return one.family_name, one.given_name, one.username, one.student_number


def _out_of(available: Decimal | None) -> str:
    return "" if available is None else f" (of {available.normalize():f})"


def _percent(share: Fraction | None) -> Decimal | None:
    percent = percent_of(share)
    return None if percent is None else round(percent, 1)


def _mark(one: Cell) -> object:
    if one.mark is not None and one.state != "missing":
        return one.mark
    return None if one.state in ("not set", "done") else one.state


def _share(one: Share | None) -> tuple[object, object]:
    return (None, None) if one is None else (_percent(one.share), one.answers)


def _answer(one: Answer | None) -> object:
    if one is None:
        return None
    return "to mark" if one.mark is None else one.mark


def _part(one: Answer | None, name: str) -> Decimal | None:
    return None if one is None or name not in one.parts else _percent(Fraction(one.parts[name]))

"""The pages for parents' evening as one long table: a line for each thing that a page says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from quizapp.formats.xlsx_tables import Sheet
from quizapp.services.gradebook import percent_of
from quizapp.services.learners.evening_words import Said
from quizapp.services.learners.examples import Example
from quizapp.services.learners.parents_evening import Done, Evening, EveningPage

HEADS = (
    "Family name", "Given name", "Username", "Student number", "Line", "Text", "Numbers", "Quiz", "Handed in (UTC)",
    "Late", "Marks", "Out of", "Per cent", "Result", "Answer given", "Right answer", "What is said of it", "Quote",
    "Passage", "Account of the passage",
)  # fmt: skip
Cells = dict[str, object]


def sheet(found: Evening) -> Sheet:
    """A line for each quiz done, each strength, each next step and each answer; everybody has one at least."""
    return Sheet("Parents' evening", HEADS, [row for page in found.pages for row in _rows(page)])


def _rows(page: EveningPage) -> Iterator[tuple[object, ...]]:
    who = page.student
    names: Cells = {
        "Family name": who.family_name,
        "Given name": who.given_name,
        "Username": who.username,
        "Student number": who.student_number,
    }
    for cells in (
        *(_done(one) for one in page.done),
        *_points("strong", page.strong),
        *_points("next", page.next),
        *_answers("answer that went well", page.well),
        *_answers("answer to learn from", page.learn),
    ):
        line = names | cells
        yield tuple(line.get(head) for head in HEADS)


def _done(one: Done) -> Cells:
    cell, percent = one.cell, percent_of(one.cell.share)
    return {
        "Line": "done",
        "Text": one.standing or "handed in",
        "Quiz": one.title,
        "Handed in (UTC)": _moment(cell.submitted_at),
        "Late": "yes" if one.is_late else None,
        "Marks": cell.mark,
        "Out of": cell.available if cell.mark is not None else None,
        "Per cent": None if percent is None else round(percent, 1),
        "Result": one.shown if cell.share is not None else None,
    }


def _points(line: str, said: Said) -> Iterator[Cells]:
    for one in said.lines:
        yield {"Line": line, "Text": one.words, "Numbers": one.numbers or None}


def _answers(line: str, one: Example | None) -> Iterator[Cells]:
    if one is not None:
        yield {
            "Line": line,
            "Text": one.question,
            "Quiz": one.quiz,
            "Handed in (UTC)": _moment(one.submitted_at),
            "Answer given": one.given,
            "Right answer": one.key or one.given,
            "What is said of it": one.why or None,
            "Quote": " … ".join(one.proof.quotes) or None,
            "Passage": str(one.proof.name) if one.proof.name else None,
            "Account of the passage": one.proof.account or None,
        }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"

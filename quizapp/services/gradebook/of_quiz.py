"""The gradebook of one quiz of a class: students × questions, of the attempt that counts."""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.marking import from_units
from quizapp.domain.quiz import Quiz
from quizapp.services.errors import NotFound
from quizapp.services.gradebook.cells import Cell, Column
from quizapp.services.gradebook.of_class import Book, Row, rows
from quizapp.store import bank, gradebook
from quizapp.store.gradebook import SatSlot

PARTS = {"answer": "Answer", "evidence": "Evidence", "because": "Reason"}
NO_SUCH_COLUMN = "This quiz is not set to this class, or not any more, and nobody has begun it."


@dataclass(frozen=True)
class Question:
    """A question of the quiz: always the same ``item``, or (None) the n-th that a section draws.

    ``key`` is the item's id, or «section.n» counting from 1. ``parts``: what of it is marked
    apart («answer», «evidence», «because»), if anything is.
    """

    key: str
    number: int
    section: str | None
    item: Item | None
    available: Decimal | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student earned in a question. ``mark`` is None while it waits for a person.

    ``number`` is its place in the student's attempt. ``parts``: answer, evidence and reason apart.
    """

    number: int
    item_digest: str
    available: Decimal
    fraction: Decimal | None
    mark: Decimal | None
    parts: Mapping[str, Decimal]

    @property
    def outcome(self) -> str:
        """In one word: right, partly, wrong, or waits."""
        if self.fraction is None:
            return "waits"
        return "right" if self.fraction == 1 else "partly" if self.fraction > 0 else "wrong"


@dataclass(frozen=True)
class QuestionRow:
    """A student with what they earned in each question; None where it was not put to them."""

    row: Row
    answers: tuple[Answer | None, ...]

    @property
    def cell(self) -> Cell:
        """What the quiz comes to."""
        return self.row.cells[0]

    def part(self, name: str) -> Fraction | None:
        """What the «answer», or the «evidence», of all questions that have it comes to; None for none."""
        found = [one.parts[name] for one in self.answers if one is not None and name in one.parts]
        return sum(map(Fraction, found), Fraction(0)) / len(found) if found else None


@dataclass(frozen=True)
class QuizBook:
    """A quiz of a class, whole: rows by name, questions in the order of the quiz."""

    book: Book
    column: Column
    questions: tuple[Question, ...]
    rows: tuple[QuestionRow, ...]
    items: Mapping[str, Item]

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that marks have here: a few of ``PARTS``."""
        met = {name for one in self.questions for name in one.parts}
        return tuple(name for name in PARTS if name in met)

    def mean(self, index: int) -> Fraction | None:
        """The mean share of a question over those whom it was put to; None where nobody was."""
        fractions = [row.answers[index].fraction for row in self.rows if row.answers[index] is not None]  # type: ignore[union-attr]
        known = [Fraction(one) for one in fractions if one is not None]
        return sum(known, Fraction(0)) / len(known) if known else None


def questions(session: Session, class_id: int, key: str, *, now: datetime) -> QuizBook:
    """The quiz that a column of the class's gradebook names; two queries more than that one has, and one for each five
    thousand attempts. Raises ``NotFound``. No access is checked here.
    """
    book = rows(session, class_id, now=now, own=key.startswith("q-"), only=key)
    if not book.columns:
        raise NotFound(NO_SUCH_COLUMN)
    column = book.columns[0]
    seen = {one.attempt_id: None for row in book.rows if (one := row.cells[0]).counted}
    slots: defaultdict[uuid.UUID, list[SatSlot]] = defaultdict(list)
    for slot in gradebook.slots(session, [one for one in seen if one is not None]):
        slots[slot.attempt_id].append(slot)
    items = bank.items(session, {slot.item_digest for of_one in slots.values() for slot in of_one})
    placed = {attempt: dict(_places(of_one, column.quiz)) for attempt, of_one in slots.items()}
    found = _questions(column.quiz, placed.values(), items)
    none: dict[str, SatSlot] = {}
    lines = []
    for row in book.rows:
        of_student = placed.get(row.cells[0].attempt_id, none) if row.cells[0].attempt_id else none
        answers = tuple(_answer(of_student.get(one.key)) for one in found)
        lines.append(QuestionRow(row, answers))
    return QuizBook(book, column, tuple(found), tuple(lines), items)


def _places(slots: Iterable[SatSlot], quiz: Quiz) -> Iterable[tuple[str, SatSlot]]:
    """Each slot under its question's key: its item where the quiz sets that one always, else the place in its draw."""
    fixed = {item for section in quiz.sections for item in section.items}
    drawn: Counter[int] = Counter()
    for slot in slots:
        if slot.item in fixed or not _draws(quiz, slot.section):
            yield slot.item, slot
        else:
            drawn[slot.section] += 1
            yield f"{slot.section + 1}.{drawn[slot.section]}", slot


def _draws(quiz: Quiz, section: int) -> bool:
    return section < len(quiz.sections) and quiz.sections[section].draw is not None


def _questions(quiz: Quiz, placed: Iterable[Mapping[str, SatSlot]], items: Mapping[str, Item]) -> list[Question]:
    """The questions that were put to anybody, in the order of the quiz; what it sets no more stands last."""
    met: dict[str, list[SatSlot]] = {}
    for of_one in placed:
        for key, slot in of_one.items():
            met.setdefault(key, []).append(slot)
    order = {key: at for at, key in enumerate(_keys(quiz))}
    keys = sorted(met, key=lambda key: (order.get(key, len(order)), key))
    return [_question(number, key, met[key], quiz, items) for number, key in enumerate(keys, start=1)]


def _keys(quiz: Quiz) -> Iterable[str]:
    for number, section in enumerate(quiz.sections, start=1):
        yield from section.items or (f"{number}.{nth}" for nth in range(1, (section.draw or 0) + 1))


def _question(number: int, key: str, met: Sequence[SatSlot], quiz: Quiz, items: Mapping[str, Item]) -> Question:
    is_one = met[0].item == key
    section = met[-1].section
    title = quiz.sections[section].title if section < len(quiz.sections) else None
    available = max((one.available for one in met), default=None)
    item = items[met[-1].item_digest] if is_one else None
    parts = {name for one in met for name in _parts(one)}
    return Question(key, number, title, item, available, tuple(name for name in PARTS if name in parts))


def _parts(slot: SatSlot) -> dict[str, Decimal]:
    """The parts of a mark that are shown, as fractions."""
    kept = json.loads(slot.parts) if slot.parts != "{}" else {}
    return {name: from_units(kept[name]) for name in PARTS if name in kept}


def _answer(slot: SatSlot | None) -> Answer | None:
    if slot is None:
        return None
    return Answer(slot.number, slot.item_digest, slot.available, slot.fraction, slot.mark, _parts(slot))

"""The tables of exports: a row an attempt, a row an answer, the questions, and what the columns say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.formats.sheets import Cell, Column, Sheet
from quizapp.services.scores import columns
from quizapp.services.scores.columns import Field, Names
from quizapp.services.scores.seats import Answer, Reader
from quizapp.store import bank


def attempts(reader: Reader, parts: Collection[str], most: int) -> Sheet:
    """A row an attempt, and one for whoever has not begun. ``most``: how many questions stand beside it."""
    fields = columns.of_seat(parts)
    each = [column for number in range(1, most + 1) for column in _of_question(number, parts)]
    return Sheet("Scores", "scores", [*_columns(fields), *each], _attempt_rows(reader, fields, parts, most))


def _of_question(number: int, parts: Collection[str]) -> list[Column]:
    found = []
    if "questions" in parts:
        meaning = "Mark of this question, before lateness; the order of questions may differ between students."
        found.append(Column(f"q{number}_mark", f"Q. {number}", meaning, "number"))
    if "answers" in parts:
        found.append(Column(f"q{number}_answer", f"Response {number}", "In words; empty where blank.", wide=30))
    if "versions" in parts:
        found.append(Column(f"q{number}_item", f"Question {number}", "The id of the question that was asked."))
    return found


def _attempt_rows(reader: Reader, fields: Sequence[Field], parts: Collection[str], most: int) -> Iterator[list[Cell]]:
    values = [one.value for one in fields]
    if not most:
        for seat in reader.seats():
            yield [value(seat) for value in values]
        return
    empty: list[Cell] = [None] * len(_of_question(1, parts))
    for seat, slots in reader.pages_with_slots():
        by_number = {one.slot.number: one for one in slots}
        each = (_cells(by_number[number], parts) if number in by_number else empty for number in range(1, most + 1))
        yield [*(value(seat) for value in values), *chain.from_iterable(each)]


def _cells(one: Answer, parts: Collection[str]) -> list[Cell]:
    found: list[tuple[str, Cell]] = [
        ("questions", one.slot.mark), ("answers", one.given or None), ("versions", one.slot.item),
    ]  # fmt: skip
    return [value for part, value in found if part in parts]


def answers(reader: Reader, parts: Collection[str], names: Names) -> Sheet:
    """A row an answer: long, as R and pandas like it."""
    about, own = columns.of_answer(parts, names)
    return Sheet("Responses", "responses", [*_columns(about), *_columns(own)], _answer_rows(reader, about, own))


def _answer_rows(reader: Reader, about: Sequence[Field], own: Sequence[Field]) -> Iterator[list[Cell]]:
    values = [one.value for one in own]
    of_seat: list[Cell] = []
    before = None
    for answer in reader.answers():
        if answer.seat is not before:
            before = answer.seat
            of_seat = [one.value(before) for one in about]
        yield [*of_seat, *[value(answer) for value in values]]


@dataclass(frozen=True)
class Asked:
    """A version of a question that was asked."""

    item: Item
    digest: str
    topic: str
    key: str
    passages: str


def questions(session: Session, digests: Sequence[tuple[str, str]], names: Names) -> Sheet:
    """The questions that were asked, each version."""
    return Sheet("Questions", "questions", _columns(columns.ITEM), _question_rows(session, digests, names))


def _question_rows(session: Session, digests: Sequence[tuple[str, str]], names: Names) -> Iterator[list[Cell]]:
    topics = bank.topic_titles(session)
    for _, digest in digests:
        item = bank.item(session, digest)
        refs = dict.fromkeys(evidence.passage for _, evidence in item.key_evidence())
        passages = "; ".join(str(names.get(ref, ref)) for ref in refs)
        key = item.review(None, item.default_order()).key or ""
        asked = Asked(item, digest, topics.get(item.topic, item.topic), key, passages)
        yield [one.value(asked) for one in columns.ITEM]


def explanation(sheets: Iterable[Sheet], about: Mapping[str, object]) -> Sheet:
    """What the columns of these sheets say, after what the file is."""
    heads = (Column("sheet", "Sheet"), Column("column", "Column", wide=30), Column("name", "Short name", wide=24),
             Column("meaning", "What it says", wide=80))  # fmt: skip
    rows: list[list[Cell]] = [
        ["This file", name.replace("_", " ").capitalize(), name, str(said)] for name, said in about.items()
    ]
    rows += [[sheet.name, one.head, one.name, one.meaning] for sheet in sheets for one in sheet.columns]
    return Sheet("Columns", "columns", heads, rows)


def _columns(fields: Iterable[Field]) -> list[Column]:
    return [one.column for one in fields]

"""Questions as a table: one row each, its columns by name, as CSV and XLSX hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from quizapp.domain.entry import Place
from quizapp.domain.exchange import Remark, UnreadableFile
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import (
    CommonAnswer,
    CommonQuestion,
    Kind,
    tag_values,
)
from quizapp.formats.common_to_item import KINDS_OF_TYPE

HEAD = ("id", "topic", "type", "question", "right")
GROUP = ("answer", "feedback", "match")
TAIL = ("explanation", "tolerance", "difficulty", "skill", "marks", "tags", "part a", "names")
FEWEST_GROUPS, MOST_GROUPS = 6, 60
MOST_ROWS = 2000
FORMULA = "a formula; put its value there, as text"
_OWN = ("type", "difficulty", "skill", "marks")
_PART_A = re.compile(r"([=~])\s*([^#]*)(?:#(.*))?")
_IN_FEEDBACK = {"feedback", "evidence", "quote", "passage"}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what the cell is called; ``is_formula`` where it is to be worked out."""

    text: str
    name: str
    is_formula: bool = False


@dataclass(frozen=True)
class Row:
    """The cells of a row by column; ``name`` is what the row is called: «line 4», «row 4»."""

    name: str
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """What stands in the column; empty where there is none."""
        return self.cells[column].text.strip() if column in self.cells else ""

    def numbered(self, column: str) -> list[str]:
        """What stands in «column 1», «column 2», … as far as they go."""
        return [self.text(f"{column} {i}") for i in range(1, MOST_GROUPS + 1) if f"{column} {i}" in self.cells]


def heads(questions: Sequence[CommonQuestion]) -> list[str]:
    """The columns that the questions need."""
    groups = max([FEWEST_GROUPS, *(len(_listed(question)) for question in questions)])
    return [*HEAD, *(f"{name} {i}" for i in range(1, groups + 1) for name in GROUP), *TAIL]


def rows(questions: Sequence[CommonQuestion]) -> Iterator[list[str]]:
    """A row of texts for each question, in the order of ``heads``."""
    columns = heads(questions)
    for question in questions:
        cells = _cells(question)
        yield [cells.get(column, "") for column in columns]


def _cells(question: CommonQuestion) -> dict[str, str]:
    tags = question.tags
    answers = _listed(question)
    cells = {
        "id": question.name,
        "topic": question.topic,
        "type": next(iter(tag_values(tags, "type")), ""),
        "question": question.stem,
        "right": _right(question, answers),
        "explanation": question.feedback,
        "tolerance": next((decimal_text(one.tolerance) for one in answers if one.tolerance), ""),
        "difficulty": next(iter(tag_values(tags, "difficulty")), ""),
        "skill": next(iter(tag_values(tags, "skill")), ""),
        "marks": "" if question.marks == FULL else decimal_text(question.marks),
        "tags": "; ".join(tag for tag in tags if tag.partition(":")[0] not in _OWN),
        "part a": _part_a(question.first) if question.first else "",
        "names": " ".join(one.id for one in answers if one.id),
    }
    for i, one in enumerate(answers, 1):
        cells |= {f"answer {i}": one.text, f"feedback {i}": one.feedback, f"match {i}": one.match}
    return cells


def _listed(question: CommonQuestion) -> list[CommonAnswer]:
    """The answers that a row names: of a date not its many spellings, of true and false the wrong one's feedback."""
    if question.kind == "true_false":
        return [
            CommonAnswer("", feedback=one.feedback) for one in question.answers if not one.is_right and one.feedback
        ]
    is_date = "date" in tag_values(question.tags, "type")
    return [one for one in question.answers if one.text.endswith(")") or not is_date]


def _right(question: CommonQuestion, answers: Sequence[CommonAnswer]) -> str:
    if question.kind in ("matching", "order"):
        return ""
    if question.kind == "true_false":
        return next(one.text for one in question.answers if one.is_right).lower()
    return ", ".join(str(i) for i, one in enumerate(answers, 1) if one.is_right)


def _part_a(first: CommonQuestion) -> str:
    options = [
        f"{'=' if one.is_right else '~'} {one.text}{f' # {one.feedback}' if one.feedback else ''}".replace("\n", " ")
        for one in first.answers
    ]
    return "\n".join([" ".join(first.stem.split()), *options])


def named_columns(names: Sequence[str]) -> dict[int, str]:
    """Which column is which, by the names in the first row. Raises UnreadableFile where none is known."""
    known = {name: name for name in (*HEAD, *TAIL)} | {"stem": "question", "key": "right"}
    known |= {f"{name} {i}": f"{name} {i}" for name in GROUP for i in range(1, MOST_GROUPS + 1)}
    folded = [" ".join(name.replace("_", " ").split()).casefold() for name in names]
    found = {i: known[name] for i, name in enumerate(folded) if name in known}
    if "question" not in found.values():
        raise UnreadableFile(
            "The first row should name the columns, and one of them be «question». Start from the template."
        )
    return found


def questions(table: Iterable[Row]) -> list[CommonQuestion]:
    """The question of each row that has anything in it."""
    return [_question(row) for row in table if any(cell.text.strip() for cell in row.cells.values())]


def _question(row: Row) -> CommonQuestion:
    faults = [Remark(cell.name, FORMULA) for cell in row.cells.values() if cell.is_formula]
    right = row.text("right")
    wanted = [int(one) for one in re.findall(r"\d+", right)[:MOST_GROUPS] if len(one) < 3]
    item_type, kind = _type_and_kind(row, wanted, faults)
    answers = _answers(row, kind, right, wanted, faults)
    tags = [tag.strip() for tag in re.split(r"[;\n]", row.text("tags")) if tag.strip()]
    tags += [f"{name}:{row.text(name)}" for name in ("difficulty", "skill", "marks") if row.text(name)]
    return CommonQuestion(
        kind=kind,
        name=row.text("id"),
        stem=row.text("question"),
        answers=answers,
        feedback=row.text("explanation"),
        topic=row.text("topic"),
        tags=(f"type:{item_type}", *tags),
        first=_read_part_a(row.text("part a")),
        place=row.name,
        faults=tuple(faults),
    )


def _type_and_kind(row: Row, right: Sequence[int], faults: list[Remark]) -> tuple[str, Kind]:
    named = re.sub(r"[\s-]+", "_", row.text("type").casefold())
    labels = {item_type.label.casefold().replace(" ", "_"): name for name, item_type in ITEM_TYPES.items()}
    item_type = labels.get(named, named) or ("multiple_choice" if len(right) > 1 else "single_choice")
    if item_type not in ITEM_TYPES:
        message = f"unknown type «{row.text('type')[:40]}»; one of {', '.join(ITEM_TYPES)}"
        faults.append(Remark(row.cells["type"].name, message))
        item_type = "single_choice"
    kinds = KINDS_OF_TYPE[item_type]
    if item_type == "ordering":
        return item_type, "order"
    return item_type, cast(Kind, "choices" if len(kinds) > 1 and len(right) > 1 else min(kinds))


def _answers(row: Row, kind: Kind, right: str, wanted: Sequence[int], faults: list[Remark]) -> tuple[CommonAnswer, ...]:
    texts, matches = row.numbered("answer"), row.numbered("match")
    feedback = row.numbered("feedback")
    if kind == "true_false":
        return _truth(row, right, feedback, faults)
    number = max(len(texts), len(matches))
    tolerance = _tolerance(row, faults)
    names = row.text("names").split()
    given = [i for i in range(number) if _at(texts, i) or (kind == "matching" and _at(matches, i))]
    missing = [] if kind in ("matching", "order") else [one for one in wanted if one - 1 not in given]
    faults += (Remark(row.cells["right"].name, f"«{one}» is to be right, and answer {one} is empty") for one in missing)
    keys = [i for i in given if i + 1 in wanted] if kind not in ("matching", "order") else given
    earned, taken = ratio(1, max(1, len(keys))), -ratio(1, max(1, len(keys)))
    if kind not in ("choices", "matching"):
        earned, taken = FULL, ZERO
    return tuple(
        CommonAnswer(
            texts[i] if i < len(texts) else "",
            earned if i in keys and (_at(texts, i) or kind != "matching") else taken if kind == "choices" else ZERO,
            _at(feedback, i),
            _at(matches, i),
            tolerance,
            _at(names, given.index(i)),
        )
        for i in given
    )


def _at(texts: Sequence[str], i: int) -> str:
    return texts[i] if i < len(texts) else ""


def _truth(row: Row, right: str, feedback: Sequence[str], faults: list[Remark]) -> tuple[CommonAnswer, ...]:
    key = {"true": True, "t": True, "yes": True, "false": False, "f": False, "no": False}.get(right.casefold())
    if key is None:
        faults.append(Remark(row.cells["right"].name if "right" in row.cells else row.name, "should say true or false"))
    return tuple(
        CommonAnswer(str(one), FULL if one is key else ZERO, "" if one is key else _at(feedback, 0))
        for one in (True, False)
    )


def _tolerance(row: Row, faults: list[Remark]) -> Decimal | None:
    if not row.text("tolerance"):
        return None
    try:
        return Decimal(row.text("tolerance").replace(",", "."))
    except InvalidOperation:
        faults.append(Remark(row.cells["tolerance"].name, f"«{row.text('tolerance')[:40]}» is no number"))
        return None


def _read_part_a(text: str) -> CommonQuestion | None:
    if not text:
        return None
    stem, *lines = text.split("\n")
    found = [one for line in lines if (one := _PART_A.fullmatch(line.strip()))]
    answers = [CommonAnswer(one[2].strip(), FULL if one[1] == "=" else ZERO, (one[3] or "").strip()) for one in found]
    return CommonQuestion("choice", "", stem, tuple(answers))


def locate(table: Mapping[str, Row], question: CommonQuestion, place: Place) -> str:
    """The cell in which a part of a question stands, where one does."""
    row = table[question.place]
    first = str((*place, "")[0])
    number = next((part for part in place if isinstance(part, int)), 0) + 1
    last = next((part for part in reversed(place) if isinstance(part, str)), "")
    group = "feedback" if last in _IN_FEEDBACK else "match" if last == "match" else "answer"
    column = {"stem": "question", "key": "right", "options": f"{group} {number}", "wrong": "right"}.get(first, first)
    return row.cells[column].name if column in row.cells else row.name

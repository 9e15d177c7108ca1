"""A table of questions as CSV, with commas, semicolons or tabs, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from quizapp.domain.exchange import Arrivals, Defaults, UnreadableFile
from quizapp.domain.item import Item
from quizapp.formats import csv_table, question_table
from quizapp.formats.common_from_item import common
from quizapp.formats.common_to_item import arrivals
from quizapp.formats.evidence_lines import Links
from quizapp.formats.incoming_text import decode
from quizapp.formats.question_table import MOST_ROWS, Cell, Row


def dump(items: Sequence[Item], links: Links) -> bytes:
    """The items as a CSV file that Excel opens right."""
    questions = [common(item, links) for item in items]
    return csv_table.dump(question_table.heads(questions), question_table.rows(questions)).encode()


def load(data: bytes, defaults: Defaults) -> Arrivals:
    """The questions of a CSV file; places are its lines and columns."""
    table = list(_rows(decode(data)))
    by_name = {row.name: row for row in table}
    return arrivals(
        question_table.questions(table),
        defaults,
        locate=lambda question, place: question_table.locate(by_name, question, place),
    )


def _rows(text: str) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[int, str] | None = None
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if columns is None:
                columns = question_table.named_columns(cells) if any(cells) else None
            elif line > MOST_ROWS * 3:
                raise UnreadableFile(f"Line {line}: {MOST_ROWS} questions are the most that is read. Split the file.")
            else:
                yield _row(columns, cells, line)
    except csv.Error as error:
        raise UnreadableFile(
            f"Line {reader.line_num}: this is not CSV ({error}). Save it anew from the spreadsheet."
        ) from error


def _row(columns: dict[int, str], cells: Sequence[str], line: int) -> Row:
    name = f"line {line}"
    found = {column: _cell(cells[i], f"{name}, {column}") for i, column in columns.items() if i < len(cells)}
    return Row(name, found)


def _cell(text: str, name: str) -> Cell:
    """The cell; an apostrophe that keeps spreadsheets from taking it for a formula is no part of it."""
    if text[:1] == "'" and text[1:].startswith(csv_table.FORMULA_STARTS):
        return Cell(text[1:], name)
    return Cell(text, name, is_formula=text.startswith("=") and len(text) > 1)

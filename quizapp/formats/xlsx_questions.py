"""A table of questions as an Excel workbook: a sheet of questions and one that says how to fill it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter

from quizapp.domain.exchange import Arrivals, Defaults, UnreadableFile
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES
from quizapp.formats import question_table
from quizapp.formats.common_from_item import common
from quizapp.formats.common_to_item import arrivals
from quizapp.formats.evidence_lines import Links
from quizapp.formats.package import unpack
from quizapp.formats.question_table import MOST_ROWS, Cell, Row

SHEET, INSTRUCTIONS = "Questions", "How to"
MOST_COLUMNS = 250
LONGEST_CELL = 32_000  # characters; Excel itself holds 32,767
_WIDE = {"question": 48, "explanation": 48, "id": 24, "topic": 18, "type": 16}
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
HOW_TO = (
    ("One row is one question.", "The columns have names in the first row; leave out those that you do not need."),
    ("question", "What is asked. Lines such as «Hint: …» or «Content note: …» may stand below it, after a blank line."),
    ("type", f"One of {', '.join(ITEM_TYPES)}. Empty: single choice, or multiple choice where several are right."),
    ("right", "The numbers of the right answers: 1, or 1, 3. For true_false: true or false."),
    ("answer 1, 2, …", "What is offered. For short_answer, numerical and date: right answers and foreseen wrong ones."),
    ("feedback 1, 2, …", "What to say to those who choose that answer. For true_false: feedback 1, for the wrong one."),
    ("match 1, 2, …", "For matching: what belongs to the answer. One without an answer is offered and fits nothing."),
    ("ordering", "Write the answers in the right order."),
    ("date", "Write dates like 1917-11-07 (New Style), 1917-10-25 (Old Style) or 1917 (calendar not stated)."),
    ("explanation", "Why the key is right."),
    ("Evidence", "Below an explanation or feedback: Evidence: “words of the passage” – source/passage"),
    ("tolerance", "For numerical: by how much an answer may miss the number."),
    ("difficulty, skill", "1 easy … 5 hard; recall, chronology, sourcing and so on. Empty: as chosen at import."),
    ("id, topic", "An id finds the question again at the next import; empty, one is made of the question’s words."),
    ("No formulas", "A cell that begins with = is refused: put its value there."),
)  # fmt: skip


def dump(items: Sequence[Item], links: Links) -> bytes:
    """The items as a workbook; what is text stays text."""
    questions = [common(item, links) for item in items]
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _questions_sheet(book, question_table.heads(questions), list(question_table.rows(questions)), head, wrapped)
        sheet = book.add_worksheet(INSTRUCTIONS)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100, wrapped)
        for i, (name, text) in enumerate(HOW_TO):
            sheet.write_string(i, 0, name, head)
            sheet.write_string(i, 1, text, wrapped)
    return stream.getvalue()


def _questions_sheet(book: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], head: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(heads):
        sheet.set_column(column, column, _WIDE.get(name, 22), wrapped)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text[:LONGEST_CELL], wrapped)


def load(data: bytes, defaults: Defaults) -> Arrivals:
    """The questions of a workbook's first sheet (or the one called «Questions»); places are its cells."""
    _refuse_hostile(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        table = list(_rows(sheet))
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(
            f"This workbook cannot be read ({type(error).__name__}). Open it in a spreadsheet and save it as .xlsx."
        ) from error
    by_name = {row.name: row for row in table}
    return arrivals(
        question_table.questions(table),
        defaults,
        locate=lambda question, place: question_table.locate(by_name, question, place),
    )


def _refuse_hostile(data: bytes) -> None:
    """A workbook is an archive of XML: no bombs, and nothing declared in it, nor hidden by another encoding."""
    for name, part in unpack(data).items():
        if name.lower().endswith((".xml", ".rels")) and (_DECLARED.search(part) or b"\0" in part[:400]):
            raise UnreadableFile(
                f"«{name[:80]}» in the workbook declares entities, which no spreadsheet does. Refused."
            )


def _rows(sheet: Any) -> Iterator[Row]:
    columns: dict[int, str] | None = None
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS * 4), 1):
        if columns is None:
            texts = [_text(cell.value) for cell in cells]
            columns = question_table.named_columns(texts) if any(texts) else None
        elif any(cell.value is not None for cell in cells):
            yield _row(columns, cells, number)


def _row(columns: dict[int, str], cells: Sequence[Any], number: int) -> Row:
    found = {
        column: Cell(_text(cells[i].value), f"cell {get_column_letter(i + 1)}{number}", cells[i].data_type == "f")
        for i, column in columns.items()
        if i < len(cells)
    }
    return Row(f"row {number}", found)


def _text(value: Any) -> str:
    """What a cell says: whole numbers without a point, days as they are written, truth values in words."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)

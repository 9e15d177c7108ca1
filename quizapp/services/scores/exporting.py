"""Exports of scores as files that are sent while they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy.orm import Session

from quizapp.formats.sheets import Sheet, csv_sheet, json_sheet, ods_sheet, xlsx_sheet
from quizapp.services import reading
from quizapp.services.accounts import Mistakes
from quizapp.services.people import Person
from quizapp.services.scores import layouts, students, tables
from quizapp.services.scores.seats import Reader
from quizapp.services.scores.wanted import GRADEBOOKS, ROWS, Found, Wanted, find
from quizapp.store import bank, score_scope

CSV = "text/csv"
MEDIA_TYPES = {"xlsx": xlsx_sheet.MEDIA_TYPE, "ods": ods_sheet.MEDIA_TYPE, "json": json_sheet.MEDIA_TYPE}
MOST_QUESTIONS = 200  # whose marks stand beside one another in a row an attempt


@dataclass(frozen=True)
class Export:
    """A file: its name and its media type; nothing of it is made before its chunks are asked for."""

    file_name: str
    media_type: str
    found: Found
    wanted: Wanted
    now: datetime

    def chunks(self, session: Session) -> Iterator[bytes]:
        """What is in it, read from this session page by page as it is asked for."""
        return _chunks(session, self.found, self.wanted, self.now)


def export(session: Session, who: Person | None, wanted: Wanted, *, now: datetime) -> Export:
    """The file that is wanted. Raises ``Mistakes``."""
    found = find(session, who, wanted)
    ending = "csv" if wanted.format in GRADEBOOKS else wanted.format
    _check_size(session, found, wanted)
    media_type = MEDIA_TYPES.get(wanted.format, CSV)
    return Export(f"{found.name(wanted, now)}.{ending}", media_type, found, wanted, now)


def _chunks(session: Session, found: Found, wanted: Wanted, now: datetime) -> Iterator[bytes]:
    if wanted.format in GRADEBOOKS:
        return _gradebook(session, found, wanted, now)
    sheets = _sheets(session, found, wanted, now)
    if wanted.format == "csv":
        return csv_sheet.stream(next(sheets), wanted.style)
    if wanted.format == "json":
        return json_sheet.stream(sheets, wanted.style, _about(found, wanted, now))
    if wanted.format == "ods":
        return ods_sheet.stream(sheets, wanted.style)
    return xlsx_sheet.stream(sheets, wanted.style)


def _gradebook(session: Session, found: Found, wanted: Wanted, now: datetime) -> Iterator[bytes]:
    grades = students.Grades(session, found, wanted, now, own=wanted.quiz is not None)
    if wanted.format == "moodle":
        return csv_sheet.rows(layouts.moodle(grades, now), wanted.style)
    return csv_sheet.rows(layouts.canvas(grades, _available(grades)), wanted.style)


def _available(grades: students.Grades) -> Mapping[students.Key, Decimal]:
    """What there is to earn in each quiz, the most where draws differ."""
    most: dict[students.Key, Decimal] = {}
    for line in grades.lines():
        for key, one in line.cells.items():
            if one.attempts and one.available:
                most[key] = max(one.available, most.get(key, one.available))
    return most


def _sheets(session: Session, found: Found, wanted: Wanted, now: datetime) -> Iterator[Sheet]:
    """The main table; in workbooks the answers, the questions and what the columns say as well."""
    names = _PassageNames(session, found)
    made: list[Sheet] = []

    def keep(sheet: Sheet) -> Sheet:
        made.append(sheet)
        return sheet

    with_saves, with_openings = "times" in wanted.parts, "passages" in wanted.parts
    reader = Reader(session, found, now, with_saves, with_openings)
    if wanted.rows == "responses" and wanted.format == "csv":
        yield tables.answers(reader, wanted.parts, names)
        return
    if wanted.rows == "students":
        yield keep(students.sheet(students.Grades(session, found, wanted, now)))
    else:
        most = 0 if wanted.rows == "responses" else _questions(session, found, wanted)
        yield keep(tables.attempts(reader, wanted.parts, most))
    if wanted.has_answers:
        yield keep(tables.answers(reader, wanted.parts, names))
    yield keep(tables.questions(session, score_scope.item_digests(session, found.scope), names))
    yield tables.explanation(made, _about(found, wanted, now))


def _questions(session: Session, found: Found, wanted: Wanted) -> int:
    """How many questions stand beside one another."""
    if not wanted.parts & {"questions", "answers"}:
        return 0
    return min(MOST_QUESTIONS, score_scope.counts(session, found.scope)[2])


class _PassageNames(Mapping[str, reading.PassageName]):
    """The names of the passages that keys rest on, read when the first is asked for: heads are sent before."""

    def __init__(self, session: Session, found: Found) -> None:
        self._session, self._found = session, found

    @cached_property
    def _names(self) -> Mapping[str, reading.PassageName]:
        digests = [digest for _, digest in score_scope.item_digests(self._session, self._found.scope)]
        items = bank.items(self._session, digests).values()
        refs = {evidence.passage for item in items for _, evidence in item.key_evidence()}
        return reading.passage_names(self._session, refs) if refs else {}

    def __getitem__(self, ref: str) -> reading.PassageName:
        return self._names[ref]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _about(found: Found, wanted: Wanted, now: datetime) -> dict[str, object]:
    quiz = found.titles.get(wanted.quiz or "", "all quizzes")
    made = now.astimezone(wanted.style.zone).isoformat(timespec="seconds")
    return {"made_at": made, "whose": found.class_name, "quiz": quiz, "a_row_is": ROWS[wanted.rows]}


def _check_size(session: Session, found: Found, wanted: Wanted) -> None:
    """An OpenDocument file has all in one part, which LibreOffice reads whole. Raises ``Mistakes``."""
    if wanted.format != "ods":
        return
    attempts, slots, _ = score_scope.counts(session, found.scope)
    cells = 40 * (attempts + (slots if wanted.has_answers else 0))
    if cells > ods_sheet.MOST_CELLS:
        words = f"{attempts:,} attempts with {slots:,} answers are too many for LibreOffice. Choose CSV or a class."
        raise Mistakes({"format": [words]})

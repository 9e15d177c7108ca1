"""Progress as tables: of a student, of a class; one of them as CSV, all of them as an Excel workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from quizapp.domain.progress import Who
from quizapp.domain.strands import Share
from quizapp.formats import xlsx_tables
from quizapp.formats.xlsx_tables import Sheet
from quizapp.services.learners.strands import TITLES, Strands
from quizapp.services.learners.whole_class import ClassProgress
from quizapp.services.reporting import Progress
from quizapp.services.spreadsheets import csv

__all__ = ["Sheets", "csv", "of_class", "of_student", "workbook"]

Sheets = dict[str, Sheet]


def of_student(found: Progress, who: Who) -> Sheets:
    """The tables of a student, by the name that addresses use."""
    return {
        "attempts": _attempts(found),
        "quizzes": _quizzes(found),
        "groups": _groups(found.strands),
        "certainty": _certainty(found),
        "words": _words(found.strands, who),
    }


def of_class(found: ClassProgress, who: Who) -> Sheets:
    """The tables of a class, by the name that addresses use."""
    return {"students": _students(found), "groups": _groups(found.strands), "words": _words(found.strands, who)}


def workbook(sheets: Sheets) -> bytes:
    """The tables, a sheet each."""
    return xlsx_tables.dump(sheets.values())


def _attempts(found: Progress) -> Sheet:
    """Every finished attempt, the earliest first; times in UTC."""
    heads = ("Quiz", "Attempt", "Started (UTC)", "Submitted (UTC)", "Marks", "Out of", "Per cent")
    rows = [
        (
            *(quiz.title, line.number, _moment(line.started_at), _moment(line.submitted_at)),
            *(line.mark, line.available, _rounded(line.percent)),
        )
        for quiz, line in found.timeline
    ]
    return Sheet("Attempts", heads, rows)


def _quizzes(found: Progress) -> Sheet:
    """Each quiz with what its finished attempts come to."""
    heads = ("Quiz", "Attempts", "Best (per cent)", "Last (per cent)", "Counts (per cent)")
    rows = [
        (one.quiz.title, len(one.finished), *(_rounded(value) for value in (one.best, one.last, one.grade)))
        for one in found.quizzes
    ]
    return Sheet("Quizzes", heads, rows)


def _certainty(found: Progress) -> Sheet:
    """How often each certainty was right; the share is left out where there are too few answers."""
    rows = [
        (one.name, one.answers, one.right, None if one.share is None else round(one.share, 4))
        for one in found.calibration or ()
    ]
    return Sheet("How sure", ("How sure", "Answers", "Right", "Share"), rows)


def _groups(strands: Strands) -> Sheet:
    """Each topic, skill, kind of question and source, with its share in each period."""
    heads = ("Grouped", "Group", "Answers", "Marks", "Out of", "Share", *(one.name for one in strands.periods))
    rows = [
        (
            *(title, strand.name, strand.share.answered, strand.share.earned, strand.share.available),
            *(_share(one) for one in (strand.share, *strand.over_time)),
        )
        for dimension, title in TITLES.items()
        for strand in strands.by[dimension]
    ]
    return Sheet("Groups over time", heads, rows)


def _words(strands: Strands, who: Who) -> Sheet:
    return Sheet("In words", ("What can be said", "The numbers"), _said(strands, who))


def _said(strands: Strands, who: Who) -> Sequence[tuple[str, str]]:
    return strands.outlook.more(who) or [(strands.outlook.headline(who), "")]


def _students(found: ClassProgress) -> Sheet:
    heads = ("Family name", "Given name", "Username", "Student number", "Finished", "Answers", "Marks", "Out of",
             "Share", "Does well", "Costs most", "Last handed in (UTC)")  # fmt: skip
    rows = [
        (
            *(one.student.family_name, one.student.given_name, one.student.username, one.student.student_number),
            *(one.finished, one.share.answered, one.share.earned, one.share.available, _share(one.share)),
            *(one.well, one.costs, _moment(one.last)),
        )
        for one in found.students
    ]
    return Sheet("Students", heads, rows)


def _rounded(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else round(percent, 1)


def _share(share: Share) -> float | None:
    return None if share.percent is None else round(float(share.percent) / 100, 4)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"

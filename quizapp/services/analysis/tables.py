"""The tables of an analysis: what their columns are and mean; all of them as an Excel workbook."""

from __future__ import annotations

from typing import Any

from quizapp.domain.findings import LETTERS
from quizapp.domain.statistics.response_model import information, standard_error_at
from quizapp.formats import xlsx_tables
from quizapp.services.analysis.questions import QuestionLine
from quizapp.services.analysis.table import Table
from quizapp.services.analysis.whole import Analysis
from quizapp.services.coverage_tables import Column

ABILITIES = [step / 2 for step in range(-6, 7)]  # standard deviations from the mean


def workbook(found: Analysis) -> bytes:
    """Every table of the analysis, a sheet each, and one that says what the columns mean."""
    sheets = [xlsx_tables.Sheet(table.caption, table.heads(), table.cells(found)) for table in TABLES.values()]
    meaning = xlsx_tables.Sheet("What the columns mean", ("Figure", "Meaning"), list(MEANINGS))
    return xlsx_tables.dump([*sheets, meaning])


def _figure(name: str, label: str, kind: Any = "mean") -> Column:
    return Column(name, label, lambda row: getattr(row.figures, name), kind)


def _parameter(name: str, label: str) -> Column:
    return Column(f"model_{name}", label, lambda row: getattr(row.parameters, name) if row.parameters else None, "mean")


QUESTIONS = Table(
    "questions",
    "Questions",
    (
        Column("number", "No.", lambda row: row.number),
        Column("question", "Question", lambda row: row.item.stem, "text"),
        Column("students", "Answers", lambda row: row.figures.students),
        _figure("facility", "Right", "share"),
        _figure("discrimination", "Tells apart"),
        Column("seconds", "Time", lambda row: row.seconds),
        Column("findings", "What stands out", lambda row: "; ".join(one.says for one in row.findings), "text"),
    ),
    lambda found: found.questions,
    more=(
        _figure("deviation", "Standard deviation"),
        _figure("efficiency", "Discriminative efficiency"),
        Column("weight", "Effective weight", lambda row: row.weight, "share"),
        _figure("guess", "Random guess score", "share"),
        _figure("upper_lower", "Upper minus lower 27%"),
        Column("right_to_wrong", "Right to wrong", lambda row: row.changes.right_to_wrong),
        Column("wrong_to_right", "Wrong to right", lambda row: row.changes.wrong_to_right),
        Column("blank", "Left blank", lambda row: row.blank),
        _parameter("discrimination", "a (discrimination)"),
        _parameter("discrimination_error", "Standard error of a"),
        _parameter("difficulty", "b (difficulty)"),
        _parameter("difficulty_error", "Standard error of b"),
    ),
)


def _option(row: tuple[QuestionLine, int]) -> Any:
    return row[0].options[row[1]]


OPTIONS = Table(
    "options",
    "Options",
    (
        Column("number", "No.", lambda row: row[0].number),
        Column("question", "Question", lambda row: row[0].item.stem, "text"),
        Column("letter", "Option", lambda row: LETTERS[row[1] % len(LETTERS)], "text"),
        Column("text", "Text", lambda row: _option(row).label, "text"),
        Column("key", "Key", lambda row: "yes" if _option(row).key else "", "text"),
        Column("chosen", "Chosen", lambda row: _option(row).chosen),
        Column("share", "Share", lambda row: _option(row).share, "share"),
        Column("weakest", "Weakest third", lambda row: _option(row).shares[0], "share"),
        Column("middle", "Middle third", lambda row: _option(row).shares[1], "share"),
        Column("strongest", "Strongest third", lambda row: _option(row).shares[2], "share"),
        Column("rest", "Mean rest", lambda row: _option(row).rest, "share"),
        Column("point_biserial", "Point-biserial", lambda row: _option(row).point_biserial, "mean"),
    ),
    lambda found: [(one, i) for one in found.questions for i in range(len(one.options))],
)
PASSAGES = Table(
    "passages",
    "Passages",
    (
        Column("passage", "Passage", lambda row: row.name, "passage"),
        Column("questions", "Questions", lambda row: row.questions),
        Column("answers", "Answers", lambda row: row.answers),
        Column("missed", "Missed", lambda row: row.missed_share, "share"),
        Column("before", "Read before", lambda row: row.before),
        Column("misread", "Read and missed", lambda row: row.misread_share, "share"),
        Column("sure", "Sure, wrong, unread", lambda row: row.sure_unread if row.asked_how_sure else None),
        Column("after", "Opened after", lambda row: row.after),
    ),
    lambda found: found.passages,
)
FIGURES = (
    ("Attempts", "attempts"), ("Mean", "mean"), ("Median", "median"), ("Standard deviation", "deviation"),
    ("Skewness", "skewness"), ("Kurtosis", "kurtosis"), ("Internal consistency", "consistency"),
    ("Error ratio", "error_ratio"), ("Standard error", "standard_error"),
)  # fmt: skip
SHARES = ("Mean", "Median", "Standard deviation", "Error ratio", "Standard error")  # figures shown in per cent
WHOLE = Table(
    "quiz",
    "The quiz as a whole",
    (
        Column("figure", "Figure", lambda row: row[0], "text"),
        Column("value", "Value", lambda row: row[1], "mean"),
    ),
    lambda found: [(label, getattr(found.figures, name)) for label, name in FIGURES],
)
SPREAD = Table(
    "spread",
    "How the marks are spread",
    (
        Column("from", "From", lambda row: row[0], "share"),
        Column("to", "To", lambda row: row[1], "share"),
        Column("attempts", "Attempts", lambda row: row[2]),
    ),
    lambda found: [
        (step / len(found.distribution), (step + 1) / len(found.distribution), count)
        for step, count in enumerate(found.distribution)
    ],
)
ANSWERS = Table(
    "answers",
    "What was written most",
    (
        Column("number", "No.", lambda row: row[0].number),
        Column("question", "Question", lambda row: row[0].item.stem, "text"),
        Column("answer", "Answer", lambda row: row[1], "text"),
        Column("students", "Students", lambda row: row[2]),
        Column("earns", "Earns", lambda row: row[3], "share"),
    ),
    lambda found: [(line, *one) for line in found.questions for one in line.answers],
)


def curve(found: Analysis) -> list[tuple[float, float, float | None]]:
    """Ability, how much the quiz tells about students of it, and the error of that; empty without a model."""
    if found.model is None:
        return []
    items = found.model.items
    return [(ability, information(items, ability), standard_error_at(items, ability)) for ability in ABILITIES]


INFORMATION = Table(
    "information",
    "What the quiz tells",
    (
        Column("ability", "Ability", lambda row: row[0], "mean"),
        Column("information", "Information", lambda row: row[1], "mean"),
        Column("error", "Standard error", lambda row: row[2], "mean"),
    ),
    curve,
)
TABLES = {table.name: table for table in (QUESTIONS, OPTIONS, ANSWERS, PASSAGES, WHOLE, SPREAD, INFORMATION)}
MEANINGS = (
    ("Right", "The mean mark as a share of the mark available (facility index)."),
    ("Tells apart", "Correlation with the rest of the quiz (discrimination index): over 0.3 good, below 0 harmful."),
    ("Time", "Median seconds that the question was on the screen."),
    ("Discriminative efficiency", "The covariance with the rest as a share of the largest that these marks allow."),
    ("Effective weight", "How much of the spread of totals comes from this question; empty where it works against it."),
    ("Random guess score", "What blind guessing earns on average. Empty for written answers."),
    ("Upper minus lower 27%", "Right among the best 27% minus right among the weakest 27%."),
    ("Right to wrong, wrong to right", "Students whose last answer differs from their first."),
    ("Mean rest", "What those who chose the option earned on the other questions, as a share."),
    ("Point-biserial", "Correlation of choosing the option with the rest: wrong options should be below 0."),
    ("a and b", "The two-parameter logistic model, from 200 attempts on."),
    ("a (discrimination)", "How sharply the question tells students apart: 1 to 2 is usual."),
    ("b (difficulty)", "The ability at which half are right, in standard deviations from the mean."),
    ("Internal consistency", "Cronbach’s alpha: 0.75 and more is good, under 0.64 poor."),
    ("Error ratio", "How much of the spread of marks is chance: √(1 − internal consistency)."),
    ("Standard error", "How far a student’s mark may well lie from what the student can do."),
    ("Read before", "Students who had the passage beside the question, or opened it before they answered."),
    ("Read and missed", "Of those, the share without the full mark. Empty for fewer than five."),
    ("Sure, wrong, unread", "Answers given as sure that were not right, by students who had not read the passage."),
)

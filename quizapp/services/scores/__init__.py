"""Scores out of the app: a row a student, an attempt or an answer, in the formats that schools use.

What counts for a student is for the gradebook to say; everything here reads page by page, so that memory stays bounded.
"""

from quizapp.services.scores.exporting import Export, export
from quizapp.services.scores.recording import EVERY_QUIZ, record, record_table, said_of
from quizapp.services.scores.wanted import (
    FORMATS,
    PARTS,
    ROWS,
    SEPARATORS,
    Choices,
    Wanted,
    choices,
    class_named,
    style,
)

__all__ = [
    "EVERY_QUIZ",
    "FORMATS",
    "PARTS",
    "ROWS",
    "SEPARATORS",
    "Choices",
    "Export",
    "Wanted",
    "choices",
    "class_named",
    "export",
    "record",
    "record_table",
    "said_of",
    "style",
]

"""The gradebooks of Moodle and Canvas as those systems take them back, as CSV.

Moodle finds students by ID number or e-mail, as the teacher says at the import. **A row in which that is empty gets the
student of the row before** (its importer forgets nobody), so that an empty one says the username instead: then Moodle
finds nobody, names the username and imports nothing. A grade item that the import makes counts out of 100, so marks
are in per cent. No grade is «-».

Canvas finds students by SIS id, then by login, then by name. Its second row holds the points possible; «EX» is excused.
A title that ends in a number in brackets would be taken for the id of an assignment, so the brackets become square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from quizapp.domain.counting import mark_of
from quizapp.formats.sheets import Cell
from quizapp.services.scores.students import NOT_SET, Grades, Key, Line

MOODLE = ("First name", "Last name", "ID number", "Institution", "Department", "Email address")
LAST_DOWNLOADED = "Last downloaded from this course"  # by it, Moodle refuses to overwrite what was graded since
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"
EXCUSED = "EX"
_ENDS_LIKE_AN_ID = re.compile(r"\((\d+)\)\s*$")


def moodle(grades: Grades, now: datetime) -> Iterator[list[Cell]]:
    """Moodle's gradebook: a head, and a row a student."""
    yield [*MOODLE, *(f"Quiz: {head}" for head in grades.heads.values()), LAST_DOWNLOADED]
    stamp = int(now.timestamp())
    for line in grades.lines():
        who = line.student
        found: list[Cell] = [who.given_name or who.username, who.family_name, who.student_number or who.username]
        found += [None, line.class_name, who.email or who.username]
        yield [*found, *(_percent(line, key) for key in grades.heads), stamp]


def canvas(grades: Grades, available: Mapping[Key, Decimal]) -> Iterator[list[Cell]]:
    """Canvas's gradebook: a head, the points possible, and a row a student."""
    yield [*CANVAS, *(_ENDS_LIKE_AN_ID.sub(r"[\1]", head) for head in grades.heads.values())]
    yield [POINTS_POSSIBLE, None, None, None, None, *(available.get(key, Decimal(100)) for key in grades.heads)]
    for line in grades.lines():
        who = line.student
        name = ", ".join(filter(None, (who.family_name, who.given_name))) or who.username
        points = [_points(line, key, available.get(key, Decimal(100))) for key in grades.heads]
        yield [name, None, who.student_number, who.username, line.class_name, *points]


def _percent(line: Line, key: Key) -> Cell:
    one = line.cells.get(key, NOT_SET)
    return "-" if one.percent is None or one.state == "excused" else one.percent


def _points(line: Line, key: Key, available: Decimal) -> Cell:
    """The mark, as a share of what is possible: draws may differ in their points."""
    one = line.cells.get(key, NOT_SET)
    return EXCUSED if one.state == "excused" else mark_of(one.share, available)

"""A class on the way: what it does well and what costs it most, over time, and where each student stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import progress
from quizapp.domain.collation import collated
from quizapp.domain.progress import Outlook
from quizapp.domain.strands import Share, Strand, Tally, together
from quizapp.services import taking
from quizapp.services.classes import own
from quizapp.services.learners.strands import NO_STRANDS, Strands, between, of_tallies
from quizapp.services.people import Person, person
from quizapp.store import bank, classes
from quizapp.store import progress as store
from quizapp.store.class_tables import SchoolClass
from quizapp.store.progress import OfStudent, Span


@dataclass(frozen=True)
class StudentLine:
    """Where a student stands, beside nobody: how much was finished and earned, what goes well and what costs most."""

    student: Person
    finished: int
    last: datetime | None
    share: Share
    outlook: Outlook

    @property
    def sorted_name(self) -> str:
        """The family name first, else the username."""
        both = (self.student.family_name, self.student.given_name)
        return ", ".join(name for name in both if name) or self.student.username

    @property
    def well(self) -> str:
        """What goes well, in a few words; empty where that cannot be said."""
        return self.outlook.strong[0].strand.name if self.outlook.strong else ""

    @property
    def costs(self) -> str:
        """What costs most, in a few words; empty where that cannot be said."""
        return self.outlook.next[0].strand.name if self.outlook.next else ""


@dataclass(frozen=True)
class ClassProgress:
    """What a class has done, wholly and by its students."""

    school_class: SchoolClass
    span: Span
    strands: Strands
    students: tuple[StudentLine, ...]


SORTS: Mapping[str, Callable[[StudentLine], Any]] = {
    "name": lambda one: collated(one.sorted_name),
    "finished": lambda one: one.finished,
    "answers": lambda one: one.share.answered,
    "right": lambda one: one.share.percent if one.share.percent is not None else Decimal(-1),
    "well": lambda one: one.well,
    "costs": lambda one: one.costs,
    "last": lambda one: one.last.timestamp() if one.last else 0.0,
}


def close_overdue(session: Session, class_id: int, *, teacher_id: int, now: datetime) -> int:
    """Hand in what the clock has ended in a class of this teacher's; how many. Raises ``NotFound``."""
    own.taught(session, class_id, teacher_id)
    return sum(taking.close_overdue(session, now=now, user_id=one) for one in store.overdue(session, class_id, now))


def class_progress(
    session: Session, class_id: int, *, teacher_id: int, zone: tzinfo, sort: str = "name"
) -> ClassProgress:
    """The progress of this teacher's class; nine queries at most, however many students. Raises ``NotFound``."""
    school_class = own.taught(session, class_id, teacher_id)
    span = store.span(session, class_id)
    return ClassProgress(
        school_class,
        span,
        _strands(session, class_id, span, zone),
        tuple(_sorted(_students(session, class_id), sort)),
    )


def _strands(session: Session, class_id: int, span: Span, zone: tzinfo) -> Strands:
    if span.first is None or span.last is None:
        return NO_STRANDS
    stretches = between(span.first, span.last, zone)
    starts = [datetime.combine(one.first, time(), zone) for one in stretches]
    rows = store.by_item(session, class_id, starts)
    items = bank.items(session, {row.key for row in rows})
    tallies = [Tally(row.key, row.period, row.answered, row.earned, row.available) for row in rows]
    return of_tallies(session, tallies, items, stretches)


def _students(session: Session, class_id: int) -> list[StudentLine]:
    finished = store.finished(session, class_id)
    of_skill: defaultdict[int, list[OfStudent]] = defaultdict(list)
    for row in store.by_student(session, class_id, ["skill"]):
        of_skill[row.user_id].append(row)
    return [
        _line(person(user), finished.get(user.id, (0, None)), of_skill.get(user.id, ()))
        for _, user in classes.members(session, class_id, "student")
    ]


def _line(student: Person, finished: tuple[int, datetime | None], rows: Iterable[OfStudent]) -> StudentLine:
    """What is told of a student goes by skill alone: that much can be added up for a class of 500."""
    by_skill = [(row.keys[0] or "", Share("", row.answered, row.earned, row.available)) for row in rows]
    everything = Strand("", "All questions", (together("All questions", (share for _, share in by_skill)),))
    strands = [Strand(skill, skill.replace("_", " "), (share,)) for skill, share in by_skill if skill]
    return StudentLine(student, *finished, everything.share, progress.outlook({"skills": strands}, everything))


def _sorted(lines: list[StudentLine], sort: str) -> list[StudentLine]:
    key = SORTS.get(sort.lstrip("-"), SORTS["name"])
    return sorted(lines, key=key, reverse=sort.startswith("-"))

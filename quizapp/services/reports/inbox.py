"""The teachers' inbox: what students of own classes, and those of none, have reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.problem_report import LABELS, STATES
from quizapp.formats import csv_table
from quizapp.services.people import Person, person
from quizapp.services.reading import passage_names
from quizapp.store import report_inbox, reports
from quizapp.store.report_inbox import Counted, Wanted
from quizapp.store.report_tables import ProblemReport, ReportAnswer, Reporter
from quizapp.store.tables import User

__all__ = ["Listed", "Page", "Wanted", "as_csv", "listed", "of_question", "page", "seen_by", "waiting"]

A_PAGE = 50
MOST_EXPORTED = 20_000
NAMES_SHOWN = 3
HEADS = (
    "Reported (UTC)", "Kind", "Question", "Question id", "Version", "State", "Student", "Class", "Comment", "Passage",
    "Words", "Checked", "Answers", "New version",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A report in the list. ``names`` of whom this teacher may see; ``others`` are students of other classes."""

    report: ProblemReport
    names: tuple[str, ...]
    mine: int
    others: int
    last_at: datetime

    @property
    def label(self) -> str:
        """The kind in words."""
        return LABELS.get(self.report.kind, self.report.kind)

    @property
    def state(self) -> str:
        """The state in words; an accepted report whose question is changed says so."""
        return "Changed" if self.report.new_digest else STATES[self.report.state]  # type: ignore[index]


@dataclass(frozen=True)
class Page:
    """A page of reports."""

    reports: tuple[Listed, ...]
    number: int
    last: int
    total: int


def seen_by(teacher: Person) -> int | None:
    """Whose reports to show: an administrator sees all."""
    return None if teacher.role == "admin" else teacher.id


def page(session: Session, wanted: Wanted, *, sort: str, number: int) -> Page:
    """One page of the reports found; three queries."""
    total = report_inbox.count(session, wanted)
    last = max(1, -(-total // A_PAGE))
    number = min(max(1, number), last)
    found = report_inbox.page(session, wanted, sort, (number - 1) * A_PAGE, A_PAGE)
    return Page(listed(session, found, wanted.seen_by), number, last, total)


def listed(session: Session, found: Sequence[Counted], teacher: int | None) -> tuple[Listed, ...]:
    """The reports with the names of those who made them; one query, none for none."""
    names: dict[int, list[str]] = {}
    if found:
        for own, user in report_inbox.reporters(session, [one.report.id for one in found], teacher):
            names.setdefault(own.report_id, []).append(person(user).name)
    return tuple(
        Listed(
            one.report, tuple(names.get(one.report.id, ())[:NAMES_SHOWN]), one.mine, one.total - one.mine, one.last_at
        )
        for one in found
    )


def of_question(session: Session, item: str, teacher: Person) -> tuple[Listed, ...]:
    """The reports of a question that may lead to something, the newest first; two queries, one where there are none."""
    return listed(session, report_inbox.of_question(session, item, seen_by(teacher)), seen_by(teacher))


def waiting(session: Session, teacher: Person) -> int:
    """How many reports wait for somebody who may see them, as this teacher may."""
    return report_inbox.waiting(session, seen_by(teacher))


def as_csv(session: Session, wanted: Wanted, *, sort: str) -> str:
    """All reports found, a line for each student, up to 20,000, for a spreadsheet; five queries."""
    found = report_inbox.page(session, wanted, sort, 0, MOST_EXPORTED)
    by_id = {one.report.id: one.report for one in found}
    told: dict[int, list[tuple[Reporter, User]]] = {}
    for own, user in report_inbox.reporters(session, by_id, wanted.seen_by) if by_id else ():
        told.setdefault(own.report_id, []).append((own, user))
    users = {user.id for some in told.values() for _, user in some}
    classes = report_inbox.classes_of(session, users, wanted.seen_by) if users else {}
    names = passage_names(session, {one.passage for one in by_id.values() if one.passage})
    called = {ref: str(name) for ref, name in names.items()}
    answers = reports.answers(session, by_id)
    rows = (
        _row(report, own, user, classes, called, answers.get(key, []))
        for key, report in by_id.items()
        for own, user in told.get(key, [])
    )
    return csv_table.dump(HEADS, rows)


def _row(
    report: ProblemReport,
    own: Reporter,
    user: User,
    classes: Mapping[int, list[str]],
    called: Mapping[str, str],
    answers: Sequence[ReportAnswer],
) -> Sequence[object]:
    when = own.reported_at.isoformat(sep=" ", timespec="seconds")[:19]
    said = " | ".join(f"{one.deed}: {one.text}" if one.text else one.deed for one in answers)
    return (
        when, LABELS.get(report.kind, report.kind), report.title, report.subject, report.digest[:12], report.state,
        person(user).name, ", ".join(classes.get(user.id, ())), own.comment, called.get(report.passage or "", ""),
        report.quote, report.outcome, said, (report.new_digest or "")[:12],
    )  # fmt: skip

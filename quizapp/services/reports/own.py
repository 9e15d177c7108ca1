"""One's own reports: what became of each, and what teachers answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import problem_report
from quizapp.domain.problem_report import JUDGEMENT, LABELS
from quizapp.domain.source import Dispute
from quizapp.services.people import person
from quizapp.services.reading import OpenQuestions, open_questions, passage_names
from quizapp.store import catalogue, questions, reports
from quizapp.store.catalogue import Published
from quizapp.store.report_tables import ProblemReport, ReportAnswer, Reporter

SOMEBODY = "a teacher"


@dataclass(frozen=True)
class Answer:
    """What a teacher answered: reply | close | accept | decline."""

    deed: str
    text: str
    who: str
    at: datetime
    author_id: int | None = None


@dataclass(frozen=True)
class OwnReport:
    """A report as the one who made it sees it.

    While its question is being asked elsewhere, ``put_away``, it says neither what became of it nor what was answered.
    """

    id: int
    kind: str
    title: str
    comment: str
    reported_at: datetime
    passage: str | None
    passage_name: str
    quote: str | None
    others: int
    state: str | None  # of the report; «withdrawn» where one has withdrawn it oneself
    changed: bool  # accepted, and the question or judgement is another one now
    answers: tuple[Answer, ...]
    put_away: bool
    attempt_id: uuid.UUID | None
    slot: int | None
    dispute: str | None

    @property
    def label(self) -> str:
        """The kind in words."""
        return LABELS.get(self.kind, self.kind)

    @property
    def is_challenge(self) -> bool:
        """Whether it came with counter-evidence."""
        return problem_report.is_challenge(self.kind)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.state == "open"


def mine(session: Session, user_id: int, *, now: datetime) -> list[OwnReport]:
    """All that somebody has reported, the newest first; seven queries at most."""
    rows = reports.of_user(session, user_id)
    if not rows:
        return []
    ids = [report.id for report, _ in rows]
    told = reports.answers(session, ids)
    counts = reports.numbers(session, ids)
    teachers = questions.names_of(session, [one.author_id for some in told.values() for one in some])
    who = {key: person(user).name for key, user in teachers.items()}
    names = passage_names(session, {report.passage for report, _ in rows if report.passage})
    called = {ref: str(name) for ref, name in names.items()}
    disputes = _disputes_now(session, [report for report, _ in rows])
    asked = open_questions(session, user_id, now=now)
    return [
        _own(report, own, told.get(report.id, []), who, called, counts.get(report.id, 0), disputes, asked)
        for report, own in rows
    ]


def is_put_away(session: Session, report: ProblemReport, user_id: int, *, now: datetime) -> bool:
    """Whether this person is being asked what the report is about, so that nothing is told of it."""
    return _is_put_away(report, _disputes_now(session, [report]), open_questions(session, user_id, now=now))


def _disputes_now(session: Session, found: list[ProblemReport]) -> dict[str, Published]:
    names = {one.subject for one in found if one.kind == JUDGEMENT}
    return {one.name: one for one in catalogue.named_disputes(session, names)} if names else {}


def _is_put_away(report: ProblemReport, disputes: Mapping[str, Published], asked: OpenQuestions) -> bool:
    if report.kind != JUDGEMENT:
        return report.subject in asked.places
    now = disputes.get(report.subject)
    return now is not None and asked.withheld.hides_dispute(Dispute.model_validate(now.entry))


def _own(
    report: ProblemReport,
    own: Reporter,
    told: list[ReportAnswer],
    who: Mapping[int, str],
    called: Mapping[str, str],
    standing: int,
    disputes: Mapping[str, Published],
    asked: OpenQuestions,
) -> OwnReport:
    away, gone = _is_put_away(report, disputes, asked), own.withdrawn_at
    heard = [one for one in told if gone is None or one.at < gone]
    return OwnReport(
        id=report.id,
        kind=report.kind,
        title=report.title,
        comment=own.comment,
        reported_at=own.reported_at,
        passage=report.passage,
        passage_name=called.get(report.passage or "", report.passage or ""),
        quote=report.quote,
        others=standing - (gone is None),
        state="withdrawn" if gone else None if away else report.state,
        changed=not away and gone is None and report.state == "accepted" and report.new_digest is not None,
        answers=() if away else tuple(answer(one, who) for one in heard),
        put_away=away and gone is None,
        attempt_id=own.attempt_id,
        slot=own.slot,
        dispute=report.subject if report.kind == JUDGEMENT else None,
    )


def answer(one: ReportAnswer, who: Mapping[int, str]) -> Answer:
    """An answer with the name of who gave it."""
    name = who.get(one.author_id, SOMEBODY) if one.author_id is not None else SOMEBODY
    return Answer(one.deed, one.text, name, one.at, one.author_id)


def exported(session: Session, user_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """The same as plain JSON."""
    return [
        {
            "kind": one.kind,
            "question": one.title,
            "comment": one.comment,
            "reported_at": one.reported_at.isoformat(timespec="seconds"),
            "passage": one.passage,
            "quote": one.quote,
            "attempt": str(one.attempt_id) if one.attempt_id else None,
            "state": one.state,
            "answers": [
                {"deed": said.deed, "text": said.text, "at": said.at.isoformat(timespec="seconds")}
                for said in one.answers
            ],
        }
        for one in mine(session, user_id, now=now)
    ]

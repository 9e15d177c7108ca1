"""Withdrawing a report or a challenge of one's own while nobody has settled it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.problem_report import JUDGEMENT, LABELS
from quizapp.services import audit
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.reports import own
from quizapp.store import reports
from quizapp.store.report_tables import ProblemReport

ASKED_NOW = "You have a question open to which this report belongs. Finish that one first."
SETTLED = "A teacher has settled this report meanwhile. What came of it stands under your reports."


def withdraw(session: Session, report_id: int, *, user_id: int, now: datetime) -> ProblemReport:
    """Stand by a report no more: where nobody else does, teachers have nothing to do about it any longer.

    Once withdrawn it stays so. Raises ``NotFound`` where it is not one's own; ``Conflict`` where it is settled, or one
    is being asked the question now.
    """
    found = reports.made_by(session, report_id, user_id)
    if found is None:
        raise NotFound
    report, mine = found
    if mine.withdrawn_at is not None:
        return report
    if own.is_put_away(session, report, user_id, now=now):
        raise Conflict(ASKED_NOW)
    if report.state != "open":
        raise Conflict(SETTLED)
    reports.withdraw(session, report, mine, now)
    if report.kind != JUDGEMENT:
        reports.count_in_list(session, [report.subject])
    about = {"kind": LABELS.get(report.kind, report.kind), "of": report.subject, "state": report.state}
    audit.record(session, user_id, "withdraw", "report", report.id, {"state": "open"}, about, now=now)
    return report

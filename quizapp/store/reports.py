"""What students report: keeping it, putting equal ones together, finding one's own, and forgetting."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.domain.problem_report import JUDGEMENT
from quizapp.store.question_tables import QuestionLine
from quizapp.store.report_tables import ProblemReport, ReportAnswer, Reporter
from quizapp.store.tables import User

OF_ITEMS = ProblemReport.kind != JUDGEMENT
STANDS = Reporter.withdrawn_at.is_(None)
# What somebody has still to do something about: it is open, or accepted and the question is as it was.
UNSETTLED: ColumnElement[bool] = or_(
    ProblemReport.state == "open", (ProblemReport.state == "accepted") & ProblemReport.new_digest.is_(None)
)


def put(session: Session, wanted: ProblemReport) -> ProblemReport:
    """The open report that says the same, locked; else this one, kept."""
    for _ in range(3):
        found = _open_like(session, wanted)
        if found is not None:
            return found
        try:
            with session.begin_nested():
                session.add(wanted)
            return wanted
        except IntegrityError:
            continue  # somebody has said the same a moment before
    raise RuntimeError("an equal report can neither be found nor kept")


def _open_like(session: Session, wanted: ProblemReport) -> ProblemReport | None:
    query = select(ProblemReport).where(
        *(ProblemReport.subject == wanted.subject, ProblemReport.digest == wanted.digest),
        *(ProblemReport.kind == wanted.kind, ProblemReport.likeness == wanted.likeness, ProblemReport.state == "open"),
    )
    return session.scalar(query.with_for_update())


def join(session: Session, reporter: Reporter) -> bool:
    """Count somebody in, anew where they had withdrawn it; False where they have reported it already."""
    found = session.get(Reporter, (reporter.report_id, reporter.user_id))
    if found is not None and found.withdrawn_at is None:
        return False
    if found is not None:
        session.delete(found)
        session.flush()
    session.add(reporter)
    session.flush()
    return True


def open_of_user(session: Session, user_id: int, subject: str, kind: str) -> int | None:
    """The open report of this kind that somebody has of this question or dispute."""
    query = (
        select(ProblemReport.id)
        .join(Reporter, Reporter.report_id == ProblemReport.id)
        .where(Reporter.user_id == user_id, ProblemReport.subject == subject, ProblemReport.kind == kind)
        .where(ProblemReport.state == "open", STANDS)
    )
    return session.scalars(query).first()


def made_by(session: Session, report_id: int, user_id: int) -> tuple[ProblemReport, Reporter] | None:
    """A report, locked, with what this person said in it; None where they have not made it."""
    report = session.scalar(select(ProblemReport).where(ProblemReport.id == report_id).with_for_update())
    own = session.get(Reporter, (report_id, user_id))
    return (report, own) if report is not None and own is not None else None


def withdraw(session: Session, report: ProblemReport, own: Reporter, now: datetime) -> None:
    """Somebody counts no more; the report is withdrawn where nobody else stands by it."""
    own.withdrawn_at = now
    session.flush()
    _withdraw_deserted(session, [report.id])
    session.refresh(report)


def _withdraw_deserted(session: Session, report_ids: Collection[int]) -> None:
    """The open ones of these by which nobody stands any more are withdrawn, since the last one did."""
    here = Reporter.report_id == ProblemReport.id
    last = select(func.max(Reporter.withdrawn_at)).where(here).correlate(ProblemReport).scalar_subquery()
    open_ones = (ProblemReport.id.in_(report_ids), ProblemReport.state == "open")
    change = update(ProblemReport).where(*open_ones, exists().where(here), ~exists().where(here, STANDS))
    session.execute(change.values(state="withdrawn", decided_at=last).execution_options(synchronize_session=False))


def of_user(session: Session, user_id: int) -> list[tuple[ProblemReport, Reporter]]:
    """All that somebody has reported, the newest first."""
    query = select(ProblemReport, Reporter).join(Reporter, Reporter.report_id == ProblemReport.id)
    rows = session.execute(query.where(Reporter.user_id == user_id).order_by(Reporter.reported_at.desc()))
    return [(row[0], row[1]) for row in rows]


def answers(session: Session, report_ids: Collection[int]) -> dict[int, list[ReportAnswer]]:
    """What teachers answered, by report, the oldest first; no query for none."""
    if not report_ids:
        return {}
    found: dict[int, list[ReportAnswer]] = {}
    query = select(ReportAnswer).where(ReportAnswer.report_id.in_(report_ids)).order_by(ReportAnswer.id)
    for one in session.scalars(query):
        found.setdefault(one.report_id, []).append(one)
    return found


def answer(session: Session, one: ReportAnswer) -> None:
    """Keep an answer."""
    session.add(one)
    session.flush()


def numbers(session: Session, report_ids: Collection[int]) -> dict[int, int]:
    """Report → how many made it and stand by it; without those by which nobody does."""
    query = select(Reporter.report_id, func.count()).where(Reporter.report_id.in_(report_ids), STANDS)
    return {row[0]: row[1] for row in session.execute(query.group_by(Reporter.report_id))}


def reporters(session: Session, report_ids: Collection[int]) -> list[int]:
    """The ids of all who reported these and stand by it."""
    query = select(Reporter.user_id).where(Reporter.report_id.in_(report_ids), STANDS)
    return list(session.scalars(query.distinct()))


def to_mend(session: Session) -> list[ProblemReport]:
    """The accepted reports for whose sake nothing was changed yet."""
    query = select(ProblemReport).where(ProblemReport.state == "accepted", ProblemReport.new_digest.is_(None))
    return list(session.scalars(query.order_by(ProblemReport.id)))


# --- the list of questions -------------------------------------------------------------------------------------------


def unsettled(session: Session, items: Collection[str]) -> dict[str, int]:
    """Item → how many reports of it wait for somebody."""
    query = select(ProblemReport.subject, func.count()).where(OF_ITEMS, UNSETTLED, ProblemReport.subject.in_(items))
    return {row[0]: row[1] for row in session.execute(query.group_by(ProblemReport.subject))}


def count_in_list(session: Session, items: Iterable[str]) -> None:
    """Bring the numbers up to date that the list of questions shows."""
    session.flush()
    counted = select(func.count()).where(OF_ITEMS, UNSETTLED, ProblemReport.subject == QuestionLine.name)
    change = update(QuestionLine).where(QuestionLine.name.in_(list(items)))
    session.execute(change.values(problems=counted.scalar_subquery()).execution_options(synchronize_session=False))


# --- forgetting ------------------------------------------------------------------------------------------------------


def forget_user(session: Session, user_id: int) -> None:
    """Erase what somebody reported; a report that others made too stays theirs."""
    _forget(session, Reporter.user_id == user_id)


def forget_attempts(session: Session, attempt_ids: Collection[uuid.UUID]) -> None:
    """Erase what was reported from these attempts."""
    _forget(session, Reporter.attempt_id.in_(attempt_ids))


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    touched = list(session.scalars(select(Reporter.report_id).where(which).distinct()))
    if not touched:
        return
    subjects = set(session.scalars(select(ProblemReport.subject).where(ProblemReport.id.in_(touched))))
    plain = {"synchronize_session": False}
    session.execute(delete(Reporter).where(which).execution_options(**plain))
    nobody = ~exists().where(Reporter.report_id == ProblemReport.id)
    alone = select(ProblemReport).where(ProblemReport.id.in_(touched), nobody)
    ids = list(session.scalars(alone.with_only_columns(ProblemReport.id)))
    session.execute(delete(ReportAnswer).where(ReportAnswer.report_id.in_(ids)).execution_options(**plain))
    session.execute(delete(ProblemReport).where(ProblemReport.id.in_(ids)).execution_options(**plain))
    _withdraw_deserted(session, touched)
    session.expire_all()
    count_in_list(session, subjects)


def hand_over(session: Session, giver: User, taker: User) -> None:
    """Make one user's reports another's; what both reported is the taker's own."""
    by_giver = select(Reporter.report_id).where(Reporter.user_id == giver.id, STANDS)
    given_up = delete(Reporter).where(Reporter.user_id == taker.id, ~STANDS, Reporter.report_id.in_(by_giver))
    session.execute(given_up.execution_options(synchronize_session=False))
    of_taker = select(Reporter.report_id).where(Reporter.user_id == taker.id)
    own = delete(Reporter).where(Reporter.user_id == giver.id, Reporter.report_id.in_(of_taker))
    session.execute(own.execution_options(synchronize_session=False))
    given = update(Reporter).where(Reporter.user_id == giver.id).values(user_id=taker.id)
    session.execute(given.execution_options(synchronize_session=False))


def decide(report: ProblemReport, state: str, now: datetime) -> None:
    """Settle a report, or settle it otherwise."""
    report.state, report.decided_at = state, now

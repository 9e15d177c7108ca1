"""One report before a teacher: what is said, by whom, on what evidence; and answering, accepting, declining it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain import problem_report
from quizapp.domain.problem_report import JUDGEMENT, LABELS, LONGEST_ANSWER
from quizapp.domain.source import Dispute, Evidence
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.services.questions import evidence, preview
from quizapp.services.questions.evidence import Check
from quizapp.services.questions.preview import Preview
from quizapp.services.reading.shown import ShownPassage
from quizapp.services.reports import mending, own
from quizapp.services.reports.filing import CounterEvidence, check
from quizapp.services.reports.inbox import seen_by
from quizapp.services.reports.own import Answer
from quizapp.store import bank, catalogue, questions, report_inbox, reports
from quizapp.store.questions import Standing
from quizapp.store.report_tables import ProblemReport, ReportAnswer

DEEDS = {"reply": "", "close": "answered", "accept": "accepted", "decline": "declined"}
WITHDRAWN = "Those who reported this have withdrawn it, so there is nobody to answer."
NOTHING_SAID = {
    "reply": "Write what you want to tell those who reported it.",
    "close": "Write your answer: those who reported it read it.",
    "decline": "Say why: the students who reported it read it.",
}


@dataclass(frozen=True)
class Told:
    """Somebody who reported it, in their own words."""

    name: str
    classes: tuple[str, ...]
    comment: str
    at: datetime


@dataclass(frozen=True)
class Counter:
    """Counter-evidence: the passage with the words marked, and what checking them gives now."""

    name: str
    ref: str
    quote: str | None
    evidence: Evidence
    passage: ShownPassage | None
    check: Check | None
    outcome: str | None  # when it was sent


@dataclass(frozen=True)
class ReportPage:
    """A report with all that its page says. ``standing`` is the question as it is now; None of a dispute."""

    report: ProblemReport
    told: tuple[Told, ...]
    others: int
    counter: Counter | None
    answers: tuple[Answer, ...]
    shown: Preview | None
    dispute: Dispute | None
    standing: Standing | None
    is_changed: bool

    @property
    def label(self) -> str:
        """The kind in words."""
        return LABELS.get(self.report.kind, self.report.kind)

    @property
    def is_of_dispute(self) -> bool:
        """Whether it is about a judgement."""
        return self.report.kind == JUDGEMENT

    @property
    def waits_for_change(self) -> bool:
        """Whether it was accepted and nothing has come of it yet."""
        return self.report.state == "accepted" and self.report.new_digest is None

    @property
    def may_be_settled(self) -> bool:
        """Whether people get something else now than when it was reported."""
        return self.is_changed or (self.standing is not None and self.standing.status != "ready")


@dataclass(frozen=True)
class Beside:
    """A report beside the question that is being changed for its sake."""

    report: ProblemReport
    label: str
    comments: tuple[str, ...]
    counter: Counter | None


def report_page(session: Session, report_id: int, *, teacher: Person) -> ReportPage:
    """The report. Raises ``NotFound`` where this teacher may see none of those who made it."""
    report = report_inbox.find(session, report_id, seen_by(teacher))
    if report is None:
        raise NotFound
    told = _told(session, report, seen_by(teacher))
    total = reports.numbers(session, [report.id]).get(report.id, len(told))
    dispute = _dispute(session, report) if report.kind == JUDGEMENT else None
    standing = questions.standing(session, report.subject) if dispute is None else None
    return ReportPage(
        report=report,
        told=told,
        others=total - len(told),
        counter=_counter(session, report),
        answers=_answers(session, report),
        shown=preview.of_item(session, bank.item(session, report.digest)) if dispute is None else None,
        dispute=dispute,
        standing=standing,
        is_changed=_digest_now(session, report, standing) != report.digest,
    )


def _digest_now(session: Session, report: ProblemReport, standing: Standing | None) -> str | None:
    """The version that people get now; None where there is none any more."""
    if report.kind != JUDGEMENT:
        return standing.digest if standing else None
    found = next(iter(catalogue.named_disputes(session, [report.subject])), None)
    return found.digest if found else None


def _dispute(session: Session, report: ProblemReport) -> Dispute:
    return Dispute.model_validate(catalogue.versions(session, [report.digest])[report.digest])


def _told(session: Session, report: ProblemReport, teacher: int | None) -> tuple[Told, ...]:
    found = report_inbox.reporters(session, [report.id], teacher)
    classes = report_inbox.classes_of(session, [user.id for _, user in found], teacher)
    return tuple(
        Told(person(user).name, tuple(classes.get(user.id, ())), one.comment, one.reported_at) for one, user in found
    )


def _answers(session: Session, report: ProblemReport) -> tuple[Answer, ...]:
    found = reports.answers(session, [report.id]).get(report.id, [])
    who = questions.names_of(session, [one.author_id for one in found])
    return tuple(own.answer(one, {key: person(user).name for key, user in who.items()}) for one in found)


def _counter(session: Session, report: ProblemReport) -> Counter | None:
    if report.passage is None:
        return None
    found = evidence.shown(session, report.passage)
    given = Evidence.model_validate({"passage": report.passage, **({"quote": report.quote} if report.quote else {})})
    return Counter(
        name=found[0] if found else report.passage,
        ref=report.passage,
        quote=report.quote,
        evidence=given,
        passage=found[1] if found else None,
        check=check(session, CounterEvidence(report.passage, report.quote or "")),
        outcome=report.outcome,
    )


def beside(session: Session, item: str, *, teacher: Person) -> tuple[Beside, ...]:
    """The reports of a question that wait for somebody, to be read while it is changed; those accepted first."""
    found = [
        one.report for one in report_inbox.of_question(session, item, seen_by(teacher)) if not one.report.new_digest
    ]
    if not found:
        return ()
    comments: dict[int, list[str]] = {}
    for one, _ in report_inbox.reporters(session, [report.id for report in found], seen_by(teacher)):
        comments.setdefault(one.report_id, []).append(one.comment)
    ordered = sorted(found, key=lambda report: report.state != "accepted")
    return tuple(
        Beside(one, LABELS.get(one.kind, one.kind), tuple(comments.get(one.id, ())), _counter(session, one))
        for one in ordered
    )


# --- what a teacher does ---------------------------------------------------------------------------------------------


def answer(session: Session, report_id: int, deed: str, text: str, *, teacher: Person, now: datetime) -> ProblemReport:
    """Reply to a report, with that close it, accept it or decline it; everybody who made it is told.

    Raises ``NotFound``, ``Mistakes`` where something should be said, ``Conflict`` where it stands so already.
    """
    report = report_inbox.find(session, report_id, seen_by(teacher), lock=True)
    if report is None or deed not in DEEDS:
        raise NotFound
    if report.state == "withdrawn":
        raise Conflict(WITHDRAWN)
    if (wrong := _answer_problem(deed, text)) is not None:
        raise Mistakes({"text": [wrong]})
    before, state = report.state, DEEDS[deed] or report.state
    if deed != "reply" and state == before:
        raise Conflict(f"This report was {state} already. Look at it again before you decide otherwise.")
    if deed != "reply":
        reports.decide(report, state, now)
    given = ReportAnswer(report_id=report.id, author_id=teacher.id, deed=deed, text=text, at=now)
    reports.answer(session, given)
    if report.kind != JUDGEMENT:
        reports.count_in_list(session, [report.subject])
    _write_down(session, report, deed, before, teacher, now)
    mending.tell(session, [report], mending.NEWS, now=now)
    return report


def _answer_problem(deed: str, text: str) -> str | None:
    if not text and deed not in NOTHING_SAID:
        return None
    return problem_report.comment_problem(text, LONGEST_ANSWER, NOTHING_SAID.get(deed, ""))


def _write_down(
    session: Session, report: ProblemReport, deed: str, before: str, teacher: Person, now: datetime
) -> None:
    about = {"kind": LABELS.get(report.kind, report.kind), "of": report.subject}
    old = {"state": before} if report.state != before else None
    audit.record(session, teacher.id, deed, "report", report.id, old, {**about, "state": report.state}, now=now)


def settle(session: Session, report_id: int, *, teacher: Person, now: datetime) -> ProblemReport:
    """What people get now answers an accepted report, so that nothing is left to do.

    Raises ``NotFound``; ``Conflict`` where it is as it was, or the report is not accepted.
    """
    report = report_inbox.find(session, report_id, seen_by(teacher), lock=True)
    if report is None:
        raise NotFound
    standing = questions.standing(session, report.subject) if report.kind != JUDGEMENT else None
    current = _digest_now(session, report, standing)
    is_as_it_was = current == report.digest and (standing is None or standing.status == "ready")
    if report.state != "accepted" or is_as_it_was:
        raise Conflict("It is as it was when this was reported. Change it first.")
    report.new_digest = current or report.digest
    reports.count_in_list(session, [report.subject])
    _write_down(session, report, "settle", report.state, teacher, now)
    mending.tell(session, [report], mending.NEWS, now=now)
    return report

"""After a report is accepted: the question is changed, those who reported it are told, marks wait for the regrade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.problem_report import JUDGEMENT
from quizapp.services import notes
from quizapp.store import reports
from quizapp.store.report_tables import ProblemReport

LONGEST_TOLD = 120
NEWS = "There is news of what you reported:"  # not which: the question may be open in another attempt


def made_ready(session: Session, moved: Mapping[tuple[str, str], str], *, now: datetime) -> int:
    """New versions are what people get: kind («item», «dispute») and name → digest.

    The accepted reports of them are done, and those who made them are told. How many reports that were; one query.
    """
    waiting = [(one, moved.get((_kind(one), one.subject))) for one in reports.to_mend(session)]
    mended = [(one, digest) for one, digest in waiting if digest is not None and digest != one.digest]
    for one, digest in mended:
        one.new_digest = digest
    if mended:
        reports.count_in_list(session, {one.subject for one, _ in mended})
        tell(session, [one for one, _ in mended], NEWS, now=now)
    return len(mended)


def _kind(report: ProblemReport) -> str:
    return "dispute" if report.kind == JUDGEMENT else "item"


def tell(session: Session, about: Iterable[ProblemReport], words: str, *, now: datetime) -> None:
    """Tell everybody who made these reports; where one looks says the rest."""
    for one in about:
        title = "".join(letter for letter in one.title if letter not in "*_`")
        short = title if len(title) <= LONGEST_TOLD else f"{title[: LONGEST_TOLD - 1]}…"
        told = reports.reporters(session, [one.id])
        notes.tell(session, told, f"{words} “{short}”", address=f"/reports#report-{one.id}", now=now)

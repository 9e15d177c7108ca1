"""After a report is accepted: the question is changed, those who reported it are told, marks wait for the regrade."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import notes
from quizapp.store import reports
from quizapp.store.report_tables import ProblemReport

LONGEST_TOLD = 120
NEWS = "There is news of what you reported:"  # not which: the question may be open in another attempt


def made_ready(session: Session, item: str, digest: str, *, now: datetime) -> int:
    """A new version is what students get: the accepted reports of the item are done, and their students are told.

    How many reports that were.
    """
    mended = [one for one in reports.to_mend(session, item) if one.digest != digest]
    for one in mended:
        one.new_digest = digest
    if mended:
        reports.count_in_list(session, [item])
        tell(session, mended, NEWS, now=now)
    return len(mended)


def tell(session: Session, about: Iterable[ProblemReport], words: str, *, now: datetime) -> None:
    """Tell everybody who made these reports; where one looks says the rest."""
    for one in about:
        title = "".join(letter for letter in one.title if letter not in "*_`")
        short = title if len(title) <= LONGEST_TOLD else f"{title[: LONGEST_TOLD - 1]}…"
        told = reports.reporters(session, [one.id])
        notes.tell(session, told, f"{words} “{short}”", address=f"/reports#report-{one.id}", now=now)

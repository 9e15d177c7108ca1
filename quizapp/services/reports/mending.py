"""After a report is accepted: the question is changed, those who reported it are told, marks wait for the regrade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import notes
from quizapp.services.people import person
from quizapp.store import bank, report_inbox, reports
from quizapp.store.report_inbox import Concerned
from quizapp.store.report_tables import ProblemReport

MOST_LISTED = 200
LONGEST_TOLD = 120
NEWS = "There is news of what you reported:"  # not which: the question may be open in another attempt


@dataclass(frozen=True)
class Sat:
    """An attempt that was set an earlier version: who, in which quiz, what it earned there."""

    who: str
    quiz: str
    attempt: Concerned


@dataclass(frozen=True)
class ToRegrade:
    """The submitted attempts that were set an earlier version of a question; ``others`` are not of one's classes."""

    item: str
    sittings: tuple[Sat, ...]
    others: int

    @property
    def total(self) -> int:
        """How many attempts in all."""
        return len(self.sittings) + self.others


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


def to_regrade(session: Session, item: str, seen_by: int | None) -> ToRegrade:
    """The submitted attempts that were set another version of the item than students get now."""
    digest = bank.current_digests(session, "item", [item]).get(item, "")
    found, others = report_inbox.concerned(session, item, digest, seen_by, MOST_LISTED)
    titles = {
        name: quiz.title for name, (_, quiz) in bank.current_quizzes(session, {one.quiz for one in found}).items()
    }
    sittings = (Sat(person(one.user).name, titles.get(one.quiz, one.quiz), one) for one in found)
    return ToRegrade(item, tuple(sittings), others)

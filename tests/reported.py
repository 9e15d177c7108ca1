"""Something that a student has reported, for tests of pages that show it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.problem_report import CHALLENGE, likeness
from quizapp.store import bank, reports
from quizapp.store.report_tables import ProblemReport, Reporter

COMMENT = "Another passage says otherwise."


def a_challenge(
    session: Session,
    user_id: int,
    item: str,
    now: datetime,
    *,
    passage: str = "almanac/harbours",
    attempt: tuple[uuid.UUID, int] | None = None,
) -> int:
    """A student challenges an item's key with a passage, and leaves the words to the teacher; the report's id."""
    digest = bank.current_digests(session, "item", [item])[item]
    wanted = ProblemReport(
        kind=CHALLENGE, subject=item, digest=digest, title=bank.item(session, digest).stem[:300], passage=passage,
        outcome="named", state="open", created_at=now, likeness=likeness(CHALLENGE, COMMENT, passage, ""),
    )  # fmt: skip
    kept = reports.put(session, wanted)
    attempt_id, slot = attempt or (None, None)
    reporter = Reporter(
        report_id=kept.id, user_id=user_id, attempt_id=attempt_id, slot=slot, comment=COMMENT, reported_at=now
    )
    reports.join(session, reporter)
    session.commit()
    return kept.id

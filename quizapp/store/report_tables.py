"""The tables of what students report: problems with questions, challenges to keys and judgements, and the answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId

OPEN = text("state = 'open'")


class ProblemReport(Base):
    """What was reported, once for all who say the same of the same version.

    ``subject`` is an item or, of a challenge to a judgement, a dispute. At most one that is open has a ``likeness``.
    """

    __tablename__ = "problem_report"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(ForeignKey("version.digest"))
    title: Mapped[str] = mapped_column(String(300))  # what is asked, to find it by
    passage: Mapped[str | None] = mapped_column(String(160))
    quote: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(12))  # of checking the words when they were sent
    likeness: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)  # problem_report.STATES
    new_digest: Mapped[str | None] = mapped_column(String(64))  # the version that was made ready once it was accepted
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "subject"),
        Index(
            "uq_problem_report_open",
            *("subject", "digest", "kind", "likeness"),
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        {"sqlite_autoincrement": True},  # the audit trail names it by its id for ever
    )


class Reporter(Base):
    """Somebody who reported it, in words of their own, and the question from which they did.

    Whoever has withdrawn it counts no more; a report that all have withdrawn is ``withdrawn`` itself.
    """

    __tablename__ = "reporter"
    report_id: Mapped[int] = mapped_column(ForeignKey("problem_report.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    attempt_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    slot: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ReportAnswer(Base):
    """What a teacher answered, or decided and why; never changed."""

    __tablename__ = "report_answer"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("problem_report.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives them
    deed: Mapped[str] = mapped_column(String(8))  # reply | close | accept | decline
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

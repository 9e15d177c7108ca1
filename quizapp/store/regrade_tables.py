"""The table of regrades: who marked which question anew, by which rule and why. What moved is in ``mark_change``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId


class RegradeRun(Base):
    """One regrade that was carried out, and perhaps taken back since."""

    __tablename__ = "regrade_run"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item: Mapped[str] = mapped_column(String(80), index=True)
    from_digests: Mapped[list[Any]]  # the versions that the students had seen
    to_digest: Mapped[str] = mapped_column(String(64))
    rule: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)  # no foreign key: it outlives them
    at: Mapped[datetime]
    moved: Mapped[int]  # marks
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(BigId)
    put_back: Mapped[int | None]  # marks that the undoing put back; the others had moved again
    __table_args__ = ({"sqlite_autoincrement": True},)

"""The tables of marks that moved after submission, and of notes that tell people so."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId

CASCADE = "CASCADE"  # they go with the attempt, or the person, that they are about
WHOLE_ATTEMPT = 0  # slots count from 1


class MarkChange(Base):
    """A mark that moved after submission: what it was, what it is, who moved it and why. Never changed."""

    __tablename__ = "mark_change"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attempt.id", ondelete=CASCADE))
    slot: Mapped[int]  # 0: the whole attempt
    kind: Mapped[str] = mapped_column(String(12))  # override | regrade | person | undo
    old_fraction: Mapped[Decimal | None]
    new_fraction: Mapped[Decimal | None]
    old_mark: Mapped[Decimal | None]
    new_mark: Mapped[Decimal | None]
    old_available: Mapped[Decimal | None]  # of how much it was, where that changed too: a question left out is worth 0
    new_available: Mapped[Decimal | None]
    old_reason: Mapped[str | None] = mapped_column(Text)
    new_reason: Mapped[str | None] = mapped_column(Text)
    old_parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    new_parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives them
    at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(BigId, index=True)  # the regrade that it belongs to
    __table_args__ = (Index(None, "attempt_id", "slot"), {"sqlite_autoincrement": True})


class Note(Base):
    """Something that a person should know: shown on their home page until they have seen it."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete=CASCADE))
    text: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(300))  # a path of this site, where more is said
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "user_id", "read_at"),)

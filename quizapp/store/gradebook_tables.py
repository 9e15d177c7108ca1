"""The tables of the gradebook: how a class's marks are counted and shown, and who is excused from what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId

CASCADE = "CASCADE"  # they go with the class, the assignment or the student that they are about


class GradingPolicy(Base):
    """What a teacher chose for a class; a class without a row is counted as usual."""

    __tablename__ = "grading_policy"
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id", ondelete=CASCADE), primary_key=True)
    scale: Mapped[dict[str, Any]]  # domain.scale.as_plain
    weighting: Mapped[str] = mapped_column(String(8))  # points | equal
    drop_lowest: Mapped[int]
    missing_is_zero: Mapped[bool]
    changed_at: Mapped[datetime]


class Excuse(Base):
    """A student who need not do an assignment: whatever they did in it counts for nothing."""

    __tablename__ = "excuse"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete=CASCADE), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete=CASCADE), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives them
    at: Mapped[datetime]

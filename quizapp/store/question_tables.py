"""The tables of the teachers' workbench: questions being written, what was current when, and the list of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId


class QuestionDraft(Base):
    """A question as it stands on somebody's page: what was typed, whole or not. At most one for each name.

    ``base`` is the digest of what it changes; ``revision`` rises with each save, so that two who write are told.
    """

    __tablename__ = "question_draft"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    type: Mapped[str] = mapped_column(String(24))
    typed: Mapped[dict[str, Any]]
    base: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(BigId, index=True)
    saved_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ContentHistory(Base):
    """What became current under a name, when, and who did it; never changed."""

    __tablename__ = "content_history"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(160))
    digest: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(16))  # publish | restore | retire | draft | ready | files
    actor_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index(None, "kind", "name"),)


class QuestionLine(Base):
    """A question in the list: derived from what is published and being written, to search and sort by.

    ``digest`` and ``stamp`` tell what it was made from; ``sources`` has a space around each source's id.
    """

    __tablename__ = "question_line"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(140))
    status: Mapped[str] = mapped_column(String(8), index=True)  # draft | ready | retired
    stem: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(24))
    skill: Mapped[str] = mapped_column(String(24))
    difficulty: Mapped[int]  # 0: not said yet
    sources: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)  # stem, options, feedback and the like, folded
    author_id: Mapped[int | None] = mapped_column(BigId, index=True)
    updated_at: Mapped[datetime]
    is_unsourced: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[int] = mapped_column(default=0)  # reports that wait for somebody

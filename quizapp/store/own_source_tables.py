"""The tables of sources that teachers add to this installation, and of their other copies of catalogued documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId


class OwnSource(Base):
    """A source that a teacher works on: what is known of it, and how its text is cut into parts.

    What readers get of it is published as any source is. ``revision`` rises with each change; ``next_part`` numbers
    the next new part, so that no id is used twice. ``owner_id`` outlives its user, who is then nobody.
    """

    __tablename__ = "own_source"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(BigId, index=True)
    panel: Mapped[dict[str, Any]]
    text_sha256: Mapped[str] = mapped_column(String(64))
    parts: Mapped[list[Any]]
    next_part: Mapped[int]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_revision: Mapped[int | None]
    retired_at: Mapped[datetime | None]


class OwnText(Base):
    """A text that a source has or had; never changed. ``number`` counts the source's texts from 1."""

    __tablename__ = "own_text"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200))
    remarks: Mapped[list[Any]]
    added_by: Mapped[int | None] = mapped_column(BigId)
    added_at: Mapped[datetime]


class OtherCopy(Base):
    """A teacher's own copy of a catalogued document, which has other bytes; never taken for the document."""

    __tablename__ = "other_copy"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200))
    attached_by: Mapped[int | None] = mapped_column(BigId)
    attached_at: Mapped[datetime]

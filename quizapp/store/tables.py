"""The tables. Times are UTC, marks are whole units of 10⁻⁷, content is plain JSON under its digest."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from quizapp.domain.marking import from_units, to_units

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Units(TypeDecorator[Decimal]):
    """A decimal of seven places as a whole number, exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Whole units of 10⁻⁷."""
        return None if value is None else to_units(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The decimal again."""
        return None if value is None else from_units(value)


class Base(DeclarativeBase):
    """Naming rules, so that migrations know every constraint by name."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcTime, Decimal: Units, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Version(Base):
    """One immutable state of an item, passage, dispute, source or quiz, under the digest of its entry."""

    __tablename__ = "version"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # item | passage | dispute | source | quiz
    name: Mapped[str] = mapped_column(String(160))
    entry: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "kind", "name"),)


class Content(Base):
    """What is published under a name now: its digest, the one last published from files, and columns to choose by."""

    __tablename__ = "content"
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("version.digest"))
    published_digest: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)  # the order in the files
    topic: Mapped[str | None] = mapped_column(String(80), index=True)  # items; of passages: the source
    type: Mapped[str | None] = mapped_column(String(24))
    skill: Mapped[str | None] = mapped_column(String(24))
    difficulty: Mapped[int | None]
    retired_at: Mapped[datetime | None]
    set_aside: Mapped[str | None] = mapped_column(String(8))  # draft | retired: taken out here, not by the files
    set_aside_reason: Mapped[str | None] = mapped_column(Text)
    to_look_at: Mapped[str | None] = mapped_column(Text)  # why somebody should look at it; it stays in use meanwhile
    author_id: Mapped[int | None] = mapped_column(BigId)  # who wrote it here; no foreign key: it outlives them
    version: Mapped[Version] = relationship(lazy="raise")


class Document(Base):
    """The attached text of a source."""

    __tablename__ = "document"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    attached_at: Mapped[datetime]


class User(Base):
    """A person, or a guest, with an account."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(80))
    username_key: Mapped[str] = mapped_column(String(160), unique=True)  # case-folded NFKC
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    student_number: Mapped[str | None] = mapped_column(String(64))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(12))  # guest | student | teacher | admin
    session_epoch: Mapped[int] = mapped_column(default=0)  # raised to end every session of the account
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rostered_at: Mapped[datetime | None]  # made by a teacher's list: its teachers look after password and deletion
    must_change_password: Mapped[bool] = mapped_column(default=False)  # the present one works once, to choose another
    deletion_asked_at: Mapped[datetime | None]  # asks the teacher to have the account deleted
    __table_args__ = ({"sqlite_autoincrement": True},)  # an erased user's id would open another's sessions


class OneTimeLink(Base):
    """A link that works once; only the hash of its token is kept."""

    __tablename__ = "one_time_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(24))  # first-teacher
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One sitting of a quiz, as it was when it began."""

    __tablename__ = "attempt"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    quiz: Mapped[str] = mapped_column(String(80))
    quiz_digest: Mapped[str] = mapped_column(ForeignKey("version.digest"))
    mode: Mapped[str] = mapped_column(String(8))
    number: Mapped[
        int
    ]  # the user's first, second … of this quiz; 0 for a retry, outside the grade; -1 for a teacher's trial
    retry_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attempt.id"))
    seed: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None]
    grace_seconds: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    overdue: Mapped[bool] = mapped_column(default=False)  # submitted by the clock, not by hand
    mark: Mapped[Decimal | None]
    available: Mapped[Decimal]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    due_at: Mapped[datetime | None]  # for this student, as the assignment and accommodations say now
    closes_at: Mapped[datetime | None]
    own_deadline: Mapped[datetime | None]  # given by the teacher to this attempt, by extending or reopening it
    late_percent: Mapped[int] = mapped_column(default=0)  # taken off the mark for handing in late
    set_mark: Mapped[Decimal | None]  # by hand, instead of the sum of the slots
    comment: Mapped[str | None] = mapped_column(Text)  # a teacher's words to the student
    reached: Mapped[int | None]  # where the questions go one way: the slot at which it stands; those before are closed
    slots: Mapped[list[Slot]] = relationship(order_by="Slot.number", lazy="raise", back_populates="attempt")
    __table_args__ = (Index(None, "user_id", "quiz"), Index(None, "user_id", "started_at"))


class Slot(Base):
    """One place in an attempt: which version of which item, in which order, and what came out."""

    __tablename__ = "slot"
    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    section: Mapped[int] = mapped_column(default=0)
    item: Mapped[str] = mapped_column(String(80))
    item_digest: Mapped[str] = mapped_column(ForeignKey("version.digest"))
    evidence: Mapped[dict[str, Any]]  # "passage:<ref>" and "dispute:<id>" → digest when the attempt began
    order: Mapped[list[Any]]
    available: Mapped[Decimal]
    flagged: Mapped[bool] = mapped_column(default=False)
    first_shown_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    fraction: Mapped[Decimal | None]
    mark: Mapped[Decimal | None]
    reason: Mapped[str | None] = mapped_column(Text)
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comment: Mapped[str | None] = mapped_column(Text)  # a teacher's words to the student
    self_check: Mapped[str | None] = mapped_column(String(8))  # of the reason, by its student: had | partly | no
    attempt: Mapped[Attempt] = relationship(lazy="raise", back_populates="slots")
    __table_args__ = (Index(None, "item"),)


class Response(Base):
    """A response as it arrived; never changed. ``ordinal`` counts them within the slot, so two can't take one place."""

    __tablename__ = "response"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    slot: Mapped[int]
    ordinal: Mapped[int]
    client: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    base: Mapped[str | None] = mapped_column(String(90))
    response: Mapped[Any] = mapped_column(JSON)
    certainty: Mapped[int | None]  # how sure, where the quiz asks: 1 unsure … 3 sure
    because: Mapped[str | None] = mapped_column(Text)  # the reason given, where the item asks for one
    standing: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["attempt_id", "slot"], ["slot.attempt_id", "slot.number"]),
        UniqueConstraint("attempt_id", "slot", "ordinal"),
        UniqueConstraint("attempt_id", "slot", "client", "sequence"),
    )


class PassageOpening(Base):
    """Somebody opened a passage, perhaps from a slot."""

    __tablename__ = "passage_opening"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    passage: Mapped[str] = mapped_column(String(160))
    attempt_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attempt.id"))
    slot: Mapped[int | None]
    opened_at: Mapped[datetime]


# The tables themselves, for the two queries asked most: rows come faster than objects.
ATTEMPT, SLOT, RESPONSE, USER = (cast(Table, one.__table__) for one in (Attempt, Slot, Response, User))

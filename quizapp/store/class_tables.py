"""The tables of classes: who is in them, what is set to them, when, and who gets longer; and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.store.tables import Base, BigId

NOT_REUSED = {"sqlite_autoincrement": True}  # the audit trail names things by their ids for ever
FOR_ALL_QUIZZES = text("assignment_id IS NULL")


class SchoolClass(Base):
    """A class. Whoever has the join code may join; without one, nobody can."""

    __tablename__ = "school_class"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    join_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    keep_months: Mapped[int | None]  # after it is archived; None: until somebody deletes it
    __table_args__ = (NOT_REUSED,)


class Membership(Base):
    """Somebody in a class, as a student or as one of its teachers; who is removed keeps the row."""

    __tablename__ = "membership"
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(8))  # student | teacher
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ClassGroup(Base):
    """A part of a class, to which a quiz may be set."""

    __tablename__ = "class_group"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    name: Mapped[str] = mapped_column(String(80))
    __table_args__ = (UniqueConstraint("class_id", "name"),)


class GroupMember(Base):
    """A student in a group."""

    __tablename__ = "group_member"
    group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class Assignment(Base):
    """A quiz set to a class, to groups of it or to chosen students, and when."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    quiz: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(8))  # class | groups | students
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    late_policy: Mapped[str] = mapped_column(String(8))  # accept | percent | refuse
    late_percent_a_day: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(BigId)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (NOT_REUSED,)


class AssignmentGroup(Base):
    """A group that an assignment is for."""

    __tablename__ = "assignment_group"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), primary_key=True, index=True)


class AssignmentStudent(Base):
    """A student that an assignment is for."""

    __tablename__ = "assignment_student"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class Accommodation(Base):
    """What a student gets beyond the others: in every quiz of the class, or in one assignment, which goes before."""

    __tablename__ = "accommodation"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(BigId)
    user_id: Mapped[int] = mapped_column(BigId)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    time_percent: Mapped[int | None]  # of the time limit: 200 is double time
    extra_minutes: Mapped[int | None]
    extra_attempts: Mapped[int | None]
    opens_at: Mapped[datetime | None]  # own dates stand in assignments alone
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["class_id", "user_id"], ["membership.class_id", "membership.user_id"]),
        UniqueConstraint("class_id", "user_id", "assignment_id"),
        Index(
            "uq_accommodation_for_all_quizzes",
            *("class_id", "user_id"),
            unique=True,
            sqlite_where=FOR_ALL_QUIZZES,
            postgresql_where=FOR_ALL_QUIZZES,
        ),
    )


class AuditEntry(Base):
    """Who changed what, when, from what to what. Rows are added, never changed or deleted: the database refuses."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(
        BigId, index=True
    )  # None: a command; the person may have been erased since
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(160))
    class_id: Mapped[int | None] = mapped_column(BigId, index=True)  # the class that it concerns
    old: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    new: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (Index(None, "kind", "name"), NOT_REUSED)

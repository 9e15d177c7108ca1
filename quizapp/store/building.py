"""Quizzes as teachers make them: drafts of their own, what is published, and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.store.class_tables import AuditEntry
from quizapp.store.tables import Base, BigId, Content, User, Version

QUIZ = "quiz"


class QuizDraft(Base):
    """A quiz on which somebody works: what the builder's form holds, right or not yet."""

    __tablename__ = "quiz_draft"
    quiz: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    base: Mapped[str | None] = mapped_column(String(64))  # the published version that it began from
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    __table_args__ = (Index(None, "user_id"),)


@dataclass(frozen=True)
class Standing:
    """A quiz that is or was published: its digest now, the one last published from files, since when."""

    name: str
    digest: str
    published_digest: str | None
    since: datetime
    is_retired: bool

    @property
    def is_from_files(self) -> bool:
        """Whether the files of the bank hold it."""
        return self.published_digest is not None


@dataclass(frozen=True)
class Past:
    """A version of a quiz that was kept."""

    digest: str
    entry: dict[str, Any]
    created_at: datetime


def standings(session: Session, name: str | None = None) -> list[Standing]:
    """What is or was published, in the order of the files; of one name, if wanted."""
    columns = (Content.name, Content.digest, Content.published_digest, Version.created_at, Content.retired_at)
    query = select(*columns).join(Version, Version.digest == Content.digest).where(Content.kind == QUIZ)
    if name is not None:
        query = query.where(Content.name == name)
    rows = session.execute(query.order_by(Content.position, Content.name)).all()
    return [Standing(*row[:4], is_retired=row[4] is not None) for row in rows]


def lock(session: Session, name: str) -> Content | None:
    """What is published under the name, held until the transaction ends."""
    query = select(Content).where(Content.kind == QUIZ, Content.name == name)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def drafts(session: Session, user_id: int) -> Sequence[QuizDraft]:
    """The user's drafts."""
    return session.scalars(select(QuizDraft).where(QuizDraft.user_id == user_id).order_by(QuizDraft.saved_at)).all()


def draft(session: Session, user_id: int, name: str) -> QuizDraft | None:
    """The user's draft of this quiz."""
    return session.get(QuizDraft, (name, user_id))


def others(session: Session, name: str, user_id: int, since: datetime) -> list[tuple[User, datetime]]:
    """Who else has a draft of this quiz, kept since then; the newest first."""
    query = select(User, QuizDraft.saved_at).join(QuizDraft, QuizDraft.user_id == User.id)
    query = query.where(QuizDraft.quiz == name, QuizDraft.user_id != user_id, QuizDraft.saved_at >= since)
    return [(row[0], row[1]) for row in session.execute(query.order_by(QuizDraft.saved_at.desc()).limit(5))]


def keep(session: Session, draft: QuizDraft) -> None:
    """Keeps a draft."""
    session.add(draft)
    session.flush()


def forget(session: Session, user_id: int, name: str | None = None) -> None:
    """Lets go of the user's draft of a quiz, or of all of them."""
    query = delete(QuizDraft).where(QuizDraft.user_id == user_id)
    session.execute(query.where(QuizDraft.quiz == name) if name is not None else query)


def versions(session: Session, name: str) -> list[Past]:
    """Every version of the quiz, the newest first."""
    query = select(Version.digest, Version.entry, Version.created_at).where(Version.kind == QUIZ, Version.name == name)
    return [Past(*row) for row in session.execute(query.order_by(Version.created_at.desc(), Version.digest))]


def saved_by(session: Session, name: str) -> dict[str, User]:
    """Who saved which version: the beginning of its digest → the person, of those that are still there."""
    query = select(AuditEntry.new, User).join(User, User.id == AuditEntry.actor_id)
    query = query.where(AuditEntry.kind == QUIZ, AuditEntry.name == name).order_by(AuditEntry.id.desc())
    return {new["version"]: user for new, user in session.execute(query) if new and "version" in new}


def saved_by_user(session: Session, user_id: int) -> set[str]:
    """The names of the quizzes of which this user has saved a version."""
    query = select(AuditEntry.name).where(AuditEntry.kind == QUIZ, AuditEntry.actor_id == user_id)
    return set(session.scalars(query.where(AuditEntry.action == "save").distinct()))

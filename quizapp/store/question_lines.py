"""The list of questions: made from what is published and being written, and searched, filtered and sorted in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, delete, exists, func, insert, literal, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.store.question_tables import QuestionDraft, QuestionLine
from quizapp.store.tables import Content, User, Version

CHUNK = 500
SORTS: Mapping[str, Any] = {
    "stem": func.lower(QuestionLine.stem), "topic": QuestionLine.topic, "type": QuestionLine.type,
    "skill": QuestionLine.skill, "difficulty": QuestionLine.difficulty, "status": QuestionLine.status,
    "changed": QuestionLine.updated_at,
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a line is to be made from: an entry, or what was typed."""

    name: str
    stamp: str
    status: str
    content: Mapping[str, Any]
    author_id: int | None
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Conditions that must all hold; what is empty asks for nothing. ``words`` are folded."""

    words: tuple[str, ...] = ()
    topic: str = ""
    type: str = ""
    skill: str = ""
    difficulty: int = 0
    source: str = ""
    status: str = ""
    author: str = ""  # an id; «bank»: nobody here
    tag: str = ""
    problems: bool = False


def stale(session: Session) -> list[Made]:
    """What has moved since its line was made; two queries, and none but small ones where nothing has."""
    return [*_moved_contents(session), *_moved_drafts(session)]


def _moved_contents(session: Session) -> Iterator[Made]:
    item = aliased(Content)
    stamp = Content.digest + ":" + func.coalesce(Content.set_aside, "") + ":" + _is_retired()
    is_hidden = exists().where(item.kind == "item", item.name == Content.name)
    query = (
        select(Content, Version.entry, Version.created_at, stamp.label("stamp"))
        .join(Version, Version.digest == Content.digest)
        .outerjoin(QuestionLine, QuestionLine.name == Content.name)
        .where(or_(Content.kind == "item", (Content.kind == "draft") & ~is_hidden))
        .where(or_(QuestionLine.name.is_(None), QuestionLine.stamp != stamp))
    )
    for content, entry, at, mark in session.execute(query):
        yield Made(content.name, mark, _status(content), entry, content.author_id, at)


def _is_retired() -> ColumnElement[str]:
    return case((Content.retired_at.is_(None), Content.kind), else_=Content.kind + "-")


def _status(content: Content) -> str:
    if content.retired_at is None:
        return "ready" if content.kind == "item" else "draft"
    return "draft" if content.set_aside == "draft" else "retired"


def _moved_drafts(session: Session) -> Iterator[Made]:
    stamp = literal("typed:") + cast(QuestionDraft.revision, String)
    published = exists().where(Content.kind.in_(["item", "draft"]), Content.name == QuestionDraft.name)
    query = (
        select(QuestionDraft, stamp.label("stamp"))
        .outerjoin(QuestionLine, QuestionLine.name == QuestionDraft.name)
        .where(~published, or_(QuestionLine.name.is_(None), QuestionLine.stamp != stamp))
    )
    for draft, mark in session.execute(query):
        typed = {**draft.typed, "type": draft.type}
        yield Made(draft.name, mark, "draft", typed, draft.author_id, draft.updated_at)


def gone(session: Session) -> list[str]:
    """Lines of questions that are no more."""
    in_content = exists().where(Content.kind.in_(["item", "draft"]), Content.name == QuestionLine.name)
    in_drafts = exists().where(QuestionDraft.name == QuestionLine.name)
    return list(session.scalars(select(QuestionLine.name).where(~in_content, ~in_drafts)))


def replace(session: Session, lines: Sequence[Mapping[str, Any]], without: Iterable[str] = ()) -> None:
    """Puts these lines in the place of those of the same names, and takes others out."""
    names = [*(line["name"] for line in lines), *without]
    for i in range(0, len(names), CHUNK):
        session.execute(delete(QuestionLine).where(QuestionLine.name.in_(names[i : i + CHUNK])))
    if lines:
        session.execute(insert(QuestionLine), list(lines))


def count(session: Session, wanted: Wanted) -> int:
    """How many questions there are of these."""
    return session.scalar(_found(select(func.count(QuestionLine.name)), wanted)) or 0


def page(
    session: Session, wanted: Wanted, sort: str, offset: int, limit: int
) -> list[tuple[QuestionLine, User | None, QuestionDraft | None]]:
    """Lines with their authors, and with what is being written, where anything is; one query."""
    column = SORTS.get(sort.lstrip("-"), QuestionLine.updated_at)
    query: Select[Any] = _found(select(QuestionLine, User, QuestionDraft), wanted)
    query = query.outerjoin(User, User.id == QuestionLine.author_id)
    query = query.outerjoin(QuestionDraft, QuestionDraft.name == QuestionLine.name)
    query = query.order_by(column.desc() if sort.startswith("-") else column.asc(), QuestionLine.name)
    return [(row[0], row[1], row[2]) for row in session.execute(query.limit(limit).offset(offset))]


def names(session: Session, wanted: Wanted, most: int) -> list[str]:
    """The names of the questions found."""
    return list(session.scalars(_found(select(QuestionLine.name), wanted).order_by(QuestionLine.name).limit(most)))


def authors(session: Session) -> list[User]:
    """Everybody who wrote a question here."""
    wrote = exists().where(QuestionLine.author_id == User.id)
    return list(session.scalars(select(User).where(wrote).order_by(User.username_key)))


def topics(session: Session) -> list[str]:
    """Every topic that a question has."""
    return list(session.scalars(select(QuestionLine.topic).distinct().order_by(QuestionLine.topic)))


def _found(query: Any, wanted: Wanted) -> Any:
    exact = {
        QuestionLine.topic: wanted.topic, QuestionLine.type: wanted.type, QuestionLine.skill: wanted.skill,
        QuestionLine.difficulty: wanted.difficulty, QuestionLine.status: wanted.status,
    }  # fmt: skip
    for column, value in exact.items():
        if value:
            query = query.where(column == value)
    for word in wanted.words:
        query = query.where(QuestionLine.search.contains(word, autoescape=True))
    for column, value in ((QuestionLine.sources, wanted.source), (QuestionLine.tags, wanted.tag)):
        if value:
            query = query.where(column.contains(f" {value} ", autoescape=True))
    if wanted.problems:
        query = query.where(QuestionLine.problems > 0)
    return query.where(_is_by(wanted.author)) if wanted.author else query


def _is_by(author: str) -> ColumnElement[bool]:
    if author.isdecimal() and len(author) < 16:
        return QuestionLine.author_id == int(author)
    return QuestionLine.author_id.is_(None)

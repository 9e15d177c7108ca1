"""The list of quizzes as a teacher sees it: from the files, made here, and on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.quiz import Quiz
from quizapp.formats import csv_table
from quizapp.store import bank, building
from quizapp.store.building import QuizDraft, Standing

ORIGINS = {"files": "From the files", "here": "Made here"}
SORTS = ("title", "questions", "kind", "changed")


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is empty asks for nothing. ``state``: draft | published | withdrawn."""

    search: str = ""
    origin: str = ""
    mode: str = ""
    state: str = ""


@dataclass(frozen=True)
class QuizRow:
    """A quiz in the list; ``questions`` is None of a draft that says no number yet."""

    name: str
    title: str
    mode: str
    access: str
    questions: int | None
    origin: str
    changed_at: datetime
    is_published: bool
    is_draft: bool
    is_withdrawn: bool
    is_edited: bool  # from the files, and changed here since

    @property
    def state(self) -> str:
        """In a word."""
        return "withdrawn" if self.is_withdrawn else "draft" if not self.is_published else "published"


def lines(session: Session, wanted: Wanted, *, user_id: int, sort: str) -> list[QuizRow]:
    """The quizzes that fit, with the teacher's own drafts; three queries at most."""
    mine = {one.quiz: one for one in building.drafts(session, user_id)}
    standing = building.standings(session)
    built = bank.quizzes(session, [one.digest for one in standing])
    rows = [_row(one, built[one.digest], one.name in mine) for one in standing]
    known = {one.name for one in standing}
    rows += [_draft_row(one) for one in mine.values() if one.quiz not in known]
    found = [row for row in rows if _fits(row, wanted)]
    return sorted(found, key=lambda row: _key(row, sort.lstrip("-")), reverse=sort.startswith("-"))


def as_csv(rows: Sequence[QuizRow]) -> str:
    """The list for a spreadsheet."""
    heads = ("id", "title", "kind", "open to", "questions", "origin", "state", "changed (UTC)")
    return csv_table.dump(heads, [
        (row.name, row.title, row.mode, row.access, row.questions, ORIGINS[row.origin], row.state,
         row.changed_at.isoformat(sep=" ", timespec="seconds")[:19])
        for row in rows
    ])  # fmt: skip


def _row(standing: Standing, quiz: Quiz, is_draft: bool) -> QuizRow:
    return QuizRow(
        name=standing.name,
        title=quiz.title,
        mode=quiz.mode,
        access=quiz.access,
        questions=quiz.size(),
        origin="files" if standing.is_from_files else "here",
        changed_at=standing.since,
        is_published=True,
        is_draft=is_draft,
        is_withdrawn=standing.is_retired,
        is_edited=standing.is_from_files and standing.digest != standing.published_digest,
    )


def _draft_row(draft: QuizDraft) -> QuizRow:
    data = draft.data
    sections = data.get("sections", [])
    sizes = [len(one["items"]) if one["kind"] == "items" else one["draw"] for one in sections]
    whole = [int(one) for one in map(str, sizes) if one.isascii() and one.isdigit()]
    return QuizRow(
        name=draft.quiz,
        title=data.get("title") or "Quiz without a title",
        mode=data.get("mode", "practice"),
        access=data.get("access", "open"),
        questions=sum(whole) if len(whole) == len(sizes) else None,
        origin="here",
        changed_at=draft.saved_at,
        is_published=False,
        is_draft=True,
        is_withdrawn=False,
        is_edited=False,
    )


def _fits(row: QuizRow, wanted: Wanted) -> bool:
    text = f"{row.name} {row.title}".casefold()
    states = {
        "draft": row.is_draft,
        "published": row.is_published and not row.is_withdrawn,
        "withdrawn": row.is_withdrawn,
    }
    return (
        all(word in text for word in wanted.search.casefold().split())
        and wanted.origin in ("", row.origin)
        and wanted.mode in ("", row.mode)
        and states.get(wanted.state, not row.is_withdrawn)
    )


def _key(row: QuizRow, sort: str) -> tuple[object, ...]:
    keys = {
        "questions": (row.questions or 0,),
        "kind": (row.mode,),
        "changed": (row.changed_at.timestamp(),),
    }
    return (*keys.get(sort, ()), row.title.casefold(), row.name)

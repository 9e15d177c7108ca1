"""The list of sources that teachers added, and one of them with what is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.own_source import Part
from quizapp.domain.source import is_own
from quizapp.formats import csv_table
from quizapp.services.own_sources import own, ready
from quizapp.services.own_sources.ready import Effect
from quizapp.services.people import Person, person
from quizapp.store import bank, catalogue, own_sources
from quizapp.store.own_source_tables import OwnSource, OwnText
from quizapp.store.tables import User

STATES = {
    "draft": ("Not for readers yet", ""),
    "ready": ("Ready: readers have it", "right"),
    "changed": ("Readers have it as it was before your last changes", "partial"),
    "retired": ("Retired", ""),
}
NOBODY = "an account that is gone"


@dataclass(frozen=True)
class Line:
    """An own source in the list."""

    name: str
    title: str
    by: str
    is_mine: bool
    state: str
    passages: int
    questions: int
    changed_at: datetime


@dataclass(frozen=True)
class Catalogued:
    """A source of the files: whether its document is attached, or another copy of it."""

    id: str
    title: str
    is_attached: bool
    copy: str  # the file name of another copy; «» where there is none


@dataclass(frozen=True)
class SourcePage:
    """One own source: what it is, what is left to do, what making it ready would do."""

    source: OwnSource
    by: str
    may_change: bool
    state: str
    parts: tuple[Part, ...]
    texts: Sequence[OwnText]
    questions: int
    missing: dict[str, list[str]]
    effect: Effect | None


def state(source: OwnSource) -> str:
    """draft | ready | changed | retired."""
    if source.retired_at is not None:
        return "retired"
    if source.published_revision is None:
        return "draft"
    return "ready" if source.published_revision == source.revision else "changed"


def lines(session: Session, asking: Person, sort: str = "-changed") -> list[Line]:
    """Every source that a teacher added; three queries."""
    found = own_sources.every(session)
    questions = _questions(session) if found else Counter()
    made = [_line(one, user, asking, questions[one.name]) for one, user in found]
    keys = {
        "title": lambda one: one.title.casefold(), "by": lambda one: one.by.casefold(), "state": lambda one: one.state,
        "passages": lambda one: one.passages, "questions": lambda one: one.questions,
    }  # fmt: skip
    key = keys.get(sort.lstrip("-"), lambda one: one.changed_at)
    return sorted(made, key=key, reverse=sort.startswith("-"))


def _questions(session: Session) -> Counter[str]:
    items = bank.current_items(session).values()
    return Counter(source for item in items for source in {ref.split("/")[0] for ref in item.passages()})


def _line(source: OwnSource, user: User | None, asking: Person, questions: int) -> Line:
    kept = sum(1 for one in source.parts if not one.get("left_out"))
    by = person(user).name if user else NOBODY
    mine = source.owner_id == asking.id
    return Line(source.name, source.panel["title"], by, mine, state(source), kept, questions, source.updated_at)


def as_csv(found: Sequence[Line]) -> str:
    """The list for a spreadsheet."""
    heads = ("Source", "Title", "Added by", "State", "Passages", "Questions", "Changed (UTC)")
    rows = [
        (
            one.name, one.title, one.by, STATES[one.state][0], one.passages, one.questions,
            one.changed_at.isoformat(sep=" ")[:19],
        )
        for one in found
    ]  # fmt: skip
    return csv_table.dump(heads, rows)


def catalogued(session: Session) -> list[Catalogued]:
    """The sources of the files; two queries."""
    copies = own_sources.copies(session)
    listed = [one for one in catalogue.sources(session) if not is_own(one.entry["id"])]
    return [
        Catalogued(one.entry["id"], one.entry["title"], one.is_attached, copies.get(one.entry["id"], ("",))[0])
        for one in listed
    ]


def page(session: Session, name: str, asking: Person) -> SourcePage:
    """One own source, for whoever teaches. Raises ``NotFound``."""
    source = own.find(session, name)
    owner = own_sources.owner(session, source)
    missing = ready.problems(source)
    now_is = state(source)
    return SourcePage(
        source=source,
        by=person(owner).name if owner else NOBODY,
        may_change=own.may_change(source, asking),
        state=now_is,
        parts=own.parts_in(source),
        texts=own_sources.texts(session, name),
        questions=_questions(session)[name],
        missing=missing,
        effect=ready.effect(session, source) if now_is == "changed" and not missing else None,
    )

"""A teacher's own source before readers get it: added, described, given another text. Everybody who teaches reads it;
who added it changes it, and an administrator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from quizapp.domain.entry import explain, plain
from quizapp.domain.own_document import OwnDocument
from quizapp.domain.own_source import Part, new_name, parts_of, sha256
from quizapp.domain.permissions import may
from quizapp.domain.source import OWN, Source
from quizapp.domain.splitting import Old, carried_over, split
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.people import Person
from quizapp.store import own_sources
from quizapp.store.own_source_tables import OwnSource, OwnText

MOST = 200  # sources of one teacher
PANEL = (
    "title", "publisher", "year", "kind", "language", "rights", "find", "reliability", "good_for", "poor_for",
    "assessment",
)  # fmt: skip
LONGEST = {"assessment": 5000, "find": 1000, "rights": 1000, "good_for": 1000, "poor_for": 1000}
TO_BEGIN_WITH = {
    "publisher": "unknown",
    "year": "undated",
    "language": "en",
    "rights": "Kept here for our own classes.",
    "find": "Ask the teacher who added it.",
}
A_NAME = re.compile(rf"{OWN}[a-z0-9-]{{1,70}}")
NOT_THERE = "There is no source of this name among those that teachers added here."
ONLY_ITS_TEACHER = "Who added this source changes it, or an administrator. You can read it and cite it."


@dataclass(frozen=True)
class Added:
    """What adding a text did: how it was cut, and what was lost on the way."""

    name: str
    parts: int
    remarks: tuple[str, ...]


def find(session: Session, name: str) -> OwnSource:
    """The source of this name, for whoever teaches. Raises ``NotFound``."""
    found = own_sources.one(session, name) if A_NAME.fullmatch(name) else None
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def to_change(session: Session, name: str, asking: Person) -> OwnSource:
    """The same, locked, for who may change it. Raises ``NotFound`` and ``NotAllowed``."""
    found = own_sources.one(session, name, for_change=True) if A_NAME.fullmatch(name) else None
    if found is None:
        raise NotFound(NOT_THERE)
    if not may_change(found, asking):
        raise NotAllowed(ONLY_ITS_TEACHER)
    return found


def may_change(source: OwnSource, asking: Person) -> bool:
    """Whether this is who added it, or an administrator."""
    return source.owner_id == asking.id or may(asking.role, "change any source")


def text_of(session: Session, source: OwnSource) -> str:
    """The text that it has now."""
    return own_sources.text(session, source.name, source.text_sha256).text


def parts_in(source: OwnSource) -> tuple[Part, ...]:
    """How its text is cut."""
    return tuple(Part.model_validate(one) for one in source.parts)


def add(session: Session, title: str, made: OwnDocument, file_name: str, *, asking: Person, now: datetime) -> Added:
    """Keeps a document as a new source, cut into parts; readers get nothing of it yet. Raises ``Mistakes``."""
    name_of_it = " ".join((title or made.title).split())[:200]
    if not name_of_it:
        raise Mistakes({"title": ["Give it a title; the text does not say one."]})
    if own_sources.number_of(session, asking.id) >= MOST:
        raise Mistakes({"file": [f"You have added {MOST} sources, which is the most for one teacher."]})
    name = new_name(name_of_it, own_sources.names(session))
    parts = parts_of(split(made.text, made.headings))
    source = OwnSource(
        name=name, owner_id=asking.id, panel={**TO_BEGIN_WITH, "title": name_of_it}, text_sha256=sha256(made.text),
        parts=[plain(one) for one in parts], next_part=len(parts) + 1, revision=1, created_at=now, updated_at=now,
    )  # fmt: skip
    own_sources.add(session, source, _own_text(name, 1, made, file_name, asking, now))
    said = {"title": name_of_it, "words": made.words, "file": file_name}
    audit.record(session, asking.id, "add", "source", name, None, said, now=now)
    return Added(name, len(parts), made.remarks)


def _own_text(name: str, number: int, made: OwnDocument, file_name: str, asking: Person, now: datetime) -> OwnText:
    return OwnText(
        source=name, sha256=sha256(made.text), number=number, text=made.text, file_name=file_name[:200],
        remarks=list(made.remarks), added_by=asking.id, added_at=now,
    )  # fmt: skip


# --- what is known of it ---------------------------------------------------------------------------------------------


def describe(session: Session, name: str, given: Mapping[str, str], *, asking: Person, now: datetime) -> OwnSource:
    """Keeps what is said of the source, whole or not. Raises ``Mistakes`` for what cannot be kept."""
    source = to_change(session, name, asking)
    panel = {field: " ".join(given.get(field, "").split()) for field in PANEL}
    wrong = {
        field: [f"{len(text):,} characters; {LONGEST.get(field, 200):,} at most."]
        for field, text in panel.items()
        if len(text) > LONGEST.get(field, 200)
    }
    if not panel["title"]:
        wrong["title"] = ["Give it a title."]
    if wrong:
        raise Mistakes(wrong)
    kept = {field: text for field, text in panel.items() if text}
    if kept != source.panel:
        old = {field: source.panel.get(field) for field in PANEL if source.panel.get(field) != kept.get(field)}
        audit.record(
            session, asking.id, "describe", "source", name, old, {field: kept.get(field) for field in old}, now=now
        )
        source.panel = kept
        touch(source, now)
    return source


def touch(source: OwnSource, now: datetime) -> None:
    """Marks the source as changed."""
    source.revision += 1
    source.updated_at = now


def missing(source: OwnSource) -> dict[str, str]:
    """What is not said of the source yet, and must be before readers get it: field → what to do."""
    try:
        built(source)
    except ValidationError as error:
        fields = [str(one.place[0]) for one in explain(error) if one.place]
        return {field: "Choose." if field == "reliability" else "Say it in a few words." for field in fields}
    return {}


def built(source: OwnSource) -> Source:
    """The source as readers get it, without its passages. Raises pydantic's ``ValidationError``."""
    return Source.model_validate(
        {**source.panel, "id": source.name, "file": f"{source.name}.txt", "sha256": source.text_sha256}
    )


# --- another text ----------------------------------------------------------------------------------------------------


def give_text(
    session: Session, name: str, made: OwnDocument, file_name: str, *, asking: Person, now: datetime
) -> Added:
    """Keeps another text as the source's next; passages whose words stand in it stay as they are. Raises ``Mistakes``.

    Readers have the text before until it is made ready.
    """
    source = to_change(session, name, asking)
    if sha256(made.text) == source.text_sha256:
        raise Mistakes({"file": ["This is the text that the source has already, word for word."]})
    number = len(own_sources.texts(session, name)) + 1
    new = own_sources.add_text(session, _own_text(name, number, made, file_name, asking, now))
    old_text, old = text_of(session, source), parts_in(source)
    parts = _carried(source, old, old_text, made)
    said = {"text": source.text_sha256[:12]}, {"text": new.sha256[:12], "words": made.words, "file": file_name}
    audit.record(session, asking.id, "new text", "source", name, *said, now=now)
    source.parts, source.text_sha256 = [plain(one) for one in parts], new.sha256
    touch(source, now)
    return Added(name, len(parts), made.remarks)


def _carried(source: OwnSource, old: Sequence[Part], old_text: str, made: OwnDocument) -> list[Part]:
    known = {one.id: one for one in old}
    before = [Old(one.id, old_text[one.start : one.end]) for one in old]
    parts = []
    for placed in carried_over(before, made.text, made.headings):
        where = {"start": placed.cut.start, "end": placed.cut.end}
        if placed.id is None:
            parts.append(Part(id=f"p{source.next_part}", heading=placed.cut.heading, **where))
            source.next_part += 1
        else:
            parts.append(known[placed.id].model_copy(update=where))
    return parts

"""Publishing the bank's files: new versions beside the old ones, what changed said, conflicts left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.entry import Entry, digest, plain
from quizapp.formats.bank_yaml import BankFiles
from quizapp.formats.collection import without_collection
from quizapp.services import catalogue_shifts, checking, documents
from quizapp.services.checking import Report
from quizapp.services.progress import Follow, follow_silently
from quizapp.services.questions import provenance
from quizapp.services.reports import mending
from quizapp.store import questions, versions
from quizapp.store.tables import Content
from quizapp.store.versions import Name, Thing

MOVING = {"new", "changed", "back"}


class CannotPublish(Exception):
    """The bank is broken; ``reasons`` holds every reason."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Change:
    """What happened to a thing; ``fields`` are the names of those that differ."""

    kind: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What publishing did. ``conflicts`` moved both in the files and in the database, and stay as they are there.

    ``drafts`` and ``to_look_at`` name questions that rest on what changed: drafts again, or in use and listed.
    """

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    retired: tuple[Change, ...] = ()
    back: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()  # changed in the database alone
    conflicts: tuple[Change, ...] = ()
    unchanged: int = 0
    drafts: tuple[str, ...] = ()
    to_look_at: tuple[str, ...] = ()


def check(session: Session, files: BankFiles, folder: Path, follow: Follow = follow_silently) -> Report:
    """Checks the files against the attached documents and, for sources without one, those in the folder."""
    sources = [placed.thing for placed in files.sources]
    found = documents.find(folder, sources, files.record)
    texts = {**found.texts, **documents.attached_texts(session, sources)}
    return checking.check(files, texts, refused=found.refused, follow=follow)


def publish(session: Session, report: Report, *, now: datetime, upgrade: bool = False) -> Changes:
    """Publishes what was checked. The same files again change nothing; versions are kept; what is gone is retired.

    With ``upgrade`` questions written here stay in use where a passage is only described otherwise, and are listed.
    Raises ``CannotPublish`` where anything is broken. Examples are never published.
    """
    if not report.is_well:
        raise CannotPublish((*map(str, report.mistakes), *report.refused))
    with without_collection():
        return _publish(session, report, now, upgrade)


def _publish(session: Session, report: Report, now: datetime, upgrade: bool) -> Changes:
    things = {(thing.kind, thing.name): thing for thing in _things(report.files)}
    contents = versions.contents(session)
    gone = {name: one for name, one in contents.items() if name not in things and one.published_digest is not None}
    verdicts = {name: _verdict(thing, contents.get(name)) for name, thing in things.items()}
    verdicts |= {name: _verdict_on_absence(content) for name, content in gone.items()}
    fields = _fields(session, things, contents, verdicts)
    shifts = catalogue_shifts.shifts(session, things, contents, verdicts)
    versions.add_versions(session, things.values(), now)
    for name, verdict in verdicts.items():
        _apply(session, verdict, things.get(name), contents.get(name), now)
    session.flush()
    _remember(session, things, contents, verdicts, now)
    changed = {name: things[name].digest for name, verdict in verdicts.items() if verdict == "changed"}
    mending.made_ready(session, changed, now=now)
    looked_at = {name for (kind, name), verdict in verdicts.items() if kind == "item" and verdict in MOVING}
    decide = catalogue_shifts.deciding(report.files, things, contents, looked_at, upgrade=upgrade)
    shaken = provenance.shake(session, shifts, decide, now)
    return replace(_changes(verdicts, fields), drafts=shaken.drafts, to_look_at=shaken.listed)


def _remember(
    session: Session, things: Mapping[Name, Thing], contents: Mapping[Name, Content], verdicts: Mapping[Name, str],
    now: datetime,
) -> None:  # fmt: skip
    """Writes down which items are what the files say from now on, and which are gone from them."""
    moved = [name for name, verdict in verdicts.items() if verdict in MOVING and name[0] == "item" and name in things]
    gone = [name for name, verdict in verdicts.items() if verdict == "retired" and name[0] == "item"]
    questions.remember(
        session, "item", [(name[1], things[name].digest) for name in moved], "files", actor_id=None, now=now
    )
    retired = [(name[1], contents[name].digest) for name in gone]
    questions.remember(session, "item", retired, "retire", actor_id=None, now=now, note="gone from the files")


def _verdict(thing: Thing, content: Content | None) -> str:
    if content is None:
        return "new"
    moved_in_files = thing.digest != content.published_digest
    moved_here = content.digest != content.published_digest
    if moved_in_files and moved_here and thing.digest != content.digest:
        return "conflicts"
    if content.set_aside is not None:
        return _verdict_on_set_aside(content, looked_at=moved_in_files and not moved_here)
    if content.retired_at is not None:
        return "back"
    if moved_in_files:
        return "unchanged" if moved_here else "changed"
    return "kept" if moved_here else "unchanged"


def _verdict_on_set_aside(content: Content, *, looked_at: bool) -> str:
    """What a teacher retired stays so; what waits for somebody to look at it is ready once its files were changed."""
    if looked_at:
        return "back" if content.set_aside == "draft" else "changed"
    return "kept"


def _verdict_on_absence(content: Content) -> str:
    if content.retired_at is not None:
        return "retired before"
    return "retired" if content.digest == content.published_digest else "conflicts"


def _apply(session: Session, verdict: str, thing: Thing | None, content: Content | None, now: datetime) -> None:
    if content is None:
        assert thing is not None  # noqa: S101 what is new is in the files
        versions.add_content(session, thing)
    elif verdict == "retired":
        content.retired_at = now
    elif thing is not None and verdict in ("changed", "back", "unchanged"):
        if verdict != "back" or content.digest == content.published_digest:
            content.digest = thing.digest
        content.published_digest = thing.digest
        if content.set_aside != "retired":
            content.retired_at = content.set_aside = content.set_aside_reason = None
        if verdict != "unchanged":
            content.to_look_at = None
        versions.place(content, thing)


def _fields(
    session: Session, things: Mapping[Name, Thing], contents: Mapping[Name, Content], verdicts: Mapping[Name, str]
) -> dict[Name, tuple[str, ...]]:
    """Which fields differ between what is published and what the files say, of what moved."""
    tell = {"changed", "conflicts", "kept", "back"}
    moved = [name for name, verdict in verdicts.items() if verdict in tell and name in things]
    old = versions.entries(session, (contents[name].digest for name in moved))
    return {name: _difference(old[contents[name].digest], things[name].entry) for name in moved}


def _difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(field for field in dict.fromkeys((*one, *other)) if one.get(field) != other.get(field))


def _changes(verdicts: Mapping[Name, str], fields: Mapping[Name, tuple[str, ...]]) -> Changes:
    def those(wanted: str) -> tuple[Change, ...]:
        return tuple(Change(*name, fields.get(name, ())) for name, verdict in verdicts.items() if verdict == wanted)

    return Changes(
        new=those("new"),
        changed=those("changed"),
        retired=those("retired"),
        back=those("back"),
        kept=those("kept"),
        conflicts=those("conflicts"),
        unchanged=sum(1 for verdict in verdicts.values() if verdict == "unchanged"),
    )


def _things(files: BankFiles) -> Iterator[Thing]:
    """Everything to publish, in the order of the files. A source's passages are things of their own."""
    for i, topic in enumerate(files.topics):
        yield _thing("topic", topic.thing.id, topic.thing, i)
    for i, source in enumerate(files.sources):
        yield _thing("source", source.thing.id, source.thing.model_copy(update={"passages": ()}), i)
        for j, passage in enumerate(source.thing.passages):
            yield _thing("passage", f"{source.thing.id}/{passage.id}", passage, j, topic=source.thing.id)
    for i, dispute in enumerate(files.disputes):
        yield _thing("dispute", dispute.thing.id, dispute.thing, i)
    for i, placed in enumerate(files.items):
        item = placed.thing
        chosen_by = {"topic": item.topic, "type": item.type, "skill": item.skill, "difficulty": item.difficulty}
        yield _thing("item", item.id, item, i, **chosen_by)
    for i, quiz in enumerate(files.quizzes):
        yield _thing("quiz", quiz.thing.id, quiz.thing, i)
    if files.record is not None:
        yield _thing("edition", "edition", files.record, 0)


def _thing(kind: str, name: str, thing: Entry, position: int, **chosen_by: Any) -> Thing:
    entry = plain(thing)
    return Thing(kind, name, digest(entry), entry, position, **chosen_by)

"""A teacher's source for readers: made ready as any source is published, changed with care, retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.catalogue_change import Shift, panel_shift, passage_gone, passage_shift
from quizapp.domain.entry import Entry, digest, plain
from quizapp.domain.own_source import passage
from quizapp.domain.source import Passage
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import own
from quizapp.services.people import Person
from quizapp.services.questions import provenance
from quizapp.store import own_sources, versions
from quizapp.store.own_source_tables import OwnSource
from quizapp.store.tables import Content
from quizapp.store.versions import Name, Thing

MOST_PASSAGES = 2000


@dataclass(frozen=True)
class Effect:
    """What making ready does: passages that are new, that have other words, that are described otherwise, that are
    gone; the questions that go back to draft, and those that stay in use and are listed to be looked at.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    retold: tuple[str, ...]
    gone: tuple[str, ...]
    questions: tuple[str, ...]
    to_look_at: tuple[str, ...]
    shifts: Mapping[Name, Shift] = field(default_factory=dict)


def problems(source: OwnSource) -> dict[str, list[str]]:
    """Why readers cannot get the source yet, by field; «parts» stands for its passages."""
    found = {field: [message] for field, message in own.missing(source).items()}
    kept = sum(1 for one in own.parts_in(source) if not one.left_out)
    if not kept:
        found["parts"] = ["Keep at least one passage of it."]
    elif kept > MOST_PASSAGES:
        found["parts"] = [f"{kept:,} passages; {MOST_PASSAGES:,} at most. Merge some, or leave them out."]
    return found


def effect(session: Session, source: OwnSource) -> Effect:
    """What making it ready would do now."""
    return _effect(session, source, _passages(session, source))


def make_ready(session: Session, name: str, *, asking: Person, now: datetime) -> Effect:
    """Gives the source to readers as it stands. Raises ``Mistakes`` with all that is missing.

    Questions go back to draft that rest on a passage whose words are others now, which is described otherwise, or which
    is gone. Where only the source as a whole is described otherwise, they are listed to be looked at.
    """
    source = own.to_change(session, name, asking)
    if wrong := problems(source):
        raise Mistakes(wrong)
    passages = _passages(session, source)
    done = _effect(session, source, passages)
    _publish(session, source, passages, asking.id, now)
    provenance.shake(session, done.shifts, provenance.by_weight, now)
    told = {"passages": len(passages), "changed": len(done.changed), "gone": len(done.gone)}
    audit.record(session, asking.id, "make ready", "source", name, None, told, now=now)
    source.published_at, source.published_revision, source.retired_at = now, source.revision, None
    session.flush()
    return done


def _passages(session: Session, source: OwnSource) -> dict[str, Passage]:
    """The passages to be, by «source/passage»."""
    text = own.text_of(session, source)
    kept = [one for one in own.parts_in(source) if not one.left_out]
    return {f"{source.name}/{one.id}": passage(one, text) for one in kept}


def _effect(session: Session, source: OwnSource, passages: Mapping[str, Passage]) -> Effect:
    contents = own_sources.published(session, source.name)
    there = {name: one for name, one in contents.items() if one.kind == "passage" and one.retired_at is None}
    entries = versions.entries(session, (one.digest for one in contents.values()))
    old = {name: entries[one.digest] for name, one in there.items()}
    gone = tuple(name for name in old if name not in passages)
    felt = {("passage", name): passage_gone(name) for name in gone} | _retold(old, passages)
    panel = contents.get(source.name)
    if panel is not None and panel.retired_at is None and (shift := panel_shift(entries[panel.digest], source.panel)):
        felt["source", source.name] = shift
    shaken = provenance.foreseen(session, felt, provenance.by_weight)
    return Effect(
        new=tuple(name for name in passages if name not in old),
        changed=tuple(name for (_, name), one in felt.items() if one.weight == "text" and name not in gone),
        retold=tuple(name for (_, name), one in felt.items() if one.weight == "account"),
        gone=gone,
        questions=shaken.drafts,
        to_look_at=shaken.listed,
        shifts=felt,
    )


def _retold(old: Mapping[str, Mapping[str, Any]], passages: Mapping[str, Passage]) -> dict[Name, Shift]:
    """Of the passages that were there before and still are, those that questions feel have changed."""
    pairs = {name: (_anywhere(old[name]), _anywhere(plain(one))) for name, one in passages.items() if name in old}
    found = {name: passage_shift(name, *pair) for name, pair in pairs.items()}
    return {("passage", name): shift for name, shift in found.items() if shift is not None}


def _anywhere(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A passage wherever in the text it stands: another text before or behind it does not change its words."""
    return {field: value for field, value in entry.items() if field not in ("start", "end")}


def _publish(
    session: Session, source: OwnSource, passages: Mapping[str, Passage], author_id: int, now: datetime
) -> None:
    contents = own_sources.published(session, source.name)
    things = [_thing("source", source.name, own.built(source))]
    things += [_thing("passage", ref, one, i, source.name) for i, (ref, one) in enumerate(passages.items())]
    for thing in things:
        own_sources.put(session, thing, contents.get(thing.name), author_id=author_id, now=now)
    own_sources.withdraw(session, [one for name, one in contents.items() if _is_gone(name, one, passages)], now)
    versions.attach(session, source.name, source.text_sha256, own.text_of(session, source), now)


def _is_gone(name: str, content: Content, passages: Mapping[str, Passage]) -> bool:
    return content.kind == "passage" and name not in passages


def _thing(kind: str, name: str, thing: Entry, position: int = 0, topic: str | None = None) -> Thing:
    entry = plain(thing)
    return Thing(kind, name, digest(entry), entry, position, topic=topic)


def retire(session: Session, name: str, *, asking: Person, now: datetime) -> list[str]:
    """Takes the source from readers; the questions that rest on it go back to draft, and are named. Its text stays, for
    those who look at an attempt that used it.
    """
    source = own.to_change(session, name, asking)
    own_sources.withdraw(session, own_sources.published(session, name).values(), now)
    why = f"The source “{source.panel['title']}” was retired."
    sent = provenance.shake(session, {("source", name): Shift("text", why)}, provenance.by_weight, now)
    audit.record(session, asking.id, "retire", "source", name, {"status": "ready"}, {"status": "retired"}, now=now)
    source.retired_at = now
    session.flush()
    return list(sent.drafts)

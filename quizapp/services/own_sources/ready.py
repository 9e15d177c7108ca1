"""A teacher's source for readers: made ready as any source is published, changed with care, retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.entry import Entry, digest, plain
from quizapp.domain.own_source import passage
from quizapp.domain.source import Passage
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import own
from quizapp.services.people import Person
from quizapp.services.questions import provenance
from quizapp.store import bank, own_sources, versions
from quizapp.store.own_source_tables import OwnSource
from quizapp.store.tables import Content
from quizapp.store.versions import Name, Thing

MOST_PASSAGES = 2000


@dataclass(frozen=True)
class Effect:
    """What making ready does: passages that are new, that have other words, that are gone; and the questions that go
    back to draft, each with the passage that it rests on.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    questions: tuple[str, ...]


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

    Questions that rest on a passage whose words are others now, or which is gone, go back to draft.
    """
    source = own.to_change(session, name, asking)
    if wrong := problems(source):
        raise Mistakes(wrong)
    passages = _passages(session, source)
    done = _effect(session, source, passages)
    _publish(session, source, passages, asking.id, now)
    provenance.send_back(session, _shaken(done), set(), now)
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
    entries = versions.entries(session, (one.digest for one in there.values()))
    old = {name: entries[one.digest]["sha256"] for name, one in there.items()}
    changed = tuple(name for name, one in passages.items() if name in old and old[name] != one.sha256)
    gone = tuple(name for name in old if name not in passages)
    shaken = {*changed, *gone}
    resting = [name for name, item in bank.current_items(session).items() if shaken & set(item.passages())]
    return Effect(tuple(name for name in passages if name not in old), changed, gone, tuple(resting))


def _shaken(done: Effect) -> dict[Name, str]:
    """What shakes the questions that rest on it, and why."""
    changed = {("passage", one): provenance.CHANGED["passage"].format(one) for one in done.changed}
    return changed | {("passage", one): provenance.GONE["passage"].format(one) for one in done.gone}


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
    why = f"The source «{source.panel['title']}» was retired."
    sent = provenance.send_back(session, {("source", name): why}, set(), now)
    audit.record(session, asking.id, "retire", "source", name, {"status": "ready"}, {"status": "retired"}, now=now)
    source.retired_at = now
    session.flush()
    return sent

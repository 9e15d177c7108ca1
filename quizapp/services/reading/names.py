"""What sources and passages are called: in links to evidence, in lists, beside quotes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.source import Source, is_own
from quizapp.store import bank, catalogue, own_sources
from quizapp.store.catalogue import Published


@dataclass(frozen=True)
class SourceName:
    """A source in short: ``voice`` is who speaks in it."""

    id: str
    title: str
    voice: str
    reliability: str
    good_for: str
    poor_for: str


@dataclass(frozen=True)
class PassageName:
    """A passage in short. ``ref`` is «source/passage»."""

    ref: str
    heading: str
    source: SourceName

    @property
    def source_id(self) -> str:
        """The source's id."""
        return self.ref.split("/")[0]

    @property
    def passage_id(self) -> str:
        """The passage's id within its source."""
        return self.ref.split("/")[1]

    def __str__(self) -> str:
        return f"{self.source.voice}, “{self.heading}”"


def passage_names(
    session: Session,
    refs: Iterable[str],
    *,
    looking_back: bool = False,
    known: Mapping[str, str | None] | None = None,
) -> dict[str, PassageName]:
    """The names of the published passages referred to; one query.

    None where of all of them and their sources is ``known`` by which digest they are published, or that they are not.
    Who looks back at an attempt is also told those of teachers' sources that were retired since; two more, if any are.
    """
    wanted = set(refs)
    named = {ref: (f"passage:{ref}", f"source:{ref.partition('/')[0]}") for ref in wanted}
    published = {**(known or {})}
    missing = {name for pair in named.values() for name in pair if name not in published}
    published |= bank.current_of(session, missing) if missing else {}
    digests = {ref: (published.get(passage), published.get(source)) for ref, (passage, source) in named.items()}
    passages = bank.passages(session, [passage for passage, _ in digests.values() if passage])
    sources = bank.sources(session, [source for _, source in digests.values() if source])
    found = {
        ref: PassageName(ref, passages[passage].heading, source_name(sources[source]))
        for ref, (passage, source) in digests.items()
        if passage and source
    }
    gone = [ref for ref in wanted if looking_back and is_own(ref) and ref not in found]
    return found | _withdrawn(session, gone) if gone else found


def _withdrawn(session: Session, refs: Collection[str]) -> dict[str, PassageName]:
    """The names that passages had when they were withdrawn."""
    sources = source_names(
        own_sources.last_entries(session, "source", {ref.split("/", maxsplit=1)[0] for ref in refs}).values()
    )
    entries = own_sources.last_entries(session, "passage", refs)
    return {
        ref: PassageName(ref, str(entry["heading"]), sources[ref.split("/", maxsplit=1)[0]])
        for ref, entry in entries.items()
    }


def voices(session: Session) -> dict[str, str]:
    """Who speaks in each published source, by its id; one query."""
    return {one.name: voice(Source.model_validate(one.entry)) for one in catalogue.passages(session, ())}


def names_among(found: Iterable[Published]) -> dict[str, PassageName]:
    """The names of the passages among what is published, by reference."""
    found = list(found)
    sources = source_names(one.entry for one in found if one.kind == "source")
    return {
        one.name: PassageName(one.name, one.entry["heading"], sources[one.name.split("/")[0]])
        for one in found
        if one.kind == "passage" and one.name.split("/")[0] in sources
    }


def source_names(entries: Iterable[Mapping[str, Any]]) -> dict[str, SourceName]:
    """The names of sources by id, from their entries."""
    return {entry["id"]: source_name(Source.model_validate(entry)) for entry in entries}


def source_name(source: Source) -> SourceName:
    """The source in short."""
    return SourceName(source.id, source.title, voice(source), source.reliability, source.good_for, source.poor_for)


def voice(source: Source) -> str:
    """Who speaks: the publisher without the brackets after it; where nobody is named the kind of document or, since
    there may be many of a kind among those that teachers add, its title.
    """
    if source.publisher.startswith("unknown"):
        if source.is_own:
            return source.title
        return source.kind[0].upper() + source.kind[1:]
    return source.publisher.split(" (")[0]

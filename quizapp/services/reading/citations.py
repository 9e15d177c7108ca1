"""Passages cited in full, for paper: what they are of, where they stand, in which document."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from quizapp.domain.source import Passage, Source
from quizapp.services.reading.names import voice
from quizapp.store import catalogue


def citation(source: Source, passage: Passage) -> str:
    """The passage cited in a line, without its address."""
    year = source.year.split(";")[0]
    who = f", {voice(source)}" if voice(source) != source.title else ""
    return (
        f"“{source.title}”{who}, {year}. Passage “{passage.heading}” ({source.id}/{passage.id}), "
        f"characters {passage.start:,}–{passage.end:,} of the document with SHA-256 {source.sha256[:12]}…"
    )


def citations(session: Session, refs: Iterable[str]) -> dict[str, str]:
    """The published passages referred to, each cited in a line; one query."""
    found = catalogue.passages(session, set(refs))
    sources = {one.name: Source.model_validate(one.entry) for one in found if one.kind == "source"}
    return {
        one.name: citation(sources[one.name.split("/")[0]], Passage.model_validate(one.entry))
        for one in found
        if one.kind == "passage" and one.name.split("/")[0] in sources
    }

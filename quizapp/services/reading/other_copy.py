"""A passage from another copy of its document: found by all its quotes, those of questions included, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.other_copy import NotThere, Wanted, stretch, wanted_of
from quizapp.domain.source import Dispute, Passage
from quizapp.domain.verification import Text, occurrences
from quizapp.services.reading.excerpt import Highlight, Paragraph, excerpt
from quizapp.services.reading.quotes import Quoted
from quizapp.store import bank, own_sources
from quizapp.store.own_source_tables import OtherCopy


@lru_cache(maxsize=4)
def _text(_sha256: str, text: str) -> Text:
    return Text(text)


def text_of(copy: OtherCopy) -> Text:
    """The words of a copy; each process keeps the last ones."""
    return _text(copy.sha256, copy.text)


def quotes_of(ref: str, passage: Passage, disputes: Iterable[Dispute], items: Iterable[Item]) -> list[Wanted]:
    """Every quote of the passage: of its claims, of disputes, of questions."""
    positions = (position for dispute in disputes for position in dispute.positions)
    return [
        *(Wanted(one.quote) for one in passage.claims if one.quote),
        *(one for position in positions for one in wanted_of(position.evidence, ref)),
        *(one for item in items for one in wanted_of((evidence for _, evidence in item.all_evidence()), ref)),
    ]


@dataclass(frozen=True)
class FromCopy:
    """A passage as it stands in another copy."""

    paragraphs: tuple[Paragraph, ...]
    file_name: str


def from_copy(
    session: Session, ref: str, passage: Passage, disputes: Iterable[Dispute], shown: Sequence[Quoted]
) -> FromCopy | None:
    """The passage in the other copy of its document, with the quotes marked that the page shows; None where any of its
    quotes does not stand there exactly once. Two queries.
    """
    copy = own_sources.copy(session, ref.split("/", maxsplit=1)[0])
    if copy is None:
        return None
    items = bank.current_items(session).values()
    text = text_of(copy)
    try:
        found = stretch(text, quotes_of(ref, passage, disputes, items), passage.end - passage.start)
    except NotThere:
        return None
    own = text.text[found.start : found.end]
    return FromCopy(excerpt(own, 0, len(own), _highlights(own, shown)), copy.file_name)


def _highlights(text: str, shown: Sequence[Quoted]) -> list[Highlight]:
    placed = ((one, occurrences(Text(text), one.quote)) for one in shown)
    return [Highlight(*spans[0], one.kind) for one, spans in placed if len(spans) == 1]

"""The list of sources, and one source with its passages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.source import Passage, Source
from quizapp.services.errors import NotFound
from quizapp.services.reading.edition import checked_on, edition_record
from quizapp.services.reading.names import voice
from quizapp.services.reading.passages import in_reading_order, passages_of
from quizapp.services.reading.standing import standing
from quizapp.store import bank, catalogue

RELIABILITIES = ("high", "medium", "low")
OPENING, OPENING_IN_LONG_LIST = 180, 90  # characters of an account that a list shows
LONG_LIST = 60  # passages


@dataclass(frozen=True)
class SourceCard:
    """A source in the list; ``questions`` counts those that rest on it."""

    source: Source
    voice: str
    passages: int
    questions: int
    is_attached: bool


@dataclass(frozen=True)
class PassageLine:
    """A passage in the list of its source: its heading and the beginning of our account."""

    passage: Passage
    opening: str


@dataclass(frozen=True)
class SourcePage:
    """A source: what to know before trusting it, and its passages as they are best read."""

    source: Source
    voice: str
    is_attached: bool
    checked_on: str | None
    passages: tuple[PassageLine, ...]
    is_document_order: bool
    reads_out_of_order: bool


def sources_page(session: Session, *, user_id: int | None, now: datetime) -> tuple[SourceCard, ...]:
    """Every published source, the most reliable first; at most six queries. Raises ``SourcesClosed``."""
    standing(session, user_id, now=now)
    listed = catalogue.sources(session)
    questions = _questions_by_source(session) if listed else Counter()
    cards = (
        SourceCard(
            source=(source := Source.model_validate(one.entry)),
            voice=voice(source),
            passages=one.passages,
            questions=questions[source.id],
            is_attached=one.is_attached,
        )
        for one in listed
    )
    return tuple(sorted(cards, key=lambda card: RELIABILITIES.index(card.source.reliability)))


def _questions_by_source(session: Session) -> Counter[str]:
    items = bank.current_items(session).values()
    return Counter(source for item in items for source in {ref.split("/")[0] for ref in item.passages()})


def source_page(
    session: Session,
    source: str,
    *,
    user_id: int | None,
    now: datetime,
    document_order: bool = False,
) -> SourcePage:
    """One source; at most six queries. Raises ``NotFound``, ``SourcesClosed``."""
    standing(session, user_id, now=now)
    found = catalogue.of_source(session, source)
    entry = next((one.entry for one in found if one.kind == "source"), None)
    if entry is None:
        raise NotFound
    built = Source.model_validate(entry)
    reading = [Passage.model_validate(one.entry) for one in in_reading_order(built, passages_of(source, found))]
    length = OPENING if len(reading) <= LONG_LIST else OPENING_IN_LONG_LIST
    written = sorted(reading, key=lambda passage: passage.start)
    return SourcePage(
        source=built,
        voice=voice(built),
        is_attached=source in bank.attached_sources(session),
        checked_on=checked_on(built, edition_record(found)),
        passages=tuple(
            PassageLine(one, opening(one.account, length)) for one in (written if document_order else reading)
        ),
        is_document_order=document_order,
        reads_out_of_order=written != reading,
    )


def opening(account: str, length: int) -> str:
    """The beginning of an account: whole sentences where they are short enough, else whole words."""
    if len(account) <= length:
        return account
    start = account[:length]
    sentence = start.rfind(". ")
    return start[: sentence + 1] if sentence > length // 2 else f"{start.rsplit(' ', 1)[0].rstrip(',;:')} …"

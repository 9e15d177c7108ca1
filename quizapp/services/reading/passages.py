"""A passage's page: with its document's text where that is attached, and convincing without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from quizapp.domain.own_source import has_account
from quizapp.domain.source import Claim, Dispute, EditionRecord, Passage, PassageRecord, Source, is_own
from quizapp.services.errors import NotFound
from quizapp.services.reading.citations import citation
from quizapp.services.reading.dispute_lines import DisputeLine, dispute_line, dispute_passages
from quizapp.services.reading.edition import edition_record, recorded
from quizapp.services.reading.excerpt import Paragraph, excerpt
from quizapp.services.reading.matter import Matter, Question, matter
from quizapp.services.reading.names import PassageName, SourceName, names_among, source_name, source_names
from quizapp.services.reading.other_copy import from_copy
from quizapp.services.reading.quotes import Quoted, highlights, passage_text, quoted, strip_of
from quizapp.services.reading.standing import OpenAttempt, Reviewed, Standing, standing
from quizapp.services.reading.strip import Strip
from quizapp.store import catalogue, own_sources
from quizapp.store.catalogue import Published, Window

AROUND = 4_000  # characters of the document read on either side, of which the context is cut
TextState = Literal["attached", "unattached", "changed", "copy"]


@dataclass(frozen=True)
class PassagePage:
    """A passage as one reader may see it now.

    ``text_state`` is «changed» where a document is attached in which the passage does not stand as it was checked, and
    «copy» where ``paragraphs`` are of another copy, which is not the document.
    ``pending`` are the reader's open attempts, for whose sake quotes and disputes may be missing here.
    """

    name: PassageName
    source: Source
    passage: Passage
    number: int | None  # in reading order; None of a passage that is no longer published
    total: int
    claims: tuple[Claim, ...]
    disputes: tuple[DisputeLine, ...]
    matter: Matter | None
    questions: tuple[Question, ...]
    strip: Strip | None
    text_state: TextState
    paragraphs: tuple[Paragraph, ...]
    length: int | None
    checked_on: str | None
    previous: PassageName | None
    following: PassageName | None
    pending: tuple[OpenAttempt, ...]

    @property
    def has_account(self) -> bool:
        """Whether somebody has written an account of the passage: of a teacher's own source, nobody need have."""
        return not self.source.is_own or has_account(self.passage)

    @property
    def citation(self) -> str:
        """The passage cited in a line, without its address."""
        return citation(self.source, self.passage)


def passage_page(
    session: Session,
    source: str,
    passage: str,
    *,
    user_id: int | None,
    now: datetime,
    item: str | None = None,
    version: str | None = None,
) -> PassagePage:
    """The page of a passage; with ``item`` also that question, if this reader has seen it reviewed.

    At most six queries, and two more for another copy. Raises ``NotFound``, ``SourcesClosed``.
    """
    ref = f"{source}/{passage}"
    reader = standing(session, user_id, now=now, named=f"passage:{ref}")
    reviewed = reader.review_of(item, version)
    shelf = _shelf(session, source, reviewed)
    entries = catalogue.versions(session, shelf.digests_not_current(reviewed))
    shown, has_changed = shelf.shown(ref, reviewed, entries)
    window = catalogue.window(session, source, shown.start - AROUND, shown.end + AROUND)
    if is_own(source) and passage_text(shown, window, shelf.source.sha256) is None:
        window = _earlier(session, source, shown)
    page = _page(ref, shelf, shown, reader, reviewed, has_changed, window, entries)
    # The stretch is found by all quotes: to a reader with open questions it would tell where theirs stand.
    may_see = shelf.has_copy and window is None and not has_changed and not reader.pending
    return _with_copy(session, page, shelf) if may_see else page


def _earlier(session: Session, source: str, shown: Passage) -> Window | None:
    """Where the passage stands in a text that a teacher's source had before."""
    windows = own_sources.windows(session, source, shown.start - AROUND, shown.end + AROUND)
    return next((one for one in windows if passage_text(shown, one, one.sha256)), None)


def _with_copy(session: Session, page: PassagePage, shelf: Shelf) -> PassagePage:
    """The page with the passage as it stands in another copy, if it can be told there."""
    disputes = [Dispute.model_validate(one.entry) for one in shelf.disputes]
    shown = _quotes(page.name.ref, page.claims, disputes, page.matter)
    found = from_copy(session, page.name.ref, page.passage, disputes, shown)
    return replace(page, text_state="copy", paragraphs=found.paragraphs) if found else page


@dataclass(frozen=True)
class Shelf:
    """A source with its passages in reading order, the edition record, all disputes, the names of what is near."""

    source: Source
    passages: tuple[Published, ...]
    disputes: tuple[Published, ...]
    sources: dict[str, SourceName]
    names: dict[str, PassageName]
    edition: EditionRecord | None
    has_copy: bool  # a teacher has another copy of its document

    def digests_not_current(self, reviewed: Reviewed | None) -> list[str]:
        """The versions that a review was shown and that are not those published now."""
        current = {one.digest for one in (*self.passages, *self.disputes)}
        named = reviewed.evidence.values() if reviewed else ()
        return [digest for digest in named if digest not in current]

    def shown(self, ref: str, reviewed: Reviewed | None, entries: dict[str, dict[str, Any]]) -> tuple[Passage, bool]:
        """The passage as the review was shown it, else as published, and whether it has changed since."""
        current = next((one for one in self.passages if one.name == ref), None)
        older = entries.get(reviewed.evidence[f"passage:{ref}"]) if reviewed else None
        if older is not None:
            return Passage.model_validate(older), True
        if current is None:
            raise NotFound
        return Passage.model_validate(current.entry), False


def _shelf(session: Session, source: str, reviewed: Reviewed | None) -> Shelf:
    found, has_copy = catalogue.around(session, source, reviewed.item.passages() if reviewed else ())
    entry = next((one.entry for one in found if one.kind == "source" and one.name == source), None)
    if entry is None and reviewed is not None and is_own(source):  # retired: who took a quiz with it still looks back
        entry = own_sources.last_entries(session, "source", [source]).get(source)
    if entry is None:
        raise NotFound
    return Shelf(
        source=(built := Source.model_validate(entry)),
        passages=in_reading_order(built, passages_of(source, found)),
        disputes=tuple(one for one in found if one.kind == "dispute"),
        sources=source_names(one.entry for one in found if one.kind == "source"),
        names=names_among(found),
        edition=edition_record(found),
        has_copy=has_copy,
    )


def passages_of(source: str, found: Sequence[Published]) -> list[Published]:
    """The passages of the source among what was found."""
    return [one for one in found if one.kind == "passage" and one.name.startswith(f"{source}/")]


def in_reading_order(source: Source, passages: Sequence[Published]) -> tuple[Published, ...]:
    """The source's passages as they are best read: its reading order first, then any that it leaves out, as listed."""
    place = {passage: i for i, passage in enumerate(source.reading_order)}
    return tuple(sorted(passages, key=lambda one: place.get(one.entry["id"], len(place))))


def _page(
    ref: str,
    shelf: Shelf,
    shown: Passage,
    reader: Standing,
    reviewed: Reviewed | None,
    has_changed: bool,
    window: Window | None,
    entries: dict[str, dict[str, Any]],
) -> PassagePage:
    claims = tuple(one for one in shown.claims if not reader.withheld.hides_claim(ref, one))
    disputes = _disputes(ref, shelf, reader, reviewed, entries)
    about = _matter(ref, shelf, reader, reviewed, has_changed)
    quotes = _quotes(ref, claims, disputes, about)
    text = passage_text(shown, window, window.sha256 if window and shelf.source.is_own else shelf.source.sha256)
    record = recorded(shown, ref, shelf.edition)
    index = next((i for i, one in enumerate(shelf.passages) if one.name == ref), None)
    return PassagePage(
        name=PassageName(ref, shown.heading, source_name(shelf.source)),
        source=shelf.source,
        passage=shown,
        number=None if index is None else index + 1,
        total=len(shelf.passages),
        claims=claims,
        disputes=tuple(dispute_line(one, shelf.sources) for one in disputes),
        matter=about,
        questions=_questions(reader),
        strip=strip_of(text, record, quotes),
        text_state="attached" if text else "unattached" if window is None else "changed",
        paragraphs=excerpt(text.window.text, text.start, text.end, highlights(text, quotes)) if text else (),
        length=_length(text is not None, window),
        checked_on=_checked_on(record, quotes, shelf.edition),
        previous=shelf.names[shelf.passages[index - 1].name] if index else None,
        following=_following(shelf, index),
        pending=reader.pending,
    )


def _matter(ref: str, shelf: Shelf, reader: Standing, reviewed: Reviewed | None, has_changed: bool) -> Matter | None:
    if reviewed is None:
        return None
    hides = reader.withheld.hides_evidence
    return matter(reviewed.item, reviewed.digest, ref, shelf.names, has_changed=has_changed, hides=hides)


def _length(is_same: bool, window: Window | None) -> int | None:
    return window.length if is_same and window else None


def _following(shelf: Shelf, index: int | None) -> PassageName | None:
    following = shelf.passages[index + 1 : index + 2] if index is not None else ()
    return shelf.names[following[0].name] if following else None


def _disputes(
    ref: str, shelf: Shelf, reader: Standing, reviewed: Reviewed | None, entries: dict[str, dict[str, Any]]
) -> tuple[Dispute, ...]:
    """The disputes that rest on the passage, as the review was shown them, without those withheld."""
    old = {
        name.removeprefix("dispute:"): entries[digest]
        for name, digest in (reviewed.evidence.items() if reviewed else ())
        if name.startswith("dispute:") and digest in entries
    }
    built = (Dispute.model_validate(old.get(one.name, one.entry)) for one in shelf.disputes)
    return tuple(one for one in built if ref in dispute_passages(one) and not reader.withheld.hides_dispute(one))


def _quotes(ref: str, claims: Sequence[Claim], disputes: Sequence[Dispute], about: Matter | None) -> list[Quoted]:
    """Every quote of the passage that the page may show, with what it is quoted for."""
    positions = [position for dispute in disputes for position in dispute.positions]
    found = [Quoted(one.quote, "said") for one in claims if one.quote]
    found += [one for position in positions for one in quoted(position.evidence, ref, "said")]
    for line in about.here if about else ():
        found += quoted([line.evidence], ref, line.kind)
    return list(dict.fromkeys(found))


def _questions(reader: Standing) -> tuple[Question, ...]:
    return tuple(Question(one.item.id, one.digest, one.item.stem) for one in reader.reviewed_once())


def _checked_on(record: PassageRecord | None, quotes: Sequence[Quoted], edition: EditionRecord | None) -> str | None:
    """The day on which this passage and all the quotes shown of it were checked; None where one of them was not."""
    if record is None or edition is None:
        return None
    known = {(one.quote, one.occurrence) for one in record.quotes}
    return edition.date if all((one.quote, one.occurrence) in known for one in quotes) else None

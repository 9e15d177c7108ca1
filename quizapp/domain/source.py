"""Sources, their passages, quotes and disputes, and how a quote is checked against the text that it is taken from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from quizapp.domain.entry import DateText, Entry, Id, PassageRef, Sha256, Text

QUOTE_WORDS = 12
OWN = "own-"  # so begins the id of a source that a teacher added to an installation, and of none in the files
Reliability = Literal["high", "medium", "low"]
DisputeKind = Literal["contradiction", "calendar", "emphasis", "corrupted_text", "error", "interpretation"]


def _short_enough(quote: str) -> str:
    if (number := len(quote.split())) > QUOTE_WORDS:
        raise ValueError(f"a quote of {number} words; {QUOTE_WORDS} at most")
    return quote


QuoteText = Annotated[
    StrictStr,
    StringConstraints(min_length=1, pattern=r"\S"),
    AfterValidator(_short_enough),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*\S+(\s+\S+){{0,{QUOTE_WORDS - 1}}}\s*$"}),
]
OCCURRENCE_OF_ONE_QUOTE: dict[str, Any] = {
    "dependentSchemas": {"occurrence": {"required": ["quote"], "properties": {"quote": {"type": "string"}}}},
}
Position_ = Annotated[StrictInt, Field(ge=0)]


class Evidence(Entry):
    """A passage and, where the exact words matter, a quote of it (or several that each occur once)."""

    model_config = ConfigDict(json_schema_extra={"allOf": [OCCURRENCE_OF_ONE_QUOTE]})

    passage: PassageRef
    quote: QuoteText | Annotated[tuple[QuoteText, ...], Field(min_length=1)] | None = None
    occurrence: Annotated[StrictInt, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_quote_occurs(self) -> Evidence:
        if self.occurrence is not None and not isinstance(self.quote, str):
            raise ValueError("«occurrence» goes with a single quote; a list is for quotes that each occur once")
        return self

    @property
    def quotes(self) -> tuple[str, ...]:
        """The quotes, in the order written; empty where the passage is named without one."""
        if self.quote is None:
            return ()
        return (self.quote,) if isinstance(self.quote, str) else self.quote


class Claim(Entry):
    """What a passage says where it matters who speaks and how surely."""

    says: Text
    speaker: Text | None = None
    when: Text | None = None
    hedge: Text | None = None
    quote: QuoteText | None = None


class Passage(Entry):
    """A stretch of a source: ``text[start:end]`` of the UTF-8-decoded document, with our own account of it."""

    id: Id
    heading: Text
    kind: Literal["text", "paratext"] = "text"
    start: Position_
    end: Position_
    sha256: Sha256
    account: Text
    claims: tuple[Claim, ...] = ()
    damage: Text | None = None


def is_own(source: str) -> bool:
    """Whether a source, or the source of a passage («source/passage»), was added by a teacher to an installation."""
    return source.startswith(OWN)


class Source(Entry):
    """A document that answers rest on, and what a historian would want to know before trusting it."""

    id: Id
    file: Text
    sha256: Sha256
    title: Text
    publisher: Text
    year: Text
    kind: Text
    rights: Text
    language: Text
    find: Text
    reliability: Reliability
    good_for: Text
    poor_for: Text
    reading_order: tuple[Id, ...] = ()
    assessment: Text
    passages: tuple[Passage, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether a teacher added it to this installation."""
        return is_own(self.id)

    def in_reading_order(self) -> tuple[Passage, ...]:
        """The passages as they are best read: the reading order first, then any it leaves out, as listed."""
        by_id = {passage.id: passage for passage in self.passages}
        first = [by_id[one] for one in self.reading_order if one in by_id]
        return (*first, *(passage for passage in self.passages if passage.id not in self.reading_order))


class Position(Entry):
    """One side of a dispute: what is said, who says it, where."""

    says: Text
    who: Text
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Dispute(Entry):
    """A point on which sources, or parts of one, differ, and our judgement of it."""

    id: Id
    question: Text
    kind: DisputeKind
    positions: Annotated[tuple[Position, ...], Field(min_length=1)]
    judgement: Text


class QuotedWords(Entry):
    """Where in its passage a quote stands: words ``start`` to ``end`` (the first is 0, ``end`` is not among them)."""

    quote: QuoteText
    occurrence: Annotated[StrictInt, Field(ge=1)] | None = None
    start: Position_
    end: Position_


class PassageRecord(Entry):
    """What was found in the document about a passage: its checksum, how many words it has, where its quotes stand."""

    passage: PassageRef
    sha256: Sha256
    words: Position_
    quotes: tuple[QuotedWords, ...] = ()


class DocumentRecord(Entry):
    """The document that a source was checked against; ``bytes`` is its size."""

    source: Id
    sha256: Sha256
    bytes: Position_
    words: Position_


class EditionRecord(Entry):
    """That all quotes were checked against the documents, when, and where in their passages they stand.

    ``bank`` is the collective digest of all items, passages and disputes.
    """

    bank: Sha256
    date: DateText
    documents: tuple[DocumentRecord, ...]
    passages: tuple[PassageRecord, ...] = ()

    def passage(self, ref: str) -> PassageRecord | None:
        """What was recorded of a passage."""
        return next((one for one in self.passages if one.passage == ref), None)

"""Disputes as readers see them: the kind in words, the positions, how far to trust each source on the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.domain.source import Dispute, DisputeKind, Evidence, Position
from quizapp.services.reading.names import PassageName, SourceName

KINDS: dict[DisputeKind, tuple[str, str]] = {
    "contradiction": ("Contradiction", "The sources say things that cannot both be true."),
    "calendar": (
        "Two calendars",
        "Russia kept the Julian calendar until February 1918: what looks like two days may be one, dated twice.",
    ),
    "emphasis": (
        "Emphasis",
        "The sources can stand together, but they put the weight differently or leave things out.",
    ),
    "corrupted_text": ("Damaged text", "The words as they have come down to us are cut, scrambled or misplaced."),
    "error": ("Error", "One of the sources is wrong, and the others show it."),
    "interpretation": (
        "Interpretation",
        "It turns on how to judge, not on what happened. We say who argues what, and give no verdict.",
    ),
}


@dataclass(frozen=True)
class DisputeLine:
    """A dispute in a list."""

    id: str
    question: str
    kind: DisputeKind
    positions: int
    voices: tuple[str, ...]

    @property
    def label(self) -> str:
        """The kind in a word or two."""
        return KINDS[self.kind][0]


@dataclass(frozen=True)
class EvidenceLink:
    """Quotes with the passage that they stand in; ``passage`` is None where it is no longer published."""

    evidence: Evidence
    passage: PassageName | None


@dataclass(frozen=True)
class PositionColumn:
    """One side: what is said, who says so, where, and what to know of the sources it stands in."""

    says: str
    who: str
    evidence: tuple[EvidenceLink, ...]
    sources: tuple[SourceName, ...]


def dispute_line(dispute: Dispute, sources: Mapping[str, SourceName]) -> DisputeLine:
    """The dispute in a line, with the sources that take part in it."""
    named = dict.fromkeys(ref.split("/")[0] for ref in dispute_passages(dispute))
    voices = tuple(sources[one].voice for one in named if one in sources)
    return DisputeLine(dispute.id, dispute.question, dispute.kind, len(dispute.positions), voices)


def position_column(
    position: Position, passages: Mapping[str, PassageName], sources: Mapping[str, SourceName]
) -> PositionColumn:
    """One side of a dispute with the names of what it rests on."""
    links = tuple(EvidenceLink(one, passages.get(one.passage)) for one in position.evidence)
    named = dict.fromkeys(one.passage.split("/")[0] for one in position.evidence)
    return PositionColumn(position.says, position.who, links, tuple(sources[one] for one in named if one in sources))


def dispute_passages(dispute: Dispute) -> tuple[str, ...]:
    """The passages that the dispute rests on, each once."""
    return tuple(dict.fromkeys(one.passage for position in dispute.positions for one in position.evidence))

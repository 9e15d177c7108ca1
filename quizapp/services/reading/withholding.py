"""What is kept from a reader while a question of theirs is open: its quotes, wherever they stand, and its disputes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quizapp.domain.item import Item
from quizapp.domain.source import Claim, Dispute, Evidence

_SAME = str.maketrans({**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‐‑‒–—―−", "-")})
_EDGES = ".,;:!?…()[]'\"-"


@dataclass(frozen=True)
class Withheld:
    """What a reader may not see now. ``quotes`` are pairs of passage and quote."""

    items: frozenset[str] = frozenset()
    disputes: frozenset[str] = frozenset()
    quotes: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)

    def hides_quote(self, passage: str, quote: str) -> bool:
        """Whether the quote overlaps one that is withheld or, elsewhere, holds it or lies in it."""
        words = _words(quote)
        return any(
            _overlap(words, _words(other)) if passage == place else _holds(words, _words(other))
            for place, other in self.quotes
        )

    def hides_claim(self, passage: str, claim: Claim) -> bool:
        """Whether the claim's own quote is withheld; then what it says in our words is, too."""
        return claim.quote is not None and self.hides_quote(passage, claim.quote)

    def hides_evidence(self, evidence: Evidence) -> bool:
        """Whether any of the quotes is withheld."""
        return any(self.hides_quote(evidence.passage, quote) for quote in evidence.quotes)

    def spared(self, evidence: Evidence) -> Evidence:
        """The evidence without those of its quotes that are withheld; it still names its passage."""
        if not self.hides_evidence(evidence):
            return evidence
        left = tuple(quote for quote in evidence.quotes if not self.hides_quote(evidence.passage, quote))
        return Evidence(passage=evidence.passage, quote=left or None)

    def hides_dispute(self, dispute: Dispute) -> bool:
        """Whether an open question names the dispute, or the dispute quotes what is withheld."""
        quoted = (one for position in dispute.positions for one in position.evidence)
        return dispute.id in self.disputes or any(self.hides_evidence(one) for one in quoted)


NOTHING = Withheld()


def withheld(items: Iterable[Item]) -> Withheld:
    """What these items, while they are open, keep from their reader."""
    kept = tuple(items)
    evidence = [one for item in kept for _, one in item.all_evidence()]
    return Withheld(
        items=frozenset(item.id for item in kept),
        disputes=frozenset(dispute for item in kept for dispute in item.disputes),
        quotes=tuple(dict.fromkeys((one.passage, quote) for one in evidence for quote in one.quotes)),
    )


@lru_cache(maxsize=10_000)
def _words(quote: str) -> tuple[str, ...]:
    bare = (word.strip(_EDGES) for word in quote.translate(_SAME).casefold().split())
    return tuple(word for word in bare if word)


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one holds the other, or one ends as the other begins."""
    return _holds(one, other) or _ends_as_begins(one, other) or _ends_as_begins(other, one)


def _holds(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _ends_as_begins(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(one[-n:] == other[:n] for n in range(1, min(len(one), len(other)) + 1))

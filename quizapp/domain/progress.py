"""What somebody does well, what costs most and what is changing, in words; and when it is too early to say.

Something is said of a group of questions only from ``ENOUGH`` answers on, and where its share differs from that of all
other questions by at least ``APART`` and by more than chance would often make (one side, 5 %, as for two proportions;
partial marks vary less than right and wrong do, so the test is on the careful side). «Well» also means ``WELL``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt
from typing import Literal

from quizapp.domain.strands import Share, Strand

EARLY = 10  # answers in all, below which nothing is said at all
ENOUGH = 5  # answers in a group, or in a half of the time, below which nothing is said of it
COMPARED = 2  # groups with enough answers, below which there is nothing to compare
WELL = 0.7
APART = Decimal("0.1")
ONE_SIDED = 1.645
HALF_AT_LEAST = 0.25  # of the answers in each half of the time, for a change to be spoken of
MOST_SAID = 3

Dimension = Literal["skills", "kinds", "topics", "sources"]
Kind = Literal["strong", "next", "better", "worse", "best", "least"]


@dataclass(frozen=True)
class Phrase:
    """How a group is spoken of: «you read passages closely» and «dates cost you most»."""

    verb: str
    rest: str
    noun: str
    plural: bool = False

    def does(self, third: bool) -> str:
        """«read passages closely», «reads passages closely»."""
        return f"{'does' if third and self.verb == 'do' else self.verb + 's' * third} {self.rest}"

    def costs(self) -> str:
        """«dates cost», «close reading costs»."""
        return f"{self.noun} cost{'' if self.plural else 's'}"


SKILLS = {
    "recall": Phrase("remember", "facts well", "remembering facts"),
    "chronology": Phrase("keep", "the order of events well", "the order of events"),
    "causation": Phrase("explain", "causes well", "causes", plural=True),
    "significance": Phrase("weigh", "well what mattered", "weighing what mattered"),
    "change": Phrase("follow", "change over time well", "change over time"),
    "sourcing": Phrase("judge", "well who says what", "judging who says what"),
    "corroboration": Phrase("compare", "sources well", "comparing sources"),
    "contextualisation": Phrase("place", "things in their time well", "placing things in their time"),
    "close_reading": Phrase("read", "sources closely and well", "close reading"),
    "interpretation": Phrase("tell", "interpretations apart well", "telling interpretations apart"),
}
KINDS = {
    "single_choice": Phrase("choose", "the one right answer well", "choosing the one right answer"),
    "multiple_choice": Phrase("find", "all the right answers well", "finding all the right answers"),
    "true_false": Phrase("tell", "true from false well", "telling true from false"),
    "short_answer": Phrase("write", "short answers well", "short answers", plural=True),
    "numerical": Phrase("know", "numbers well", "numbers", plural=True),
    "date": Phrase("know", "dates well", "dates", plural=True),
    "ordering": Phrase("put", "things in order well", "putting things in order"),
    "matching": Phrase("match", "well what belongs together", "matching what belongs together"),
    "evidence": Phrase("find", "the words that prove it", "finding the words that prove it"),
    "corroboration": Phrase("compare", "passages well", "comparing passages"),
}


def phrase(dimension: Dimension, strand: Strand) -> Phrase:
    """How a group of this dimension is spoken of."""
    if dimension in ("skills", "kinds"):
        known = (SKILLS if dimension == "skills" else KINDS).get(strand.key)
        return known or Phrase("do", f"well at {strand.name}", strand.name)
    if dimension == "topics":
        return Phrase("know", f"“{strand.name}” well", f"“{strand.name}”")
    return Phrase("do", f"well where {strand.name} is the source", f"questions on {strand.name}", plural=True)


@dataclass(frozen=True)
class Found:
    """Something that can be said of a group: what, and the shares that it rests on (its own, and what it is beside)."""

    kind: Kind
    dimension: Dimension
    strand: Strand
    share: Share
    beside: Share

    @property
    def phrase(self) -> Phrase:
        """How the group is spoken of."""
        return phrase(self.dimension, self.strand)

    @property
    def numbers(self) -> str:
        """The numbers that show it."""
        share, beside = self.share, self.beside
        if self.kind in ("better", "worse"):
            before = f"{_percent(beside)} of the marks in {_answers(beside)} before"
            return f"{before}, {_percent(share)} in {share.answered} since"
        return f"{_percent(share)} of the marks in {_answers(share)}, {_percent(beside)} in all others"


@dataclass(frozen=True)
class Who:
    """Of whom one speaks: «You …; dates cost you most», «The class …; dates cost it most», «Reads …»."""

    subject: str
    object: str
    third: bool


YOU, CLASS, SOMEBODY = Who("You ", " you", third=False), Who("The class ", " it", third=True), Who("", "", third=True)


@dataclass(frozen=True)
class Outlook:
    """All that can be said, in each kind the clearest first. ``groups`` have enough answers to be spoken of.

    ``best`` and ``least`` are no more than what the figures are: the groups with the highest and the lowest share,
    where those differ at all.
    """

    answered: int
    groups: int
    strong: tuple[Found, ...] = ()
    next: tuple[Found, ...] = ()
    better: tuple[Found, ...] = ()
    worse: tuple[Found, ...] = ()
    best: Found | None = None
    least: Found | None = None

    @property
    def is_early(self) -> bool:
        """Whether there are too few answers to say anything."""
        return self.answered < EARLY or self.groups < COMPARED

    def headline(self, who: Who) -> str:
        """The clearest strength and what costs most; or that it is too early, or that nothing stands out."""
        strong = f"{who.subject}{self.strong[0].phrase.does(who.third)}" if self.strong else ""
        costs = f"{self.next[0].phrase.costs()}{who.object} most" if self.next else ""
        if strong or costs:
            return _sentence("; ".join(one for one in (strong, costs) if one))
        if self.is_early:
            return too_early(self.answered)
        return f"Nothing stands out yet: as far as {self.answered} answers can tell, all goes about equally well."

    def more(self, who: Who) -> list[tuple[str, str]]:
        """Each thing that can be said, as a sentence with its numbers."""
        degrees = ("most", *["more than the rest"] * MOST_SAID)
        said = [(f"{who.subject}{one.phrase.does(who.third)}", one) for one in self.strong]
        said += [
            (f"{one.phrase.costs()}{who.object} {degree}", one) for one, degree in zip(self.next, degrees, strict=False)
        ]
        said += [(f"Getting better: {one.phrase.noun}", one) for one in self.better]
        said += [(f"Less well than before: {one.phrase.noun}", one) for one in self.worse]
        return [(_sentence(words), one.numbers) for words, one in said]


def too_early(answered: int) -> str:
    """That, and how many answers it would take."""
    so_far = f"{answered} {'answer' if answered == 1 else 'answers'} so far"
    wanted = f"at least {EARLY}, with " if answered < EARLY else ""
    return f"It is too early to say: {so_far}, and it takes {wanted}{ENOUGH} or more of each of two kinds to compare."


def outlook(strands: Mapping[Dimension, Sequence[Strand]], everything: Strand) -> Outlook:
    """What can be said of these strands. Groups of the very same answers are spoken of once, by the first dimension."""
    total = everything.share
    pairs = [(dimension, one) for dimension, found in strands.items() for one in found]
    enough = [(dimension, one) for dimension, one in pairs if one.share.answered >= ENOUGH]
    groups = max((sum(1 for other, _ in enough if other == dimension) for dimension in strands), default=0)
    said = Outlook(total.answered, groups)
    if said.is_early:
        return said
    beside = [(dimension, one, one.share, _without(total, one.share)) for dimension, one in enough]
    strong = [one for one in beside if (one[2].fraction or 0) >= WELL and stands_above(one[2], one[3])]
    weak = [one for one in beside if stands_above(one[3], one[2])]
    best, least = max(beside, key=_fraction), min(beside, key=_fraction)
    differ = _are_apart(best[2], least[2])
    return replace(
        said,
        strong=_clearest(Found("strong", *one) for one in strong),
        next=_weakest(Found("next", *one) for one in weak),
        better=_clearest(_changes(enough, "better")),
        worse=_clearest(_changes(enough, "worse")),
        best=Found("best", *best) if differ else None,
        least=Found("least", *least) if differ else None,
    )


def _fraction(one: tuple[Dimension, Strand, Share, Share]) -> float:
    return one[2].fraction or 0.0


def stands_above(one: Share, other: Share) -> bool:
    """Whether a share is higher than another by more than a little and more than chance would often make."""
    if min(one.answered, other.answered) < ENOUGH or not _are_apart(one, other):
        return False
    return _distance(one, other) >= ONE_SIDED


def _are_apart(one: Share, other: Share) -> bool:
    """Whether the first share is higher by more than a little; exactly, as there is nothing to round."""
    if not one.available or not other.available:
        return False
    return one.earned / one.available - other.earned / other.available >= APART


def _distance(one: Share, other: Share) -> float:
    """How many standard errors two shares are apart (two proportions, pooled)."""
    here, there = one.fraction or 0.0, other.fraction or 0.0
    number = one.answered + other.answered
    pooled = (here * one.answered + there * other.answered) / number if number else 0.0
    error = sqrt(pooled * (1 - pooled) * (1 / one.answered + 1 / other.answered)) if 0 < pooled < 1 else 0.0
    return (here - there) / error if error else 0.0


def _without(total: Share, share: Share) -> Share:
    """What is left of the total without a share."""
    left = (total.answered - share.answered, total.earned - share.earned, total.available - share.available)
    return Share("all others", *left)


def _changes(strands: Iterable[tuple[Dimension, Strand]], kind: Kind) -> Iterator[Found]:
    for dimension, one in strands:
        before, since = one.halves()
        if min(before.answered, since.answered) < HALF_AT_LEAST * one.share.answered:
            continue
        if stands_above(since, before) if kind == "better" else stands_above(before, since):
            yield Found(kind, dimension, one, since, before)


def _clearest(found: Iterable[Found]) -> tuple[Found, ...]:
    return _once(sorted(found, key=lambda one: (-abs(_distance(one.share, one.beside)), one.strand.name)))


def _weakest(found: Iterable[Found]) -> tuple[Found, ...]:
    return _once(sorted(found, key=lambda one: (one.share.fraction or 0.0, one.strand.name)))


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    """Without those that rest on the very same answers as one before them; a few at most."""
    kept: dict[tuple[int, Decimal, Decimal], Found] = {}
    for one in found:
        kept.setdefault((one.share.answered, one.share.earned, one.share.available), one)
    return tuple(kept.values())[:MOST_SAID]


def _answers(share: Share) -> str:
    return f"{share.answered} {'answer' if share.answered == 1 else 'answers'}"


def _percent(share: Share) -> str:
    return f"{100 * (share.fraction or 0):.0f}%"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."

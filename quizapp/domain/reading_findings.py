"""What became of the passages on which keys rest, and what it means in words: misread, or answered unread and sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizapp.domain.findings import Finding
from quizapp.domain.progress import stands_above
from quizapp.domain.strands import Share

FEW = 5  # answers, below which a share is not told
MOST_SAID = 3
OFTEN = 0.4  # of those who read a passage, from which share on it is called misread
UNREAD_OFTEN = 3  # such answers, from which on a passage is named for them


@dataclass
class PassageLine:
    """What became of the questions whose key rests on a passage. A reader had it beside the question, or opened it.

    ``misread``: read before the answer, and not right. ``sure_unread``: sure, not right, and not read before.
    """

    passage: str
    name: str
    questions: int = 0
    answers: int = 0
    missed: int = 0
    before: int = 0
    after: int = 0
    misread: int = 0
    sure_unread: int = 0
    asked_how_sure: bool = False

    @property
    def missed_share(self) -> float | None:
        """Missed answers as a share; None of few."""
        return self.missed / self.answers if self.answers >= FEW else None

    @property
    def misread_share(self) -> float | None:
        """Of those who had read it, who missed; None of few."""
        return self.misread / self.before if self.before >= FEW else None


@dataclass
class Certain:
    """The answers that were given as sure: how many, how many of them not right, and how many of those unread."""

    given: int = 0
    wrong: int = 0
    unread: int = 0


def of_reading(passages: Sequence[PassageLine], certain: Certain) -> list[Finding]:
    """Which passages are misread most, and how often somebody was sure, wrong and had not read."""
    return [*_misread(passages), *_unread(passages, certain)]


def _misread(passages: Sequence[PassageLine]) -> list[Finding]:
    """Those missed by more of their readers than other passages are, and than chance would often make."""
    told = [one for one in passages if (one.misread_share or 0) >= OFTEN]
    readers, missed = sum(one.before for one in passages), sum(one.misread for one in passages)
    found = [
        one
        for one in told
        if stands_above(_share(one.misread, one.before), _share(missed - one.misread, readers - one.before))
    ]
    found.sort(key=lambda one: (-(one.misread_share or 0), one.name))
    return [
        Finding(
            "misread",
            f"Misread: {one.name}",
            f"{one.misread} of the {one.before} answers after reading it were not right; of the other passages’ "
            f"readers {_percent(missed - one.misread, readers - one.before)} missed.",
            "Read it together: what do they take from it?",
        )
        for one in found[:MOST_SAID]
    ]


def _unread(passages: Sequence[PassageLine], certain: Certain) -> list[Finding]:
    if certain.given < FEW or not certain.unread:
        return []
    named = sorted((one for one in passages if one.sure_unread >= UNREAD_OFTEN), key=lambda one: -one.sure_unread)
    most = "; ".join(f"{one.name} ({one.sure_unread})" for one in named[:MOST_SAID])
    numbers = (
        f"Of {certain.given} answers given as sure, {certain.wrong} were not right, and {certain.unread} of these came "
        f"from students who had not read the passage.{f' Most often: {most}.' if most else ''}"
    )
    return [Finding("sure_unread", "Sure, wrong and unread", numbers, "Such mistakes are mended by reading first.")]


def _share(part: int, whole: int) -> Share:
    return Share("", whole, Decimal(part), Decimal(whole))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"

"""What a page for parents' evening calls strong and next: points with their numbers, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.progress import Found, Outlook

EARLY = "Too early to say"


@dataclass(frozen=True)
class Point:
    """Something that can be said, with the numbers that show it (perhaps none)."""

    words: str
    numbers: str = ""


@dataclass(frozen=True)
class Said:
    """The points; where there are none, ``instead`` says so."""

    points: tuple[Point, ...]
    instead: Point

    @property
    def lines(self) -> Sequence[Point]:
        """The points, or what is said instead."""
        return self.points or (self.instead,)


def strong(outlook: Outlook) -> Said:
    """What goes well."""
    points = tuple(Point(_begun(one.phrase.does(third=True)), one.numbers) for one in outlook.strong)
    return Said(points, _no_strength(outlook))


def next_steps(outlook: Outlook) -> Said:
    """What costs most."""
    points = tuple(Point(_begun(one.phrase.noun), one.numbers) for one in outlook.next)
    return Said(points, _no_step(outlook))


def _no_strength(outlook: Outlook) -> Point:
    if outlook.is_early:
        return Point(f"{EARLY}: {outlook.answered} {'answer' if outlook.answered == 1 else 'answers'} so far")
    if outlook.best is None:
        return Point("Nothing stands above the rest: all goes about equally well")
    return _so_far("Nothing stands clearly above the rest yet. So far most is right in", outlook.best)


def _no_step(outlook: Outlook) -> Point:
    if outlook.is_early:
        return Point(EARLY)
    if outlook.least is None:
        return Point("Nothing costs more than the rest")
    return _so_far("Nothing costs clearly more than the rest. So far least is right in", outlook.least)


def _so_far(words: str, found: Found) -> Point:
    return Point(f"{words} {found.phrase.noun}", found.numbers)


def _begun(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"

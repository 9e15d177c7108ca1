"""What was earned in groups of questions (by topic, skill, source …), and how that went over time: figures alone.

A share is told from three answers on. Time is cut into days, weeks, months, quarters or years, so that there are never
more than a dozen stretches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

FEW = 3  # fewer answers than this say too little about a group
MOST_PERIODS = 12
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Share:
    """How much was earned of what was available in a group of questions; ``percent`` is None where there are few."""

    name: str
    answered: int = 0
    earned: Decimal = Decimal(0)
    available: Decimal = Decimal(0)

    @property
    def percent(self) -> Decimal | None:
        """Per cent of the marks available; None with fewer than three questions."""
        return self.earned * 100 / self.available if self.answered >= FEW and self.available else None

    @property
    def fraction(self) -> float | None:
        """The part of the marks that was earned, however few the answers; None for none."""
        return float(self.earned / self.available) if self.available else None

    @property
    def lost(self) -> Decimal:
        """The marks that were not earned."""
        return self.available - self.earned


def together(name: str, shares: Iterable[Share]) -> Share:
    """Several shares as one."""
    found = list(shares)
    nothing = Decimal(0)
    return Share(
        name,
        sum(one.answered for one in found),
        sum((one.earned for one in found), nothing),
        sum((one.available for one in found), nothing),
    )


@dataclass(frozen=True)
class Period:
    """A stretch of time: its first day, and what it is called."""

    first: date
    name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What was earned with a question in a period: how many answers, their marks, the marks available."""

    item: str  # its digest
    period: int
    answered: int
    earned: Decimal
    available: Decimal


@dataclass(frozen=True)
class Strand:
    """A group of questions over time: a share for each period, empty ones included. ``key`` is its id."""

    key: str
    name: str
    over_time: tuple[Share, ...]

    @property
    def share(self) -> Share:
        """All of it."""
        return together(self.name, self.over_time)

    def halves(self) -> tuple[Share, Share]:
        """The earlier and the later half of the answers, cut between two periods as evenly as that can be."""
        told = [one for one in self.over_time if one.answered]
        cuts = [(together(self.name, told[:i]), together(self.name, told[i:])) for i in range(1, len(told))]
        nothing = Share(self.name), Share(self.name)
        return min(cuts, key=lambda cut: abs(cut[0].answered - cut[1].answered), default=nothing)


Labels = Mapping[str, Iterable[tuple[str, str]]]  # item → key and name of each group that it is in


def strands(tallies: Iterable[Tally], labels: Labels, periods: int) -> tuple[Strand, ...]:
    """A strand for each group, the weakest first; those that cannot be told yet last."""
    found: defaultdict[tuple[str, str], list[list[Tally]]] = defaultdict(lambda: [[] for _ in range(periods)])
    for one in tallies:
        for label in labels[one.item]:
            found[label][one.period].append(one)
    made = [Strand(key, name, tuple(_share(name, part) for part in parts)) for (key, name), parts in found.items()]
    return tuple(sorted(made, key=lambda one: _weakest_first(one.share)))


def whole(tallies: Iterable[Tally], periods: int) -> Strand:
    """Everything as one strand."""
    parts: list[list[Tally]] = [[] for _ in range(periods)]
    for one in tallies:
        parts[one.period].append(one)
    return Strand("", "All questions", tuple(_share("All questions", part) for part in parts))


def _share(name: str, tallies: Sequence[Tally]) -> Share:
    return together(name, (Share(name, one.answered, one.earned, one.available) for one in tallies))


def _weakest_first(share: Share) -> tuple[bool, Decimal, str]:
    return share.percent is None, share.percent or Decimal(0), share.name


# --- time ------------------------------------------------------------------------------------------------------------


def periods(first: date, last: date) -> tuple[Period, ...]:
    """The stretches from one day to another, of the shortest kind of which a dozen are enough."""
    for kind in _KINDS:
        found = kind.between(first, last)
        if len(found) <= MOST_PERIODS:
            return found
    return found[-MOST_PERIODS:]


def period_of(day: date, among: Sequence[Period]) -> int:
    """In which of the periods a day lies; what was before them all counts to the first."""
    return max((i for i, one in enumerate(among) if one.first <= day), default=0)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _day_name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _quarter_name(day: date) -> str:
    return f"{MONTHS[day.month - 1]}–{MONTHS[day.month + 1]} {day.year}"


@dataclass(frozen=True)
class _KindOfPeriod:
    """Days, weeks …: when the one begins in which a day lies, when the next does, and what one is called."""

    start: Callable[[date], date]
    after: Callable[[date], date]
    name: Callable[[date], str]

    def between(self, first: date, last: date) -> tuple[Period, ...]:
        """Those from one day to another."""
        found = [self.start(first)]
        while (following := self.after(found[-1])) <= last:
            found.append(following)
        return tuple(Period(one, self.name(one)) for one in found)


_KINDS = (
    _KindOfPeriod(lambda day: day, lambda day: day + DAY, _day_name),
    _KindOfPeriod(_monday, lambda day: day + WEEK, lambda day: f"week of {_day_name(day)}"),
    _KindOfPeriod(
        lambda day: day.replace(day=1),
        lambda day: _months_on(day, 1),
        lambda day: f"{MONTHS[day.month - 1]} {day.year}",
    ),
    _KindOfPeriod(
        lambda day: date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), lambda day: _months_on(day, 3), _quarter_name
    ),
    _KindOfPeriod(lambda day: date(day.year, 1, 1), lambda day: _months_on(day, 12), lambda day: str(day.year)),
)

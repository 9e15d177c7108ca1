"""Marks grouped by topic, skill, kind of question and source, over time: the same for a student and for a class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from sqlalchemy.orm import Session

from quizapp.domain import progress
from quizapp.domain.item import Item
from quizapp.domain.progress import Dimension, Outlook
from quizapp.domain.strands import Period, Strand, Tally, period_of, periods, strands, whole
from quizapp.services import reading
from quizapp.store import bank
from quizapp.store.tables import Attempt

TITLES: Mapping[Dimension, str] = {
    "topics": "By topic",
    "skills": "By skill",
    "kinds": "By kind of question",
    "sources": "By source of the evidence",
}
Group = tuple[str, str]  # key and name


@dataclass(frozen=True)
class Strands:
    """Everything that was marked, over time, and each group of it; an answer whose key rests on several sources
    counts for each.
    """

    periods: tuple[Period, ...]
    everything: Strand
    by: Mapping[Dimension, tuple[Strand, ...]]

    @cached_property
    def outlook(self) -> Outlook:
        """What can be said of it in words."""
        return progress.outlook(
            {name: self.by[name] for name in ("skills", "topics", "sources", "kinds")}, self.everything
        )


NO_STRANDS = Strands((), Strand("", "All questions", ()), dict.fromkeys(TITLES, ()))


def of_attempts(session: Session, attempts: Sequence[Attempt], items: Mapping[str, Item], zone: tzinfo) -> Strands:
    """The strands of submitted attempts with their slots; what waits for a person is left out. Two queries at most."""
    times = [one.submitted_at for one in attempts if one.submitted_at]
    if not times:
        return NO_STRANDS
    stretches = between(min(times), max(times), zone)
    tallies = [
        Tally(slot.item_digest, _period(one.submitted_at, stretches, zone), 1, slot.mark, slot.available)
        for one in attempts
        for slot in one.slots
        if slot.mark is not None and one.submitted_at
    ]
    return of_tallies(session, tallies, items, stretches)


def of_tallies(
    session: Session, tallies: Sequence[Tally], items: Mapping[str, Item], stretches: tuple[Period, ...]
) -> Strands:
    """The strands of what was counted already. Two queries at most."""
    if not tallies:
        return NO_STRANDS
    marked = {one.item: items[one.item] for one in tallies}
    groups = _groups(session)
    number = len(stretches)
    return Strands(
        stretches,
        whole(tallies, number),
        {
            name: strands(tallies, {digest: group(item) for digest, item in marked.items()}, number)
            for name, group in groups.items()
        },
    )


def between(first: datetime, last: datetime, zone: tzinfo) -> tuple[Period, ...]:
    """The stretches of time from one moment to another, in the reader's zone."""
    return periods(first.astimezone(zone).date(), last.astimezone(zone).date())


def _period(moment: datetime | None, stretches: Sequence[Period], zone: tzinfo) -> int:
    return period_of(moment.astimezone(zone).date(), stretches) if moment else 0


def _groups(session: Session) -> dict[Dimension, Callable[[Item], Iterable[Group]]]:
    """For each dimension, the groups that an item is in."""
    titles, voices = bank.topic_titles(session), reading.voices(session)
    return {
        "topics": lambda item: [(item.topic, titles.get(item.topic, item.topic))],
        "skills": lambda item: [(item.skill, item.skill.replace("_", " "))],
        "kinds": lambda item: [(item.type, item.label)],
        "sources": lambda item: {
            (source, voices[source]) for ref in _key_passages(item) if (source := ref.split("/")[0]) in voices
        },
    }


def _key_passages(item: Item) -> list[str]:
    return [evidence.passage for _, evidence in item.key_evidence()]

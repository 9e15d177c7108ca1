"""One sitting: which saved response is current, until when responses count, and what state an attempt is in.

Responses are appended and never changed. What becomes of one is decided once, when it arrives, from what its slot
holds: ``judge`` says so, and its answer is kept beside the response. The current response of a slot is the last one
that was judged current.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """What became of a saved response."""

    CURRENT = "current"  # it became the slot's answer
    STALE = "stale"  # kept; the same client had already sent a later one
    CONFLICT = "conflict"  # kept; another client had meanwhile replaced what it was based on
    LATE = "late"  # kept and shown, not marked: after the deadline and its grace, or after the slot was final


@dataclass(frozen=True)
class Stamp:
    """Names a response within its slot: the client (random, made at page load) and its rising sequence."""

    client: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.client}:{self.sequence}"

    @classmethod
    def parse(cls, text: str) -> Stamp | None:
        """The stamp that ``client:sequence`` says; None where it is empty or says none."""
        client, _, sequence = text.rpartition(":")
        return cls(client, int(sequence)) if client and sequence.isascii() and sequence.isdigit() else None


@dataclass(frozen=True)
class Saved:
    """A response as it is kept."""

    stamp: Stamp
    response: Any
    standing: Standing
    received_at: datetime
    certainty: int | None = None  # how sure, where the quiz asks; see ``domain.certainty``
    because: str | None = None  # the reason given, where the item asks for one; see ``domain.because``


@dataclass(frozen=True)
class Arrival:
    """A response as it comes in. Without script it has no base to compare: it replaces whatever is there."""

    stamp: Stamp
    base: Stamp | None
    scripted: bool = True


@dataclass(frozen=True)
class Held:
    """What a slot holds when a response arrives, as far as it matters for that response.

    ``same`` is the response already kept under the arriving stamp, ``highest`` the highest sequence kept from the
    arriving client.
    """

    current: Saved | None = None
    same: Saved | None = None
    highest: int | None = None


def held(saved: Iterable[Saved], stamp: Stamp) -> Held:
    """What matters of all that a slot holds for a response with this stamp."""
    kept = list(saved)
    return Held(
        current=current(kept),
        same=next((one for one in kept if one.stamp == stamp), None),
        highest=max((one.stamp.sequence for one in kept if one.stamp.client == stamp.client), default=None),
    )


def current(saved: Iterable[Saved]) -> Saved | None:
    """The slot's answer: the last response that was judged current."""
    return next((one for one in reversed(list(saved)) if one.standing is Standing.CURRENT), None)


def judge(arrival: Arrival, holds: Held, *, counts: bool) -> Standing:
    """What becomes of an arriving response that is not yet kept (``holds.same`` is None).

    ``counts`` says whether the slot still takes answers: it is not final, and the deadline with its grace is not past.
    """
    if not counts:
        return Standing.LATE
    if holds.highest is not None and arrival.stamp.sequence < holds.highest:
        return Standing.STALE
    if not arrival.scripted or holds.current is None or holds.current.stamp.client == arrival.stamp.client:
        return Standing.CURRENT
    return Standing.CURRENT if arrival.base == holds.current.stamp else Standing.CONFLICT


class AttemptClosed(Exception):
    """The attempt is submitted, or its time is up: nothing more can be changed in it."""


class SlotFinal(Exception):
    """The slot has been checked: its answer stands."""


@dataclass(frozen=True)
class Sitting:
    """The facts of an attempt that its state follows from."""

    started_at: datetime
    deadline: datetime | None
    grace: timedelta
    submitted_at: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline and its grace have passed without submission."""
        return self.submitted_at is None and self.deadline is not None and now > self.deadline + self.grace

    def open(self, now: datetime) -> bool:
        """Whether answers still count."""
        return self.submitted_at is None and not self.overdue(now)

    @property
    def time_ran_out(self) -> bool:
        """Whether it was submitted as of its deadline: by the clock, or by a page whose time was up."""
        return self.submitted_at is not None and self.deadline is not None and self.submitted_at >= self.deadline

    def submission_time(self, now: datetime) -> datetime:
        """When the attempt counts as submitted if that happens now: at the deadline at the latest."""
        return min(now, self.deadline) if self.deadline is not None else now

    def seconds_left(self, now: datetime) -> int | None:
        """Whole seconds until the deadline, never below 0; None without one."""
        return max(0, int((self.deadline - now).total_seconds())) if self.deadline is not None else None

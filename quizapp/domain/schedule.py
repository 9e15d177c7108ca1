"""When a student may start, should hand in and must be done: what is set to all, and what one student gets beyond.

time = limit × factor + extra; close′ = own close, else close + (time − limit); deadline = min(start + time, close′).
The due date moves like the close. The opening never moves, unless the student has an own one. Without a limit only own
dates apply.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

LatePolicy = Literal["accept", "percent", "refuse"]
LATE_POLICIES: tuple[LatePolicy, ...] = ("accept", "percent", "refuse")
State = Literal["not_yet", "open", "late", "closed"]
DAY = timedelta(days=1)
NOTHING = timedelta(0)
WHOLE = 100  # per cent


@dataclass(frozen=True)
class Dates:
    """When something opens, is due and closes; None where nothing is said."""

    opens: datetime | None = None
    due: datetime | None = None
    closes: datetime | None = None

    def problems(self) -> dict[str, str]:
        """What does not fit together, by the name of the date; empty where all is well."""
        found: dict[str, str] = {}
        if self.opens and self.due and self.due <= self.opens:
            found["due"] = "This is not after the opening."
        if self.opens and self.closes and self.closes <= self.opens:
            found["closes"] = "This is not after the opening."
        elif self.due and self.closes and self.closes < self.due:
            found["closes"] = "This is before the due date."
        return found


@dataclass(frozen=True)
class Accommodation:
    """What one student gets beyond the others; None where nothing is said. ``own`` are dates of their own."""

    time_percent: int | None = None  # of the time limit; 200 is double time
    extra: timedelta | None = None
    attempts: int | None = None
    own: Dates = Dates()

    def over(self, general: Accommodation) -> Accommodation:
        """This one, and where it says nothing, the general one."""
        dates = Dates(self.own.opens or general.own.opens, self.own.due or general.own.due,
                      self.own.closes or general.own.closes)  # fmt: skip
        return Accommodation(
            time_percent=general.time_percent if self.time_percent is None else self.time_percent,
            extra=general.extra if self.extra is None else self.extra,
            attempts=general.attempts if self.attempts is None else self.attempts,
            own=dates,
        )

    def time(self, limit: timedelta | None) -> timedelta | None:
        """The time that the student has; None where there is no limit."""
        if limit is None:
            return None
        return limit * (self.time_percent or WHOLE) / WHOLE + (self.extra or NOTHING)


@dataclass(frozen=True)
class Schedule:
    """What holds for one student. ``closes`` is when nothing more is taken; ``time`` what they have from the start."""

    dates: Dates = Dates()
    time: timedelta | None = None
    late_policy: LatePolicy = "accept"
    percent_a_day: int = 0

    def state(self, now: datetime) -> State:
        """Whether one may start or go on now: not yet, open, late (still taken) or closed."""
        if self.dates.opens is not None and now < self.dates.opens:
            return "not_yet"
        if self.dates.closes is not None and now >= self.dates.closes:
            return "closed"
        return "late" if self.dates.due is not None and now > self.dates.due else "open"

    def deadline(self, started: datetime) -> datetime | None:
        """When the time of an attempt is up; None where nothing ends it."""
        ends = (started + self.time if self.time is not None else None, self.dates.closes)
        return min((at for at in ends if at is not None), default=None)

    def lateness(self, submitted: datetime) -> timedelta | None:
        """How long after the due date that is; None where it is in time."""
        if self.dates.due is None or submitted <= self.dates.due:
            return None
        return submitted - self.dates.due

    def late_percent(self, submitted: datetime) -> int:
        """What is taken off the mark: so many per cent for each day begun, never more than all."""
        late = self.lateness(submitted)
        if late is None or self.late_policy != "percent":
            return 0
        return min(WHOLE, self.percent_a_day * -(-late // DAY))

    def time_left(self, now: datetime) -> timedelta | None:
        """The time that somebody who starts now would have; None where nothing ends it."""
        end = self.deadline(now)
        return end - now if end is not None else None


def for_student(
    dates: Dates,
    limit: timedelta | None,
    accommodation: Accommodation,
    late_policy: LatePolicy = "accept",
    percent_a_day: int = 0,
) -> Schedule:
    """What holds for a student with this accommodation. Where late work is refused, the due date closes."""
    time = accommodation.time(limit)
    longer = time - limit if time is not None and limit is not None else NOTHING
    own = accommodation.own
    moved = Dates(
        opens=own.opens or dates.opens,
        due=own.due or _later(dates.due, longer),
        closes=own.closes or _later(dates.closes, longer),
    )
    if late_policy == "refuse":
        ends = [at for at in (moved.due, moved.closes) if at is not None]
        moved = replace(moved, closes=min(ends, default=None))
    return Schedule(moved, time, late_policy, percent_a_day)


def _later(at: datetime | None, longer: timedelta) -> datetime | None:
    return at + longer if at is not None else None


def months_later(at: datetime, months: int) -> datetime:
    """The same day of a later month, or the month's last day where it has none."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))

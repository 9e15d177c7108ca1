"""Old Style (Julian) and New Style (Gregorian) dates: what is written, how exact it is, and what equals what.

Russia changed calendars on 14 February 1918 (New Style), the day after 31 January 1918 (Old Style).
A full day converts between the calendars; a month or a year never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Calendar = Literal["julian", "gregorian", "unstated"]
STYLES: dict[str, str] = {"julian": "Old Style", "gregorian": "New Style"}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class NoSuchDate(ValueError):
    """What is written names no day, month or year; the message says why, to the person who wrote it."""


@dataclass(frozen=True)
class HistoricalDate:
    """A year, a month of it or a day of that, in the calendar named, if one is."""

    year: int
    month: int | None = None
    day: int | None = None
    calendar: Calendar = "unstated"

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How much is written."""
        return "day" if self.day is not None else "month" if self.month is not None else "year"

    @property
    def written(self) -> tuple[int, int | None, int | None]:
        """The numbers alone."""
        return (self.year, self.month, self.day)

    def __str__(self) -> str:
        month = f"{MONTHS[self.month - 1]} " if self.month else ""
        day = f"{self.day} " if self.day else ""
        style = f" ({STYLES[self.calendar]})" if self.month and _style_matters(self) else ""
        return f"{day}{month}{self.year}{style}"


def _style_matters(date: HistoricalDate) -> bool:
    return date.calendar == "julian" or (date.calendar == "gregorian" and (date.year, date.month or 1) <= (1918, 2))


def parse(text: str, calendar: Calendar) -> HistoricalDate:
    """The date that «1917», «1917-11» or «1917-11-07» writes.

    Raises ``NoSuchDate``; a day without a calendar need exist in one of the two only.
    """
    parts = text.split("-")
    if len(parts) > 3 or (len(parts) > 1 and not parts[-1]):
        raise NoSuchDate(f"“{text}” is not a date.")
    year, month, day = (*parts, "", "")[:3]
    if not year:
        raise NoSuchDate("The year is missing.")
    if not (_is_number(year) and len(year) == 4 and int(year)):
        raise NoSuchDate(f"“{year}” is not a year of four digits.")
    if day and not month:
        raise NoSuchDate("The month is missing.")
    if month and not (_is_number(month) and 1 <= int(month) <= 12):
        raise NoSuchDate(f"“{month}” is not a month.")
    if day and not (_is_number(day) and 1 <= int(day) <= 31):
        raise NoSuchDate(f"“{day}” is not a day of a month.")
    date = HistoricalDate(int(year), int(month) if month else None, int(day) if day else None, calendar)
    if not exists(date):
        where = f"in the {STYLES[calendar]} calendar" if calendar in STYLES else "in either calendar"
        raise NoSuchDate(f"{date.day} {MONTHS[int(month) - 1]} {date.year}: there is no such day {where}.")
    return date


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def exists(date: HistoricalDate) -> bool:
    """Whether there is such a day in its calendar (in one of the two, where none is named)."""
    if date.month is None or date.day is None:
        return True
    calendars = STYLES if date.calendar == "unstated" else (date.calendar,)
    return any(date.day <= days_in_month(date.year, date.month, calendar) for calendar in calendars)


def days_in_month(year: int, month: int, calendar: str) -> int:
    """28 to 31; every fourth year leaps, but of the Gregorian centuries only every fourth."""
    if month == 2:
        leaps = year % 4 == 0 and (calendar == "julian" or year % 100 != 0 or year % 400 == 0)
        return 29 if leaps else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(date: HistoricalDate) -> int:
    """The Julian day number at noon of a full day with its calendar.

    Formula: Richards, «Calendars», in the Explanatory Supplement to the Astronomical Almanac, 3rd ed. (2013).
    """
    if date.month is None or date.day is None or date.calendar == "unstated":
        raise ValueError(f"{date} is not a full day in a named calendar")
    shift = (14 - date.month) // 12
    year, month = date.year + 4800 - shift, date.month + 12 * shift - 3
    days = date.day + (153 * month + 2) // 5 + 365 * year + year // 4
    return days - 32083 if date.calendar == "julian" else days - year // 100 + year // 400 - 32045


def on_day_number(number: int, calendar: Literal["julian", "gregorian"]) -> HistoricalDate:
    """The full day with this Julian day number, in the calendar asked for."""
    shifted = number + 1401
    if calendar == "gregorian":
        shifted += (4 * number + 274277) // 146097 * 3 // 4 - 38
    quarters = 4 * shifted + 3
    fifths = 5 * (quarters % 1461 // 4) + 2
    month = (fifths // 153 + 2) % 12 + 1
    return HistoricalDate(quarters // 1461 - 4716 + (14 - month) // 12, month, fifths % 153 // 5 + 1, calendar)


def converted(day: HistoricalDate) -> HistoricalDate:
    """The same full day in the other calendar."""
    return on_day_number(day_number(day), "julian" if day.calendar == "gregorian" else "gregorian")


CHANGE = day_number(HistoricalDate(1918, 2, 14, "gregorian"))


def readings(date: HistoricalDate, key: HistoricalDate) -> tuple[HistoricalDate, ...]:
    """The days that a full day may mean beside this key: as its calendar says, or else in either before the change.

    From the change on, a day without a calendar is New Style, or in the calendar that the key names.
    """
    if date.calendar != "unstated":
        return (date,)
    allowed = {"gregorian", key.calendar} if day_number(key) >= CHANGE else {"gregorian", "julian"}
    days = [HistoricalDate(*date.written, "gregorian"), HistoricalDate(*date.written, "julian")]
    return tuple(day for day in days if day.calendar in allowed and exists(day))


def meets(response: HistoricalDate, key: HistoricalDate) -> bool:
    """Whether the response says what the key says, or a part of it (a day of the month that the key names)."""
    return reading_that_meets(response, key) is not None


def reading_that_meets(response: HistoricalDate, key: HistoricalDate) -> HistoricalDate | None:
    """The response in the calendar in which it meets the key, or None where it does not."""
    if key.precision == "day" == response.precision and key.calendar != "unstated":
        same = [day for day in readings(response, key) if day_number(day) == day_number(key)]
        return same[0] if same else None
    return next((one for one in _as_given(response, key) if _lies_in(one, key)), None)


def _as_given(response: HistoricalDate, key: HistoricalDate) -> tuple[HistoricalDate, ...]:
    """The response as written, where that may be compared, and the day in the key's calendar."""
    stated = {response.calendar, key.calendar} - {"unstated"}
    if len(stated) < 2 or (response.precision != "day" and key.precision == "year"):
        return (response,)
    return (converted(response),) if response.precision == "day" else ()


def _lies_in(date: HistoricalDate, span: HistoricalDate) -> bool:
    return all(wanted is None or wanted == given for given, wanted in zip(date.written, span.written, strict=True))


def is_too_coarse(response: HistoricalDate, key: HistoricalDate) -> bool:
    """Whether the response says less than the key."""
    return PRECISIONS.index(response.precision) < PRECISIONS.index(key.precision)


PRECISIONS = ("year", "month", "day")

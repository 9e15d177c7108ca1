"""A day, a month or a year, in the Old Style or the New."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from quizapp.domain.entry import DateText, Entry, Place, Problem, plain
from quizapp.domain.historical_date import (
    CHANGE,
    MONTHS,
    PRECISIONS,
    Calendar,
    HistoricalDate,
    NoSuchDate,
    converted,
    day_number,
    is_too_coarse,
    meets,
    parse,
    reading_that_meets,
)
from quizapp.domain.item import Distractor, Form, Item, Order, Response, Review
from quizapp.domain.marking import FULL, ZERO, Mark
from quizapp.domain.short_text import typed
from quizapp.domain.source import Evidence
from quizapp.domain.wrong_answer import WrongAnswer, wrong_distractors, wrong_evidence, wrong_line

FIELDS = ("answer-year", "answer-month", "answer-day")
LONGEST_PART = 100
CALENDARS: dict[str, Calendar] = {"julian": "julian", "gregorian": "gregorian"}


class WrittenDate(Entry):
    """A date as an author writes it; as much of it as is written is meant."""

    date: DateText
    calendar: Calendar

    def parsed(self) -> HistoricalDate:
        """The date; raises ``NoSuchDate`` for one like 30 February, which ``problems`` reports."""
        return parse(self.date, self.calendar)


class DateKey(WrittenDate):
    """The date as the review shows it, and what else is right."""

    accept: tuple[WrittenDate, ...] = ()


class WrongDate(WrongAnswer):
    """A wrong date that is foreseen."""

    answer: WrittenDate


class Date(Item):
    """A response is ``{"date": "1917-11-07", "calendar": "julian" | "gregorian" | "unstated"}``.

    Its date is what was typed, even where there is no such day: year, month and day with hyphens between them.
    """

    type: Literal["date"]
    key: DateKey
    wrong: tuple[WrongDate, ...] = ()
    label: ClassVar[str] = "Date"

    def problems(self) -> Iterable[Problem]:
        impossible = tuple(_impossible(self))
        yield from impossible
        if impossible:
            return
        for i, wrong in enumerate(self.wrong):
            if any(meets(wrong.answer.parsed(), right) for right in self._right()):
                yield Problem(
                    ("wrong", i, "answer"), f"{wrong.answer.parsed()} is right by the key; it cannot be wrong too"
                )
            if any(wrong.answer == other.answer for other in self.wrong[:i]):
                yield Problem(
                    ("wrong", i, "answer"), f"{wrong.answer.parsed()} is listed twice among the wrong answers"
                )

    def _right(self) -> tuple[HistoricalDate, ...]:
        return (self.key.parsed(), *(one.parsed() for one in self.key.accept))

    def read(self, form: Form, order: Order) -> Response:
        year, month, day = (_part(form.get(field, ())) for field in FIELDS)
        if not (year or month or day):
            return None
        calendar = CALENDARS.get("".join(form.get("answer-calendar", ())[:1]), "unstated")
        return {"date": f"{year}-{_padded(month)}-{_padded(day)}".rstrip("-"), "calendar": calendar}

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        if not response:
            return {}
        year, *rest = response["date"].split("-")
        parts = zip(FIELDS, (year, *map(_unpadded, rest)), strict=False)
        form = {field: [part] for field, part in parts if part}
        return {**form, "answer-calendar": [response["calendar"]]}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        try:
            given = parse(response["date"], response["calendar"])
        except NoSuchDate as mistake:
            return Mark(ZERO, str(mistake))
        for right in self._right():
            if reading := reading_that_meets(given, right):
                return Mark(FULL, f"The right date.{_in_both_styles(reading)}")
        if all(is_too_coarse(given, right) for right in self._right()):
            return Mark(ZERO, f"Not exact enough: give {self._needed()}.")
        return Mark(ZERO, f"Not the right date.{_in_both_styles(given)}")

    def _needed(self) -> str:
        """How exact an answer must be at least."""
        coarsest = min((right.precision for right in self._right()), key=PRECISIONS.index)
        return {"day": "the day, month and year", "month": "the month and year", "year": "the year"}[coarsest]

    def correct_response(self) -> Response:
        return {"date": self.key.date, "calendar": self.key.calendar}

    def review(self, response: Response, order: Order) -> Review:
        given = self._wrong_given(response)
        return Review(
            given=_in_words(response),
            key=str(self.key.parsed()),
            lines=tuple(wrong_line(str(one.answer.parsed()), one, chosen=one is given) for one in self.wrong),
        )

    def _wrong_given(self, response: Response) -> WrongDate | None:
        """The foreseen wrong date that the response is, or else lies in (unless the right one lies in it too)."""
        try:
            given = parse(response["date"], response["calendar"]) if response else None
        except NoSuchDate:
            return None
        if given is None or any(meets(given, right) for right in self._right()):
            return None
        met = [one for one in self.wrong if meets(given, one.answer.parsed())]
        exact = [one for one in met if one.answer.parsed().precision == given.precision]
        wide = [one for one in met if not any(meets(right, one.answer.parsed()) for right in self._right())]
        return next(iter((*exact, *wide)), None)

    def sample_responses(self) -> Iterable[Response]:
        return [plain(one.answer) for one in self.wrong]

    def credit_rule(self) -> str:
        return (
            f"Give {self._needed()}. If you name a calendar, your date is read in it; "
            "if not, a day before 14 February 1918 counts in either."
        )

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return wrong_evidence(self.wrong)

    def distractors(self) -> tuple[Distractor, ...]:
        return wrong_distractors(self.wrong)


def _impossible(item: Date) -> Iterable[Problem]:
    """The dates of the item that there never were."""
    written: list[tuple[Place, WrittenDate]] = [(("key", "date"), item.key)]
    written += [(("key", "accept", i, "date"), one) for i, one in enumerate(item.key.accept)]
    written += [(("wrong", i, "answer", "date"), one.answer) for i, one in enumerate(item.wrong)]
    for place, one in written:
        try:
            one.parsed()
        except NoSuchDate as mistake:
            yield Problem(place, str(mistake).rstrip("."))


def _part(values: Sequence[str]) -> str:
    """What was typed for a part of the date; hyphens stand between the parts only."""
    return typed(unicodedata.normalize("NFKC", "".join(values[:1])[:LONGEST_PART]), LONGEST_PART).replace("-", "–")


def _padded(part: str) -> str:
    return f"0{part}" if len(part) == 1 and part.isascii() and part.isdigit() else part


def _unpadded(part: str) -> str:
    return part[1:] if len(part) == 2 and part[0] == "0" and part.isascii() and part.isdigit() else part


def _in_words(response: Response) -> str:
    """The response as a date in words where it is one, else as it was typed."""
    if not response:
        return ""
    try:
        return str(parse(response["date"], response["calendar"]))
    except NoSuchDate:
        year, month, day = (*response["date"].split("-"), "", "")[:3]
        months = {f"{i:02d}": name for i, name in enumerate(MONTHS, 1)}
        parts = (_unpadded(day) or "(no day)", months.get(month, month) or "(no month)", year or "(no year)")
        return " ".join(parts)


def _in_both_styles(date: HistoricalDate) -> str:
    """What a full day, given or taken in one calendar, is in the other; nothing where that says nothing."""
    if date.precision != "day" or date.calendar == "unstated":
        return ""
    if date.calendar == "gregorian" and day_number(date) >= CHANGE:
        return ""
    return f" {date} is {converted(date)}."

"""The forms about classes and what is set to them. Times are typed, and shown, in the reader's zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from wtforms import (
    FileField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.domain.schedule import Accommodation, Dates
from quizapp.services.assignments.setting import Shelves, Target, Wanted
from quizapp.services.classes.own import Settings
from quizapp.web.account.forms import AccountForm
from quizapp.web.teacher.local_time import LocalTimeField

MINUTE = timedelta(minutes=1)
KEPT = (("", "until I delete it"), ("0", "not at all: from the day it is archived"), ("3", "3 months"),
        ("6", "6 months"), ("12", "1 year"), ("24", "2 years"), ("60", "5 years"))  # fmt: skip
LATE = (
    ("accept", "It is taken until the close, and shown as late"),
    ("percent", "It is taken until the close, and costs marks for each day begun"),
    ("refuse", "It is not taken: the due date closes the quiz"),
)
MIDNIGHT = time()
TARGETS = (("class", "The whole class"), ("groups", "Groups"), ("students", "Chosen students"))


def choices(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Values with their labels, to choose from."""
    return [SelectChoice(value, label) for value, label in pairs]


class ChecksField(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClassForm(AccountForm):
    """A class: its name, and for how long what is in it is kept."""

    name = StringField("Name of the class", [InputRequired("Give the class a name, such as “History 9b”.")])
    keep_months = SelectField(
        "After it is archived, keep names, answers and marks for", choices=choices(KEPT), default="24"
    )

    def offer_months(self, months: int | None) -> None:
        """Offer this time too, where it is not on the list."""
        kept = "" if months is None else str(months)
        if kept not in dict(KEPT):
            self.keep_months.choices = choices([*KEPT, (kept, f"{kept} months")])

    def settings(self) -> Settings:
        """What is said."""
        months = self.keep_months.data
        return Settings(self.name.data or "", int(months) if months else None)


class TeacherForm(AccountForm):
    """Who shall teach the class too."""

    username = StringField("Username of the teacher", [InputRequired("Type the username.")])


class GroupForm(AccountForm):
    """A group: its name and its students."""

    name = StringField("Name of the group", [InputRequired("Give the group a name.")])
    students = ChecksField("Students", [Optional()], coerce=int, choices=[])


class RosterForm(AccountForm):
    """A list of students: a file, or what a spreadsheet's cells are when they are pasted."""

    file = FileField("File (.csv or .xlsx)")
    pasted = TextAreaField("Or paste the list here")


class AccommodationForm(AccountForm):
    """What one student gets beyond the others."""

    time_percent = IntegerField("Time, in per cent of the others’", [Optional()])
    extra_minutes = IntegerField("Extra minutes", [Optional()])
    extra_attempts = IntegerField("Extra attempts", [Optional()])

    def show(self, gets: Accommodation) -> None:
        """Show what the student gets now."""
        self.time_percent.data, self.extra_attempts.data = gets.time_percent, gets.attempts
        self.extra_minutes.data = int(gets.extra / MINUTE) if gets.extra is not None else None

    def wanted(self) -> Accommodation:
        """What is said."""
        minutes = self.extra_minutes.data
        extra = MINUTE * max(-1, min(minutes, 10_000_000)) if minutes is not None else None
        return Accommodation(self.time_percent.data, extra, self.extra_attempts.data)


class OwnDatesForm(AccommodationForm):
    """The same in one assignment, with dates of the student's own."""

    opens = LocalTimeField("Opens", [Optional()], at=MIDNIGHT)
    due = LocalTimeField("Due", [Optional()])
    closes = LocalTimeField("Closes", [Optional()])

    def show(self, gets: Accommodation) -> None:
        """Show what the student gets now."""
        super().show(gets)
        for name in ("opens", "due", "closes"):
            self[name].process_data(getattr(gets.own, name))

    def wanted(self) -> Accommodation:
        """What is said."""
        return replace(super().wanted(), own=Dates(self.opens.moment, self.due.moment, self.closes.moment))


class MoreTimeForm(AccountForm):
    """More time for an attempt that runs."""

    minutes = IntegerField("Minutes", [InputRequired("Write how many minutes.")])


class ReopenForm(MoreTimeForm):
    """An attempt that is opened again."""

    reason = TextAreaField("Why", [InputRequired("Say why: it stands in the record of changes.")])


class AssignmentForm(AccountForm):
    """A quiz, for whom, and when."""

    quiz = SelectField("Quiz", [InputRequired("Choose a quiz.")])
    kind = RadioField("For", choices=choices(TARGETS), default="class")
    groups = ChecksField("Groups", [Optional()], coerce=int, choices=[])
    students = ChecksField("Students", [Optional()], coerce=int, choices=[])
    opens = LocalTimeField("Opens", [Optional()], at=MIDNIGHT)
    due = LocalTimeField("Due", [Optional()])
    closes = LocalTimeField("Closes", [Optional()])
    late_policy = RadioField("What becomes of work after the due date?", choices=choices(LATE), default="accept")
    percent_a_day = IntegerField("Per cent off for each day begun", [Optional()])

    def dates(self) -> Dates:
        """The moments that were typed."""
        return Dates(self.opens.moment, self.due.moment, self.closes.moment)

    def wanted(self, quiz: str | None = None) -> Wanted:
        """What is said; ``quiz`` where it stands already."""
        kind = self.kind.data
        return Wanted(
            quiz=quiz or self.quiz.data,
            kind=kind,
            target=Target(
                groups=frozenset(self.groups.data or ()) if kind == "groups" else frozenset(),
                students=frozenset(self.students.data or ()) if kind == "students" else frozenset(),
            ),
            dates=self.dates(),
            late_policy=self.late_policy.data,
            percent_a_day=self.percent_a_day.data or 0,
        )

    def offer(self, quizzes: Shelves, groups: list[Any], students: list[Any]) -> None:
        """Offer these quizzes, the teacher's own first, groups and students."""
        shelves = (
            {"Yours": quizzes.own, "Of the question bank": quizzes.others} if quizzes.own else {"": quizzes.others}
        )
        offered = [
            SelectChoice(one.id, one.title, optgroup=title or None) for title, held in shelves.items() for one in held
        ]
        self.quiz.choices = [SelectChoice("", "Choose a quiz …"), *offered]
        self.groups.choices = choices((one.id, f"{one.name} ({len(one.members)})") for one in groups)
        self.students.choices = choices((one.person.id, one.sorted_name) for one in students)

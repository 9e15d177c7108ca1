"""The forms of the gradebook: how marks are counted and shown; a mark by hand; an excuse."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import request
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from quizapp.domain import scale as scales
from quizapp.domain.scale import MOST_PLACES, NotAThreshold, Scale
from quizapp.services.gradebook import Policy
from quizapp.services.gradebook.policy import MOST_DROPPED
from quizapp.web.account.forms import AccountForm
from quizapp.web.teacher.class_forms import choices

KINDS = (
    ("percent", "Per cent: 75%"),
    ("points", "Points: 7.5"),
    ("letters", "Grades, by the list below: B"),
    ("passed", "Passed or not passed"),
)
ROUNDINGS = (
    ("half_up", "To the nearest; a half goes up"),
    ("half_even", "To the nearest; a half goes to the even digit"),
    ("up", "Always up"),
    ("down", "Always down"),
)
WEIGHTINGS = (
    ("points", "By its points: one of 20 weighs twice as much as one of 10"),
    ("equal", "All alike: the total is the mean of the per cents"),
)
MISSING = (("0", "It does not count"), ("1", "It counts as 0, once its due date is past"))


class GradingForm(AccountForm):
    """How the marks of a class are counted and shown."""

    kind = RadioField("Show marks as", choices=choices(KINDS), default="percent")
    places = SelectField(
        "Decimal places", choices=choices((str(n), str(n)) for n in range(MOST_PLACES + 1)), default="0"
    )
    rounding = SelectField("Rounding", choices=choices(ROUNDINGS), default="half_up")
    thresholds = TextAreaField("Grades")
    pass_percent = StringField("Passed from so many per cent on", [InputRequired("Write per cent from 0 to 100.")])
    weighting = RadioField("What a quiz weighs in the total", choices=choices(WEIGHTINGS), default="points")
    drop_lowest = IntegerField(
        "Leave out each student’s lowest results", [InputRequired(f"Choose from 0 to {MOST_DROPPED}.")]
    )
    missing_is_zero = RadioField("What was not handed in", choices=choices(MISSING), default="0")

    @classmethod
    def of(cls, chosen: Policy) -> GradingForm:
        """The form as it is now; what was sent goes before."""
        return cls(
            kind=chosen.scale.kind,
            places=str(chosen.scale.places),
            rounding=chosen.scale.rounding,
            thresholds=scales.thresholds_text(chosen.scale.thresholds),
            pass_percent=f"{chosen.scale.pass_percent.normalize():f}",
            weighting=chosen.weighting,
            drop_lowest=chosen.drop_lowest,
            missing_is_zero="1" if chosen.missing_is_zero else "0",
        )

    def validate_thresholds(self, field: TextAreaField) -> None:
        """Says which line names no grade."""
        try:
            scales.read_thresholds(field.data or "")
        except NotAThreshold as wrong:
            raise ValidationError(str(wrong)) from None

    def validate_pass_percent(self, field: StringField) -> None:
        """Says that a number is wanted."""
        if _number(field.data or "") is None:
            raise ValidationError("Write per cent from 0 to 100.")

    def wanted(self) -> Policy:
        """What is said; only of a form that is right so far."""
        scale = Scale(
            kind=self.kind.data,
            places=int(self.places.data),
            rounding=self.rounding.data,
            thresholds=scales.read_thresholds(self.thresholds.data or ""),
            pass_percent=_number(self.pass_percent.data or "") or Decimal(0),
        )
        return Policy(scale, self.weighting.data, self.drop_lowest.data, self.missing_is_zero.data == "1")


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip().removesuffix("%").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class MarkForm(AccountForm):
    """A mark by hand, with its reason, and a comment."""

    mark = StringField("Mark")
    why = TextAreaField("Why")
    comment = TextAreaField("Comment for the student")


class WhyForm(AccountForm):
    """A deed that wants its reason."""

    why = TextAreaField("Why")


def mark_form(number: int, mark: str, comment: str, *, sent_to: int | None) -> MarkForm:
    """The form of a question (0: of the whole attempt): what is there now, or what was sent to this number."""
    given = {"mark": mark, "comment": comment, "prefix": f"q{number}-"}
    return MarkForm(formdata=request.form if sent_to == number else None, **given)

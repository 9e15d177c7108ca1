"""A moment as a teacher types it: a date, and a time that may be left out. Both fields have the same name."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from markupsafe import Markup
from wtforms import DateTimeLocalField
from wtforms.widgets import html_params

from quizapp.web import identity

TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
DAY_ALONE = "%Y-%m-%d"
END_OF_DAY = time(23, 59)


class DateAndTime:
    """The two fields beside each other."""

    def __call__(self, field: LocalTimeField, **attributes: Any) -> Markup:
        """Both fields; the attributes go to each."""
        day, clock = field.typed
        common = {"name": field.name, **attributes}
        date = Markup(html_params(type="date", id=field.id, value=day, **common))  # noqa: S704 escaped there
        label = f"{field.label.text}: time"
        at = {"type": "time", "id": f"{field.id}-time", "value": clock, "aria_label": label}
        hour = Markup(html_params(**at, **common))  # noqa: S704 escaped there
        return Markup('<span class="date-and-time"><input {}> <input {}></span>').format(date, hour)


class LocalTimeField(DateTimeLocalField):
    """A moment, typed as date and time where the reader is; ``moment`` is in UTC.

    A date without a time means ``at``: the end of that day, unless something else is said.
    """

    data: datetime | None  # of a base class without types
    widget = DateAndTime()

    def __init__(self, *args: Any, at: time = END_OF_DAY, **more: Any) -> None:
        super().__init__(*args, format=TYPED, **more)
        self.at = at

    def process_data(self, value: datetime | None) -> None:
        """The moment as it is there."""
        super().process_data(value.astimezone(identity.time_zone()).replace(tzinfo=None) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed: date and time, in one field or two, or the date alone."""
        typed = [part.strip() for part in valuelist if part.strip()]
        try:
            self.data = datetime.combine(datetime.strptime(" ".join(typed), DAY_ALONE), self.at)  # noqa: DTZ007
        except ValueError:
            super().process_formdata(typed)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """A time needs its date."""
        valid: bool = super().validate(form, extra_validators)
        day, clock = self.typed
        if clock and not day:
            self.errors = ["Choose the date too, or leave the time empty."]
            return False
        return valid

    @property
    def typed(self) -> tuple[str, str]:
        """The date and the time as the fields show them."""
        if self.raw_data:
            parts = [*" ".join(self.raw_data[:1]).replace("T", " ").split(" "), *self.raw_data[1:2]]
            return parts[0], parts[-1] if len(parts) > 1 else ""
        return (f"{self.data:%Y-%m-%d}", f"{self.data:%H:%M}") if self.data is not None else ("", "")

    @property
    def moment(self) -> datetime | None:
        """What was typed, in UTC."""
        return None if self.data is None else self.data.replace(tzinfo=identity.time_zone()).astimezone(UTC)

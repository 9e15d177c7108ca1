"""The forms, with messages beside the field. What a name or password may be is for services to say."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, ValidationError

from quizapp.services import passwords, transactions, usernames
from quizapp.services.accounts import Details, Mistakes, Wanted
from quizapp.web.identity import current_user

T = TypeVar("T")

CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


class AccountForm(FlaskForm):
    """A form whose deed may be refused."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a page sends; JSON, of which anything may come, counts as an empty form."""
            return request.form if request.is_json else super().wrap_formdata(form, formdata)

    def result(self, deed: Callable[[], T]) -> T | None:
        """What the deed gives once the form is sent and right; None with the reasons beside the fields otherwise."""
        if not self.validate_on_submit():
            return None
        try:
            return deed()
        except Mistakes as mistakes:
            transactions.rollback()
            self._say(mistakes)
            return None

    def _say(self, mistakes: Mistakes) -> None:
        for name, messages in mistakes.fields.items():
            self[name].errors = [*self[name].errors, *messages]


class NewPasswordForm(AccountForm):
    """Any form in which somebody chooses a password for this username."""

    def validate_password(self, field: Field) -> None:
        """Says what is wrong with the password along with all else."""
        _refuse(passwords.problems(field.data, self._username()))

    def _username(self) -> str:
        raise NotImplementedError


class SignUpForm(NewPasswordForm):
    """A new account."""

    username = StringField("Username", [DataRequired("Choose a username.")])
    given_name = StringField("Given name")
    family_name = StringField("Family name")
    password = PasswordField("Password", [DataRequired("Choose a password.")])
    password_again = PasswordField(
        "Password again", [EqualTo("password", "The two passwords differ. Type both again.")]
    )
    next = HiddenField()

    def validate_username(self, field: Field) -> None:
        """Says what is wrong with the username along with all else."""
        _refuse(usernames.problems(field.data))

    def _username(self) -> str:
        return self.username.data or ""

    def wanted(self) -> Wanted:
        """The account that is asked for."""
        return Wanted(self.username.data, self.password.data, self.given_name.data or "", self.family_name.data or "")


class SignInForm(AccountForm):
    """Who it is, and the proof."""

    username = StringField("Username", [DataRequired("Type your username.")])
    password = PasswordField("Password", [DataRequired("Type your password.")])
    next = HiddenField()


class DetailsForm(AccountForm):
    """What people may change about themselves."""

    given_name = StringField("Given name")
    family_name = StringField("Family name")
    email = EmailField("E-mail")
    time_zone = SelectField("Time zone")

    def offer_time_zones(self, otherwise: str) -> None:
        """Offer every place of the time-zone database, by continent, and the installation's own zone."""
        self.time_zone.choices = {"": [("", f"As this site: {otherwise}")], **_places()}

    def details(self) -> Details:
        """What the person says now."""
        fields = (self.given_name, self.family_name, self.email, self.time_zone)
        return Details(*(field.data or "" for field in fields))


class PasswordForm(NewPasswordForm):
    """Another password, by whoever knows the present one."""

    current_password = PasswordField("Present password", [DataRequired("Type your present password.")])
    password = PasswordField("New password", [DataRequired("Choose a new password.")])
    password_again = PasswordField(
        "New password again", [EqualTo("password", "The two passwords differ. Type both again.")]
    )

    def _username(self) -> str:
        return str(current_user.username)


class FirstPasswordForm(NewPasswordForm):
    """The first password of one's own, by whoever has just signed in with one from a slip."""

    password = PasswordField("Your password", [DataRequired("Choose a password.")])
    password_again = PasswordField(
        "Your password again", [EqualTo("password", "The two passwords differ. Type both again.")]
    )
    next = HiddenField()

    def _username(self) -> str:
        return str(current_user.username)


class DeleteForm(AccountForm):
    """Leaving for good, by whoever proves who they are: with the password or, as a guest, the name."""

    proof = PasswordField("Your password", [DataRequired("Type your password.")])


class GuestDeleteForm(AccountForm):
    """A guest has no password: the name shows that the button was not pressed by chance."""

    proof = StringField("Your guest name", [DataRequired("Type the name that stands at the top of this page.")])


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ValidationError(" ".join(problems))


@cache
def _places() -> dict[str, list[tuple[str, str]]]:
    names = sorted(available_timezones())
    return {
        continent: [(name, _place(name)) for name in names if name.startswith(f"{continent}/")]
        for continent in CONTINENTS
    }


def _place(name: str) -> str:
    """America/Argentina/Buenos_Aires: «Argentina, Buenos Aires»."""
    return name.split("/", 1)[1].replace("/", ", ").replace("_", " ")

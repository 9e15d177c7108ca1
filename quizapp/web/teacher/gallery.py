"""Every component and every item type on one page: documentation, accessibility check and screenshot in one."""

from __future__ import annotations

from flask import current_app, render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from quizapp.services import gallery, transactions
from quizapp.web.identity import allowed
from quizapp.web.teacher import blueprint


class Fields(FlaskForm):
    """One field of each kind."""

    class Meta:
        csrf = False  # it is only looked at

    username = StringField("User name", [DataRequired("Type a user name, such as anna.k.")], description="Any name.")
    password = PasswordField("Password", [DataRequired("Type a password.")])
    reason = TextAreaField("Your reason", [DataRequired("Write a sentence.")])
    calendar = SelectField("Calendar", choices=["Old Style", "New Style", "Not stated"])
    certainty = RadioField("How sure are you?", [DataRequired("Choose one.")], choices=["Sure", "Fairly", "Guessing"])
    keep = BooleanField("Keep me signed in on this device")


@blueprint.get("/gallery")
@allowed("see the gallery")
def show_gallery() -> str:
    """The gallery."""
    shown = gallery.show(transactions.session(), current_app.config["SETTINGS"].bank_dir)
    wrong = Fields(formdata=None, prefix="wrong-")
    wrong.validate()
    form = Fields(formdata=None)
    return render_template("teacher/gallery.html", gallery=shown, form=form, wrong=wrong, page_address=_page_address)


def _page_address(number: int) -> str:
    return f"?page={number}"

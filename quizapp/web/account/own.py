"""A person's own account: names, time zone, password."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from quizapp.services import accounts, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.people import Person
from quizapp.web import identity, limits
from quizapp.web.account import blueprint
from quizapp.web.account.forms import DetailsForm, PasswordForm
from quizapp.web.account.hashing import apart, hashing
from quizapp.web.identity import allowed, current_user
from quizapp.web.requests import address


@blueprint.route("/account", methods=["GET", "POST"])
@allowed("change own account")
def show() -> ResponseReturnValue:
    """The account, and changes to what it says."""
    form = _details_form()
    person = form.result(lambda: accounts.change_details(transactions.session(), current_user.id, form.details()))
    if person is None:
        return _page(form, PasswordForm(formdata=None), form.is_submitted())
    transactions.commit()
    identity.known_again(person)
    flash("Your details are saved.", "right")
    return redirect(address("/account"), 303)


@blueprint.post("/account/password")
@allowed("change own account")
@limits.sign_in_by_address
def change_password() -> ResponseReturnValue:
    """Another password; every other session of the account ends."""
    form = PasswordForm()
    person = form.result(lambda: _with_new_password(form))
    if person is None:
        return _page(_details_form(), form, wrong=True)
    transactions.commit()
    identity.sign_in(person)
    flash("Your password is changed. Other devices must sign in again.", "right")
    return redirect(address("/account"), 303)


@blueprint.post("/account/end-sessions")
@allowed("change own account")
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    person = accounts.end_sessions(transactions.session(), current_user.id)
    transactions.commit()
    identity.sign_in(person)
    flash("All other devices are signed out.", "right")
    return redirect(address("/account"), 303)


def _with_new_password(form: PasswordForm) -> Person:
    """The person with the new password, if they know the present one. Raises Mistakes."""
    user_id, username = current_user.id, current_user.username
    with apart():
        found = accounts.credentials(transactions.session(), username)
    if not accounts.is_right(found, form.current_password.data, hashing=hashing()):
        raise Mistakes({"current_password": ["This is not your present password."]})
    new = accounts.hash_of_new(form.password.data, username, hashing=hashing())
    return accounts.set_password(transactions.session(), user_id, new)


def _details_form() -> DetailsForm:
    form = DetailsForm(obj=current_user)
    form.offer_time_zones(otherwise=current_app.config["SETTINGS"].time_zone)
    return form


def _page(details: DetailsForm, password: PasswordForm, wrong: bool) -> ResponseReturnValue:
    page = render_template("account/account.html", details=details, password=password, person=current_user)
    return page, Mistakes.status if wrong else 200

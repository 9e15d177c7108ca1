"""A person's own account: names, time zone, password, all that is kept of them, and its end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.services import accounts, personal_data, transactions, usernames
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import leaving as services_leaving
from quizapp.services.people import Person
from quizapp.web import identity, limits
from quizapp.web.account import blueprint
from quizapp.web.account.forms import DeleteForm, DetailsForm, FirstPasswordForm, GuestDeleteForm, PasswordForm
from quizapp.web.account.hashing import apart, hashing
from quizapp.web.identity import allowed, current_user
from quizapp.web.requests import address, own_path


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


@blueprint.route("/account/new-password", methods=["GET", "POST"])
@allowed("change own account")
def first_password() -> ResponseReturnValue:
    """Who came in with a one-time password chooses one of their own; until then they get no further."""
    if not current_user.must_change_password:
        return redirect(address("/account"), 303)
    form = FirstPasswordForm()
    if request.method == "GET":
        form.next.data = own_path(request.args.get("next"), "")
    person = form.result(lambda: _with_first_password(form))
    if person is None:
        page = render_template("account/new_password.html", form=form, person=current_user)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    identity.sign_in(person)
    flash("Your password is kept. The slip opens nothing any more, so you can throw it away.", "right")
    return redirect(own_path(form.next.data, address("/")), 303)


@blueprint.post("/account/stay")
@allowed("change own account")
def stay() -> ResponseReturnValue:
    """Ask the teacher no more to delete the account."""
    services_leaving.stay(transactions.session(), current_user.id)
    transactions.commit()
    flash("Your account stays.", "right")
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


@blueprint.get("/account/data.json")
@allowed("change own account")
def export() -> ResponseReturnValue:
    """All that is kept of the person, to take away."""
    found = personal_data.export(transactions.session(), current_user.id, now=datetime.now(UTC))
    response = Response(json.dumps(found, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@blueprint.post("/account/delete")
@allowed("change own account")
@limits.sign_in_by_address
def delete() -> ResponseReturnValue:
    """Erase the person, once they have proved who they are."""
    form = _delete_form()
    erased = form.result(lambda: _erased(form))
    if erased is None:
        return _page(_details_form(), PasswordForm(formdata=None), wrong=True, leaving=form)
    transactions.commit()
    if not erased:
        flash("Your teacher is asked to delete your account, and sees that on the page of your class.", "right")
        return redirect(address("/account"), 303)
    identity.sign_out()
    flash("Your account and all that was kept with it are deleted.", "right")
    return redirect(address("/"), 303)


def _erased(form: DeleteForm | GuestDeleteForm) -> bool:
    """True once the person is erased, False where a teacher is asked to do it. Raises Mistakes."""
    who: Person = current_user._get_current_object()  # noqa: SLF001 a proxy's way to what it stands for
    username, is_guest = who.username, who.is_guest
    with apart():
        found = accounts.credentials(transactions.session(), username)
    if is_guest and usernames.key(form.proof.data) != usernames.key(username):
        raise Mistakes({"proof": [f"This is not your guest name. Type: {username}"]})
    if not is_guest and not accounts.is_right(found, form.proof.data, hashing=hashing()):
        raise Mistakes({"proof": ["This is not your password."]})
    return services_leaving.leave(transactions.session(), who, now=datetime.now(UTC))


def _delete_form() -> DeleteForm | GuestDeleteForm:
    return GuestDeleteForm() if current_user.is_guest else DeleteForm()


def _with_new_password(form: PasswordForm) -> Person:
    """The person with the new password, if they know the present one. Raises Mistakes."""
    user_id, username = current_user.id, current_user.username
    with apart():
        found = accounts.credentials(transactions.session(), username)
    if not accounts.is_right(found, form.current_password.data, hashing=hashing()):
        raise Mistakes({"current_password": ["This is not your present password."]})
    new = accounts.hash_of_new(form.password.data, username, hashing=hashing())
    return accounts.set_password(transactions.session(), user_id, new)


def _with_first_password(form: FirstPasswordForm) -> Person:
    """The person with a password of their own, other than the one-time one. Raises Mistakes."""
    user_id, username = current_user.id, current_user.username
    with apart():
        found = accounts.credentials(transactions.session(), username)
    if accounts.is_right(found, form.password.data, hashing=hashing()):
        raise Mistakes({"password": ["This is the password of the slip. Choose another one."]})
    new = accounts.hash_of_new(form.password.data, username, hashing=hashing())
    return accounts.set_password(transactions.session(), user_id, new)


def _details_form() -> DetailsForm:
    form = DetailsForm(obj=current_user)
    form.offer_time_zones(otherwise=current_app.config["SETTINGS"].time_zone)
    return form


def _page(
    details: DetailsForm,
    password: PasswordForm,
    wrong: bool,
    leaving: DeleteForm | GuestDeleteForm | None = None,
) -> ResponseReturnValue:
    in_classes = services_leaving.classes_of(transactions.session(), current_user)
    through_teacher = services_leaving.goes_through_teacher(transactions.session(), current_user)
    shown = {"details": details, "password": password, "leaving": leaving or _delete_form(), "is_leaving": leaving,
             "through_teacher": through_teacher, "in_classes": in_classes}  # fmt: skip
    page = render_template("account/account.html", person=current_user, **shown)
    return page, Mistakes.status if wrong else 200

"""Signing up, in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.domain.permissions import STAFF
from quizapp.services import accounts, first_teacher, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.people import Person
from quizapp.web import device, identity, limits, preferences
from quizapp.web.account import blueprint
from quizapp.web.account.forms import AccountForm, SignInForm, SignUpForm
from quizapp.web.account.hashing import apart, hashing
from quizapp.web.identity import allowed, current_user, viewer
from quizapp.web.requests import address, own_path

NOT_RIGHT = "The username or the password is not right. Mind small and capital letters, and try again."


@blueprint.route("/sign-up", methods=["GET", "POST"])
@allowed("sign in")
@limits.new_accounts
def sign_up() -> ResponseReturnValue:
    """A new account; a guest's scores go into it."""
    form = SignUpForm()
    person = form.result(lambda: _new_account(form))
    if person is None:
        return _page("account/sign_up.html", form)
    preferences.keep_for_new_account(person.id)
    return _come_in(person, f"Welcome, {person.given_name or person.username}. Your scores are kept with this account.")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allowed("sign in")
@limits.sign_in_by_address
@limits.sign_in_by_username
def sign_in() -> ResponseReturnValue:
    """Into an account that is there already."""
    if request.method == "GET" and viewer().role not in {"anyone", "guest"} and current_user.is_authenticated:
        return redirect(_next_page(viewer().role), 303)
    form = SignInForm()
    person = form.result(lambda: _proved(form.username.data, form.password.data))
    return _page("account/sign_in.html", form) if person is None else _come_in(person)


@blueprint.post("/sign-out")
@allowed("sign in")
def sign_out() -> ResponseReturnValue:
    """Out, and to the sign-in page, where the next one may sit down."""
    identity.sign_out()
    flash("You are signed out.")
    return redirect(address("/sign-in"), 303)


@blueprint.route("/first-teacher/<token>", methods=["GET", "POST"])
@allowed("sign in")
@limits.new_accounts
def become_first_teacher(token: str) -> ResponseReturnValue:
    """The first teacher's account, by the link that the app prints at its start."""
    first_teacher.check(transactions.session(), token)
    form = SignUpForm()
    person = form.result(lambda: _first_teacher(form, token))
    if person is None:
        return _page("account/first_teacher.html", form)
    preferences.keep_for_new_account(person.id)
    return _come_in(person, "Welcome. You are the first teacher here, and look after the accounts too.")


def _new_account(form: SignUpForm) -> Person:
    return accounts.sign_up(
        transactions.session(), form.wanted(), hashing=hashing(), now=datetime.now(UTC), guest_id=_guest_id()
    )


def _first_teacher(form: SignUpForm, token: str) -> Person:
    transactions.rollback()  # the link has been looked at; hashing must not keep others from writing
    return accounts.sign_up_first_teacher(
        transactions.session(), token, form.wanted(), hashing=hashing(), now=datetime.now(UTC), guest_id=_guest_id()
    )


def _proved(username: str, password: str) -> Person:
    """Whoever's username and password these are. Raises Mistakes."""
    with apart():
        found = accounts.credentials(transactions.session(), username)
    if not accounts.is_right(found, password, hashing=hashing()) or found.user_id is None:
        raise Mistakes({"password": [NOT_RIGHT]})
    renewed = accounts.renewed_hash(found, password, hashing=hashing())
    return accounts.sign_in(transactions.session(), found.user_id, renewed_hash=renewed, guest_id=_guest_id())


def _guest_id() -> int | None:
    return viewer().user_id if viewer().role == "guest" else None


def _come_in(person: Person, welcome: str = "") -> ResponseReturnValue:
    transactions.commit()
    identity.sign_in(person)
    if welcome:
        flash(welcome, "right")
    response = make_response(redirect(_next_page(person.role), 303))
    device.remember(response, person.username)
    return response


def _next_page(role: str) -> str:
    """Where somebody wanted to go; else to teaching for those who teach, and to the front page for all others."""
    return own_path(request.form.get("next") or request.args.get("next"), address("/teach/" if role in STAFF else "/"))


def _page(template: str, form: AccountForm) -> ResponseReturnValue:
    if "next" in form and not form["next"].data:
        form["next"].data = own_path(request.args.get("next"), "")
    return render_template(template, form=form), Mistakes.status if form.is_submitted() else 200

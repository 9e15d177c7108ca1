"""Who is asking, and whether they may.

The signed cookie says who signed in, in which role and by which name, so a page that only needs those asks the database
nothing: ``viewer()``. Whatever must not rest on a cookie that may be stale asks ``current_user`` or ``allowed()``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from quizapp.domain.permissions import PERMISSIONS, Role, may
from quizapp.services import accounts, people, transactions
from quizapp.services.errors import NotAllowed, SignInNeeded
from quizapp.services.people import Person
from quizapp.web import limits
from quizapp.web.requests import SAFE_METHODS, address, asked_for

__all__ = [
    "SignedIn",
    "Viewer",
    "allowed",
    "current_user",
    "ensure_user",
    "init_app",
    "known_again",
    "sign_in",
    "sign_out",
    "time_zone",
    "viewer",
]

P = ParamSpec("P")
# What somebody may do before their one-time password is replaced.
OPEN_BEFORE = frozenset(
    {"account.first_password", "account.sign_in", "account.sign_out", "operations.healthz", "operations.readyz",
     "preferences.change", "presence.show", "static"}
)  # fmt: skip
R = TypeVar("R")


@dataclass(frozen=True)
class Viewer:
    """Who the cookie says is asking; nobody has no id and the role «anyone»."""

    user_id: int | None = None
    epoch: int = 0
    role: Role = "anyone"
    name: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account behind this, a guest's included."""
        return self.user_id is not None


class SignedIn(UserMixin, Person):
    """The person signed in, as Flask-Login wants them."""

    def get_id(self) -> str:
        """What the cookie holds: the account and the epoch of its sessions."""
        return f"{self.id}:{self.epoch}"


def init_app(app: Flask) -> None:
    """Make the app know people again."""
    limits.init_app(app)
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # it would ask for the person on every page
    app.after_request_funcs[None].remove(manager._update_remember_cookie)  # noqa: SLF001 there is no such cookie here
    # No tie to address and browser: a phone that leaves the wireless network in mid-quiz stays signed in.
    manager.session_protection = None
    manager.user_loader(_load)
    app.context_processor(lambda: {"viewer": viewer()})
    app.before_request(_own_password_first)


def _own_password_first() -> ResponseReturnValue | None:
    """Who came in with a one-time password chooses one of their own before anything else."""
    if not session.get("once") or request.endpoint in OPEN_BEFORE or request.endpoint is None:
        return None
    wanted = urlencode({"next": asked_for()}) if request.method in SAFE_METHODS else ""
    return redirect(f"{address('/account/new-password')}{'?' + wanted if wanted else ''}", 303)


def viewer() -> Viewer:
    """Who is asking, by the cookie's word and without a query."""
    if not has_request_context():
        return Viewer()
    kept = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 what the proxy stands for, looked up once
    return _viewer(kept.get("_user_id"), kept.get("role", "guest"), kept.get("name", ""))


@lru_cache(maxsize=1024)
def _viewer(kept: str | None, role: Role, name: str) -> Viewer:
    """Who these words of a session stand for."""
    user_id, epoch = _parts(kept)
    return Viewer() if user_id is None else Viewer(user_id, epoch, role, name)


def allowed(action: str, *, on_the_cookies_word: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only those in whose role may do this; raises SignInNeeded for nobody, NotAllowed for somebody else.

    Costs one query, except ``on_the_cookies_word``: for a view that itself compares the session epoch,
    as saving an answer does in the one SELECT that it may cost.
    """
    roles = PERMISSIONS[action]

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if "anyone" not in roles:
                _check(action, on_the_cookies_word)
            return view(*args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # for the test that walks every page
        return guarded

    return decorate


def sign_in(person: Person) -> None:
    """Begin a new session for this person; nothing of the old one survives, so a planted one is worth nothing."""
    _forget()
    session.permanent = True
    login_user(SignedIn(**vars(person)))
    for unneeded in ("_id", "_fresh"):
        session.pop(unneeded, None)
    known_again(person)


def ensure_user() -> Person:
    """Who is signed in; a visitor becomes a guest and is signed in as that. The caller commits."""
    if viewer().is_signed_in and current_user.is_authenticated:
        return cast(Person, current_user._get_current_object())  # noqa: SLF001 a proxy's way to what it stands for
    return _new_guest()


def sign_out() -> None:
    """End the session."""
    _forget()
    logout_user()


def known_again(person: Person) -> None:
    """Keep in the cookie what pages show of this person, where it has changed."""
    shown = {"role": person.role, "name": person.given_name or person.username, "zone": person.time_zone,
             "once": person.must_change_password or None}  # fmt: skip
    if any(session.get(key) != value for key, value in shown.items()):
        session.update(shown)


def time_zone() -> ZoneInfo:
    """The zone in which the reader sees times: their own, else the installation's."""
    chosen = session.get("zone") if has_request_context() else None
    return ZoneInfo(chosen or current_app.config["SETTINGS"].time_zone)


@limits.new_accounts
def _new_guest() -> Person:
    guest = accounts.guest(transactions.session(), now=datetime.now(UTC), name_seed=secrets.token_hex(8))
    sign_in(guest)
    return guest


def _check(action: str, on_the_cookies_word: bool) -> None:
    asking = viewer()
    if not asking.is_signed_in:
        raise SignInNeeded
    role = asking.role
    if not on_the_cookies_word:
        if not current_user.is_authenticated:  # the account is gone or has ended this session
            sign_out()
            raise SignInNeeded("Your session has ended. Please sign in again.")
        role = current_user.role
    if not may(role, action):
        raise NotAllowed


def _load(kept: str) -> SignedIn | None:
    user_id, epoch = _parts(kept)
    person = people.find(transactions.session_at_need(), user_id, epoch) if user_id is not None else None
    if person is None:
        return None
    known_again(person)
    return SignedIn(**vars(person))


def _parts(kept: object) -> tuple[int | None, int]:
    user_id, _, epoch = str(kept or "").partition(":")
    return (int(user_id), int(epoch)) if user_id.isdecimal() and epoch.isdecimal() else (None, 0)


def _forget() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps the old session's token for the rest of the request

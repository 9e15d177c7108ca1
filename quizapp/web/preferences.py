"""How a reader wants pages to look and behave.

Kept in a cookie of its own, so that no page asks the database for it, and with the account of whoever has one: signing
in on another device brings it along. Signing out leaves the cookie alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, current_app, g, has_request_context, redirect, request
from flask_login import user_logged_in
from werkzeug.wrappers import Response

from quizapp.services import preferences, transactions
from quizapp.web.identity import current_user, viewer
from quizapp.web.requests import address, own_path

blueprint = Blueprint("preferences", __name__)

# name, heading, choices (the first is what holds for whoever has chosen nothing). A new one goes to the end.
CHOICES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("theme", "Light or dark", {"auto": "Automatic", "light": "Light", "dark": "Dark"}),
    ("font", "Letters", {"serif": "Serif", "sans": "Sans"}),
    ("size", "Size", {"normal": "Normal", "large": "Large", "larger": "Larger"}),
    ("spacing", "Spacing", {"normal": "Normal", "wide": "Wide"}),
    ("tint", "Tint of the page", {"none": "None", "cream": "Cream", "blue": "Blue", "green": "Green"}),
    ("timer", "Time left in a test", {"shown": "Shown", "hidden": "Hidden"}),
    ("keys", "Single keys in a quiz", {"on": "On", "off": "Off"}),
)
COOKIE = "reading"
A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Let templates know what the reader has chosen, pages change it, and signing in bring it along."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(chosen_preferences=chosen_preferences, preference_choices=lambda: CHOICES)
    user_logged_in.connect(_bring_along, app)
    app.after_request(_set_cookie)


def reading_preferences() -> dict[str, str]:
    """What the reader has chosen, each with its default; a cookie that somebody made up counts as none."""
    return dict(chosen_preferences())


def chosen_preferences() -> tuple[tuple[str, str], ...]:
    """The same as pairs, which templates can have something remembered by."""
    return _read(request.cookies.get(COOKIE, "") if has_request_context() else "")


@lru_cache(maxsize=1024)
def _read(cookie: str) -> tuple[tuple[str, str], ...]:
    kept = dict(zip((name for name, _, _ in CHOICES), cookie.split("."), strict=False))
    return tuple(_sane(kept).items())


@blueprint.post("/preferences")
def change() -> Response:
    """Keep what was chosen, and go back to the page."""
    g.reading_preferences = _sane(request.form)
    if viewer().is_signed_in and current_user.is_authenticated:
        preferences.keep(transactions.session(), current_user.id, g.reading_preferences)
        transactions.commit()
    return redirect(own_path(request.form.get("next"), address("/")), 303)


def keep_for_new_account(user_id: int) -> None:
    """A visitor who signs up keeps what they had chosen. The caller commits."""
    if request.cookies.get(COOKIE):
        preferences.keep(transactions.session(), user_id, reading_preferences())


def _bring_along(_app: Flask, user: Any) -> None:
    kept = user.preferences.get(preferences.READING)
    if kept:
        g.reading_preferences = _sane(kept)


def _set_cookie(response: Response) -> Response:
    chosen = g.pop("reading_preferences", None)
    if chosen is not None:
        secure = current_app.session_interface.get_cookie_secure(current_app)
        value = ".".join(chosen.values())
        response.set_cookie(COOKIE, value, A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _sane(wanted: Mapping[str, str]) -> dict[str, str]:
    return {name: _valid(wanted.get(name), choices) for name, _, choices in CHOICES}


def _valid(value: str | None, choices: dict[str, str]) -> str:
    return value if value in choices else next(iter(choices))

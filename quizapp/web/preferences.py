"""How a reader wants pages to look: kept in a cookie of its own, which signing in and out leave alone."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, has_request_context, redirect, request
from werkzeug.wrappers import Response

from quizapp.web.requests import address, own_path

blueprint = Blueprint("preferences", __name__)

# name, heading, choices (the first is what holds for whoever has chosen nothing)
CHOICES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("theme", "Light or dark", {"auto": "Automatic", "light": "Light", "dark": "Dark"}),
    ("font", "Letters", {"serif": "Serif", "sans": "Sans"}),
    ("size", "Size", {"normal": "Normal", "large": "Large", "larger": "Larger"}),
    ("spacing", "Spacing", {"normal": "Normal", "wide": "Wide"}),
    ("tint", "Tint of the page", {"none": "None", "cream": "Cream", "blue": "Blue", "green": "Green"}),
)
COOKIE = "reading"
A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Let templates know what the reader has chosen, and pages change it."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(reading_preferences=reading_preferences, preference_choices=lambda: CHOICES)


def reading_preferences() -> dict[str, str]:
    """What the reader has chosen, each with its default; a cookie that somebody made up counts as none."""
    kept = request.cookies.get(COOKIE, "").split(".") if has_request_context() else []
    chosen = dict(zip((name for name, _, _ in CHOICES), kept, strict=False))
    return {name: _valid(chosen.get(name), choices) for name, _, choices in CHOICES}


@blueprint.post("/preferences")
def change() -> Response:
    """Keep what was chosen, and go back to the page."""
    chosen = [_valid(request.form.get(name), choices) for name, _, choices in CHOICES]
    response = redirect(own_path(request.form.get("next"), address("/")), 303)
    secure = current_app.session_interface.get_cookie_secure(current_app)
    response.set_cookie(COOKIE, ".".join(chosen), A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _valid(value: str | None, choices: dict[str, str]) -> str:
    return value if value in choices else next(iter(choices))

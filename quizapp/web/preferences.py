"""How a reader wants pages to look: kept in the session, applied as data- attributes of the page."""

from __future__ import annotations

from flask import Blueprint, Flask, has_request_context, redirect, request, session
from werkzeug.wrappers import Response

from quizapp.web.requests import address, own_path

blueprint = Blueprint("preferences", __name__)

# name, heading, choices (the first is what holds for whoever has chosen nothing)
CHOICES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("theme", "Light or dark", {"auto": "As the device", "light": "Light", "dark": "Dark"}),
    ("font", "Letters", {"serif": "Serif", "sans": "Sans"}),
    ("size", "Size", {"normal": "Normal", "large": "Large", "larger": "Larger"}),
    ("spacing", "Spacing", {"normal": "Normal", "wide": "Wide"}),
    ("tint", "Tint of the page", {"none": "None", "cream": "Cream", "blue": "Blue", "green": "Green"}),
)


def init_app(app: Flask) -> None:
    """Let templates know what the reader has chosen, and pages change it."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(reading_preferences=reading_preferences, preference_choices=lambda: CHOICES)


def reading_preferences() -> dict[str, str]:
    """What the reader has chosen, each with its default."""
    chosen = session.get("preferences", {}) if has_request_context() else {}
    return {name: _valid(chosen.get(name), choices) for name, _, choices in CHOICES}


@blueprint.post("/preferences")
def change() -> Response:
    """Keep what was chosen, and go back to the page."""
    session["preferences"] = {name: _valid(request.form.get(name), choices) for name, _, choices in CHOICES}
    return redirect(own_path(request.form.get("next"), address("/")), 303)


def _valid(value: str | None, choices: dict[str, str]) -> str:
    return value if value in choices else next(iter(choices))

"""Help: how things are done here, with pictures of the pages themselves.

The pictures are made by tests/browser/test_help.py (make pictures), which also fails when a page no longer looks as its
picture says: ``static/help/pictures.json`` holds of each its size and what the page said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, render_template
from markupsafe import Markup, escape

from quizapp.services.errors import NotFound
from quizapp.web.identity import allowed
from quizapp.web.requests import address

blueprint = Blueprint("help", __name__)
FOLDER = "help"
AUDIENCES = ("students", "teachers")


def init_app(app: Flask) -> None:
    """Serve the pages, and give their templates ``picture(name, alt)``."""
    app.register_blueprint(blueprint)
    known = sizes(Path(str(app.static_folder)))
    app.jinja_env.globals["picture"] = lambda name, alt: picture(known, name, alt)


def sizes(static: Path) -> dict[str, Any]:
    """What is known of each picture, by name: width and height in CSS pixels, version, and what the page said."""
    return dict(json.loads((static / FOLDER / "pictures.json").read_text(encoding="utf-8")))


def picture(known: dict[str, Any], name: str, alt: str) -> Markup:
    """The picture of this name; its size is told before it comes, so that nothing jumps."""
    one = known[name]
    source = address(f"/static/{FOLDER}/{name}.png?{one['version']}")
    return Markup('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        source, escape(alt), one["width"], one["height"]
    )


@blueprint.get("/help")
@allowed("see quizzes")
def index() -> str:
    """Which help there is."""
    return render_template("help/index.html")


@blueprint.get("/help/<audience>")
@allowed("see quizzes")
def show(audience: str) -> str:
    """How things are done here, for students or for teachers."""
    if audience not in AUDIENCES:
        raise NotFound
    return render_template(f"help/{audience}.html")

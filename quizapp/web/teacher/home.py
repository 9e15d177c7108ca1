"""Where teachers begin."""

from __future__ import annotations

from flask import render_template

from quizapp.web.identity import allowed
from quizapp.web.teacher import blueprint


@blueprint.get("/")
@allowed("see teaching pages")
def home() -> str:
    """What a teacher can do here."""
    return render_template("teacher/home.html")

"""Pages for teachers."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teacher", __name__, url_prefix="/teach")

from quizapp.web.teacher import audit, coverage, gallery, home  # noqa: E402, F401  the views need the blueprint

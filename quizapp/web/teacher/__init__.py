"""Pages for teachers."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teacher", __name__, url_prefix="/teach")

from quizapp.web.teacher import gallery  # noqa: E402, F401  its views belong to the blueprint above

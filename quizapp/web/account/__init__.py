"""Pages on which people sign up, in and out, and look after their account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from quizapp.web.account import own, visiting  # noqa: E402, F401  the views need the blueprint

"""Who is signed in just now, for a page's script: asked before what a browser has kept is sent in somebody's name."""

from __future__ import annotations

import hashlib
import hmac
import time
from functools import lru_cache

from flask import Blueprint, Flask, current_app, jsonify
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from quizapp.web.identity import allowed, viewer

blueprint = Blueprint("presence", __name__)


def init_app(app: Flask) -> None:
    """Answer scripts, and give templates ``account_mark()``."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(account_mark=account_mark)


def account_mark() -> str:
    """What stands for the account in a browser's store: always the same, and it says nothing; empty for nobody."""
    user_id = viewer().user_id
    if user_id is None:
        return ""
    return _mark(str(current_app.secret_key), user_id)


@lru_cache(maxsize=4096)
def _mark(key: str, user_id: int) -> str:
    return hmac.new(key.encode(), f"account {user_id}".encode(), hashlib.sha256).hexdigest()[:16]


@blueprint.get("/session")
@allowed("sign in")
def show() -> Response:
    """By the cookie's word and without a query: who it is, the token for their forms, and the server's time in ms."""
    who = viewer()
    answer = jsonify(
        user=account_mark(),
        name=who.name,
        csrf_token=generate_csrf() if who.is_signed_in else "",
        now=round(time.time() * 1000),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""What went wrong, as a page that says what to do next; as JSON for a script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from quizapp.services import transactions
from quizapp.services.errors import Refusal
from quizapp.web.requests import SAFE_METHODS, address, asked_for, own_path, request_id

KEPT_HEADERS = ("Allow", "Retry-After")


@dataclass(frozen=True)
class ErrorPage:
    """What a person reads when something did not work. ``back`` is the page that they came from, where it is ours."""

    status: int
    title: str
    message: str
    next_step: str = ""
    request_id: str = ""
    back: str = ""


# title, what happened, what to do next
WORDS: dict[int, tuple[str, str, str]] = {
    400: (
        "We could not read that",
        "What arrived was not what this page expects.",
        "Go back, reload the page and try once more.",
    ),
    403: (
        "Not for this account",
        "This page is for other accounts.",
        "Perhaps you have another account to sign in with.",
    ),
    404: (
        "Not found",
        "There is nothing at this address. It may have been mistyped, or moved.",
        "The list of quizzes is a good place to start again.",
    ),
    405: (
        "That does not work from here",
        "This address only answers a button on one of our pages.",
        "Go back and use the button there.",
    ),
    413: (
        "Too much at once",
        "What you sent is larger than we take: one megabyte, or eight for a file of questions or a source.",
        "Send something shorter. What you had saved before is still there.",
    ),
    429: (
        "Too many tries",
        "There have been many tries from here in a short time. Wait a minute, then try again.",
        "What you had saved is still there.",
    ),
    500: (
        "Something broke on our side",
        "That was our mistake, not yours. Whatever was shown as saved is still saved.",
        "Try once more. If it happens again, tell your teacher the number below.",
    ),
    503: (
        "Not available just now",
        "The database does not answer, so nothing was stored just now. What was shown as saved is still saved.",
        "Wait a moment, then try again.",
    ),
}
SESSION_ENDED = (
    "This page was open too long",
    "Its session has ended, or you signed in or out in another window. Nothing was stored.",
    "Go back to the page, reload it and send it again.",
)


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    for unavailable in transactions.UNAVAILABLE:
        app.register_error_handler(unavailable, _no_database)
    app.register_error_handler(transactions.UNFIT, _unfit)
    app.after_request(_stay_here)


def _stay_here(response: Response) -> Response:
    """The router's redirections name the host that whoever asks has named: the path is enough, and surely ours."""
    if response.status_code != 308:
        return response
    parts = urlsplit(response.location or "")
    return make_response(redirect(own_path(urlunsplit(("", "", *parts[2:])), address("/")), 308))


def _refusal(error: Refusal) -> Response:
    if error.status == 401 and request.method in SAFE_METHODS and not wants_json():
        wanted = urlencode({"next": asked_for()})
        return make_response(redirect(f"{address('/sign-in')}?{wanted}"))
    next_step = getattr(error, "next_step", "") or WORDS.get(error.status, ("", "", ""))[2]
    return answer(error.status, error.title, error.message, next_step)


def _forged(_error: CSRFError) -> Response:
    return answer(400, *SESSION_ENDED)


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    status = error.code or 500
    response = answer(status, *WORDS.get(status) or (error.name, error.description or "", ""))
    own = error.get_response().headers
    for name in KEPT_HEADERS:
        if name in own:
            response.headers[name] = own[name]
    return response


def _unfit(_error: Exception) -> Response:
    return answer(400, *WORDS[400])


def _no_database(error: Exception) -> Response:
    current_app.logger.error("the database does not answer", exc_info=error)
    response = answer(503, *WORDS[503])
    response.headers["Retry-After"] = "10"
    return response


def answer(status: int, title: str, message: str, next_step: str = "") -> Response:
    """The error as page or JSON. What the request had begun to store is undone."""
    transactions.rollback()
    page = ErrorPage(status, title, message, next_step, request_id(), _back())
    body: Any = jsonify(asdict(page)) if wants_json() else render_template("error.html", error=page)
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_json() -> bool:
    """Whether a script asks: it sends JSON, or would rather have JSON than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def _back() -> str:
    """The page from which a form was sent, where it is one of ours."""
    if request.method in SAFE_METHODS or not request.referrer:
        return ""
    parts = urlsplit(request.referrer)
    if parts.netloc != request.host:
        return ""
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path, "")

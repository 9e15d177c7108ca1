"""How often one may try: limits on what could be used to guess passwords or to fill the database."""

from __future__ import annotations

import math
import time
from hashlib import sha256

from flask import Flask, Response, after_this_request, current_app, request, session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from quizapp.services import usernames
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Refusal
from quizapp.web import device

# A school class of forty behind one address starts within a minute.
NEW_ACCOUNTS = "120 per minute"
# For one username, from everywhere: the longer somebody guesses, the longer they wait.
ONE_USERNAME = "5 per minute; 10 per 10 minutes; 20 per hour; 60 per day"

limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, key_prefix="quizapp")


class TooOften(Refusal):
    """Tried too often; the message says when to try again."""

    status = 429
    title = "Too many attempts"
    next_step = "Nothing is lost: what you had saved is still there."


def init_app(app: Flask) -> None:
    """Count where the settings say; without that storage each process counts for itself."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["SETTINGS"].rate_limit_storage)
    limiter.init_app(app)
    # Every limit here decorates what it limits, and is checked there: to look for others costs each request 0.03 ms.
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001 no public way; tests/web/test_limits
    settle, release = app.after_request_funcs[None].pop(), app.teardown_request_funcs[None].pop()
    app.after_request(lambda response: settle(response) if _is_counted() else response)

    @app.teardown_request
    def forget(error: BaseException | None) -> None:
        if _is_counted():
            release(error)

    app.register_error_handler(RateLimitExceeded, _say_when)


def _is_counted() -> bool:
    """Whether this request came upon a limit; what there is to settle of one hangs on its context."""
    return hasattr(request_ctx._get_current_object(), "_limiter_request_context")  # type: ignore[attr-defined]  # noqa: SLF001


def _failed(response: Response) -> bool:
    """Only a refused form counts as an attempt, so that a whole class may sign in at once."""
    return response.status_code == Mistakes.status


def _done(response: Response) -> bool:
    """What was sent was kept, and leads on to another page."""
    return response.status_code == 303


def _address() -> str:
    """Who asks; a device from which this person has signed in before is not held up by others at its address."""
    return _known_device() or f"address {get_remote_address()}"


def _username() -> str:
    """Whose password is asked for, not readable in the storage; someone's own device is not held up by strangers."""
    return _known_device() or sha256(usernames.key(_asked_for()).encode()).hexdigest()


def _known_device() -> str | None:
    known = device.known(_asked_for())
    return f"device {known}" if known else None


def _asked_for() -> str:
    return request.form.get("username", "")[:200]


def _sign_in_limit() -> str:
    return str(current_app.config["SETTINGS"].sign_in_limit)


def _asker() -> str:
    """Whoever is signed in; a class behind one address does not hold itself up."""
    return f"joins {session.get('_user_id') or get_remote_address()}"


def _guesses() -> str:
    """Of a quiz's password: visitors of one class share an address."""
    return CODES if session.get("_user_id") else "40 per minute; 200 per hour; 500 per day"


# Only codes that open nothing count: whoever guesses is one of very few who do.
CODES = "10 per minute; 40 per hour; 100 per day"
quiz_passwords = limiter.limit(_guesses, key_func=lambda: f"quiz {_asker()}", methods=["POST"], deduct_when=_failed)
join_codes = limiter.limit(CODES, key_func=_asker, methods=["GET", "POST"], deduct_when=_failed)
# What reaches teachers; to look for a passage on the way there counts apart.
REPORTS, ON_THE_WAY = "6 per minute; 30 per hour; 60 per day", "60 per minute"
reports = limiter.shared_limit(REPORTS, "reports", key_func=_asker, methods=["POST"], deduct_when=_done)
on_the_way = limiter.shared_limit(ON_THE_WAY, "on the way", key_func=_asker, methods=["POST"])
new_accounts = limiter.limit(NEW_ACCOUNTS, methods=["POST"])
sign_in_by_address = limiter.limit(_sign_in_limit, key_func=_address, methods=["POST"], deduct_when=_failed)
sign_in_by_username = limiter.limit(ONE_USERNAME, key_func=_username, methods=["POST"], deduct_when=_failed)


def _say_when(_error: RateLimitExceeded) -> ResponseReturnValue:
    held = limiter.current_limit
    seconds = max(1, math.ceil(held.reset_at - time.time())) if held else 60

    @after_this_request
    def say_it_to_machines(response: Response) -> Response:
        response.headers["Retry-After"] = str(seconds)
        return response

    return current_app.handle_user_exception(TooOften(f"There were too many attempts. Try again in {_words(seconds)}."))


def _words(seconds: int) -> str:
    if seconds < 100:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if minutes < 100 else f"{math.ceil(minutes / 60)} hours"

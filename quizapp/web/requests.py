"""What surrounds every request: its id, its transaction, its size, its cookie and its forgery token."""

from __future__ import annotations

import copy
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import flask
from flask import Flask, Request, current_app, g, has_request_context, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, same_origin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2.utils import LRUCache
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.services import transactions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_REQUEST = 1024 * 1024
LARGER_TEXTS = {"teacher.add_source", "teacher.give_source_text", "teacher.attach_copy"}  # pasted into a field
LARGEST_TEXT = 4 * 1024 * 1024  # bytes of such a field
LARGER_REQUESTS = dict.fromkeys({"teacher.receive_import", *LARGER_TEXTS}, 9 * 1024 * 1024)  # a file and its form
REMEMBERED = 4096  # sessions, in each process
RENEWED_AFTER = timedelta(days=1)
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

csrf = CSRFProtect()
_good_tokens: LRUCache = LRUCache(REMEMBERED)


class Response(flask.Response):
    """An answer; the usual one is sent with the headers that it has, where Werkzeug would send a copy of them."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """As Werkzeug's, which for these puts nothing right."""
        if self.status_code == HTTPStatus.OK and "Content-Length" in self.headers:
            return self.headers
        return super().get_wsgi_headers(environ)


class App(Flask):
    """The app; no view and no hook of it is a coroutine, which Flask would look for some twenty times a request."""

    response_class = Response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


class Session(SecureCookieSession):
    """A session that knows when its cookie was signed."""

    signed_at: datetime | None = None


class SessionCookies(SecureCookieSessionInterface):
    """Cookies by TLS alone: always, never, or (auto) for whoever comes by TLS. Renewed once a day, not at each page."""

    session_class = Session

    def __init__(self, app: Flask) -> None:
        """For this app: cookies whose signature was found good are known again, by secret key and cookie."""

        @lru_cache(maxsize=REMEMBERED)
        def verified(_secret_key: object, cookie: str) -> tuple[dict[str, Any], datetime]:
            serializer = self.get_signing_serializer(app)
            if serializer is None:
                raise BadSignature("there is no secret key")
            kept, signed_at = serializer.loads(cookie, return_timestamp=True)
            return kept, signed_at

        self._verified = verified

    def open_session(self, app: Flask, request: Request) -> Session | None:
        """The session that the cookie holds; an empty one where there is none, or it is too old."""
        cookie, lifetime = request.cookies.get(self.get_cookie_name(app), ""), app.permanent_session_lifetime
        try:
            kept, signed_at = self._verified(app.secret_key, cookie)
        except BadSignature:
            return Session()
        if not timedelta(0) <= datetime.now(UTC) - signed_at <= lifetime:
            return Session()
        session = Session({name: one if isinstance(one, str) else copy.deepcopy(one) for name, one in kept.items()})
        session.signed_at = signed_at
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:  # noqa: ARG002 Flask asks so
        """Whether the cookie is written: when something in it has changed, or it is a day old."""
        signed_at = getattr(session, "signed_at", None)
        is_old = signed_at is not None and datetime.now(UTC) - signed_at > RENEWED_AFTER
        return session.modified or (session.permanent and is_old)

    def save_session(self, app: Flask, session: SessionMixin, response: flask.Response) -> None:
        """Write the cookie where that is due; where not, only say that the page depends on it."""
        if session and not self.should_set_cookie(app, session):
            response.headers.add("Vary", "Cookie")
        else:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether this answer's cookie is Secure."""
        chosen = app.config["SETTINGS"].secure_cookies
        return request.is_secure if chosen == "auto" else chosen == "on"


def init_app(app: Flask) -> None:
    """Prepare the app for requests."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="quizapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # it is checked, by _check_token
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the session: a quiz may lie open for an hour
    )
    app.session_interface = SessionCookies(app)
    app.before_request(_begin)  # before the check of the token, whose refusal is a page too
    app.before_request(_check_token)
    csrf.init_app(app)
    app.template_context_processors[None].append(lambda: {"csrf_token": token})  # in place of Flask-WTF's
    app.jinja_env.globals.update(address=address, this_address=this_address, csrf_token=token)
    trusted = app.config["SETTINGS"].trust_proxy
    if trusted:
        proxied = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def _check_token() -> None:
    """Whatever changes something shows the session's token; what does not is not asked further.

    A token that was found good is known again, by session and secret key; where it comes from is asked each time.
    """
    if request.method in SAFE_METHODS or not current_app.config["WTF_CSRF_ENABLED"]:
        return
    here = g._get_current_object()  # noqa: SLF001 see token()
    shown = (current_app.secret_key, session.get("csrf_token"), request.form.get("csrf_token"))
    if all(shown) and shown in _good_tokens and _comes_from_here():
        here.csrf_valid = True
        return
    csrf.protect(apply_exemptions=True)
    if all(shown) and "csrf_valid" in here:
        _good_tokens[shown] = True


def _comes_from_here() -> bool:
    """By TLS, whether the page that sends the form is one of ours; as Flask-WTF asks it."""
    return not request.is_secure or same_origin(request.referrer or "", f"https://{request.host}/")


def token() -> str:
    """The token for this session's forms, as Flask-WTF makes it; one is signed once, since it lasts as long."""
    here = g._get_current_object()  # noqa: SLF001 what the proxy stands for, looked up once
    if "csrf_token" not in here:
        raw = session.get("csrf_token")
        if raw is None:
            return str(generate_csrf())
        here.csrf_token = _signed_token(current_app.secret_key, raw)
    return str(here.csrf_token)


@lru_cache(maxsize=REMEMBERED)
def _signed_token(secret_key: str, raw: str) -> str:
    return str(URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token").dumps(raw))


def request_id() -> str:
    """The id by which this request is found in the log."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def address(path: str) -> str:
    """The address of one of the app's own paths, wherever the app is mounted."""
    return f"{request.script_root}{path}" if has_request_context() else path


def this_address() -> str:
    """Where a form that stands on every page comes back to: this page; the first one where this can't be got."""
    if request.method not in SAFE_METHODS or request.url_rule is None:
        return address("/")
    return asked_for()


def asked_for() -> str:
    """What this request asks for, path and query, as it stands in an address."""
    query = request.query_string.decode("latin-1")
    return address(quote(request.path)) + (f"?{query}" if query else "")


def own_path(wanted: str | None, otherwise: str) -> str:
    """The path if it surely leads to this app (for ``?next=``), else ``otherwise``."""
    if not wanted or not wanted.startswith("/") or re.search(r"[\x00-\x20\\\x7f]", wanted) or wanted[1:2] == "/":
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted


def _begin() -> None:
    g.started = time.perf_counter()
    asking: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 see token()
    given = asking.headers.get("X-Request-Id", "")
    g.request_id = given if _SANE_ID.fullmatch(given) else secrets.token_hex(8)
    endpoint = asking.endpoint
    if endpoint in LARGER_REQUESTS:
        asking.max_content_length = LARGER_REQUESTS[endpoint]
    if endpoint in LARGER_TEXTS:
        asking.max_form_memory_size = LARGEST_TEXT
    transactions.begin(read_only=asking.method in SAFE_METHODS)

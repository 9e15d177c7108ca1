"""The headers of every answer, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from quizapp.web.requests import request_id

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = "max-age=31536000"
# Pages that must not come back out of a shared computer's memory. A view may say more strictly itself, never less.
PRIVATE = (
    "/attempts",
    "/progress",
    "/account",
    "/assignments",
    "/join",
    "/reports",
    "/teach",
    "/sign-",
    "/first-teacher",
)


_LOWER = {name.lower() for name in ALWAYS}
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Give every answer its headers."""
    app.after_request(_add)
    app.wsgi_app = _with_those_always(app.wsgi_app)  # type: ignore[assignment, method-assign]


def _with_those_always(answer: Wsgi) -> Wsgi:
    """Adds what every answer has and this one does not say itself; as plain pairs, which cost next to nothing."""

    def answer_with_headers(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            own = _LOWER.intersection(name.lower() for name, _ in headers)
            always = [pair for pair in ALWAYS.items() if pair[0].lower() not in own] if own else ALWAYS.items()
            return start_response(status, [*headers, *always], *more)

        return answer(environ, start)

    return answer_with_headers


def _add(response: Response) -> Response:
    headers = response.headers
    headers.add("X-Request-Id", request_id())
    if request.is_secure:
        headers["Strict-Transport-Security"] = A_YEAR
    if request.path.startswith(PRIVATE):
        headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in headers:
        headers.add("Cache-Control", "private, no-cache")
    return response

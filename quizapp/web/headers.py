"""The headers of every answer, in one place."""

from __future__ import annotations

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
PRIVATE = ("/attempts", "/progress", "/account", "/assignments", "/join", "/teach", "/sign-", "/first-teacher")


def init_app(app: Flask) -> None:
    """Give every answer its headers."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    given = {name.lower() for name, _ in headers}  # once: each look into the headers goes through all of them
    for name, value in ALWAYS.items():
        if name.lower() not in given:
            headers.add(name, value)
    headers.add("X-Request-Id", request_id())
    if request.is_secure:
        headers["Strict-Transport-Security"] = A_YEAR
    if request.path.startswith(PRIVATE):
        headers["Cache-Control"] = "no-store"
    elif "cache-control" not in given:
        headers.add("Cache-Control", "private, no-cache")
    return response

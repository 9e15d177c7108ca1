"""A cookie by which a device is known again: whoever guesses a password from elsewhere locks nobody out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from quizapp.services import usernames

COOKIE = "device"
_YEAR = 365 * 24 * 60 * 60
_MOST_NAMES = 20  # on a device that a class shares


@dataclass(frozen=True)
class Device:
    """A browser from which people have signed in: an id that means nothing, and whose sign-ins it has seen."""

    id: str
    names: tuple[str, ...] = ()


def known(username: str) -> str | None:
    """The id of the asking device if this person has signed in from it before."""
    device = _device()
    return device.id if device is not None and _mark(username) in device.names else None


def remember(response: Response, username: str) -> None:
    """Have the asking device known again as one of this person's."""
    device = _device() or Device(secrets.token_hex(8))
    others = tuple(name for name in device.names if name != _mark(username))
    kept = [device.id, *(_mark(username), *others)[:_MOST_NAMES]]
    response.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.session_interface.get_cookie_secure(current_app),
    )


def _device() -> Device | None:
    try:
        device_id, *names = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return Device(device_id, tuple(names))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="quizapp device")


def _mark(username: str) -> str:
    """What stands for a name in the cookie: not the name, since devices are shared."""
    return sha256(f"{current_app.config['SECRET_KEY']}/{usernames.key(username)}".encode()).hexdigest()[:16]

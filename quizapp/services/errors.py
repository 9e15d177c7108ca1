"""What can go wrong for a person: nouns, each with the message that the person reads. The web gives each one status."""

from __future__ import annotations


class Refusal(Exception):
    """Something that cannot be done; the message says what happened and what to do next."""

    status = 400
    title = "That did not work"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's: the two look alike on purpose."""

    status = 404
    title = "Not found"

    def __init__(self, message: str = "There is nothing at this address. It may have been mistyped, or moved.") -> None:
        super().__init__(message)


class SignInNeeded(Refusal):
    """Nobody is signed in, or the session has ended."""

    status = 401
    title = "Please sign in"

    def __init__(self, message: str = "Please sign in to go on. Your answers so far are kept.") -> None:
        super().__init__(message)


class NotAllowed(Refusal):
    """Somebody in this role may not do that."""

    status = 403
    title = "Not for this account"

    def __init__(self, message: str = "This page is for other accounts.") -> None:
        super().__init__(message)


class Conflict(Refusal):
    """What was to be done does not fit what has happened meanwhile."""

    status = 409
    title = "Something has changed meanwhile"


class Unavailable(Refusal):
    """The service cannot do it just now; trying again later may work."""

    status = 503
    title = "Not available just now"

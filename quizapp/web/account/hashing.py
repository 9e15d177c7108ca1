"""Hashing takes long on purpose, so it happens while no transaction is open: SQLite has one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app

from quizapp.services import transactions
from quizapp.services.passwords import Hashing


def hashing() -> Hashing:
    """How this installation hashes passwords."""
    return cast(Hashing, current_app.config["SETTINGS"].password_hashing)


@contextmanager
def apart() -> Iterator[None]:
    """Reading that is over before what follows: no transaction is open then, and the next one writes."""
    transactions.rollback()
    transactions.begin(read_only=True)
    yield
    transactions.rollback()
    transactions.begin(read_only=False)

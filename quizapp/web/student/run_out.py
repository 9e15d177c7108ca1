"""Whoever comes back after the time ran out finds the attempt handed in, on whichever page they look first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from quizapp.services import taking, transactions
from quizapp.web.identity import viewer

Found = TypeVar("Found")


def hand_in(now: datetime) -> None:
    """Submit, as of their deadlines, the viewer's attempts that the clock has ended; writes only where it must."""
    user_id = viewer().user_id
    if user_id is not None and taking.has_run_out(transactions.session(), user_id=user_id, now=now):
        _close(user_id, now)


def looked_at(look: Callable[[], Found], has_run_out: Callable[[Found], bool], now: datetime) -> Found:
    """What there is to see; where an attempt in it was ended by the clock, that is handed in and seen anew."""
    found, user_id = look(), viewer().user_id
    if user_id is None or not has_run_out(found):
        return found
    _close(user_id, now)
    return look()


def _close(user_id: int, now: datetime) -> None:
    with transactions.write_transaction():
        taking.close_overdue(transactions.session(), now=now, user_id=user_id)

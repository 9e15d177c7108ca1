"""When questions were first shown: noted at once, written together a moment later.

So a look at a question takes no turn to write, also where a whole school begins at once. A server that is killed in
that moment loses these times, and nothing else.
"""

from __future__ import annotations

import threading
import uuid
from datetime import datetime
from typing import cast

from flask import Flask, current_app

from quizapp.services import taking, transactions

WAIT = 0.5  # seconds until what was noted is written; at 0, in the request itself
LOOKS = "quizapp.looks"


class Looks:
    """The looks of one process that are not written yet."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._noted: dict[tuple[uuid.UUID, int], taking.Look] = {}

    def note(self, look: taking.Look) -> None:
        """Keep it until all that were noted are written; a second look at the same question counts no more."""
        with self._guard:
            is_first = not self._noted
            self._noted.setdefault((look.attempt_id, look.number), look)
        if not WAIT:
            self.write()
        elif is_first:
            threading.Timer(WAIT, self.write).start()  # a server that is to end waits for it

    def write(self) -> None:
        """Write what was noted until now, in one transaction of its own."""
        with self._guard:
            noted, self._noted = list(self._noted.values()), {}
        if noted:
            with self._app.app_context(), transactions.noting("when a question was first shown"):
                taking.mark_shown(transactions.session(), noted)


def init_app(app: Flask) -> None:
    """Give the app its looks."""
    app.extensions[LOOKS] = Looks(app)


def note(attempt_id: uuid.UUID, number: int, *, user_id: int, now: datetime) -> None:
    """Note that the question is being shown to whose attempt it is."""
    cast(Looks, current_app.extensions[LOOKS]).note(taking.Look(attempt_id, number, user_id, now))

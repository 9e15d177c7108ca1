"""The trial of a quiz that a teacher has begun in this browser: its attempt is the stand-in's."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import request, session

from quizapp.web.identity import viewer

KEY = "trial"


class Trial(NamedTuple):
    """Which attempt, whose it is, who tries, and which quiz."""

    attempt: str
    stand_in: int
    teacher: int
    quiz: str


def remember(attempt_id: uuid.UUID, stand_in: int, teacher: int, quiz: str) -> None:
    """Keep in the signed cookie that this browser is trying the quiz."""
    session[KEY] = list(Trial(str(attempt_id), stand_in, teacher, quiz))


def forget() -> None:
    """The trial is over."""
    session.pop(KEY, None)


def running() -> Trial | None:
    """The trial whose attempt the address names, where it is this teacher's."""
    kept = session.get(KEY)
    if not kept:
        return None
    trial = Trial(*kept)
    is_it = str((request.view_args or {}).get("attempt_id")) == trial.attempt
    return trial if is_it and viewer().user_id == trial.teacher else None

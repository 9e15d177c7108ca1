"""What a student may see of an attempt, and when: a grid of moments by aspects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

Moment = Literal["during", "right_after", "while_open", "after_close"]
Aspect = Literal["score", "marks", "correctness", "feedback", "explanation", "key", "evidence"]

MOMENTS: tuple[Moment, ...] = ("during", "right_after", "while_open", "after_close")
ASPECTS: tuple[Aspect, ...] = ("score", "marks", "correctness", "feedback", "explanation", "key", "evidence")
EVERYTHING: frozenset[str] = frozenset(ASPECTS)
NOTHING: frozenset[str] = frozenset()
RIGHT_AFTER = timedelta(minutes=2)

DEFAULTS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "practice": dict.fromkeys(MOMENTS, EVERYTHING),
    "test": {"during": NOTHING, **dict.fromkeys(MOMENTS[1:], EVERYTHING)},
}


def moment(submitted_at: datetime | None, now: datetime, closes: datetime | None = None) -> Moment:
    """The moment that ``now`` is for an attempt: right after lasts two minutes, as in Moodle."""
    if submitted_at is None:
        return "during"
    if closes is not None and now >= closes:
        return "after_close"
    return "right_after" if now - submitted_at < RIGHT_AFTER else "while_open"


def visible(mode: str, overrides: Mapping[Moment, tuple[Aspect, ...]], at: Moment) -> frozenset[str]:
    """The aspects shown at that moment: the mode's default, or what the quiz says instead.

    During an attempt this speaks of slots that are checked (practice); an unchecked slot never shows anything.
    """
    return frozenset(overrides[at]) if at in overrides else DEFAULTS[mode][at]

"""What the charts of progress draw, for a student's own page and for their teacher's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from quizapp.domain.strands import Share, Strand
from quizapp.services.learners.strands import TITLES, Strands
from quizapp.services.reporting import Progress
from quizapp.web.filters import number, short_day

Address = Callable[[uuid.UUID], str | None]
SELDOM = 0.02  # of all answers, below which a group is listed after the others
NOTES = {"sources": "A question whose answer rests on several sources counts for each."}


def strand_charts(strands: Strands) -> list[dict[str, Any]]:
    """The charts of each grouping that there is anything in: title, note, strands."""
    return [
        {
            "title": title,
            "note": NOTES.get(name, ""),
            "strands": _seldom_asked_last(strands.by[name], strands.everything.share.answered),
            "periods": strands.periods,
        }
        for name, title in TITLES.items()
        if strands.by[name]
    ]


def _seldom_asked_last(found: Sequence[Strand], answered: int) -> list[Strand]:
    return sorted(found, key=lambda one: one.share.answered < SELDOM * answered)


def score_points(found: Progress, address: Address) -> list[dict[str, Any]]:
    """A point for each attempt whose score may be seen."""
    return [
        {
            "label": f"{short_day(line.submitted_at, year=True)}, {quiz.title}",
            "tick": short_day(line.submitted_at),
            "value": float(line.percent),
            "shown": f"{number(line.percent, 0)}%",
            "href": address(line.id),
        }
        for quiz, line in found.timeline
        if line.percent is not None
    ]


def share_points(strands: Strands) -> list[dict[str, Any]]:
    """A point for each period in which enough was answered to tell a share."""
    pairs = zip(strands.periods, strands.everything.over_time, strict=True)
    return [
        {"label": period.name, "tick": period.name, "value": float(share.percent), "shown": shown(share)}
        for period, share in pairs
        if share.percent is not None
    ]


def shown(share: Share) -> str:
    """The share in words, with how many answers it is of."""
    answers = f"{share.answered:,} {'answer' if share.answered == 1 else 'answers'}"
    return f"too few ({answers})" if share.percent is None else f"{number(share.percent, 0)}% of {answers}"


def certainty_bars(found: Progress) -> list[dict[str, Any]]:
    """How often each certainty was right."""
    return [
        {
            "label": one.name.capitalize(),
            "value": None if one.share is None else float(one.share * 100),
            "shown": f"too few answers ({one.answers})"
            if one.share is None
            else f"{number(one.share * 100, 0)}% of {one.answers}",
        }
        for one in found.calibration or ()
    ]

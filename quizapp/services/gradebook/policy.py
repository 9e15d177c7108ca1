"""What a teacher chooses for a class: how marks are shown, what weighs how much, what is dropped or missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from quizapp.domain import scale as scales
from quizapp.domain.counting import WEIGHTINGS, Weighting
from quizapp.domain.scale import Scale
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own
from quizapp.store import gradebook
from quizapp.store.gradebook_tables import GradingPolicy

AS_USUAL = Scale()
MOST_DROPPED = 20


@dataclass(frozen=True)
class Policy:
    """How the marks of a class are counted and shown.

    ``drop_lowest``: so many of each student's lowest results do not count. ``missing_is_zero``: what was not handed in
    counts as nothing earned, once its due date (or close, where it has none) is past and somebody has begun it; else
    it does not count.
    """

    scale: Scale = AS_USUAL
    weighting: Weighting = "points"
    drop_lowest: int = 0
    missing_is_zero: bool = False


def policy(session: Session, class_id: int) -> Policy:
    """What is chosen for the class; as usual where nothing is; one query."""
    row = gradebook.policy(session, class_id)
    if row is None:
        return Policy()
    return Policy(scales.from_plain(row.scale), cast(Weighting, row.weighting), row.drop_lowest, row.missing_is_zero)


def choose(session: Session, class_id: int, wanted: Policy, *, teacher_id: int, now: datetime) -> Policy:
    """Count and show the marks of this teacher's class so from now on. Raises ``NotFound``, ``Mistakes``."""
    own.taught(session, class_id, teacher_id, lock=True)
    _check(wanted)
    old = policy(session, class_id)
    if old == wanted:
        return wanted
    row = gradebook.policy(session, class_id) or GradingPolicy(class_id=class_id)
    row.scale, row.weighting = scales.as_plain(wanted.scale), wanted.weighting
    row.drop_lowest, row.missing_is_zero, row.changed_at = wanted.drop_lowest, wanted.missing_is_zero, now
    session.add(row)
    session.flush()
    before, after = _said(old), _said(wanted)
    audit.record(session, teacher_id, "change", "grading", class_id, before, after, now=now, class_id=class_id)
    return wanted


def _check(wanted: Policy) -> None:
    wrong = {name: [message] for name, message in scales.problems(wanted.scale).items()}
    if wanted.weighting not in WEIGHTINGS:
        wrong["weighting"] = ["Choose what a quiz weighs in the total."]
    if not 0 <= wanted.drop_lowest <= MOST_DROPPED:
        wrong["drop_lowest"] = [f"Choose from 0 to {MOST_DROPPED}."]
    if wrong:
        raise Mistakes(wrong)


def _said(chosen: Policy) -> dict[str, Any]:
    shown = scales.as_plain(chosen.scale)
    return {
        **shown,
        "thresholds": scales.thresholds_text(chosen.scale.thresholds).replace("\n", ", "),
        "weighting": chosen.weighting,
        "drop_lowest": chosen.drop_lowest,
        "missing_is_zero": chosen.missing_is_zero,
    }

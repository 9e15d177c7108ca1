"""What was read and what was misread: each passage that a quiz's keys rest on, before and after answering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.services.analysis.sheets import Sheet
from quizapp.services.reading import passage_names
from quizapp.store import analysis
from quizapp.store.analysis import SatSlot

SURE = 3
FEW = 5  # answers, below which a share is not told


@dataclass
class PassageLine:
    """What became of the questions whose key rests on a passage. A reader had it beside the question, or opened it.

    ``misread``: read before the answer, and not right. ``sure_unread``: sure, not right, and not read before.
    """

    passage: str
    name: str
    questions: int = 0
    answers: int = 0
    missed: int = 0
    before: int = 0
    after: int = 0
    misread: int = 0
    sure_unread: int = 0
    asked_how_sure: bool = False

    @property
    def missed_share(self) -> float | None:
        """Missed answers as a share; None of few."""
        return self.missed / self.answers if self.answers >= FEW else None

    @property
    def misread_share(self) -> float | None:
        """Of those who had read it, who missed; None of few."""
        return self.misread / self.before if self.before >= FEW else None


def passages(session: Session, sheets: Sequence[Sheet], items: Mapping[str, Item]) -> list[PassageLine]:
    """A line for each passage, the most misread first; two queries."""
    keys = {digest: {one.passage for _, one in item.key_evidence()} for digest, item in items.items()}
    refs = set().union(*keys.values())
    if not sheets or not refs:
        return []
    names = passage_names(session, refs)
    lines = {ref: PassageLine(ref, str(names.get(ref, ref))) for ref in refs}
    for ref, one in lines.items():
        one.questions = len({items[digest].id for digest, named in keys.items() if ref in named})
    opened = _openings(session, sheets, refs)
    for sheet in sheets:
        for slot in sheet.slots:
            for ref in keys[slot.item_digest]:
                beside = ref in items[slot.item_digest].ask(items[slot.item_digest].default_order()).passages
                _count(lines[ref], sheet, slot, opened.get((sheet.sat.user_id, ref), ()), beside)
    return sorted(lines.values(), key=lambda one: (-(one.misread_share or 0), -(one.missed_share or 0), one.name))


def _openings(session: Session, sheets: Iterable[Sheet], refs: set[str]) -> dict[tuple[int, str], list[datetime]]:
    sat = [sheet.sat for sheet in sheets]
    found: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    users = sorted({one.user_id for one in sat})
    for one in analysis.opened(session, users, min(attempt.started_at for attempt in sat)):
        if one.passage in refs:
            found[one.user_id, one.passage].append(one.opened_at)
    return found


def _count(one: PassageLine, sheet: Sheet, slot: SatSlot, opened: Iterable[datetime], beside: bool) -> None:
    given = sheet.answers.get(slot.number, ())
    answered_at = given[-1].received_at if given else sheet.sat.submitted_at
    began = sheet.sat.started_at
    read = beside or any(began <= moment <= answered_at for moment in opened)
    missed = slot.fraction != 1
    sure = given[-1].certainty if given else None
    one.answers += 1
    one.missed += missed
    one.before += read
    one.after += any(moment > answered_at for moment in opened)
    one.misread += read and missed
    one.asked_how_sure |= sure is not None
    one.sure_unread += sure == SURE and missed and not read

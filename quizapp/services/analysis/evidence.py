"""What was read and what was misread: each passage that a quiz's keys rest on, before and after answering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.certainty import SURE
from quizapp.domain.item import Item
from quizapp.domain.reading_findings import Certain, PassageLine
from quizapp.services.analysis.sheets import Sheet
from quizapp.services.reading import passage_names
from quizapp.store import analysis
from quizapp.store.analysis import SatSlot


def passages(session: Session, sheets: Sequence[Sheet], items: Mapping[str, Item]) -> tuple[list[PassageLine], Certain]:
    """A line for each passage, the most misread first, and what became of sure answers; two queries."""
    keys = {digest: {one.passage for _, one in item.key_evidence()} for digest, item in items.items()}
    refs = set().union(*keys.values())
    certain = Certain()
    if not sheets or not refs:
        return [], certain
    names = passage_names(session, refs)
    lines = {ref: PassageLine(ref, str(names.get(ref, ref))) for ref in refs}
    for ref, one in lines.items():
        one.questions = len({items[digest].id for digest, named in keys.items() if ref in named})
    opened = _openings(session, sheets, refs)
    for sheet in sheets:
        for slot in sheet.slots:
            here = keys[slot.item_digest]
            beside = set(items[slot.item_digest].ask(items[slot.item_digest].default_order()).passages)
            read = [
                _count(lines[ref], sheet, slot, opened.get((sheet.sat.user_id, ref), ()), ref in beside) for ref in here
            ]
            if read:
                _count_sure(certain, sheet, slot, any(read))
    told = sorted(lines.values(), key=lambda one: (-(one.misread_share or 0), -(one.missed_share or 0), one.name))
    return told, certain


def _openings(session: Session, sheets: Iterable[Sheet], refs: set[str]) -> dict[tuple[int, str], list[datetime]]:
    sat = [sheet.sat for sheet in sheets]
    found: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    users = sorted({one.user_id for one in sat})
    for one in analysis.opened(session, users, min(attempt.started_at for attempt in sat)):
        if one.passage in refs:
            found[one.user_id, one.passage].append(one.opened_at)
    return found


def _count_sure(certain: Certain, sheet: Sheet, slot: SatSlot, read: bool) -> None:
    """Count an answer that was given as sure; it is unread where none of the key's passages was read before."""
    given = sheet.answers.get(slot.number, ())
    if given and given[-1].certainty == SURE:
        missed = slot.fraction != 1
        certain.given += 1
        certain.wrong += missed
        certain.unread += missed and not read


def _count(one: PassageLine, sheet: Sheet, slot: SatSlot, opened: Iterable[datetime], beside: bool) -> bool:
    """Count an answer for a passage on which its key rests; whether it had been read."""
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
    return read

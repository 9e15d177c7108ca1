"""What was marked anew after an attempt was handed in, as its student may see it beside what was seen then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.regrade import rule_of
from quizapp.domain.source import Evidence
from quizapp.services.reading import OpenQuestions
from quizapp.store import bank, marks, regrades
from quizapp.store.mark_tables import MarkChange
from quizapp.store.regrade_tables import RegradeRun
from quizapp.store.sheets import SheetSlot, WholeSheet


@dataclass(frozen=True)
class NewKey:
    """The key as it is now, where it is another than the one that was seen; what may not be shown is None or empty."""

    text: str
    explanation: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Correction:
    """A mark that moved: from what to what, when and why; ``undone`` where that takes an earlier correction back."""

    at: datetime
    undone: bool
    old: Decimal | None
    new: Decimal | None
    old_available: Decimal
    new_available: Decimal
    why: str
    rule: str | None = None
    key: NewKey | None = None


def corrections(
    session: Session, attempt: WholeSheet, seen: frozenset[str], asked: OpenQuestions
) -> Mapping[int, tuple[Correction, ...]]:
    """Slot → its corrections, the earliest first, as far as ``seen`` and open questions allow; no query for none."""
    if "marks" not in seen or attempt.submitted_at is None or not attempt.was_regraded:
        return {}
    moved = [one for one in marks.history(session, [attempt.id]) if one.run_id is not None]
    runs = regrades.runs_of(session, {one.run_id for one in moved if one.run_id is not None})
    slots = {slot.number: slot for slot in attempt.slots if slot.item not in asked.places}
    digests = {one.to_digest for one in runs.values()} | {slot.item_digest for slot in slots.values()}
    items = bank.items(session, digests)
    by_slot: dict[int, list[MarkChange]] = {}
    for change in moved:
        if change.slot in slots:
            by_slot.setdefault(change.slot, []).append(change)
    return {number: _of_slot(slots[number], changes, runs, items, seen, asked) for number, changes in by_slot.items()}


def _of_slot(
    slot: SheetSlot,
    changes: Sequence[MarkChange],
    runs: Mapping[int, RegradeRun],
    items: Mapping[str, Item],
    seen: frozenset[str],
    asked: OpenQuestions,
) -> tuple[Correction, ...]:
    """Each correction of a slot; the last tells the key by which the question is marked now."""
    found: list[Correction] = []
    available = slot.available
    for change in reversed(changes):
        run = runs[change.run_id or 0]
        before = available if change.old_available is None else change.old_available
        is_last = not found and change.kind == "regrade"
        found.append(
            Correction(
                at=change.at, undone=change.kind == "undo", old=change.old_mark, new=change.new_mark,
                old_available=before, new_available=available, why=change.why,
                rule=_rule(run, items) if "key" in seen and change.kind == "regrade" else None,
                key=_new_key(slot, run, items, seen, asked) if is_last else None,
            )
        )  # fmt: skip
        available = before
    return tuple(reversed(found))


def _rule(run: RegradeRun, items: Mapping[str, Item]) -> str | None:
    """The rule in words, where it is another than marking by the key."""
    rule = rule_of(run.rule)
    return None if rule.deed == "key" else rule.words(items[run.to_digest])


def _new_key(
    slot: SheetSlot, run: RegradeRun, items: Mapping[str, Item], seen: frozenset[str], asked: OpenQuestions
) -> NewKey | None:
    old, new = items[slot.item_digest], items[run.to_digest]
    if "key" not in seen or _key(old) == _key(new):
        return None
    proofs = (one for _, one in new.key_evidence())
    evidence = tuple(asked.withheld.spared(one) for one in proofs) if "evidence" in seen else ()
    explanation = new.explanation if "explanation" in seen else None
    return NewKey(_key(new), explanation, evidence)


def _key(item: Item) -> str:
    return item.review(item.correct_response(), item.default_order()).key or ""

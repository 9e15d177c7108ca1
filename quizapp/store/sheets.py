"""An attempt as its pages read it, by queries that are built once: a slot with the states of all, or all slots."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import NamedFromClause

from quizapp import store
from quizapp.domain.attempt import Saved, Sitting, Stamp, Standing
from quizapp.domain.marking import from_units
from quizapp.store.mark_tables import MarkChange
from quizapp.store.tables import ATTEMPT, RESPONSE, SLOT, USER

BLANKS: Any = literal_column("""('null', '""', '[]', '{}')""")
NO_SLOT = 0  # slots count from 1


class SlotState(NamedTuple):
    """How it stands with a slot. The fraction is for whoever may see it."""

    number: int
    section: int
    answered: bool
    flagged: bool
    checked: bool
    fraction: Decimal | None


@dataclass(frozen=True, slots=True)
class SheetSlot:
    """A slot with its answer, if it has one. What is kept as JSON is read when asked for."""

    attempt_id: uuid.UUID
    number: int
    item: str
    item_digest: str
    order_json: str
    evidence_json: str
    available: Decimal
    flagged: bool
    first_shown_at: datetime | None
    checked_at: datetime | None
    fraction: Decimal | None
    mark: Decimal | None
    reason: str | None
    parts_json: str
    self_check: str | None
    comment: str | None
    answer: Saved | None

    @property
    def order(self) -> tuple[int, ...]:
        """The options as shown, as indexes into the item's own."""
        return tuple(json.loads(self.order_json))

    @property
    def evidence(self) -> dict[str, str]:
        """«kind:name» → digest of the passages and disputes that the slot was set with."""
        return dict(json.loads(self.evidence_json))

    @property
    def parts(self) -> dict[str, Any]:
        """The parts of the mark, in units of 10⁻⁷."""
        return dict(json.loads(self.parts_json))


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attempt, the slot asked for (None where it has no such slot), and the states of all, as ``states`` reads them.

    ``session_epoch`` is that of its user's account now.
    """

    id: uuid.UUID
    session_epoch: int
    quiz_digest: str
    mode: str
    number: int
    reached: int | None
    submitted_at: datetime | None
    closes_at: datetime | None
    assignment_id: int | None
    sitting: Sitting
    slot: SheetSlot | None
    states: str


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """An attempt as it came out, with all of its slots.

    ``has_others``: whether something was written that does not count, too late or beside another device's answer;
    ``was_regraded``: whether marks in it moved with a regrade; ``session_epoch`` is that of its user's account now.
    """

    id: uuid.UUID
    session_epoch: int
    quiz: str
    quiz_digest: str
    mode: str
    number: int
    started_at: datetime
    deadline: datetime | None
    grace_seconds: int
    submitted_at: datetime | None
    overdue: bool
    mark: Decimal | None
    available: Decimal
    assignment_id: int | None
    due_at: datetime | None
    closes_at: datetime | None
    own_deadline: datetime | None
    late_percent: int
    set_mark: Decimal | None
    comment: str | None
    has_others: bool
    was_regraded: bool
    slots: tuple[SheetSlot, ...] = ()


def whole_sheet(session: Session, attempt_id: uuid.UUID, user_id: int) -> WholeSheet | None:
    """The attempt, if it is this user's; two queries."""
    row = store.read_one(session, _WHOLE, {"attempt": attempt_id, "user": user_id})
    if row is None:
        return None
    slots = store.read_all(session, _SLOTS, {"attempt": attempt_id})
    return WholeSheet(**row._mapping, slots=tuple([_slot(attempt_id, one) for one in slots]))  # noqa: SLF001 public


def sheet(session: Session, attempt_id: uuid.UUID, user_id: int, number: int = NO_SLOT) -> Sheet | None:
    """The attempt, if it is this user's, with the slot of this number."""
    given = {"attempt": attempt_id, "user": user_id, "number": number}
    row = store.read_one(session, _SHEET, given)
    if row is None:
        return None
    return Sheet(
        id=attempt_id,
        session_epoch=row.session_epoch,
        quiz_digest=row.quiz_digest,
        mode=row.mode,
        number=row.attempt_number,
        reached=row.reached,
        submitted_at=row.submitted_at,
        closes_at=row.closes_at,
        assignment_id=row.assignment_id,
        sitting=Sitting(row.started_at, row.deadline, timedelta(seconds=row.grace_seconds), row.submitted_at),
        slot=None if row.number is None else _slot(attempt_id, row),
        states=row.states or "",
    )


def states(kept: str) -> tuple[SlotState, ...]:
    """How it stands with each slot, in their order, from a sheet's ``states``."""
    return tuple(sorted(_state(*one.split(",")) for one in kept.split(";") if one))


def some_checked(kept: str) -> bool:
    """Whether any slot is checked, by a sheet's ``states``."""
    return "c" in kept


def _state(number: str, section: str, signs: str, units: str) -> SlotState:
    fraction = from_units(int(units)) if units else None
    return SlotState(int(number), int(section), "a" in signs, "f" in signs, "c" in signs, fraction)


def _slot(attempt_id: uuid.UUID, row: Any) -> SheetSlot:
    answer = None
    if row.client is not None:
        stamp, response = Stamp(row.client, row.sequence), json.loads(row.response)
        answer = Saved(stamp, response, Standing.CURRENT, row.received_at, row.certainty, row.because)
    return SheetSlot(
        attempt_id,
        row.number,
        row.item,
        row.item_digest,
        row.order,
        row.evidence,
        row.available,
        row.flagged,
        row.first_shown_at,
        row.checked_at,
        row.fraction,
        row.mark,
        row.reason,
        row.parts,
        row.self_check,
        row.comment,
        answer,
    )


Bind = BindParameter[Any]


def _query() -> Select[Any]:
    """Of tables instead of classes: to put objects together takes longer than to ask."""
    attempt: Bind = bindparam("attempt", type_=Uuid())
    number: Bind = bindparam("number")
    ours, slots, people, answer = ATTEMPT.c, SLOT.c, USER.c, RESPONSE.alias("answer")
    return (
        select(
            people.session_epoch,
            *(ours.quiz_digest, ours.mode, ours.number.label("attempt_number"), ours.submitted_at),
            *(ours.started_at, ours.deadline, ours.grace_seconds, ours.closes_at, ours.assignment_id, ours.reached),
            *_slot_columns(answer),
            _states(attempt).label("states"),
        )
        .join_from(ATTEMPT, USER, people.id == ours.user_id)
        .outerjoin(SLOT, and_(slots.attempt_id == attempt, slots.number == number))
        .outerjoin(
            answer,
            and_(
                answer.c.attempt_id == attempt,
                answer.c.slot == number,
                answer.c.ordinal == _newest(attempt, number, "ordinal"),
            ),
        )
        .where(ours.id == attempt, ours.user_id == bindparam("user"))
    )


def _slot_columns(answer: NamedFromClause[Any]) -> tuple[Any, ...]:
    """What ``_slot`` wants of a slot and its answer."""
    slots = SLOT.c
    asked = (slots.number, slots.item, slots.item_digest, slots.available, slots.flagged, slots.first_shown_at)
    marked = (slots.checked_at, slots.fraction, slots.mark, slots.reason, slots.self_check, slots.comment)
    given = (answer.c.client, answer.c.sequence, _text(answer.c.response), answer.c.received_at)
    texts = (_text(slots.order), _text(slots.evidence), _text(slots.parts))
    return (*asked, *marked, *texts, *given, answer.c.certainty, answer.c.because)


def _whole() -> Select[Any]:
    """The columns by the names of ``WholeSheet``."""
    attempt: Bind = bindparam("attempt", type_=Uuid())
    ours = ATTEMPT.c
    besides = RESPONSE.c.standing.in_((_said(Standing.LATE.value), _said(Standing.CONFLICT.value)))
    return (
        select(
            *(ours.id, USER.c.session_epoch, ours.quiz, ours.quiz_digest, ours.mode, ours.number),
            *(ours.started_at, ours.deadline, ours.grace_seconds, ours.submitted_at, ours.overdue),
            *(ours.mark, ours.available, ours.assignment_id, ours.due_at, ours.closes_at, ours.own_deadline),
            *(ours.late_percent, ours.set_mark, ours.comment),
            exists().where(RESPONSE.c.attempt_id == attempt, besides).label("has_others"),
            exists().where(MarkChange.attempt_id == attempt, MarkChange.run_id.is_not(None)).label("was_regraded"),
        )
        .join_from(ATTEMPT, USER, USER.c.id == ours.user_id)
        .where(ours.id == attempt, ours.user_id == bindparam("user"))
    )


def _slots() -> Select[Any]:
    attempt: Bind = bindparam("attempt", type_=Uuid())
    slots, answer = SLOT.c, RESPONSE.alias("answer")
    newest = _newest(attempt, slots.number, "ordinal", SLOT)
    same = and_(answer.c.attempt_id == attempt, answer.c.slot == slots.number, answer.c.ordinal == newest)
    return (
        select(*_slot_columns(answer))
        .select_from(SLOT)
        .outerjoin(answer, same)
        .where(slots.attempt_id == attempt)
        .order_by(slots.number)
    )


def _states(attempt: Bind) -> Any:
    """Every slot as «number,section,signs,fraction», joined by semicolons; signs: answered, flagged, checked."""
    each = SLOT.alias("each")
    response = func.coalesce(_newest(attempt, each.c.number, "response", each), _said("null"))
    signs = (
        _sign("a", response.op("NOT IN")(BLANKS)),
        _sign("f", each.c.flagged),
        _sign("c", each.c.checked_at.is_not(None)),
    )
    parts = (each.c.number, ",", each.c.section, ",", *signs, ",", func.coalesce(_word(each.c.fraction), _said("")))
    words = [part if isinstance(part, ColumnElement) else _said(part) for part in parts]
    state = reduce(lambda left, right: left.concat(right), map(_word, words))
    return select(func.aggregate_strings(state, _said(";"))).where(each.c.attempt_id == attempt).scalar_subquery()


def _sign(letter: str, condition: Any) -> Any:
    return case((condition, _said(letter)), else_=_said(""))


def _newest(attempt: Bind, number: Any, column: str, beside: Any = None) -> Any:
    """A column of the slot's current response."""
    one = RESPONSE.alias(f"newest_{column}")
    found = (
        select(_word(one.c[column]) if column == "response" else one.c[column])
        .where(one.c.attempt_id == attempt, one.c.slot == number, one.c.standing == _said(Standing.CURRENT.value))
        .order_by(one.c.ordinal.desc())
        .limit(literal_column("1"))
    )
    return (found if beside is None else found.correlate(beside)).scalar_subquery()


def _word(column: Any) -> Any:
    return cast(column, Text)


def _said(letters: str) -> Any:
    """Letters of our own that stand in the statement: each bound value costs time at every asking."""
    return literal_column(f"'{letters}'", Text)


def _text(column: Any) -> Any:
    """A JSON column as the text that it is kept as."""
    return cast(column, Text).label(column.key)


_SHEET, _WHOLE, _SLOTS = _query(), _whole(), _slots()

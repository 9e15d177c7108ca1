"""Attempts, their slots and the responses in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BindParameter,
    Insert,
    Row,
    Select,
    Update,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.util import identity_key

from quizapp import store
from quizapp.domain.attempt import Held, Saved, Sitting, Stamp, Standing
from quizapp.store.sheets import WholeSheet
from quizapp.store.tables import ATTEMPT, RESPONSE, SLOT, USER, Attempt, Response, Slot, User


@dataclass(frozen=True)
class Place:
    """A slot as a save finds it: whose it is, whether it still takes answers, what it holds."""

    session_epoch: int
    sitting: Sitting
    mode: str
    item_digest: str
    order: tuple[int, ...]
    checked_at: datetime | None
    final: bool
    holds: Held
    next_ordinal: int


@dataclass(frozen=True)
class Look:
    """That a slot was shown to its user."""

    attempt_id: uuid.UUID
    number: int
    user_id: int
    at: datetime


class PlaceTaken(Exception):
    """Another response came in between; look again."""


Bind = BindParameter[Any]
NO_STAMP = Stamp("", -1)


def place(session: Session, attempt_id: uuid.UUID, user_id: int, number: int, stamp: Stamp | None) -> Place | None:
    """The slot and all that matters for a response with this stamp, in one query; None where it isn't this user's."""
    asked = stamp or NO_STAMP
    given = {"attempt": attempt_id, "user": user_id, "slot": number, "client": asked.client, "sequence": asked.sequence}
    row = store.read_one(session, _PLACE, given)
    if row is None:
        return None
    return Place(
        session_epoch=row.session_epoch,
        sitting=Sitting(row.started_at, row.deadline, timedelta(seconds=row.grace_seconds), row.submitted_at),
        mode=row.mode,
        item_digest=row.item_digest,
        order=tuple(row.order),
        checked_at=row.checked_at,
        final=row.checked_at is not None or (row.reached is not None and number < row.reached),
        holds=Held(current=_saved(row, "current"), same=_saved(row, "same"), highest=row.highest),
        next_ordinal=(row.last_ordinal or 0) + 1,
    )


SAVED = ("client", "sequence", "response", "standing", "received_at", "certainty", "because")


def _place_query() -> Select[Any]:
    """Built once, of tables instead of classes: to put query and objects together takes longer than to ask."""
    attempt: Bind = bindparam("attempt", type_=Uuid())
    slot: Bind = bindparam("slot")
    client: Bind = bindparam("client")
    ours, slots, people = ATTEMPT.c, SLOT.c, USER.c
    answer, every, same = (RESPONSE.alias(name) for name in ("answer", "every", "same"))
    here = and_(every.c.attempt_id == attempt, every.c.slot == slot)
    current = every.c.standing == Standing.CURRENT.value
    newest = select(func.max(every.c.ordinal)).where(here, current).scalar_subquery()
    highest = select(func.max(every.c.sequence)).where(here, every.c.client == client).scalar_subquery()
    return (
        select(
            people.session_epoch,
            *(ours.started_at, ours.deadline, ours.grace_seconds, ours.submitted_at, ours.mode, ours.reached),
            *(slots.item_digest, slots.order, slots.checked_at),
            *(answer.c[name].label(f"current_{name}") for name in SAVED),
            *(same.c[name].label(f"same_{name}") for name in SAVED),
            select(func.max(every.c.ordinal)).where(here).scalar_subquery().label("last_ordinal"),
            highest.label("highest"),
        )
        .join_from(ATTEMPT, SLOT, slots.attempt_id == ours.id)
        .join(USER, people.id == ours.user_id)
        .outerjoin(answer, and_(answer.c.attempt_id == attempt, answer.c.slot == slot, answer.c.ordinal == newest))
        .outerjoin(
            same,
            and_(
                same.c.attempt_id == attempt,
                same.c.slot == slot,
                same.c.client == client,
                same.c.sequence == bindparam("sequence"),
            ),
        )
        .where(ours.id == attempt, ours.user_id == bindparam("user"), slots.number == slot)
    )


APPENDED = ("attempt_id", "slot", "ordinal", "client", "sequence", "base", *SAVED[2:])


def _append_statement() -> Insert:
    """A response, if its slot still stands as it was found.

    On PostgreSQL it takes a key-share lock on the attempt: it waits for a submission or a check that has begun and then
    sees it, or these wait for it. SQLite writes one thing at a time.
    """
    columns = [RESPONSE.c[name] for name in APPENDED]
    submitted_at, checked_at = ATTEMPT.c.submitted_at, SLOT.c.checked_at
    as_found = (
        select(*(bindparam(f"its_{column.name}", type_=column.type) for column in columns))
        .join_from(ATTEMPT, SLOT, SLOT.c.attempt_id == ATTEMPT.c.id)
        .where(ATTEMPT.c.id == bindparam("attempt", type_=Uuid()), SLOT.c.number == bindparam("slot"))
        .where(submitted_at.is_not_distinct_from(bindparam("found_submitted_at", type_=submitted_at.type)))
        .where(checked_at.is_not_distinct_from(bindparam("found_checked_at", type_=checked_at.type)))
        .with_for_update(read=True, key_share=True, of=ATTEMPT)
    )
    return insert(RESPONSE).from_select(columns, as_found)


_PLACE = _place_query()
_APPEND = _append_statement()


def _saved(row: Any, prefix: str) -> Saved | None:
    client, sequence, response, standing, *more = (getattr(row, f"{prefix}_{name}") for name in SAVED)
    return None if client is None else Saved(Stamp(client, sequence), response, Standing(standing), *more)


def append(
    session: Session, attempt_id: uuid.UUID, number: int, found: Place, saved: Saved, base: Stamp | None
) -> None:
    """Keep a response in the slot as it was found; for good as this returns, where the session has not begun.

    Raises ``PlaceTaken``, with a transaction that has begun rolled back, where something came in between.
    """
    given = {
        "attempt": attempt_id,
        "slot": number,
        "found_submitted_at": found.sitting.submitted_at,
        "found_checked_at": found.checked_at,
        "its_attempt_id": attempt_id,
        "its_slot": number,
        "its_ordinal": found.next_ordinal,
        "its_client": saved.stamp.client,
        "its_sequence": saved.stamp.sequence,
        "its_base": str(base) if base else None,
        "its_response": saved.response,
        "its_standing": saved.standing.value,
        "its_received_at": saved.received_at,
        "its_certainty": saved.certainty,
        "its_because": saved.because,
    }
    try:
        kept = store.write_one(session, _APPEND, given)
    except IntegrityError as error:
        session.rollback()
        raise PlaceTaken from error
    if not kept:
        session.rollback()
        raise PlaceTaken


@dataclass(frozen=True)
class SlotMark:
    """What a slot earned; ``parts`` are in units of 10⁻⁷."""

    number: int
    fraction: Decimal | None
    mark: Decimal | None
    reason: str
    parts: dict[str, int]


def hand_in(session: Session, done: WholeSheet, marks: Iterable[SlotMark]) -> None:
    """Keep how an attempt came out, and what those of its slots earned that are marked with that."""
    earned = [
        {
            "in_attempt": done.id,
            "at_number": one.number,
            "its_fraction": one.fraction,
            "its_mark": one.mark,
            "its_reason": one.reason,
            "its_parts": one.parts,
        }
        for one in marks
    ]
    if earned:
        session.execute(_MARK_SLOT, earned)
    came_out = {f"its_{name}": getattr(done, name) for name in CAME_OUT}
    session.execute(_HAND_IN, {"attempt": done.id, **came_out})
    _read_anew(session, done)


def _read_anew(session: Session, done: WholeSheet) -> None:
    """What the session holds of an attempt that was handed in beside it."""
    theirs = [(Slot, (done.id, slot.number), EARNED) for slot in done.slots] if len(session.identity_map) else []
    for kind, identity, names in [(Attempt, (done.id,), CAME_OUT), *theirs]:
        kept = session.identity_map.get(identity_key(kind, identity))
        if kept is not None:
            session.expire(kept, names)


def hold(session: Session, attempt_id: uuid.UUID) -> None:
    """Wait for saves in flight, and keep others waiting until the transaction ends."""
    session.execute(_LOCK, {"attempt": attempt_id})


def find(session: Session, attempt_id: uuid.UUID, user_id: int, *, lock: bool = False) -> Attempt | None:
    """The attempt with its slots, if it is this user's; ``lock`` as ``hold`` does."""
    query = _ATTEMPT
    if lock:
        hold(session, attempt_id)
        query = query.execution_options(populate_existing=True)
    return session.scalars(query, {"attempt": attempt_id, "user": user_id}).unique().one_or_none()


def answers(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, int], Saved]:
    """The current response of each slot of these attempts that has one, in one query."""
    rows = session.execute(_ANSWERS, {"attempts": attempt_ids})
    return {(row.attempt_id, row.slot): as_saved(row) for row in rows}


def others(session: Session, attempt_id: uuid.UUID, standings: Iterable[Standing]) -> dict[int, list[Saved]]:
    """The responses of these standings (late ones, say), by slot, in the order received."""
    wanted = [standing.value for standing in standings]
    found: dict[int, list[Saved]] = {}
    for row in session.execute(_OTHERS, {"attempt": attempt_id, "standings": wanted}):
        found.setdefault(row.slot, []).append(as_saved(row))
    return found


def as_saved(row: Response | Row[Any]) -> Saved:
    """The row as the domain sees it."""
    stamp, standing = Stamp(row.client, row.sequence), Standing(row.standing)
    return Saved(stamp, row.response, standing, row.received_at, row.certainty, row.because)


def sitting(attempt: Attempt | WholeSheet) -> Sitting:
    """The facts of the attempt that its state follows from."""
    return Sitting(attempt.started_at, attempt.deadline, timedelta(seconds=attempt.grace_seconds), attempt.submitted_at)


def of_quiz(session: Session, user_id: int, quiz: str) -> list[Attempt]:
    """The user's attempts at a quiz, retries included, in the order started."""
    query = select(Attempt).where(Attempt.user_id == user_id, Attempt.quiz == quiz).order_by(Attempt.started_at)
    return list(session.scalars(query))


def of_user(session: Session, user_id: int, *, slots: bool = True) -> list[Attempt]:
    """All of the user's attempts, in the order started; with their slots in a second query."""
    query = select(Attempt).where(Attempt.user_id == user_id).order_by(Attempt.started_at)
    return list(session.scalars(query.options(selectinload(Attempt.slots)) if slots else query))


def items_of(session: Session, attempt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The items that each of these attempts sets; one query."""
    rows = session.execute(select(Slot.attempt_id, Slot.item).where(Slot.attempt_id.in_(attempt_ids)))
    found: dict[uuid.UUID, list[str]] = {one: [] for one in attempt_ids}
    for attempt_id, item in rows:
        found[attempt_id].append(item)
    return found


def overdue(session: Session, now: datetime, user_id: int | None = None) -> list[Attempt]:
    """The attempts (of a user) whose deadline has passed and that nobody has submitted; grace is for the caller."""
    query = select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline < now)
    if user_id is not None:
        query = query.where(Attempt.user_id == user_id)
    return list(session.scalars(query))


def open_outside_the_grade(
    session: Session, user_id: int, quiz: str, retry_of: uuid.UUID | None = None
) -> Attempt | None:
    """The user's open practice outside the grade at a quiz, on what was missed in ``retry_of``; with its slots."""
    query = select(Attempt).where(
        *(Attempt.user_id == user_id, Attempt.quiz == quiz, Attempt.number == 0, Attempt.submitted_at.is_(None)),
        Attempt.retry_of.is_(None) if retry_of is None else Attempt.retry_of == retry_of,
    )
    newest = query.order_by(Attempt.started_at.desc()).limit(1).options(selectinload(Attempt.slots))
    return session.scalars(newest).one_or_none()


def open_items(session: Session, user_id: int) -> set[str]:
    """The items that the user is being asked: in attempts not submitted, what is not checked there."""
    query = (
        select(Slot.item)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Attempt.user_id == user_id, Attempt.submitted_at.is_(None), Slot.checked_at.is_(None))
    )
    return set(session.scalars(query))


def mark_shown(session: Session, looks: Sequence[Look]) -> None:
    """Note when these slots were first shown; later looks change nothing."""
    if looks:
        given = [{"attempt": one.attempt_id, "user": one.user_id, "slot": one.number, "now": one.at} for one in looks]
        session.execute(_MARK_SHOWN, given)


def _mark_shown() -> Update:
    """Built once: whoever goes through a quiz asks it at every question."""
    attempt: Bind = bindparam("attempt", type_=Uuid())
    mine = select(ATTEMPT.c.id).where(ATTEMPT.c.id == attempt, ATTEMPT.c.user_id == bindparam("user"))
    return (
        update(SLOT)
        .where(SLOT.c.attempt_id.in_(mine), SLOT.c.number == bindparam("slot"), SLOT.c.first_shown_at.is_(None))
        .values(first_shown_at=bindparam("now"))
    )


_MARK_SHOWN = _mark_shown()


def leave(session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int) -> None:
    """Where the questions go one way: from this slot to the next, if it stands at this one and there is a next."""
    mine = (Attempt.id == attempt_id, Attempt.user_id == user_id, Attempt.submitted_at.is_(None))
    after = exists().where(Slot.attempt_id == attempt_id, Slot.number == number + 1)
    session.execute(update(Attempt).where(*mine, Attempt.reached == number, after).values(reached=number + 1))


def lock_user(session: Session, user_id: int) -> User | None:
    """The user's row, locked, so that two starts at once follow one another."""
    return session.scalars(select(User).where(User.id == user_id).with_for_update()).one_or_none()


def _answers() -> Select[Any]:
    columns = RESPONSE.c
    newest = (
        select(columns.attempt_id, columns.slot, func.max(columns.ordinal).label("ordinal"))
        .where(
            columns.attempt_id.in_(bindparam("attempts", expanding=True)), columns.standing == Standing.CURRENT.value
        )
        .group_by(columns.attempt_id, columns.slot)
        .subquery()
    )
    same = (columns[name] == newest.c[name] for name in ("attempt_id", "slot", "ordinal"))
    return select(RESPONSE).join(newest, and_(*same))


# Built once: to put such a query together takes longer than to ask it.
_ATTEMPT = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt"), Attempt.user_id == bindparam("user"))
    .options(joinedload(Attempt.slots))
)
CAME_OUT = ("submitted_at", "overdue", "mark", "set_mark", "late_percent")
EARNED = ("fraction", "mark", "reason", "parts")


def _kept(names: Iterable[str]) -> dict[str, Bind]:
    return {name: bindparam(f"its_{name}") for name in names}


_HAND_IN = update(ATTEMPT).where(ATTEMPT.c.id == bindparam("attempt")).values(_kept(CAME_OUT))
_MARK_SLOT = (
    update(SLOT)
    .where(SLOT.c.attempt_id == bindparam("in_attempt"), SLOT.c.number == bindparam("at_number"))
    .values(_kept(EARNED))
)
_LOCK = select(ATTEMPT.c.id).where(ATTEMPT.c.id == bindparam("attempt")).with_for_update()
_ANSWERS = _answers()
_OTHERS = (
    select(RESPONSE)
    .where(
        RESPONSE.c.attempt_id == bindparam("attempt"), RESPONSE.c.standing.in_(bindparam("standings", expanding=True))
    )
    .order_by(RESPONSE.c.slot, RESPONSE.c.ordinal)
)

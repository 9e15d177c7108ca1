"""Saving answers: one query, one row, which is written only where nothing came in between."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain import because, certainty
from quizapp.domain.attempt import Arrival, AttemptClosed, Saved, Stamp, Standing, judge
from quizapp.domain.item import Form, Item, Order, is_blank
from quizapp.services.errors import NotFound, SignInNeeded, Unavailable
from quizapp.store import attempts, bank

TRIES = 8
COUNTING = (Standing.CURRENT, Standing.CONFLICT)


@dataclass(frozen=True)
class Receipt:
    """What became of a save, and the slot's answer after it, as forms show them."""

    standing: Standing
    stamp: Stamp
    repeated: bool
    current: Stamp | None
    current_form: dict[str, list[str]]
    answered: bool
    own_form: dict[str, list[str]]


@dataclass(frozen=True)
class Sent:
    """An answer on its way to a slot: the form, who sent it in which session, its stamp, and what it replaces.

    ``stamp`` is None for a form without script: then ``fresh``, a random word, names the client.
    """

    attempt_id: uuid.UUID
    number: int
    form: Form
    user_id: int
    epoch: int
    fresh: str
    stamp: Stamp | None = None
    base: Stamp | None = None

    @property
    def arrival(self) -> Arrival:
        """The stamp, its own or one made of the random word, and what is replaced."""
        return Arrival(self.stamp or Stamp(f"form-{self.fresh}", 1), self.base, scripted=self.stamp is not None)


def respond(session: Session, sent: Sent, *, now: datetime) -> Receipt:
    """Keep what the form says, and tell what became of it.

    Where the session has not begun, it may be kept for good as this returns; the web commits in any case before it
    tells anybody. Raises ``NotFound`` where the slot isn't this user's, ``SignInNeeded``
    where the session ended.
    """
    for _ in range(TRIES):
        try:
            return _respond(session, sent, now)
        except attempts.PlaceTaken:
            continue
    raise Unavailable("Many answers came in at once, and this one was not stored. Please save it again.")


def _respond(session: Session, sent: Sent, now: datetime) -> Receipt:
    place = attempts.place(session, sent.attempt_id, sent.user_id, sent.number, sent.stamp)
    if place is None:
        raise NotFound
    if place.session_epoch != sent.epoch:
        raise SignInNeeded
    item = bank.item(session, place.item_digest)
    if place.holds.same is not None:
        return _receipt(item, place, place.holds.same, place.holds.current, repeated=True)
    response, sure = item.read(sent.form, place.order), certainty.read(sent.form)
    reason = because.read(sent.form) if item.because else None
    before = place.holds.current
    if sent.stamp is None and _says_the_same((response, sure, reason), before):
        return _receipt(item, place, before or Saved(Stamp("", 0), None, Standing.CURRENT, now), before, repeated=True)
    standing = judge(sent.arrival, place.holds, counts=place.sitting.open(now) and not place.final)
    saved = Saved(sent.arrival.stamp, response, standing, now, sure, reason)
    attempts.append(session, sent.attempt_id, sent.number, place, saved, sent.base)
    return _receipt(item, place, saved, saved if standing is Standing.CURRENT else before, repeated=False)


def _says_the_same(said: tuple[object, int | None, str | None], before: Saved | None) -> bool:
    response, *more = said
    if before is None:
        return is_blank(response) and more == [None, None]
    return said == (before.response, before.certainty, before.because)


def _receipt(item: Item, place: attempts.Place, saved: Saved, current: Saved | None, *, repeated: bool) -> Receipt:
    return Receipt(
        standing=saved.standing,
        stamp=saved.stamp,
        repeated=repeated,
        current=current.stamp if current else None,
        current_form=answer_form(item, current, place.order) if current else {},
        answered=current is not None and not is_blank(current.response),
        own_form=answer_form(item, saved, place.order),
    )


def answer_form(item: Item, saved: Saved, order: Order) -> dict[str, list[str]]:
    """The form, as the page shows it, that says what was saved: the answer, how sure, and why."""
    return {**item.form(saved.response, order), **certainty.form(saved.certainty), **because.form(saved.because)}


def flag(session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int, flagged: bool, now: datetime) -> None:
    """Mark the slot to come back to, or not any more. Raises ``NotFound`` or ``AttemptClosed``."""
    attempt = attempts.find(session, attempt_id, user_id)
    slot = next((one for one in attempt.slots if one.number == number), None) if attempt else None
    if attempt is None or slot is None:
        raise NotFound
    if not attempts.sitting(attempt).open(now):
        raise AttemptClosed
    slot.flagged = flagged

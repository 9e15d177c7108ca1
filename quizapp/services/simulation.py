"""Students who are made up: each has an ability and takes a quiz as a browser would, with times, changed answers and
opened passages. The same seed gives the same sitting.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp

from sqlalchemy.orm import Session

from quizapp.domain import because, certainty
from quizapp.domain.item import Form, Item, Order, Response, is_blank
from quizapp.services import reading, taking
from quizapp.store import bank
from quizapp.store.tables import Attempt, Slot

Answer = Callable[[Item, random.Random], Response]
CHANGES_MIND = 0.1
READS = 0.35  # how likely a passage is opened before the answer, for an average student
READS_ON = 0.25  # how likely a passage is opened after a miss
CHOICES = ("single_choice", "multiple_choice", "true_false")
SPREAD = 0.55  # how far one step of difficulty moves a question, in standard deviations of ability


@dataclass(frozen=True)
class Simulated:
    """A made-up student: an account, how able (0 is average, 1 a standard deviation more), or one who only guesses.

    ``leans`` says how much more, or less, in questions of a skill. ``because`` is what they write where a question asks
    for a reason: beside the right answer, and beside a wrong one.
    """

    user_id: int
    ability: float = 0.0
    guesses: bool = False
    epoch: int = 0
    name: str = ""
    leans: Mapping[str, float] = field(default_factory=dict)
    because: tuple[str, str] = ("", "")


def begin(session: Session, quiz: str, one: Simulated, seed: str, now: datetime) -> Attempt:
    """The student starts a quiz that is open to all."""
    return taking.start(session, quiz, user_id=one.user_id, attempt_id=uuid.uuid4(), seed=seed, now=now)


def sit(session: Session, attempt: Attempt, one: Simulated, *, seed: str, now: datetime) -> Attempt:
    """Answer every question of the attempt, and hand it in."""
    chance = random.Random(seed)  # noqa: S311
    items = bank.items(session, [slot.item_digest for slot in attempt.slots])
    asks = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest].certainty
    for slot in attempt.slots:
        now = _answer(session, slot, items[slot.item_digest], one, chance, now, asks)
    now += timedelta(seconds=chance.uniform(2, 30))
    taking.submit(session, attempt.id, user_id=one.user_id, now=now)
    _read_on(session, attempt, items, one, seed, now)
    return attempt


def _read_on(
    session: Session, attempt: Attempt, items: Mapping[str, Item], one: Simulated, seed: str, now: datetime
) -> None:
    """Now and then open the passage of what was missed."""
    chance = random.Random(f"{seed} reading on")  # noqa: S311
    for slot in attempt.slots:
        evidence = items[slot.item_digest].key_evidence()
        if evidence and slot.fraction != 1 and not one.guesses and chance.random() < READS_ON:
            now += timedelta(seconds=chance.uniform(5, 60))
            place = f"{attempt.id}.{slot.number}"
            reading.record_opening(session, evidence[0][1].passage, user_id=one.user_id, now=now, slot=place)


def _answer(
    session: Session, slot: Slot, item: Item, one: Simulated, chance: random.Random, now: datetime, asks: bool
) -> datetime:
    """Look at a question, perhaps read the passage, answer, perhaps think again; when that was done.

    ``asks``: whether the quiz asks how sure one is.
    """
    taking.mark_shown(session, [taking.Look(slot.attempt_id, slot.number, one.user_id, now)])
    read = not one.guesses and chance.random() < READS + 0.1 * one.ability
    if read and (evidence := item.key_evidence()):
        now += timedelta(seconds=chance.uniform(3, 10))
        place = f"{slot.attempt_id}.{slot.number}"
        reading.record_opening(session, evidence[0][1].passage, user_id=one.user_id, now=now, slot=place)
    knows = chance.random() < likely(item, one.ability + one.leans.get(item.skill, 0.0) + 0.4 * read)
    final = _response(item, slot.order, knows and not one.guesses, chance, one.guesses)
    if not one.guesses and chance.random() < CHANGES_MIND:
        now += timedelta(seconds=chance.uniform(5, 30))
        _send(
            session,
            slot,
            item,
            one,
            chance,
            _response(item, slot.order, not knows, chance),
            now,
            sure=1 if asks else None,
        )
    now += timedelta(seconds=chance.uniform(2, 6) if one.guesses else chance.lognormvariate(3.2, 0.5))
    sure = _how_sure(knows, chance)
    _send(session, slot, item, one, chance, final, now, sure=sure if asks else None)
    return now + timedelta(seconds=chance.uniform(1, 4))


def _send(
    session: Session, slot: Slot, item: Item, one: Simulated, chance: random.Random, response: Response,
    now: datetime, sure: int | None,
) -> None:  # fmt: skip
    form: Form = {**item.form(response, slot.order), **certainty.form(sure), **_reason(item, one, response)}
    fresh = f"{chance.getrandbits(64):016x}"
    sent = taking.Sent(slot.attempt_id, slot.number, form, user_id=one.user_id, epoch=one.epoch, fresh=fresh)
    taking.respond(session, sent, now=now)


def _reason(item: Item, one: Simulated, response: Response) -> Form:
    """What is written beside an answer, where the question asks for it."""
    if not item.because:
        return {}
    right, wrong = one.because
    return because.form(right if item.mark(response).fraction == 1 else wrong)


def likely(item: Item, ability: float) -> float:
    """How likely a student knows the answer: the logistic model, with the author's difficulty and some of its own."""
    own = random.Random(item.id)  # noqa: S311
    difficulty = SPREAD * (item.difficulty - 3.4) + own.gauss(0, 0.4)
    return 1 / (1 + exp(-own.uniform(1.0, 1.9) * (ability - difficulty)))


def _how_sure(knows: bool, chance: random.Random) -> int:
    return chance.choices((1, 2, 3), (1, 3, 6) if knows else (5, 3, 2))[0]


def _response(item: Item, order: Order, knows: bool, chance: random.Random, blind: bool = False) -> Response:
    """The right answer of somebody who knows; else a wrong one, of which some are more tempting than others."""
    if knows:
        return item.correct_response()
    wrong = wrong_responses(item, order)
    if blind:
        return chance.choice([item.correct_response(), *wrong])
    own = random.Random(f"{item.id} temptation")  # noqa: S311
    return chance.choices(wrong, [own.uniform(0.05, 1.0) for _ in wrong])[0] if wrong else None


def wrong_responses(item: Item, order: Order) -> list[Response]:
    """Answers that do not earn the full mark: each option alone, or what the author foresaw."""
    values = [*map(str, range(len(item.option_texts(order)))), "true", "false"]
    each = [item.read({"answer": [value]}, order) for value in values] if item.type in CHOICES else []
    wrong = [one for one in [*each, *item.sample_responses()] if not is_blank(one) and item.mark(one).fraction != 1]
    found = {str(one): one for one in wrong}
    return [found[name] for name in sorted(found)]

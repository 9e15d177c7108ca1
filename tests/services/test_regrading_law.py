"""The law of regrades: a run does exactly what its dry run said, and undoing it gives exactly the old marks back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.marking import Mark
from quizapp.domain.regrade import DEEDS, Rule
from quizapp.services import marks
from quizapp.services.regrading import planning, runs
from quizapp.services.regrading.planning import DryRun
from quizapp.services.regrading.runs import Choice
from quizapp.store.tables import Attempt, Slot
from tests import small_bank
from tests.regrading import Taught, handed_in, key_is
from tests.small_bank import NOON

ITEM = "choice-1"
OPTIONS = {"drop": ("a", "b", "c"), "grant": ("a", "b", "c")}


@dataclass(frozen=True)
class Story:
    """What was answered, what a person marked since, how the question was mended, and how it is marked anew."""

    answers: list[str]
    by_hand: dict[int, Decimal]
    totals: dict[int, Decimal]
    key: str
    worth: str
    rule: Rule
    chosen: frozenset[int] | None


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Any story of up to five students."""
    answers = draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=5))
    some = st.integers(0, len(answers) - 1)
    key, deed = draw(st.sampled_from("abc")), draw(st.sampled_from(DEEDS))
    named = draw(st.lists(st.sampled_from([one for one in "abc" if one != key]), min_size=1, max_size=2, unique=True))
    return Story(
        answers=answers,
        by_hand=draw(st.dictionaries(some, st.decimals(0, 1, places=7), max_size=2)),
        totals=draw(st.dictionaries(some, st.decimals(0, 5, places=2), max_size=1)),
        key=key,
        worth=draw(st.sampled_from(["1", "1", "0.5", "3"])),
        rule=Rule(deed, tuple(named) if deed in OPTIONS else (), draw(st.booleans())),
        chosen=draw(st.none() | st.frozensets(some)),
    )


def act(session: Session, story: Story) -> Taught:
    """Everything up to the regrade."""
    small_bank.put_item(session, small_bank.a_choice(1))
    taught = handed_in(session, story.answers, uuid.uuid4().hex[:12])
    given = {"why": "heard it", "actor_id": taught.teacher.id, "now": NOON}
    for i, fraction in story.by_hand.items():
        marks.change(session, taught.attempts[i].id, 1, Mark(fraction, "by hand"), kind="override", **given)
    for i, total in story.totals.items():
        marks.set_total(session, taught.attempts[i].id, total, **given)
    small_bank.put_item(session, key_is(story.key, marks=story.worth))
    return taught


Kept = dict[uuid.UUID, tuple[object, ...]]


def state(session: Session, taught: Taught) -> Kept:
    """All that counts of these attempts."""
    session.expire_all()
    found: Kept = {}
    for one in taught.attempts:
        attempt = session.scalars(select(Attempt).where(Attempt.id == one.id)).one()
        slots = session.scalars(select(Slot).where(Slot.attempt_id == one.id).order_by(Slot.number)).all()
        if attempt.set_mark is None:
            assert attempt.mark == sum(slot.mark or 0 for slot in slots)
        assert attempt.available == sum(slot.available for slot in slots)
        told = [(slot.fraction, slot.mark, slot.available, slot.reason, dict(slot.parts)) for slot in slots]
        found[one.id] = (attempt.mark, attempt.available, attempt.set_mark, *told)
    return found


def as_told(before: Kept, plan: DryRun, chosen: set[uuid.UUID]) -> Kept:
    """What the dry run says will be, for those chosen."""
    after = dict(before)
    for one in plan.moving:
        if one.attempt_id in chosen:
            new, (_, _, by_hand, _, *rest) = one.move.new, before[one.attempt_id]
            slot = (new.fraction, new.mark, new.available, new.reason, dict(new.parts))
            after[one.attempt_id] = (one.total.new, one.total.new_available, by_hand, slot, *rest)
    return after


@pytest.fixture(autouse=True)
def bank(session: Session) -> None:
    """The small bank."""
    small_bank.publish(session)


@settings(
    max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=stories())
def test_a_run_does_what_was_said_and_undoing_gives_the_old_marks_back(session: Session, story: Story):
    taught = act(session, story)
    before = state(session, taught)
    plan = planning.dry_run(session, ITEM, story.rule, who=taught.teacher)
    assert plan.problem is None
    assert state(session, taught) == before
    moving = {one.attempt_id for one in plan.moving}
    wanted = moving if story.chosen is None else moving & {taught.attempts[i].id for i in story.chosen}
    if not wanted:
        return
    some = None if story.chosen is None else {one: plan.prints[one] for one in wanted}
    run = runs.commit(
        session, ITEM, story.rule, Choice(plan.fingerprint, some), "wrong key", who=taught.teacher, now=NOON
    )
    session.commit()
    assert state(session, taught) == as_told(before, plan, wanted)
    again = planning.dry_run(session, ITEM, story.rule, who=taught.teacher)
    assert {one.attempt_id for one in again.moving} == moving - wanted
    undone = runs.undo(session, run.id, who=taught.teacher, now=NOON)
    session.commit()
    assert undone.kept == 0
    assert state(session, taught) == before

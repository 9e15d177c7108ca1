"""A test of the demo class with a question that asks for a reason, so that marking by people has something to show.

The question is one of the bank's, copied under a name of its own that only this test sets: once the class has taken it,
the copy is retired, so that no other quiz ever draws it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.services import reasons
from quizapp.services.simulation import Simulated
from quizapp.store import bank, demo
from quizapp.store.class_tables import Assignment
from quizapp.store.versions import Thing

SEED = "demo reasons"
QUIZ, ITEM = "demo-give-your-reason", "demo-why-his-own-policy"
TITLE = "Give your reason (demo)"
ASKED = "brest-litovsk-balance"  # why Trotsky could pursue his own policy, although most were for Lenin's
BESIDE = ("brest-litovsk-lenin-position", "brest-litovsk-resignation")
BLANK = 0.1  # how many write no reason
WAITING = 6  # reasons that nobody has marked yet
MARKED_AFTER = timedelta(days=8)  # when the last late ones are in
# What those write who chose the right answer, by the points that it deserves; and those who chose another.
RIGHT: dict[int, Sequence[str]] = {
    2: (
        "Seven and four are not enough against each other without Trotsky’s four, so both sides had to court him.",
        "Neither Lenin nor Bukharin had a majority alone. Whoever wanted to win needed the group in the middle.",
        "There were three groups. His was small, but the two big ones could only beat each other with its help.",
        "It is like a party between two blocks in parliament: few seats, but nothing passes without them.",
        "Lenin had the most votes but not more than half, so he could not simply overrule Trotsky.",
        "The count is 7, 4 and 4. Seven is less than eight, so Lenin needed somebody, and Trotsky knew it.",
    ),
    1: (
        "Because he was in the middle between the two others.",
        "They needed his votes.",
        "He had four people behind him and that was important for both.",
        "Lenin was not strong enough to stop him.",
        "The committee was split into groups, so everybody had to make compromises with Trotsky.",
    ),
    0: (
        "Because Trotsky was a very good speaker and everybody listened to him.",
        "It was the most logical answer.",
        "He was the commissar, so it was his decision in the end.",
    ),
}
WRONG: dict[int, Sequence[str]] = {
    1: (
        "The votes were spread over several groups, so no one could give him orders.",
        "Lenin did not have enough votes on his own.",
    ),
    0: (
        "A minister decides about his own ministry.",
        "Lenin and Trotsky were friends and trusted each other.",
        "I think his group was as big as the other one.",
        "Not sure, I guessed.",
    ),
}
DESERVED = {words: points for told in (RIGHT, WRONG) for points, some in told.items() for words in some}


def publish(session: Session, *, now: datetime) -> str | None:
    """Put the test and its question into the bank; the quiz's id, or None where the bank lacks the question."""
    items = bank.current_items(session)
    if ASKED not in items:
        return None
    asked = items[ASKED].model_copy(update={"id": ITEM, "because": True})
    quiz = Quiz.model_validate(
        {
            "id": QUIZ,
            "title": TITLE,
            "description": "Three questions; one asks for a reason, which a teacher marks with 0, 1 or 2 points.",
            "mode": "test",
            "access": "class",
            "sections": [{"items": [ITEM, *(name for name in BESIDE if name in items)]}],
        }
    )
    for thing in (_thing("item", asked), _thing("quiz", quiz)):
        demo.publish(session, thing, now)
    return QUIZ


def _thing(kind: str, thing: Item | Quiz) -> Thing:
    entry = plain(thing)
    if isinstance(thing, Quiz):
        return Thing(kind, thing.id, digest(entry), entry)
    return Thing(kind, thing.id, digest(entry), entry, 0, thing.topic, thing.type, thing.skill, thing.difficulty)


def written_by(one: Simulated) -> tuple[str, str]:
    """What this student writes beside the right answer, and beside a wrong one; empty where they write nothing."""
    chance = random.Random(f"{SEED} {one.name}")  # noqa: S311
    if one.guesses or chance.random() < BLANK:
        return "", ""
    able = one.ability + chance.gauss(0, 0.6)
    points = 2 if able > 0.5 else 1 if able > -0.6 else 0
    return chance.choice(RIGHT[points]), chance.choice(WRONG[min(points, 1)])


def mark(session: Session, assignments: Iterable[Assignment], *, teacher_id: int) -> int:
    """Give the reasons their points, but for a few that wait; how many that was. Then nobody else gets it."""
    given = 0
    for assignment in assignments:
        if assignment.quiz == QUIZ:
            given += _mark(session, assignment, teacher_id)
            demo.retire(session, "item", ITEM, assignment.created_at + MARKED_AFTER)
    return given


def _mark(session: Session, assignment: Assignment, teacher_id: int) -> int:
    lines = reasons.sheet(session, assignment.id, ITEM, teacher_id=teacher_id, names=True).lines
    when = assignment.created_at + MARKED_AFTER
    for number, line in enumerate(lines[WAITING:]):
        points = DESERVED.get(line.because, 1)
        at = when + timedelta(seconds=20 * number)
        reasons.give(session, line.attempt_id, line.number, points, teacher_id=teacher_id, now=at)
    return max(0, len(lines) - WAITING)


def remove(session: Session, *, now: datetime) -> None:
    """Take the test and its question out of the bank again; what somebody else uses is only retired."""
    for kind, name in (("quiz", QUIZ), ("item", ITEM)):
        demo.unpublish(session, kind, name, now)

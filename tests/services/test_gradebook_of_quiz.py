"""Students × questions; marks by topic, skill, source and part; an attempt as its teacher sees it; few queries."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.entry import plain
from quizapp.domain.items import build
from quizapp.services import gradebook, taking, transactions
from quizapp.services.errors import NotFound
from quizapp.services.gradebook import by_hand, choosing
from quizapp.services.gradebook.attempt import seen_attempt
from quizapp.services.gradebook.by_hand import Deed
from quizapp.services.gradebook.choosing import Wanted
from quizapp.store import classes as store_classes
from quizapp.store.class_tables import Assignment
from quizapp.store.tables import Attempt
from tests import builders, classes, small_bank
from tests.classes import NOON
from tests.databases import count_queries

EVIDENCE = builders.an_entry("evidence", id="who-wound", topic="clocks", skill="close_reading")
MIXED = small_bank.a_test(
    id="mixed", title="Mixed", time_limit=None,
    sections=[
        {"title": "Always", "items": ["choice-2", "who-wound"]},
        {"title": "Drawn", "draw": 2, "from": {"topic": "tides", "difficulty": [4, 5]}},
    ],
)  # fmt: skip


class Scene:
    """A class of Tess's: Ann and Bob have sat a test of two fixed and two drawn questions, Cy has not."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tess = classes.a_teacher(session)
        self.ann, self.bob, self.cy = (small_bank.a_user(session, name) for name in ("ann", "bob", "cy"))
        self.nine = classes.a_class(session, self.tess, self.ann, self.bob, self.cy)
        self.assignment = classes.an_assignment(session, self.nine, self.tess, "mixed")
        self.of_ann = sit(session, self.assignment, self.ann, drawn=2, quote=0)
        self.of_bob = sit(session, self.assignment, self.bob, drawn=1, quote=2)

    @property
    def key(self) -> str:
        return f"a{self.assignment.id}"

    def table(self) -> gradebook.QuizBook:
        return gradebook.questions(self.session, self.nine.id, self.key, now=NOON)

    def shares(self, dimension: gradebook.Dimension) -> dict[str, list[tuple[str, Fraction | None] | None]]:
        book = gradebook.rows(self.session, self.nine.id, now=NOON)
        found = gradebook.shares(self.session, book.rows, dimension)
        return {
            row.student.username: [
                None if one is None else (name, one.share)
                for name, one in zip(found.names, found.rows[row.student.id], strict=True)
            ]
            for row in book.rows
        }


def sit(session: Session, assignment: Assignment, user: int, *, drawn: int, quote: int) -> Attempt:
    """Right answers to the first choice, to part A, and to so many drawn ones; the evidence's quote as numbered."""
    attempt = classes.begin(session, assignment, user)
    for slot in attempt.slots:
        if slot.item == "who-wound":
            item = build(EVIDENCE)
            response = {"answer": "keeper", "evidence": [["turned", "climbed"], [], ["paid"]][quote]}
            form = item.form(response, tuple(slot.order))
            sent = taking.Sent(attempt.id, slot.number, form, user_id=user, epoch=0, fresh=uuid.uuid4().hex)
            taking.respond(session, sent, now=NOON)
        elif slot.section == 0 or slot.number <= 2 + drawn:
            classes.answer_rightly(session, attempt, slot.number)
    return classes.submit(session, attempt)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with app.app_context():
        session = transactions.session()
        item = plain(build(EVIDENCE))
        small_bank._put(session, "item", item["id"], item, topic="clocks", type="evidence", skill="close_reading")
        small_bank.publish(session, items=14, quizzes=(MIXED,))
        small_bank.put_passages(session)
        yield Scene(session)


def test_the_questions_stand_in_the_order_of_the_quiz_and_what_is_drawn_by_its_place(scene: Scene):
    found = scene.table()
    assert [(one.key, one.section, one.item is None) for one in found.questions] == [
        ("choice-2", "Always", False), ("who-wound", "Always", False), ("2.1", "Drawn", True), ("2.2", "Drawn", True),
    ]  # fmt: skip
    told = {row.row.student.username: [None if one is None else one.mark for one in row.answers] for row in found.rows}
    assert told == {
        "ann": [Decimal(1), Decimal(1), Decimal(1), Decimal(1)],
        "bob": [Decimal(1), Decimal("0.5"), Decimal(1), Decimal(0)],
        "cy": [None] * 4,
    }
    assert found.mean(1) == Fraction(3, 4)
    assert [row.cell.state for row in found.rows] == ["done", "done", "not started"]
    with pytest.raises(NotFound):
        gradebook.questions(scene.session, scene.nine.id, "a999", now=NOON)
    with pytest.raises(NotFound):
        gradebook.questions(scene.session, scene.nine.id, "q-mixed", now=NOON)


def test_the_answers_and_the_evidences_mark_stand_apart(scene: Scene):
    found = scene.table()
    assert found.parts == ("answer", "evidence")
    [ann, bob, cy] = found.rows
    assert [ann.part("answer"), ann.part("evidence")] == [1, 1]
    assert [bob.part("answer"), bob.part("evidence")] == [1, 0]
    assert cy.part("answer") is None
    assert scene.shares("part") == {
        "ann": [("The answer", 1), ("The evidence", 1)], "bob": [("The answer", 1), ("The evidence", 0)],
        "cy": [None, None],
    }  # fmt: skip


def test_marks_by_topic_skill_and_source(scene: Scene):
    assert scene.shares("skill") == {
        "ann": [("Close reading", 1), ("Recall", 1)],
        "bob": [("Close reading", Fraction(1, 2)), ("Recall", Fraction(2, 3))],
        "cy": [None, None],
    }
    assert scene.shares("topic")["bob"] == [("clocks", Fraction(1, 2)), ("tides", Fraction(2, 3))]
    assert scene.shares("source")["bob"] == [("nobody", Fraction(5, 8))]
    by_hand.excuse(scene.session, scene.assignment.id, scene.bob, Deed(scene.tess, "ill", NOON))
    assert scene.shares("skill")["bob"] == [None, None]


def test_queries_do_not_grow_with_students(scene: Scene):
    def queries() -> list[int]:
        counts = []
        for asked in (scene.table, lambda: scene.shares("topic"), lambda: scene.shares("source")):
            scene.session.expire_all()
            with count_queries(store.db.engine) as statements:
                asked()
            counts.append(len(statements))
        return counts

    scene.table()
    few = queries()
    for number in range(4):
        one = small_bank.a_user(scene.session, f"student-{number}")
        store_classes.put(scene.session, scene.nine.id, one, "student", NOON)
        sit(scene.session, scene.assignment, one, drawn=number % 3, quote=number % 3)
    scene.table()  # what else was drawn is built once
    assert queries() == few
    assert max(few) <= 18


def test_an_attempt_as_its_teacher_sees_it(scene: Scene):
    def see() -> object:
        return seen_attempt(scene.session, scene.of_bob.id, teacher_id=scene.tess, now=NOON)

    by_hand.set_slot(scene.session, scene.of_bob.id, 4, "0.25", Deed(scene.tess, "nearly", NOON))
    by_hand.take_back(scene.session, scene.of_bob.id, 4, Deed(scene.tess, "no", NOON))
    found = seen_attempt(scene.session, scene.of_bob.id, teacher_id=scene.tess, now=NOON)
    assert (found.student.id, found.mark, found.percent) == (scene.bob, Decimal("2.5"), Decimal("62.5"))
    assert found.waiting == ()
    evidence = next(one for one in found.questions if one.line.item == "who-wound")
    assert evidence.line.review.key is not None
    assert evidence.line.explanation
    drawn = next(one for one in found.questions if one.line.number == 4)
    assert [(one.who, one.how, one.old, one.new, one.why) for one in drawn.moved] == [
        ("tess", "by hand", 0, Decimal("0.25"), "nearly"), ("tess", "taken back", Decimal("0.25"), 0, "no"),
    ]  # fmt: skip
    assert not drawn.may_take_back
    with count_queries(store.db.engine) as statements:
        see()
    assert len(statements) <= 12


# --- which rows, in which order --------------------------------------------------------------------------------------


def names(book: gradebook.Book, **wanted: object) -> list[str]:
    chosen = Wanted(**wanted)  # type: ignore[arg-type]
    found = choosing.in_order(book, choosing.filtered(book, chosen), chosen.sort)
    return [row.student.username for row in choosing.page(found, chosen.page).rows]


def test_rows_are_found_and_put_in_order(scene: Scene):
    book = gradebook.rows(scene.session, scene.nine.id, now=NOON)
    assert names(book) == ["ann", "bob", "cy"]
    assert names(book, sort="-name") == ["cy", "bob", "ann"]
    assert names(book, sort="total") == ["bob", "ann", "cy"]  # who has nothing stands last
    assert names(book, sort=f"-{scene.key}") == ["ann", "bob", "cy"]
    assert names(book, words="BÖ") == ["bob"]
    assert names(book, standing="open") == ["cy"]
    assert names(book, standing="late") == []
    assert names(book, group="North") == []
    assert names(book, sort="nonsense", standing="nonsense", page=99) == ["ann", "bob", "cy"]

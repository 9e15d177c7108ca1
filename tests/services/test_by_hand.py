"""Marks set by hand, comments and excuses: exact, with their reason, in the audit, and only for one's own classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.scale import Scale, Threshold
from quizapp.services import gradebook, marks, notes, taking, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.gradebook import Policy, by_hand
from quizapp.services.gradebook.by_hand import Deed
from quizapp.store import classes as store_classes
from quizapp.store.class_tables import AuditEntry, Membership, SchoolClass
from quizapp.store.gradebook_tables import Excuse
from quizapp.store.tables import Attempt
from tests import classes, small_bank
from tests.classes import NOON

THIRDS = small_bank.a_test(
    id="thirds", title="Thirds", time_limit=None,
    sections=[{"items": ["choice-1", "choice-2"], "each": "3"}, {"items": ["choice-3"]}],
)  # fmt: skip


class Scene:
    """Tess teaches Ann, who has handed in a test with nothing right; Theo teaches another class."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tess, self.theo = classes.a_teacher(session), classes.a_teacher(session, "theo")
        self.ann, self.bob = (small_bank.a_user(session, name) for name in ("ann", "bob"))
        self.nine: SchoolClass = classes.a_class(session, self.tess, self.ann, self.bob)
        self.other = classes.a_class(session, self.theo, self.bob, name="Another")
        self.assignment = classes.an_assignment(session, self.nine, self.tess, "thirds")
        self.attempt: Attempt = classes.submit(session, classes.begin(session, self.assignment, self.ann))

    def deed(self, why: str = "she said it aloud", teacher: int | None = None) -> Deed:
        return Deed(teacher or self.tess, why, NOON)

    def book(self) -> gradebook.Book:
        return gradebook.rows(self.session, self.nine.id, now=NOON)

    def audit(self) -> list[AuditEntry]:
        return list(self.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with app.app_context():
        small_bank.publish(transactions.session(), quizzes=(small_bank.a_quiz(), small_bank.a_test(), THIRDS))
        yield Scene(transactions.session())


def test_a_mark_is_exactly_what_was_typed(scene: Scene):
    changed = by_hand.set_slot(scene.session, scene.attempt.id, 1, " 1,0 ", scene.deed())
    assert changed is not None
    assert (changed.old_mark, changed.new_mark) == (Decimal(0), Decimal(1))
    assert scene.attempt.mark == 1  # of 3, whose fraction of seven places would come to 0.9999999
    assert scene.attempt.slots[0].reason == "Mark set by your teacher: she said it aloud"
    [row, _] = scene.book().rows
    assert row.cells[0].by_hand
    assert row.total.share == Fraction(1, 7)
    assert by_hand.set_slot(scene.session, scene.attempt.id, 1, "1", scene.deed()) is None


def test_taking_it_back_gives_the_mark_before_it(scene: Scene):
    before = scene.attempt.slots[0].reason
    by_hand.set_slot(scene.session, scene.attempt.id, 1, "2", scene.deed())
    by_hand.take_back(scene.session, scene.attempt.id, 1, scene.deed("a slip"))
    assert (scene.attempt.mark, scene.attempt.slots[0].reason) == (0, before)
    assert [one.kind for one in marks.history(scene.session, scene.attempt.id)] == ["override", "undo"]
    with pytest.raises(Conflict):
        by_hand.take_back(scene.session, scene.attempt.id, 1, scene.deed())


def test_a_whole_attempt_and_back_to_the_sum(scene: Scene):
    by_hand.set_slot(scene.session, scene.attempt.id, 3, "0.5", scene.deed())
    by_hand.set_total(scene.session, scene.attempt.id, "6.25", scene.deed())
    assert scene.book().rows[0].cells[0].mark == Decimal("6.25")
    assert scene.book().rows[0].cells[0].by_hand
    by_hand.set_total(scene.session, scene.attempt.id, "", scene.deed("the sum is right after all"))
    assert scene.attempt.mark == Decimal("0.5")
    assert [(one.action, one.class_id, one.new and one.new["why"]) for one in scene.audit() if one.kind == "mark"] == [
        ("override", scene.nine.id, "she said it aloud"),
        ("override", scene.nine.id, "she said it aloud"),
        ("override", scene.nine.id, "the sum is right after all"),
    ]


@pytest.mark.parametrize("typed", ["", "many", "-1", "3.5", "1e99", "NaN", "sNaN", "Infinity", "0.00000001"])
def test_what_is_no_mark_is_said_beside_the_field(scene: Scene, typed: str):
    with pytest.raises(Mistakes) as refused:
        by_hand.set_slot(scene.session, scene.attempt.id, 1, typed, scene.deed(" "))
    assert refused.value.fields == {
        "mark": ["Write a number from 0 to 3, such as 1.5."], "why": ["Say why: it is kept with the mark."],
    }  # fmt: skip
    with pytest.raises(Mistakes, match="500"):
        by_hand.set_slot(scene.session, scene.attempt.id, 1, "1", scene.deed("x" * 501))
    assert marks.history(scene.session, scene.attempt.id) == []


def test_an_open_attempt_and_a_missing_question(scene: Scene):
    running = classes.begin(scene.session, scene.assignment, scene.bob)
    with pytest.raises(Conflict):
        by_hand.set_slot(scene.session, running.id, 1, "1", scene.deed())
    with pytest.raises(NotFound):
        by_hand.set_slot(scene.session, scene.attempt.id, 9, "1", scene.deed())


def test_another_teachers_attempts_are_not_found(scene: Scene):
    def refused(attempt: Attempt, teacher: int) -> bool:
        try:
            gradebook.seen_by(scene.session, attempt.id, teacher)
        except NotFound:
            return True
        return False

    of_himself = taking.start(
        scene.session, "harbours", user_id=scene.bob, attempt_id=scene.attempt.id.__class__(int=5), seed="1", now=NOON
    )
    set_to_bob = classes.begin(scene.session, scene.assignment, scene.bob)
    assert not refused(scene.attempt, scene.tess)
    assert refused(scene.attempt, scene.theo)
    assert not refused(of_himself, scene.tess)  # he is in classes of both
    assert not refused(of_himself, scene.theo)
    assert refused(set_to_bob, scene.theo)  # Tess set it, though he is Theo's student too
    for one in scene.session.scalars(select(Membership).where(Membership.user_id == scene.bob)):
        one.removed_at = NOON
    scene.session.flush()
    assert refused(of_himself, scene.tess)
    assert not refused(set_to_bob, scene.tess)  # what her class set stays hers to mark
    for deed in (scene.deed(teacher=scene.theo), scene.deed(teacher=scene.ann)):
        with pytest.raises(NotFound):
            by_hand.set_total(scene.session, scene.attempt.id, "1", deed)
        with pytest.raises(NotFound):
            by_hand.excuse(scene.session, scene.assignment.id, scene.ann, deed)


def test_who_is_excused_is_counted_without_it(scene: Scene):
    second = classes.an_assignment(scene.session, scene.nine, scene.tess, "harbour-test")
    done = classes.begin(scene.session, second, scene.ann)
    classes.answer_rightly(scene.session, done, 1)
    classes.submit(scene.session, done)
    assert scene.book().rows[0].total.share == Fraction(1, 12)
    by_hand.excuse(scene.session, scene.assignment.id, scene.ann, scene.deed("she was ill"))
    [row, _] = scene.book().rows
    assert (row.cells[0].state, row.cells[0].excused_because) == ("excused", "she was ill")
    assert row.total.share == Fraction(1, 5)
    by_hand.excuse(scene.session, scene.assignment.id, scene.ann, scene.deed("she had a fever"))
    by_hand.excuse_no_more(scene.session, scene.assignment.id, scene.ann, teacher_id=scene.tess, now=NOON)
    assert scene.book().rows[0].total.share == Fraction(1, 12)
    assert [one.action for one in scene.audit() if one.kind == "member"] == ["excuse", "excuse", "excuse no more"]
    with pytest.raises(NotFound):
        by_hand.excuse(scene.session, scene.assignment.id, scene.theo, scene.deed())


def test_an_erased_student_leaves_no_excuse(scene: Scene):
    from quizapp.services import personal_data

    by_hand.excuse(scene.session, scene.assignment.id, scene.ann, scene.deed("she was ill"))
    [given] = personal_data.export(scene.session, scene.ann, now=NOON)["classes"]
    assert [(one["quiz"], one["why"]) for one in given["excused"]] == [("thirds", "she was ill")]
    personal_data.erase(scene.session, scene.ann)
    assert scene.session.scalars(select(Excuse)).all() == []


def test_a_comment_is_kept(scene: Scene):
    by_hand.comment(scene.session, scene.attempt.id, 0, " Well begun. ", teacher_id=scene.tess, now=NOON)
    by_hand.comment(scene.session, scene.attempt.id, 2, "Look again.", teacher_id=scene.tess, now=NOON)
    assert (scene.attempt.comment, scene.attempt.slots[1].comment) == ("Well begun.", "Look again.")
    page = taking.result_page(scene.session, scene.attempt.id, user_id=scene.ann, now=NOON)
    assert (page.comment, [line.comment for line in page.lines]) == ("Well begun.", [None, "Look again.", None])
    with pytest.raises(Mistakes):
        by_hand.comment(scene.session, scene.attempt.id, 0, "x" * 2001, teacher_id=scene.tess, now=NOON)


def test_the_student_is_told_once_and_reads_why(scene: Scene):
    for points in ("1", "2", "3"):
        by_hand.set_slot(scene.session, scene.attempt.id, 1, points, scene.deed())
    by_hand.set_total(scene.session, scene.attempt.id, "5", scene.deed("for the map that she drew"))
    by_hand.comment(scene.session, scene.attempt.id, 0, "Well drawn.", teacher_id=scene.tess, now=NOON)
    told = notes.unread(scene.session, scene.ann)
    assert sorted(one.text for one in told) == [
        "Your teacher has changed a mark of your attempt at “Thirds”.",
        "Your teacher has written a comment on your attempt at “Thirds”.",
    ]
    assert {one.address for one in told} == {f"/attempts/{scene.attempt.id}/result"}
    page = taking.result_page(scene.session, scene.attempt.id, user_id=scene.ann, now=NOON)
    assert (page.mark, page.set_because) == (Decimal(5), "for the map that she drew")


def test_nothing_of_it_shows_before_the_score_does(scene: Scene):
    hidden = small_bank.a_test(
        id="hidden", title="Hidden", time_limit=None, review={"right_after": (), "while_open": ()}
    )
    small_bank.publish(scene.session, quizzes=(hidden,))
    assignment = classes.an_assignment(scene.session, scene.nine, scene.tess, "hidden")
    attempt = classes.submit(scene.session, classes.begin(scene.session, assignment, scene.ann))
    by_hand.set_total(scene.session, attempt.id, "5", scene.deed("all right but blank"))
    by_hand.comment(scene.session, attempt.id, 1, "B was right.", teacher_id=scene.tess, now=NOON)
    page = taking.result_page(scene.session, attempt.id, user_id=scene.ann, now=NOON)
    assert (page.mark, page.set_because, page.comment, page.lines[0].comment) == (None, None, None, None)


# --- what is chosen for a class --------------------------------------------------------------------------------------


def test_what_is_chosen_is_kept_and_in_the_audit(scene: Scene):
    grades = (Threshold("1", Decimal("87.5")), Threshold("2", Decimal(0)))
    wanted = Policy(Scale("letters", 1, "half_even", grades, Decimal("49.9")), "equal", 2, True)
    chosen = {"teacher_id": scene.tess, "now": NOON}
    assert gradebook.policy(scene.session, scene.nine.id) == Policy()
    gradebook.choose(scene.session, scene.nine.id, wanted, **chosen)
    gradebook.choose(scene.session, scene.nine.id, wanted, **chosen)
    scene.session.expire_all()
    assert gradebook.policy(scene.session, scene.nine.id) == wanted
    assert gradebook.policy(scene.session, scene.other.id) == Policy()
    [entry] = [one for one in scene.audit() if one.kind == "grading"]
    assert entry.new is not None
    assert (entry.new["thresholds"], entry.new["drop_lowest"]) == ("1 87.5, 2 0", 2)
    with pytest.raises(NotFound):
        gradebook.choose(scene.session, scene.nine.id, Policy(), teacher_id=scene.theo, now=NOON)
    for wrong in (replace(wanted, drop_lowest=21), replace(wanted, weighting="heavy")):  # type: ignore[arg-type]
        with pytest.raises(Mistakes):
            gradebook.choose(scene.session, scene.nine.id, wrong, **chosen)


def test_dropping_the_lowest_and_counting_what_is_missing(scene: Scene):
    for minutes, quiz in enumerate(("harbour-test", "harbour-test")):
        late = classes.an_assignment(scene.session, scene.nine, scene.tess, quiz, due=NOON)
        classes.begin(scene.session, late, scene.bob)
        if minutes:
            done = classes.begin(scene.session, late, scene.ann)
            classes.answer_rightly(scene.session, done, 1)
            classes.submit(scene.session, done)
    store_classes.put(scene.session, scene.nine.id, small_bank.a_user(scene.session, "cy"), "student", NOON)
    choose = {"teacher_id": scene.tess, "now": NOON}

    def ann(wanted: Policy) -> gradebook.Row:
        gradebook.choose(scene.session, scene.nine.id, wanted, **choose)
        book = gradebook.rows(scene.session, scene.nine.id, now=NOON.replace(hour=20))
        return next(row for row in book.rows if row.student.username == "ann")

    assert ann(Policy()).total.share == Fraction(1, 12)
    assert ann(Policy(weighting="equal")).total.share == Fraction(1, 10)
    row = ann(Policy(missing_is_zero=True))
    assert (row.cells[1].state, row.cells[1].mark, row.total.share) == ("missing", Decimal(0), Fraction(1, 17))
    row = ann(Policy(missing_is_zero=True, drop_lowest=2))
    assert [one.dropped for one in row.cells] == [True, True, False]
    assert row.total.share == Fraction(1, 5)


def test_a_deleted_class_takes_its_choice_along(scene: Scene):
    from quizapp.store import retention

    gradebook.choose(scene.session, scene.nine.id, Policy(drop_lowest=1), teacher_id=scene.tess, now=NOON)
    by_hand.excuse(scene.session, scene.assignment.id, scene.ann, scene.deed())
    gone = scene.nine.id
    retention.remove(scene.session, gone)
    assert scene.session.scalars(select(Excuse)).all() == []
    assert gradebook.policy(scene.session, gone) == Policy()

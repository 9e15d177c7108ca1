"""Marks that move after submission, and notes that tell people."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.domain.marking import Mark, to_units
from quizapp.services import audit, marks, notes, personal_data
from quizapp.services.audit import Wanted
from quizapp.services.errors import Conflict, NotFound
from quizapp.store.class_tables import AuditEntry
from quizapp.store.mark_tables import MarkChange, Note
from quizapp.store.tables import Attempt
from tests import classes, small_bank
from tests.classes import NOON

HALF, FULL = Mark(Decimal("0.5"), "half of it", {"answer": Decimal("0.5")}), Mark(Decimal(1), "right after all")


@pytest.fixture
def attempt(session: Session) -> Attempt:
    """A submitted attempt of Ann's, in which nothing was answered."""
    small_bank.publish(session)
    teacher, ann = classes.a_teacher(session), small_bank.a_user(session, "ann")
    assignment = classes.an_assignment(session, classes.a_class(session, teacher, ann), teacher)
    return classes.submit(session, classes.begin(session, assignment, ann))


def change(session: Session, attempt: Attempt, mark: Mark, number: int = 1, **more) -> MarkChange | None:
    given = {"kind": "override", "why": "she said it aloud", "actor_id": 1, "now": NOON} | more
    return marks.change(session, attempt.id, number, mark, **given)


def test_a_mark_that_moves_moves_the_sum_and_keeps_the_old_one(session: Session, attempt: Attempt):
    slot, before = attempt.slots[0], attempt.slots[0].reason
    row = change(session, attempt, HALF)
    assert row is not None
    assert (row.old_mark, row.new_mark, row.old_reason, row.new_reason) == (0, slot.mark, before, "half of it")
    assert attempt.mark == slot.available / 2
    assert slot.parts == {"answer": to_units(Decimal("0.5"))}
    assert [one.id for one in marks.history(session, attempt.id)] == [row.id]


def test_nothing_is_written_where_nothing_moves(session: Session, attempt: Attempt):
    change(session, attempt, FULL)
    assert change(session, attempt, FULL) is None
    assert len(marks.history(session, attempt.id)) == 1


def test_the_change_is_in_the_audit_of_the_class(session: Session, attempt: Attempt):
    change(session, attempt, HALF)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "mark")).one()
    assert (entry.action, entry.name, entry.class_id) == ("override", str(attempt.id), 1)
    assert entry.new is not None
    assert entry.new["why"] == "she said it aloud"


def test_the_audit_says_in_words_whose_mark_moved_and_in_what(session: Session, attempt: Attempt):
    change(session, attempt, HALF)
    found = audit.page(session, Wanted(kind="mark"), sort="-when", number=1)
    (line,) = found.lines
    assert (line.action, line.name, line.attempt) == ("set by hand", "ann, Harbour test", str(attempt.id))
    assert line.changes[0] == ("question", "1", "1")
    assert found.actions["override"] == "set by hand"
    assert str(attempt.id) in audit.as_csv(session, Wanted(), sort="-when")


def test_the_audit_keeps_what_became_of_an_attempt_that_is_gone(session: Session):
    for name in ("00000000-0000-4000-8000-000000000000", "no id at all"):
        audit.record(session, None, "regrade", "mark", name, None, {"mark": "1"}, now=NOON)
    lines = audit.page(session, Wanted(), sort="when", number=1).lines
    assert [(line.name, line.attempt) for line in lines] == [(audit.GONE_ATTEMPT, "")] * 2


def test_a_total_set_by_hand_stays_until_it_is_taken_back(session: Session, attempt: Attempt):
    marks.set_total(session, attempt.id, Decimal("1.5"), why="an oral exam", actor_id=1, now=NOON)
    change(session, attempt, FULL)
    assert attempt.mark == Decimal("1.5")
    marks.set_total(session, attempt.id, None, why="a slip", actor_id=1, now=NOON)
    assert attempt.mark == attempt.slots[0].available
    assert [one.slot for one in marks.history(session, attempt.id)] == [0, 1, 0]


def test_the_sum_waits_while_a_slot_waits_for_a_person(session: Session, attempt: Attempt):
    change(session, attempt, Mark(None, "waiting for your teacher"))
    assert attempt.mark is None
    change(session, attempt, FULL, kind="person")
    assert attempt.mark == attempt.slots[0].available


def test_only_what_is_handed_in_and_there_has_marks(session: Session, attempt: Attempt):
    with pytest.raises(NotFound):
        change(session, attempt, FULL, number=99)
    attempt.submitted_at = None
    session.flush()
    with pytest.raises(Conflict, match="not handed in"):
        change(session, attempt, FULL)
    with pytest.raises(ValueError, match="below 0"):
        marks.set_total(session, attempt.id, Decimal(-1), why="", actor_id=1, now=NOON)


def test_a_comment_stands_until_it_is_taken_back(session: Session, attempt: Attempt):
    for number, about in ((1, attempt.slots[0]), (0, attempt)):
        marks.comment(session, attempt.id, number, " Look at the date again. ", actor_id=1, now=NOON)
        assert about.comment == "Look at the date again."
        marks.comment(session, attempt.id, number, "", actor_id=1, now=NOON)
        assert about.comment is None


def test_changes_go_with_the_attempt_and_notes_with_the_person(session: Session, attempt: Attempt):
    change(session, attempt, HALF)
    notes.tell(session, [attempt.user_id], "Your mark moved.", now=NOON)
    attempt.assignment_id = None
    session.commit()
    session.expire_all()
    personal_data.erase(session, attempt.user_id)
    assert [session.scalar(select(func.count()).select_from(table)) for table in (MarkChange, Note)] == [0, 0]


def test_a_note_waits_until_its_own_reader_puts_it_away(session: Session):
    ann, bob = (small_bank.a_user(session, name) for name in ("ann", "bob"))
    notes.tell(session, [ann, ann, bob], "Your mark moved.", address="/progress", now=NOON)
    (note,) = notes.unread(session, ann)
    notes.put_away(session, bob, note_id=note.id, now=NOON)
    assert [one.text for one in notes.unread(session, ann)] == ["Your mark moved."]
    notes.put_away(session, ann, note_id=note.id, now=NOON)
    assert notes.unread(session, ann) == []
    assert len(notes.unread(session, bob)) == 1
    assert notes.unread(session, None) == []


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "progress"])
def test_a_note_leads_to_this_site_alone(session: Session, address: str):
    with pytest.raises(ValueError, match="this site"):
        notes.tell(session, [1], "Look!", address=address, now=NOON)

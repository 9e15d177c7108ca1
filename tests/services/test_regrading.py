"""Regrades on real databases: the dry run says what the run does, the run can be taken back, and few queries do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.marking import Mark
from quizapp.domain.regrade import BY_PERSON, SPARED, Rule
from quizapp.services import marks, notes, taking
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.regrading import cases, planning, runs, tables
from quizapp.services.regrading.runs import Choice, DryRunChanged
from quizapp.store.class_tables import AuditEntry
from quizapp.store.tables import Attempt, Slot
from tests import classes, regrading, small_bank
from tests.databases import count_queries
from tests.regrading import Taught, a_person, handed_in, key_is
from tests.small_bank import NOON

ITEM = "choice-1"
KEY = Rule()


@pytest.fixture
def taught(session: Session) -> Taught:
    """Answers A, B, B, C and none, marked by a key A that should be B."""
    small_bank.publish(session)
    return handed_in(session, ["a", "b", "b", "c", ""])


def mend(session: Session, key: str = "b", **changes: object) -> str:
    return small_bank.put_item(session, key_is(key, **changes))


def dry(session: Session, taught: Taught, rule: Rule = KEY) -> planning.DryRun:
    return planning.dry_run(session, ITEM, rule, who=taught.teacher)


def regrade(session: Session, taught: Taught, rule: Rule = KEY, attempts: tuple[int, ...] | None = None) -> int:
    """Carries out what the dry run says, for all or for some of the attempts; the run's id."""
    plan = dry(session, taught, rule)
    some = None if attempts is None else {(one := taught.attempts[i].id): plan.prints[one] for i in attempts}
    choice = Choice(plan.fingerprint, some)
    done = runs.commit(session, ITEM, rule, choice, "The key was wrong.", who=taught.teacher, now=NOON)
    session.commit()
    return done.id


def state(session: Session) -> list[tuple[object, ...]]:
    """All that counts: every slot's mark and every attempt's sum."""
    session.expire_all()
    slots = select(Slot.attempt_id, Slot.number, Slot.fraction, Slot.mark, Slot.reason, Slot.available)
    sums = select(Attempt.id, Attempt.mark, Attempt.available, Attempt.set_mark)
    found = [
        *session.execute(slots.order_by(Slot.attempt_id, Slot.number)),
        *session.execute(sums.order_by(Attempt.id)),
    ]
    return [tuple(row) for row in found]


def test_the_dry_run_says_what_moves_and_changes_nothing(session: Session, taught: Taught):
    before = state(session)
    mend(session)
    plan = dry(session, taught)
    assert [one.way for one in plan.cases] == ["down", "up", "up", "same", "same"]
    assert [one.given for one in plan.cases] == ["Key 1", "Lure 1", "Lure 1", "Decoy 1", ""]
    assert (plan.students, plan.same, plan.running, plan.others) == (3, 2, 0, 0)
    first = plan.moving[0]
    assert (first.total.old, first.total.new, first.total.new_available) == (5, 4, 5)
    assert state(session) == before


def test_the_run_does_what_the_dry_run_said_and_undoing_gives_the_old_marks_back(session: Session, taught: Taught):
    before = state(session)
    mend(session)
    plan = dry(session, taught)
    run_id = regrade(session, taught)
    session.expire_all()
    for one in plan.cases:
        attempt = taking_of(session, one.attempt_id)
        slot = next(slot for slot in attempt.slots if slot.number == one.number)
        assert (slot.fraction, slot.available) == (one.move.new.fraction, one.move.new.available)
        assert attempt.mark == one.total.new == sum(slot.mark for slot in attempt.slots)
    assert not dry(session, taught).moving
    done = runs.undo(session, run_id, who=taught.teacher, now=NOON)
    session.commit()
    assert (done.put_back, done.kept) == (3, 0)
    assert state(session) == before
    with pytest.raises(Conflict, match="already"):
        runs.undo(session, run_id, who=taught.teacher, now=NOON)


def taking_of(session: Session, attempt_id: object) -> Attempt:
    found = session.scalar(select(Attempt).where(Attempt.id == attempt_id))
    assert found is not None
    return next(iter(store.marks.attempts(session, [found.id]).values()))


def test_only_those_ticked_are_moved(session: Session, taught: Taught):
    mend(session)
    run_id = regrade(session, taught, attempts=(1,))
    page = runs.run_page(session, run_id, taught.teacher)
    assert [(one.student, one.old, one.new) for one in page.lines] == [("tess-0001", 0, 1)]
    assert dry(session, taught).count("up") == 1


def test_what_changed_since_the_dry_run_is_looked_at_again(session: Session, taught: Taught):
    mend(session)
    plan = dry(session, taught)
    one = plan.moving[1]
    marks.change(
        session,
        one.attempt_id,
        one.number,
        Mark(Decimal(1), "said aloud"),
        kind="override",
        why="heard",
        actor_id=1,
        now=NOON,
    )
    for choice in (Choice(plan.fingerprint), Choice(attempts={one.attempt_id: plan.prints[one.attempt_id]})):
        with pytest.raises(DryRunChanged):
            runs.commit(session, ITEM, KEY, choice, "wrong key", who=taught.teacher, now=NOON)


def test_a_mark_by_a_person_stays_and_so_does_a_total_set_by_hand(session: Session, taught: Taught):
    mend(session)
    marked, totalled = taught.attempts[1], taught.attempts[2]
    half = Mark(Decimal("0.5"), "half of it")
    marks.change(session, marked.id, 1, half, kind="person", why="half right", actor_id=1, now=NOON)
    marks.set_total(session, totalled.id, Decimal(2), why="oral", actor_id=1, now=NOON)
    session.commit()
    plan = dry(session, taught)
    assert [one.move.stays for one in plan.staying] == [BY_PERSON]
    by_hand = next(one for one in plan.moving if one.attempt_id == totalled.id)
    assert (by_hand.total.new, by_hand.total.is_set_by_hand) == (2, True)
    regrade(session, taught)
    assert taking_of(session, totalled.id).mark == 2
    assert taking_of(session, marked.id).slots[0].fraction == Decimal("0.5")


def test_undoing_leaves_alone_what_moved_again(session: Session, taught: Taught):
    mend(session)
    run_id = regrade(session, taught)
    again = taught.attempts[1]
    marks.change(session, again.id, 1, Mark(Decimal("0.5"), "half"), kind="override", why="half", actor_id=1, now=NOON)
    session.commit()
    done = runs.undo(session, run_id, who=taught.teacher, now=NOON)
    assert (done.put_back, done.kept) == (2, 1)
    assert taking_of(session, again.id).slots[0].fraction == Decimal("0.5")


def test_open_attempts_and_other_teachers_students_are_counted_and_not_touched(session: Session, taught: Taught):
    other = handed_in(session, ["b"], "otto")
    late = small_bank.a_user(session, "late")
    school_class = classes.a_class(session, taught.teacher.id, late)
    classes.begin(session, classes.an_assignment(session, school_class, taught.teacher.id), late)
    mend(session)
    plan = dry(session, taught)
    assert (plan.running, plan.others, plan.students) == (1, 1, 3)
    regrade(session, taught)
    assert taking_of(session, other.attempts[0].id).slots[0].fraction == 0
    admin = planning.dry_run(session, ITEM, KEY, who=a_person(session, "ada", "admin"))
    assert [one.student for one in admin.moving] == ["otto-0000"]


def test_a_question_left_out_counts_for_nothing_and_comes_back(session: Session, taught: Taught):
    before = state(session)
    run_id = regrade(session, taught, Rule("leave_out"))
    for attempt in taught.attempts:
        now = taking_of(session, attempt.id)
        assert (now.available, now.slots[0].available, now.slots[0].mark) == (4, 0, 0)
        assert now.mark == sum(slot.mark for slot in now.slots)
    regrade(session, taught, Rule("full_marks"))
    assert {taking_of(session, one.id).available for one in taught.attempts} == {5}
    assert {taking_of(session, one.id).slots[0].mark for one in taught.attempts} == {1}
    second = runs.runs(session, taught.teacher)[0].id
    for one in (second, run_id):
        runs.undo(session, one, who=taught.teacher, now=NOON)
    assert state(session) == before


def test_a_question_that_is_all_of_an_attempt_is_not_left_out(session: Session):
    small_bank.publish(session, quizzes=(small_bank.a_test(sections=[{"items": [ITEM]}]),))
    taught = handed_in(session, ["a", "b"])
    plan = dry(session, taught, Rule("leave_out"))
    assert [one.move.stays for one in plan.cases] == [cases.ONLY_ONE] * 2


def test_marks_available_follow_a_new_version(session: Session, taught: Taught):
    mend(session, marks="2")
    regrade(session, taught)
    assert [taking_of(session, one.id).slots[0].mark for one in taught.attempts] == [0, 2, 2, 0, 0]
    assert {taking_of(session, one.id).available for one in taught.attempts} == {6}


def test_who_loses_may_be_spared(session: Session, taught: Taught):
    mend(session)
    plan = dry(session, taught, Rule(spare=True))
    assert [one.way for one in plan.cases] == ["stays", "up", "up", "same", "same"]
    assert plan.staying[0].move.stays == SPARED


def test_an_option_that_is_gone_leaves_the_old_mark_and_says_why(session: Session, taught: Taught):
    entry = key_is("b")
    entry["options"] = [one for one in entry["options"] if one["id"] != "c"]
    small_bank.put_item(session, entry)
    plan = dry(session, taught)
    assert [one.move.stays for one in plan.staying] == ["“Decoy 1” cannot be chosen any more"]


def test_students_find_a_note_and_the_audit_trail_knows(session: Session, taught: Taught):
    mend(session)
    run_id = regrade(session, taught)
    told = [notes.unread(session, student) for student in taught.students]
    assert [len(one) for one in told] == [1, 1, 1, 0, 0]
    assert told[1][0].address == f"/attempts/{taught.attempts[1].id}/result"
    assert "Harbour test" in told[1][0].text
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "regrade")).all()
    assert sorted((one.kind, one.class_id) for one in entries) == [("item", None), *[("mark", 1)] * 3]
    runs.undo(session, run_id, who=taught.teacher, now=NOON)
    assert "earlier mark" in notes.unread(session, taught.students[1])[0].text


def test_students_see_the_correction_beside_what_they_saw_then(session: Session, taught: Taught):
    mend(session, explanation="A later letter says so.")
    regrade(session, taught)
    attempt, student = taught.attempts[1], taught.students[1]
    page = taking.result_page(session, attempt.id, user_id=student, now=NOON)
    assert page.corrected == (page.lines[0],)
    (one,) = page.lines[0].corrections
    assert (one.old, one.new, one.why, one.undone) == (0, 1, "The key was wrong.", False)
    assert one.key is not None
    assert (one.key.text, one.key.explanation) == ("Lure 1", "A later letter says so.")
    assert page.lines[0].review.key == "Key 1"
    assert (page.lines[0].mark, page.mark) == (1, 1)
    runs.undo(session, runs.runs(session, taught.teacher)[0].id, who=taught.teacher, now=NOON)
    session.commit()
    again = taking.result_page(session, attempt.id, user_id=student, now=NOON).lines[0].corrections
    assert [(one.undone, one.key) for one in again] == [(False, None), (True, None)]


def test_no_key_is_shown_before_the_review_policy_allows_it(session: Session):
    shown = {"right_after": ["score", "marks", "correctness"], "while_open": ["score", "marks", "correctness"]}
    small_bank.publish(session, quizzes=(small_bank.a_test(review=shown),))
    taught = handed_in(session, ["b", "c"])
    mend(session)
    regrade(session, taught, Rule("grant", ("c",)))
    for i in (0, 1):
        page = taking.result_page(session, taught.attempts[i].id, user_id=taught.students[i], now=NOON)
        (one,) = page.lines[0].corrections
        assert (one.new, one.key, one.rule) == (1, None, None)
        assert "Lure 1" not in f"{page.lines[0].reason}"
        assert "Decoy 1" not in f"{page.lines[0].reason}"


def test_mistakes_are_told(session: Session, taught: Taught):
    mend(session)
    plan = dry(session, taught)
    given = {"who": taught.teacher, "now": NOON}
    with pytest.raises(NotFound):
        planning.dry_run(session, "no-such", KEY, who=taught.teacher)
    with pytest.raises(Mistakes, match="why"):
        runs.commit(session, ITEM, KEY, Choice(plan.fingerprint), "  ", **given)
    with pytest.raises(Mistakes, match="at most"):
        runs.commit(session, ITEM, KEY, Choice(plan.fingerprint), "x" * 301, **given)
    with pytest.raises(Mistakes, match="ticked"):
        runs.commit(session, ITEM, KEY, Choice(attempts={}), "why", **given)
    with pytest.raises(Mistakes, match="option"):
        runs.commit(session, ITEM, Rule("drop"), Choice(), "why", **given)
    with pytest.raises(NotFound):
        runs.run_page(session, regrade(session, taught), a_person(session, "otto"))


def test_a_question_page_knows_how_many_wait(session: Session, taught: Taught):
    assert planning.waiting(session, ITEM, taught.attempts[0].slots[0].item_digest, who=taught.teacher) == (5, 0)
    reworded = small_bank.put_item(session, small_bank.a_choice(1, stem="Which one?"))
    assert planning.waiting(session, ITEM, reworded, who=taught.teacher) == (5, 0)
    mended = mend(session)
    assert planning.waiting(session, ITEM, mended, who=taught.teacher) == (5, 5)
    regrade(session, taught)
    assert planning.waiting(session, ITEM, mended, who=taught.teacher) == (5, 0)


def test_tables_sort_and_go_out_whole(session: Session, taught: Taught):
    mend(session)
    plan = dry(session, taught)
    assert [one.given for one in tables.by(plan.moving, tables.CASES, "-answer")] == ["Lure 1", "Lure 1", "Key 1"]
    assert len(tables.dry_run_csv(plan).splitlines()) == 6
    run_id = regrade(session, taught)
    assert len(tables.run_csv(runs.run_page(session, run_id, taught.teacher)).splitlines()) == 4
    assert "The key was wrong." in tables.runs_csv(runs.runs(session, taught.teacher))


def test_two_thousand_attempts_take_as_many_queries_as_a_few(session: Session, taught: Taught):
    mend(session)
    dry(session, taught)  # the items are known from here on
    with count_queries(session.get_bind()) as few:  # type: ignore[arg-type]
        dry(session, taught)
    regrading.multiply(session, taught, 2000)
    with count_queries(session.get_bind()) as many:  # type: ignore[arg-type]
        plan = dry(session, taught)
    assert len(plan.cases) > 2000
    assert len(many) == len(few) <= 9
    with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
        regrade(session, taught)
    assert len(sent) < 60
    assert not dry(session, taught).moving
    assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.kind == "mark")) == len(
        plan.moving
    )

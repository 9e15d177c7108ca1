"""How a class and its students get on: what counts, whose it is, two answers with their evidence, few queries."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.entry import plain
from quizapp.domain.items import build
from quizapp.domain.progress import CLASS, YOU
from quizapp.services import coverage, reporting, taking, transactions
from quizapp.services.errors import NotFound
from quizapp.services.learners import evening_table, parents_evening, tables, whole_class
from quizapp.services.people import Person
from quizapp.store.class_tables import Assignment, SchoolClass
from quizapp.store.tables import Attempt, Content
from tests import classes, real_bank, small_bank, small_catalogue
from tests.databases import count_queries
from tests.small_bank import NOON

DAY = timedelta(days=1)
SKILLS = {1: "recall", 2: "recall", 3: "chronology", 4: "chronology"}
EVERYTHING = small_bank.a_test(id="all", title="All", time_limit=None, attempts=9, certainty=True,
                               sections=[{"items": [f"choice-{n}" for n in range(1, 5)]}])  # fmt: skip


@pytest.fixture
def tess(session: Session) -> int:
    """A teacher, with four questions of two skills that rest on the almanac."""
    small_catalogue.publish(session)
    for number, skill in SKILLS.items():
        entry = small_bank.a_choice(
            number, skill=skill, evidence=[{"passage": "almanac/pilots", "quote": "nobody leaves"}]
        )
        real_bank.put(session, "item", entry["id"], plain(build(entry)))
        content = session.get(Content, ("item", entry["id"]))
        assert content is not None
        content.skill, content.topic, content.type = skill, entry["topic"], entry["type"]
    real_bank.put_quiz(session, EVERYTHING)
    return classes.a_teacher(session)


def sit(session: Session, assignment: Assignment, user_id: int, right: Iterable[int], *, on: datetime = NOON,
        sure: Sequence[int] = ()) -> Attempt:  # fmt: skip
    """Take it: the questions of these numbers right, the others wrong; of some of them, surely."""
    attempt = classes.begin(session, assignment, user_id, on)
    return hand_in(session, attempt, right, on, sure)


def hand_in(
    session: Session, attempt: Attempt, right: Iterable[int], on: datetime, sure: Sequence[int] = ()
) -> Attempt:
    right = set(right)
    for slot in attempt.slots:
        number = int(slot.item.removeprefix("choice-"))
        form = {"answer": [str(slot.order.index(0 if number in right else 1))]}
        form |= {"certainty": ["3"]} if number in sure else {}
        sent = taking.Sent(attempt.id, slot.number, form, user_id=attempt.user_id, epoch=0, fresh=uuid.uuid4().hex)
        taking.respond(session, sent, now=on)
    return classes.submit(session, attempt, on)


def a_class_of(session: Session, tess: int, *names: str) -> tuple[SchoolClass, Assignment, list[int]]:
    people = [small_bank.a_user(session, name) for name in names]
    school_class = classes.a_class(session, tess, *people)
    return school_class, classes.an_assignment(session, school_class, tess, "all"), people


def of_class(
    session: Session, school_class: SchoolClass, teacher: int, sort: str = "name"
) -> whole_class.ClassProgress:
    return whole_class.class_progress(session, school_class.id, teacher_id=teacher, zone=UTC, sort=sort)


def pages(session: Session, school_class: SchoolClass, teacher: int, **more: Any) -> dict[str, Any]:
    found = parents_evening.evening(session, school_class.id, teacher_id=teacher, now=NOON + 30 * DAY, **more)
    return {one.student.username: one for one in found.pages}


# --- a class ---------------------------------------------------------------------------------------------------------


def test_a_class_adds_up_over_time_and_by_student(session: Session, tess: int):
    school_class, assignment, (ann, bob, _) = a_class_of(session, tess, "ann", "bob", "cleo")
    for week in range(3):
        sit(session, assignment, ann, (1, 2), on=NOON + 7 * week * DAY)
    sit(session, assignment, bob, (1, 2, 3, 4), on=NOON)
    found = of_class(session, school_class, tess)
    assert (found.span.attempts, found.span.students) == (4, 2)
    assert [one.name for one in found.strands.periods] == ["week of 8 Mar", "week of 15 Mar", "week of 22 Mar"]
    skills = {one.key: one for one in found.strands.by["skills"]}
    assert [one.answered for one in skills["chronology"].over_time] == [4, 2, 2]
    assert [one.earned for one in skills["chronology"].over_time] == [2, 0, 0]
    assert skills["recall"].share.fraction == 1
    assert [one.name for one in found.strands.by["sources"]] == ["Tide Press"]
    lines = {one.student.username: one for one in found.students}
    assert (lines["ann"].finished, lines["ann"].share.earned, lines["ann"].share.available) == (3, 6, 12)
    assert (lines["ann"].well, lines["ann"].costs) == ("recall", "chronology")
    assert (lines["cleo"].finished, lines["cleo"].last, lines["cleo"].well) == (0, None, "")
    assert [one.student.username for one in of_class(session, school_class, tess, "-right").students] == [
        "bob",
        "ann",
        "cleo",
    ]


def test_what_other_classes_set_is_not_told_and_own_practice_is(session: Session, tess: int):
    school_class, assignment, (ann,) = a_class_of(session, tess, "ann")
    other = small_bank.a_user(session, "otto", "teacher")
    elsewhere = classes.a_class(session, other, ann, name="Geography")
    theirs = classes.an_assignment(session, elsewhere, other, "all")
    sit(session, theirs, ann, (1, 2, 3, 4))
    attempt = taking.start(session, "all", user_id=ann, attempt_id=uuid.uuid4(), seed="s", now=NOON)
    hand_in(session, attempt, (1,), NOON)
    found = of_class(session, school_class, tess)
    assert (found.span.attempts, found.strands.everything.share.earned) == (1, 1)
    mine = reporting.progress(session, user_id=ann, now=NOON + DAY, taught_in=school_class.id)
    assert [line.percent for _, line in mine.timeline] == [25]
    assert len(reporting.progress(session, user_id=ann, now=NOON + DAY).timeline) == 2
    [page] = pages(session, school_class, tess).values()
    assert (page.asked, page.handed_in, page.practised) == (1, 0, 1)
    for elsewhere_too in (of_class, pages):
        with pytest.raises(NotFound):
            elsewhere_too(session, school_class, other)
    assert assignment.id


def test_retries_count_among_the_answers_but_not_as_attempts(session: Session, tess: int):
    school_class, assignment, (ann,) = a_class_of(session, tess, "ann")
    attempt = sit(session, assignment, ann, (1, 2, 3))
    again = taking.retry(session, attempt.id, user_id=ann, new_id=uuid.uuid4(), seed="s", now=NOON + DAY)
    hand_in(session, again, (4,), NOON + DAY)
    found = of_class(session, school_class, tess)
    assert found.strands.everything.share.answered == 5
    assert found.students[0].finished == 1
    assert reporting.progress(session, user_id=ann, now=NOON + 2 * DAY).strands.everything.share.answered == 5


def test_a_mark_that_is_hidden_from_the_student_is_told_to_the_teacher_alone(session: Session, tess: int):
    real_bank.put_quiz(session, {**EVERYTHING, "id": "hidden", "review": {"right_after": [], "while_open": []}})
    ann = small_bank.a_user(session, "ann")
    school_class = classes.a_class(session, tess, ann)
    sit(session, classes.an_assignment(session, school_class, tess, "hidden"), ann, (1,))
    assert not reporting.progress(session, user_id=ann, now=NOON + DAY).timeline
    told = reporting.progress(session, user_id=ann, now=NOON + DAY, taught_in=school_class.id)
    assert [line.percent for _, line in told.timeline] == [25]


def test_what_the_clock_has_ended_is_handed_in_before_it_is_counted(session: Session, tess: int):
    ann = small_bank.a_user(session, "ann")
    school_class = classes.a_class(session, tess, ann)
    real_bank.put_quiz(session, {**EVERYTHING, "id": "short", "time_limit": "5 min"})
    classes.begin(session, classes.an_assignment(session, school_class, tess, "short"), ann)
    assert not of_class(session, school_class, tess).span.attempts
    given = {"teacher_id": tess, "now": NOON + DAY}
    assert whole_class.close_overdue(session, school_class.id, **given) == 1
    assert whole_class.close_overdue(session, school_class.id, **given) == 0
    assert of_class(session, school_class, tess).span.attempts == 1


def test_queries_do_not_grow_with_students_or_attempts(session: Session, tess: int):
    school_class, assignment, people = a_class_of(session, tess, *(f"student-{n}" for n in range(6)))
    counts = []
    for several in (people[:1], people):
        for one in several:
            sit(session, assignment, one, (1, one % 4), sure=(1,))
        found: list[int] = []
        for look in (of_class, pages):
            look(session, school_class, tess)  # the items are known from here on
            session.expire_all()
            with count_queries(store.db.engine) as statements:
                look(session, school_class, tess)
            found.append(len(statements))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[1][0] <= 9
    assert counts[1][1] <= 26


# --- tables ----------------------------------------------------------------------------------------------------------


def test_tables_are_whole_and_numbers_are_numbers(session: Session, tess: int):
    school_class, assignment, (ann, _) = a_class_of(session, tess, "ann", "=bob")
    sit(session, assignment, ann, (1, 2, 3))
    sheets = tables.of_class(of_class(session, school_class, tess), CLASS)
    assert ",ann,," in tables.csv(sheets["students"])
    assert "'=bob" in tables.csv(sheets["students"])
    assert "By skill,chronology,2,1,2,," in tables.csv(sheets["groups"])
    mine = tables.of_student(reporting.progress(session, user_id=ann, now=NOON + DAY), YOU)
    assert "All,1,2027-03-12 12:00,2027-03-12 12:00,3,4,75" in tables.csv(mine["attempts"])
    assert "too early" in tables.csv(mine["words"])
    book = openpyxl.load_workbook(io.BytesIO(tables.workbook(sheets)))
    assert book.sheetnames == ["Students", "Groups over time", "In words"]
    rows = {row[2]: row for row in book["Students"].iter_rows(values_only=True)}
    assert rows["ann"][4:9] == (1, 4, 3, 4, 0.75)
    assert rows["=bob"][9] is None


# --- parents' evening ------------------------------------------------------------------------------------------------


def test_a_page_has_what_is_done_and_two_answers_with_their_evidence(session: Session, tess: int):
    school_class, assignment, (ann, bob) = a_class_of(session, tess, "ann", "bob")
    sit(session, assignment, ann, (1, 2, 3), sure=(2, 4))
    late = classes.an_assignment(session, school_class, tess, "all", due=NOON + DAY)
    sit(session, late, ann, (1, 2), on=NOON + 3 * DAY)
    found = pages(session, school_class, tess)
    page = found["ann"]
    assert (page.asked, page.handed_in, page.late, page.practised) == (2, 2, 1, 0)
    assert [(one.title, one.shown, one.is_late) for one in page.done] == [("All", "50%", True), ("All", "75%", False)]
    assert page.outlook.answered == 8
    assert page.well is not None
    assert page.well.given.startswith("Key")
    assert not page.well.key
    assert page.well.proof.account == "The almanac tells of pilots."
    assert page.well.proof.quotes == ("nobody leaves",)
    assert str(page.well.proof.name) == "Tide Press, “Of pilots”"
    assert page.learn is not None
    assert page.learn.sure
    assert (page.learn.given, page.learn.key, page.learn.why) == ("Lure 4", "Key 4", "Correction 4")
    bobs = found["bob"]
    assert (bobs.asked, bobs.handed_in, bobs.well, bobs.learn) == (2, 0, None, None)
    assert [one.cell.state for one in bobs.done] == ["missing", "not started"]
    assert bobs.outlook.is_early
    assert list(pages(session, school_class, tess, user_id=bob)) == ["bob"]
    with pytest.raises(NotFound):
        pages(session, school_class, tess, user_id=tess)


def test_all_that_a_page_says_goes_into_one_table(session: Session, tess: int):
    school_class, assignment, (ann, _) = a_class_of(session, tess, "ann", "=bob")
    sit(session, assignment, ann, (1, 2, 3), sure=(2, 4))
    late = classes.an_assignment(session, school_class, tess, "all", due=NOON + DAY)
    sit(session, late, ann, (1, 2), on=NOON + 3 * DAY)
    for _ in range(parents_evening.LISTED):
        classes.an_assignment(session, school_class, tess, "all", due=NOON + DAY)
    given = {"teacher_id": tess, "now": NOON + 30 * DAY}
    sheet = evening_table.sheet(parents_evening.evening(session, school_class.id, **given, listed=None))
    rows = [dict(zip(sheet.heads, row, strict=True)) for row in sheet.rows]
    anns = [row for row in rows if row["Username"] == "ann"]
    done = [row for row in anns if row["Line"] == "done"]
    assert len(done) == parents_evening.LISTED + 2  # more than a page has room for
    marked = [(row["Text"], row["Marks"], row["Out of"], row["Per cent"], row["Late"]) for row in done if row["Marks"]]
    assert marked == [("handed in", 2, 4, 50, "yes"), ("handed in", 3, 4, 75, None)]
    assert {row["Text"] for row in done if not row["Marks"]} == {"not handed in"}
    [right, wrong] = [row for row in anns if str(row["Line"]).startswith("answer")]
    assert right["Answer given"] == right["Right answer"]
    assert (wrong["Answer given"], wrong["Right answer"], wrong["What is said of it"]) == (
        "Lure 4", "Key 4", "Correction 4",
    )  # fmt: skip
    assert (right["Quote"], right["Passage"]) == ("nobody leaves", "Tide Press, “Of pilots”")
    bobs = [row for row in rows if row["Username"] == "=bob"]
    assert [row["Text"] for row in bobs if row["Line"] in ("strong", "next")] == [
        "Too early to say: 0 answers so far", "Too early to say",
    ]  # fmt: skip
    assert "'=bob" in tables.csv(sheet)
    book = openpyxl.load_workbook(io.BytesIO(tables.workbook({"evening": sheet})))
    assert len(list(book.worksheets[0].iter_rows())) == len(rows) + 1


def test_the_quizzes_of_a_page_sort_by_each_column_with_empty_cells_last(session: Session, tess: int):
    school_class, assignment, (ann,) = a_class_of(session, tess, "ann")
    real_bank.put_quiz(session, {**EVERYTHING, "id": "brief", "title": "Brief"})
    sit(session, assignment, ann, (1, 2, 3))
    sit(session, classes.an_assignment(session, school_class, tess, "brief"), ann, (1,), on=NOON + DAY)
    classes.an_assignment(session, school_class, tess, "all")
    page = pages(session, school_class, tess)["ann"]
    assert [one.shown for one in page.done_by("result")] == ["25%", "75%", "–"]
    assert [one.shown for one in page.done_by("-result")] == ["75%", "25%", "–"]
    assert [one.shown for one in page.done_by("-handed")] == ["25%", "75%", "–"]
    assert [one.title for one in page.done_by("quiz")] == ["All", "All", "Brief"]
    assert page.done_by("nonsense") == list(page.done)


def test_the_two_answers_are_never_of_a_question_with_a_content_note_or_left_blank(session: Session, tess: int):
    noted = small_bank.a_choice(1, note="It speaks of a shipwreck.", evidence=[{"passage": "almanac/pilots"}])
    real_bank.put(session, "item", noted["id"], plain(build(noted)))
    real_bank.put_quiz(session, {**EVERYTHING, "sections": [{"items": ["choice-1", "choice-2"]}]})
    school_class, assignment, (ann,) = a_class_of(session, tess, "ann")
    attempt = classes.begin(session, assignment, ann)
    number = next(slot.number for slot in attempt.slots if slot.item == "choice-1")
    classes.answer_rightly(session, attempt, number)
    classes.submit(session, attempt)
    page = pages(session, school_class, tess)["ann"]
    assert (page.well, page.learn) == (None, None)


def test_an_empty_class_has_no_pages(session: Session, tess: int):
    school_class = classes.a_class(session, tess)
    assert pages(session, school_class, tess) == {}
    found = of_class(session, school_class, tess)
    assert not found.students
    assert found.strands.outlook.is_early


# --- the coverage map ------------------------------------------------------------------------------------------------


def test_coverage_tells_how_often_a_passages_questions_are_missed_by_whom_one_may_see(session: Session, tess: int):
    _, assignment, people = a_class_of(session, tess, "ann", "bob")
    for one in people:
        sit(session, assignment, one, (1, 2, 3))
    who = Person(tess, "tess", "teacher", 0)
    found = {one.passage.ref: one for one in coverage.published(session, coverage.answers(session, who)).passages}
    assert (found["almanac/pilots"].answers, found["almanac/pilots"].missed_share) == (8, 0.25)
    assert found["almanac/ships"].missed_share is None
    stranger = Person(small_bank.a_user(session, "otto", "teacher"), "otto", "teacher", 0)
    assert coverage.answers(session, stranger) == {}
    assert coverage.answers(session, Person(0, "root", "admin", 0))["choice-4"] == (2, 2)
    assert session.scalar(select(Attempt.mark).limit(1)) == Decimal(3)
    transactions.rollback()

"""What students report: only what they may see, put together where it is equal; who sees it, what comes of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.items import build
from quizapp.domain.problem_report import CHALLENGE, JUDGEMENT, LONGEST_COMMENT
from quizapp.services import audit, notes, people, personal_data
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own as own_classes
from quizapp.services.classes import retention as class_retention
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person
from quizapp.services.questions import drafting, listing, publishing
from quizapp.services.reading.standing import SourcesClosed
from quizapp.services.reports import deciding, filing, inbox, mending, own
from quizapp.services.reports.filing import CounterEvidence, Filed, NotYet
from quizapp.services.reports.inbox import Wanted
from quizapp.store import questions, users
from quizapp.store.report_tables import ProblemReport, ReportAnswer, Reporter
from quizapp.store.tables import Attempt, User
from tests import classes, real_bank, small_bank, small_catalogue
from tests.databases import count_queries
from tests.services.test_learning import GIVEN_UP, RIGHT, WRONG, Student
from tests.small_bank import NOON

LATER = NOON + timedelta(days=2)
WORDS = CounterEvidence("almanac/ships", "counts them from his tower")
PILOTS = CounterEvidence("almanac/pilots", "nobody leaves")
OLD_KEY, NEW_KEY = "Key 1", "Lure 1"


@pytest.fixture
def bank(session: Session) -> Session:
    """A small bank whose document is attached."""
    small_catalogue.publish(session, attach=small_catalogue.TEXT)
    return session


@pytest.fixture
def ann(bank: Session) -> Student:
    return Student(bank, "ann")


@pytest.fixture
def bob(bank: Session) -> Student:
    return Student(bank, "bob")


def a_teacher(session: Session, name: str = "tess", role: str = "teacher") -> Person:
    made = session.get_one(User, small_bank.a_user(session, name, role))
    return people.person(made)


def sat(student: Student, quiz: str = "harbours") -> Attempt:
    """A finished attempt at choice-1 and choice-2."""
    return student.sit(quiz, WRONG, RIGHT)


def challenge(
    student: Student, attempt: Attempt | None = None, counter: CounterEvidence = WORDS, comment: str = "It is not so."
) -> Filed:
    attempt = attempt or sat(student)
    line = filing.reviewed(student.session, attempt.id, 1, user_id=student.id, now=LATER)
    subject = filing.of_line(line)
    filed = filing.challenge(student.session, subject, CHALLENGE, counter, comment, user_id=student.id, now=LATER)
    student.session.commit()
    return filed


def report(student: Student, comment: str = "I do not get it.", kind: str = "unclear", number: int = 1) -> Filed:
    attempt = sat(student)
    line = filing.reviewed(student.session, attempt.id, number, user_id=student.id, now=LATER)
    filed = filing.report(student.session, filing.of_line(line), kind, comment, user_id=student.id, now=LATER)
    student.session.commit()
    return filed


def answer(teacher: Person, session: Session, filed: Filed, deed: str, text: str = "So it is.") -> None:
    deciding.answer(session, filed.id, deed, text, teacher=teacher, now=LATER)
    session.commit()


def change_key(session: Session, teacher: Person, name: str = "choice-1") -> None:
    """Make a new version of a question ready, in which another option is right."""
    sheet = drafting.sheet(session, name)
    options = [{**one, "correct": one["id"] == "b"} for one in sheet.typed["options"]]
    changed = drafting.Sheet(name, sheet.type, {**sheet.typed, "options": options}, sheet.base, sheet.revision)
    publishing.make_ready(session, changed, actor_id=teacher.id, now=LATER)
    session.commit()


def seen(session: Session, teacher: Person, **wanted: Any) -> list[int]:
    found = inbox.page(session, Wanted(inbox.seen_by(teacher), **wanted), sort="last", number=1)
    return [one.report.id for one in found.reports]


def told(student: Student) -> list[str]:
    return [one.text for one in notes.unread(student.session, student.id)]


# --- what may be reported --------------------------------------------------------------------------------------------


def test_a_question_that_is_open_cannot_be_reported(ann: Student):
    for quiz in ("harbours", "harbour-test"):
        attempt = ann.start(quiz)
        ann.answer(attempt, 1, WRONG)
        with pytest.raises(NotYet):
            filing.reviewed(ann.session, attempt.id, 1, user_id=ann.id, now=ann.now)


def test_a_checked_question_of_a_practice_can(ann: Student):
    attempt = ann.start("harbours")
    ann.answer(attempt, 1, GIVEN_UP)
    assert filing.reviewed(ann.session, attempt.id, 1, user_id=ann.id, now=ann.now).item == "choice-1"
    with pytest.raises(NotYet):
        filing.reviewed(ann.session, attempt.id, 2, user_id=ann.id, now=ann.now)


def test_not_while_it_is_asked_in_another_attempt_nor_while_the_key_is_hidden(ann: Student):
    silent, done = sat(ann, "silent"), sat(ann)
    with pytest.raises(NotYet):
        filing.reviewed(ann.session, silent.id, 1, user_id=ann.id, now=LATER)
    ann.start("harbour-test")
    with pytest.raises(NotYet):
        filing.reviewed(ann.session, done.id, 1, user_id=ann.id, now=ann.now)


def test_an_attempt_of_somebody_else_or_a_question_it_lacks_is_not_found(ann: Student, bob: Student):
    done = sat(bob)
    for user_id, number in ((ann.id, 1), (bob.id, 3), (bob.id, 0)):
        with pytest.raises(NotFound):
            filing.reviewed(ann.session, done.id, number, user_id=user_id, now=LATER)


def test_no_passages_are_looked_for_while_a_quiz_without_sources_is_taken(ann: Student):
    small_catalogue.put(ann.session, "quiz", "own", {**small_bank.a_quiz(id="own", sections=[{"items": ["choice-3"]}])})
    ann.session.commit()
    done = ann.sit("own", RIGHT)
    ann.start("closed")
    filing.reviewed(ann.session, done.id, 1, user_id=ann.id, now=ann.now)
    with pytest.raises(SourcesClosed):
        filing.reviewed(ann.session, done.id, 1, user_id=ann.id, now=ann.now, sources=True)
    with pytest.raises(SourcesClosed):
        filing.of_dispute(ann.session, "flood", user_id=ann.id, now=ann.now)


@pytest.mark.parametrize(
    ("counter", "field", "message"),
    [
        (CounterEvidence(), "passage", "Choose the passage"),
        (CounterEvidence("almanac/nowhere", "x"), "passage", "nknown passage"),
        (CounterEvidence("almanac/ships", "the tower of the keeper"), "quote", "does not stand in this passage"),
        (CounterEvidence("almanac/ships", ""), "quote", "Give the words"),
        (CounterEvidence("almanac/ships", " ".join(["tide"] * 13)), "quote", "13 words"),
    ],
)
def test_counter_evidence_that_does_not_hold_is_told_beside_its_field(
    ann: Student, counter: CounterEvidence, field: str, message: str
):
    with pytest.raises(Mistakes) as wrong:
        challenge(ann, counter=counter)
    assert list(wrong.value.fields) == [field]
    assert message in wrong.value.fields[field][0]
    assert ann.session.scalar(select(func.count()).select_from(ProblemReport)) == 0


def test_a_comment_is_needed_and_has_a_longest_length(ann: Student):
    for comment in ("", "x" * (LONGEST_COMMENT + 1)):
        with pytest.raises(Mistakes, match=r"what is wrong|characters long"):
            report(ann, comment)
    with pytest.raises(Mistakes, match="what kind"):
        report(ann, kind="challenge")


def test_without_the_document_the_passage_alone_is_enough(session: Session):
    small_catalogue.publish(session)
    ann = Student(session)
    filed = challenge(ann, counter=CounterEvidence("almanac/ships"))
    assert session.get_one(ProblemReport, filed.id).outcome == "named"
    other = Student(session, "bob")
    filed = challenge(other, counter=WORDS)
    assert session.get_one(ProblemReport, filed.id).outcome == "unattached"


# --- equal ones together ---------------------------------------------------------------------------------------------


def test_equal_challenges_are_one_with_all_who_made_them(ann: Student, bob: Student):
    first = challenge(ann)
    second = challenge(bob, counter=CounterEvidence("almanac/ships", "counts  them from his Tower"[:21]))
    assert second.merged is False  # other words
    cid = Student(ann.session, "cid")
    third = challenge(cid, counter=WORDS, comment="Other words of mine.")
    assert (third.id, third.merged, third.again) == (first.id, True, False)
    who = ann.session.scalars(select(Reporter.user_id).where(Reporter.report_id == first.id)).all()
    assert set(who) == {ann.id, cid.id}


def test_equal_problems_are_one_by_kind_and_words(ann: Student, bob: Student):
    first = report(ann, "The month is  WRONG.", "mistake")
    assert report(bob, "the month is wrong", "mistake") == Filed(first.id, merged=True, again=False)
    assert report(bob, "the month is wrong", "unclear").merged is False
    assert report(ann, "The month is wrong!", "mistake") == Filed(first.id, merged=True, again=True)
    assert report(ann, "The month is wrong!", "mistake", number=2).merged is False


def test_what_was_said_of_another_version_or_is_decided_stands_apart(ann: Student, bob: Student):
    teacher = a_teacher(ann.session)
    first = report(ann, "unclear it is")
    answer(teacher, ann.session, first, "decline")
    second = report(bob, "unclear it is")
    assert second.id != first.id
    changed = build(small_catalogue.a_question(1, "pilots wait until the flood", "nobody leaves", hint="Wait."))
    real_bank.put_item(ann.session, changed)
    assert report(Student(ann.session, "cid"), "unclear it is").merged is False


def test_a_student_has_one_open_challenge_of_a_question(ann: Student):
    teacher = a_teacher(ann.session)
    attempt = sat(ann)
    first = challenge(ann, attempt)
    with pytest.raises(Conflict, match="already"):
        challenge(ann, attempt, PILOTS)
    answer(teacher, ann.session, first, "decline")
    assert challenge(ann, attempt, PILOTS).id != first.id


# --- judgements ------------------------------------------------------------------------------------------------------


def test_a_judgement_is_challenged_and_withheld_while_its_question_is_open(ann: Student):
    subject, dispute = filing.of_dispute(ann.session, "frost", user_id=ann.id, now=NOON)
    assert dispute.judgement == "Nobody knows of the frost."
    filed = filing.challenge(ann.session, subject, JUDGEMENT, PILOTS, "It says so.", user_id=ann.id, now=NOON)
    with pytest.raises(Conflict):
        filing.challenge(ann.session, subject, JUDGEMENT, WORDS, "And this.", user_id=ann.id, now=NOON)
    ann.session.commit()
    answer(a_teacher(ann.session), ann.session, filed, "accept", "You are right.")
    (mine,) = own.mine(ann.session, ann.id, now=NOON)
    assert (mine.dispute, mine.state, mine.changed) == ("frost", "accepted", False)
    new = {**small_catalogue.DISPUTES[0], "judgement": "Somebody knows."}
    key = small_catalogue.put(ann.session, "dispute", "frost", new)
    mending.made_ready(ann.session, {("dispute", "frost"): key}, now=NOON)
    ann.session.commit()
    assert own.mine(ann.session, ann.id, now=NOON)[0].changed
    ann.start("harbour-test")
    (mine,) = own.mine(ann.session, ann.id, now=ann.now)
    assert (mine.put_away, mine.state, mine.answers) == (True, None, ())
    with pytest.raises(NotYet):
        filing.of_dispute(ann.session, "frost", user_id=ann.id, now=ann.now)
    with pytest.raises(NotFound):
        filing.of_dispute(ann.session, "nothing", user_id=ann.id, now=LATER)


# --- who sees it -----------------------------------------------------------------------------------------------------


def test_a_teacher_sees_students_of_own_classes_and_of_none(ann: Student, bob: Student):
    session, cid = ann.session, Student(ann.session, "cid")
    tess, otto = a_teacher(session), a_teacher(session, "otto")
    boss = a_teacher(session, "boss", "admin")
    classes.a_class(session, tess.id, ann.id)
    classes.a_class(session, otto.id, bob.id, name="History 9c")
    of_ann, of_bob, of_cid = report(ann, "one"), report(bob, "two"), report(cid, "three")
    assert set(seen(session, tess)) == {of_ann.id, of_cid.id}
    assert set(seen(session, otto)) == {of_bob.id, of_cid.id}
    assert set(seen(session, boss)) == {of_ann.id, of_bob.id, of_cid.id}
    with pytest.raises(NotFound):
        deciding.report_page(session, of_ann.id, teacher=otto)
    with pytest.raises(NotFound):
        deciding.answer(session, of_ann.id, "reply", "Hm.", teacher=otto, now=LATER)
    assert (inbox.waiting(session, tess), inbox.waiting(session, boss)) == (2, 3)


def test_of_an_equal_report_a_teacher_sees_own_students_words_and_the_number_of_others(ann: Student, bob: Student):
    session = ann.session
    tess, otto = a_teacher(session), a_teacher(session, "otto")
    classes.a_class(session, tess.id, ann.id)
    classes.a_class(session, otto.id, bob.id, name="History 9c")
    filed = challenge(ann, comment="Ann says.")
    challenge(bob, comment="Bob says.")
    page = deciding.report_page(session, filed.id, teacher=tess)
    assert [(one.name, one.classes, one.comment) for one in page.told] == [("ann", ("History 9b",), "Ann says.")]
    assert page.others == 1
    (listed,) = inbox.page(session, Wanted(otto.id), sort="-last", number=1).reports
    assert (listed.names, listed.mine, listed.others) == (("bob",), 1, 1)
    text = inbox.as_csv(session, Wanted(otto.id), sort="-last")
    assert "Bob says." in text
    assert "ann" not in text.casefold().replace("channel", "")


def test_the_inbox_filters_sorts_and_is_downloaded(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)
    first, second = report(ann, "=1+1", "mistake"), challenge(bob)
    third = report(bob, "two", "mistake")
    challenge(Student(session, "cid"))
    answer(tess, session, third, "decline", "No.")
    assert seen(session, tess, state="open") == [second.id, first.id]
    assert seen(session, tess, kinds=(CHALLENGE,)) == [second.id]
    assert seen(session, tess, words=("question 1",)) == [third.id, second.id, first.id]
    assert seen(session, tess, words=("question 2",)) == []
    assert seen(session, tess, subject="choice-1", state="declined") == [third.id]
    found = inbox.page(session, Wanted(tess.id), sort="-reporters", number=1)
    assert (found.reports[0].report.id, found.reports[0].mine) == (second.id, 2)
    rows = list(csv.DictReader(io.StringIO(inbox.as_csv(session, Wanted(tess.id), sort="last").removeprefix("\ufeff"))))
    assert [row["Student"] for row in rows] == ["bob", "bob", "cid", "ann"]
    assert (rows[3]["Comment"], rows[1]["Words"]) == ("'=1+1", "counts them from his tower")
    assert rows[0]["Answers"] == "decline: No."


@pytest.mark.parametrize("number", [1, 9])
def test_the_pages_cost_few_queries_whatever_there_is(ann: Student, number: int):
    session, tess = ann.session, a_teacher(ann.session)
    for i in range(number):
        answer(tess, session, report(ann, f"number {i}"), "reply")
    listing_page = lambda: inbox.page(session, Wanted(tess.id), sort="-last", number=1)  # noqa: E731
    costs = (
        (3, listing_page),
        (5, lambda: inbox.as_csv(session, Wanted(tess.id), sort="-last")),
        (6, lambda: own.mine(session, ann.id, now=LATER)),
        (3, lambda: deciding.beside(session, "choice-1", teacher=tess)),
    )
    for most, ask in costs:
        session.expire_all()
        with count_queries(store.db.engine) as statements:
            ask()
        assert len(statements) <= most, statements


# --- what comes of it ------------------------------------------------------------------------------------------------


def test_accepting_leads_to_a_new_version_and_all_who_reported_it_are_told(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)
    filed = challenge(ann)
    challenge(bob, comment="I think so too.")
    answer(tess, session, filed, "accept", "Well found.")
    page = deciding.report_page(session, filed.id, teacher=tess)
    assert page.waits_for_change
    assert not page.is_changed
    assert [one.comments for one in deciding.beside(session, "choice-1", teacher=tess)] == [
        ("It is not so.", "I think so too.")
    ]
    change_key(session, tess)
    page = deciding.report_page(session, filed.id, teacher=tess)
    standing = questions.standing(session, "choice-1")
    assert standing is not None
    assert page.report.new_digest == standing.digest
    assert deciding.beside(session, "choice-1", teacher=tess) == ()
    for student in (ann, bob):
        assert len(told(student)) == 2
        assert "Question 1: which harbour is meant?" in told(student)[0]
        (mine,) = own.mine(session, student.id, now=LATER)
        assert (mine.state, mine.changed, mine.others) == ("accepted", True, 1)
        assert [(one.deed, one.text, one.who) for one in mine.answers] == [("accept", "Well found.", "tess")]


def test_files_that_change_a_question_or_a_judgement_settle_what_was_accepted(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)
    of_key, declined = challenge(ann), report(bob)
    subject, _ = filing.of_dispute(session, "flood", user_id=bob.id, now=LATER)
    of_judgement = filing.challenge(session, subject, JUDGEMENT, PILOTS, "It says so.", user_id=bob.id, now=LATER)
    session.commit()
    answer(tess, session, of_key, "accept")
    answer(tess, session, of_judgement, "accept")
    answer(tess, session, declined, "decline")
    assert inbox.waiting(session, tess) == 2
    moved = {("item", "choice-1"): "a" * 64, ("dispute", "flood"): "b" * 64, ("item", "flood"): "c" * 64}
    assert mending.made_ready(session, moved, now=LATER) == 2
    session.commit()
    assert inbox.waiting(session, tess) == 0
    digests = {one.id: one.new_digest for one in session.scalars(select(ProblemReport))}
    assert digests == {of_key.id: "a" * 64, of_judgement.id: "b" * 64, declined.id: None}
    assert [len(told(one)) for one in (ann, bob)] == [2, 3]


def test_a_decision_needs_a_reason_where_it_declines_and_is_not_taken_twice(ann: Student):
    session, tess = ann.session, a_teacher(ann.session)
    filed = challenge(ann)
    for deed in ("reply", "close", "decline"):
        with pytest.raises(Mistakes):
            deciding.answer(session, filed.id, deed, "", teacher=tess, now=LATER)
    with pytest.raises(Mistakes):
        deciding.answer(session, filed.id, "accept", "x" * 2001, teacher=tess, now=LATER)
    with pytest.raises(NotFound):
        deciding.answer(session, filed.id, "burn", "x", teacher=tess, now=LATER)
    session.rollback()
    answer(tess, session, filed, "decline", "The words speak of ships.")
    with pytest.raises(Conflict):
        deciding.answer(session, filed.id, "decline", "Again.", teacher=tess, now=LATER)
    session.rollback()
    answer(tess, session, filed, "accept", "")
    assert [one.deed for one in own.mine(session, ann.id, now=LATER)[0].answers] == ["decline", "accept"]
    lines = audit.page(session, audit.Wanted(kind="report"), sort="when", number=1).lines
    assert [(one.who, one.action) for one in lines] == [("tess", "decline"), ("tess", "accept")]
    assert ("state", "declined", "accepted") in lines[1].changes


def test_a_question_changed_meanwhile_may_answer_a_report(ann: Student):
    session, tess = ann.session, a_teacher(ann.session)
    filed = challenge(ann)
    with pytest.raises(Conflict):
        deciding.settle(session, filed.id, teacher=tess, now=LATER)
    session.rollback()
    change_key(session, tess)
    answer(tess, session, filed, "accept", "Done already.")
    assert deciding.report_page(session, filed.id, teacher=tess).is_changed
    deciding.settle(session, filed.id, teacher=tess, now=LATER)
    session.commit()
    assert own.mine(session, ann.id, now=LATER)[0].changed


def test_while_the_question_is_asked_again_nothing_of_the_answer_is_told(ann: Student):
    session, tess = ann.session, a_teacher(ann.session)
    filed = challenge(ann)
    ann.start("harbour-test")
    answer(tess, session, filed, "accept", f"The key was {OLD_KEY}, it is {NEW_KEY}.")
    (mine,) = own.mine(session, ann.id, now=ann.now)
    assert (mine.put_away, mine.state, mine.answers, mine.changed) == (True, None, (), False)
    assert NEW_KEY not in json.dumps(personal_data.export(session, ann.id, now=ann.now)["reports"])
    assert not any(word in " ".join(told(ann)) for word in ("accept", "declin", "chang", NEW_KEY))


def test_the_list_of_questions_says_what_waits(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)

    def problems(**wanted: Any) -> dict[str, int]:
        listing.refresh(session, store.write_transaction(session))
        page = listing.page(session, listing.Wanted(**wanted), sort="stem", number=1)
        return {one.line.name: one.line.problems for one in page.questions}

    first = report(ann, "before the list was made")
    assert problems(problems=True) == {"choice-1": 1}
    second = challenge(bob)
    assert problems(problems=True) == {"choice-1": 2}
    answer(tess, session, first, "decline")
    answer(tess, session, second, "accept")
    assert problems(problems=True) == {"choice-1": 1}
    change_key(session, tess)
    assert problems(problems=True) == {}
    assert problems()["choice-1"] == 0


# --- what is kept of people ------------------------------------------------------------------------------------------


def test_whoever_is_erased_leaves_no_words_and_others_keep_theirs(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)
    shared, alone = challenge(ann, comment="Ann's words."), report(ann, "Only Ann says so.")
    challenge(bob, comment="Bob's words.")
    answer(tess, session, alone, "reply", "Thank you, Ann.")
    personal_data.erase(session, ann.id)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Reporter.comment)).all() == ["Bob's words."]
    assert session.scalars(select(ProblemReport.id)).all() == [shared.id]
    assert session.scalars(select(ReportAnswer.id)).all() == []


def test_the_export_holds_what_one_reported_and_what_was_answered(ann: Student, bob: Student):
    tess = a_teacher(ann.session)
    filed = challenge(ann, comment="Ann's words.")
    challenge(bob, comment="Bob's words.")
    answer(tess, ann.session, filed, "decline", "It is about ships.")
    (given,) = personal_data.export(ann.session, ann.id, now=LATER)["reports"]
    assert (given["kind"], given["comment"], given["state"]) == ("challenge", "Ann's words.", "declined")
    assert given["answers"][0]["text"] == "It is about ships."
    assert "Bob" not in json.dumps(given)


def test_with_a_class_go_the_reports_from_its_attempts(ann: Student, bob: Student):
    session, tess = ann.session, a_teacher(ann.session)
    school_class = classes.a_class(session, tess.id, ann.id)
    assignment = classes.an_assignment(session, school_class, tess.id)
    attempt = classes.submit(session, classes.begin(session, assignment, ann.id))
    challenge(ann, attempt, comment="From the class.")
    kept = report(ann, "From practice.")
    own_classes.archive(session, school_class.id, archived=True, teacher_id=tess.id, now=NOON)
    session.commit()
    (due,) = class_retention.due(session, now=NOON + timedelta(days=365 * 3))
    class_retention.forget(session, due, now=LATER)
    session.commit()
    assert session.scalars(select(Reporter.comment)).all() == ["From practice."]
    assert session.scalars(select(ProblemReport.id)).all() == [kept.id]


def test_a_guests_reports_become_those_of_the_account(ann: Student):
    session = ann.session
    guest = Student(session, "guest-1")
    session.get_one(User, guest.id).role = "guest"
    both, alone = challenge(ann), report(guest, "As a guest.")
    challenge(guest)
    users.hand_over(session, session.get_one(User, guest.id), session.get_one(User, ann.id))
    session.commit()
    session.expire_all()
    mine = session.execute(select(Reporter.report_id, Reporter.user_id).order_by(Reporter.report_id)).all()
    assert [tuple(row) for row in mine] == [(both.id, ann.id), (alone.id, ann.id)]

"""Taking one's data away, and being erased."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.exchange import Defaults
from quizapp.domain.marking import Mark
from quizapp.services import accounts, importing, learning, marks, personal_data, taking
from quizapp.services.building import own as building
from quizapp.services.errors import Conflict, NotFound
from quizapp.store import bank, openings, users
from quizapp.store.tables import Attempt, Base, PassageOpening, Response, Slot, User
from tests import small_bank
from tests.databases import count_queries
from tests.services.test_learning import BLANK, GIVEN_UP, QUIZZES, RIGHT, WRONG, Student

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
HIDDEN = ("item", "version", "outcome", "mark")


@pytest.fixture
def ann(session: Session) -> Student:
    """A student, with another one whose things must neither be given away nor erased."""
    small_bank.publish(session, items=14, quizzes=QUIZZES)
    bob = Student(session, "bob")
    opened(bob, "almanac/of-bob", bob.sit("harbours", WRONG, RIGHT))
    return Student(session)


def opened(student: Student, passage: str, attempt: Attempt | None = None) -> None:
    place = (attempt.id, 1) if attempt else None
    openings.record(student.session, student.id, passage, student.now, place)
    student.session.commit()


def exported(student: Student) -> dict:
    found = personal_data.export(student.session, student.id, now=student.now)
    return json.loads(json.dumps(found))


def erase(student: Student) -> None:
    personal_data.erase(student.session, student.id)
    student.session.commit()
    student.session.expire_all()


def counts(session: Session) -> dict[str, int]:
    tables = (User, Attempt, Slot, Response, PassageOpening)
    return {table.__tablename__: session.scalars(select(func.count()).select_from(table)).one() for table in tables}


# --- taking it away --------------------------------------------------------------------------------------------------


def test_all_that_is_kept_of_an_account_is_given_but_its_password(ann: Student):
    given = set(exported(ann)["account"])
    kept = {column.name for column in Base.metadata.tables["user"].columns}
    assert given == kept - {"id", "username_key", "password_hash", "session_epoch"}


def test_an_attempt_is_given_with_every_answer_and_its_time(ann: Student):
    attempt = ann.start("harbours")
    ann.answer(attempt, 1, WRONG)
    ann.answer(attempt, 1, RIGHT)
    ann.answer(attempt, 2, GIVEN_UP)
    ann.submit(attempt)
    (given,) = exported(ann)["attempts"]
    assert {name: given[name] for name in ("id", "quiz", "title", "mode", "number", "mark", "available")} == {
        "id": str(attempt.id), "quiz": "harbours", "title": "Harbours", "mode": "practice", "number": 1,
        "mark": "1", "available": "5",
    }  # fmt: skip
    assert (given["started_at"], given["submitted_by_the_clock"]) == ("2027-03-12T12:01:00+00:00", False)
    first, second, *_ = given["questions"]
    assert [(one["answer"], one["standing"], one["received_at"]) for one in first["responses"]] == [
        ("Lure 1", "current", "2027-03-12T12:02:00+00:00"), ("Key 1", "current", "2027-03-12T12:03:00+00:00"),
    ]  # fmt: skip
    assert (first["question"], first["item"], first["outcome"]) == (
        "Question 1: which harbour is meant?", "choice-1", "right",
    )  # fmt: skip
    assert (second["responses"], second["outcome"], second["checked_at"]) == ([], "wrong", "2027-03-12T12:04:00+00:00")


def test_how_sure_is_given_in_words(ann: Student):
    attempt = ann.start("harbours")
    sent = taking.Sent(attempt.id, 1, {"answer": ["0"], "certainty": ["2"]}, user_id=ann.id, epoch=0, fresh="x")
    taking.respond(ann.session, sent, now=ann.now)
    ann.session.commit()
    assert exported(ann)["attempts"][0]["questions"][0]["responses"][0]["certainty"] == "fairly sure"


def test_what_was_opened_is_given(ann: Student):
    attempt = ann.sit("harbours")
    opened(ann, "almanac/harbours", attempt)
    opened(ann, "almanac/calendars")
    given = [(one["passage"], one["attempt"], one["question"]) for one in exported(ann)["openings"]]
    assert given == [("almanac/harbours", str(attempt.id), 1), ("almanac/calendars", None, None)]


@pytest.mark.parametrize("quiz", ["harbour-test", "harbours", "secret", "later"])
def test_what_may_not_be_seen_yet_is_null(ann: Student, quiz: str):
    attempt = ann.start(quiz)
    ann.answer(attempt, 1, WRONG)
    if quiz in ("secret", "later"):
        ann.submit(attempt)
    (given,) = exported(ann)["attempts"]
    assert given["mark"] == ("0" if quiz == "secret" else None)
    for question in given["questions"]:
        assert {name: question[name] for name in HIDDEN} == dict.fromkeys(HIDDEN)
    text = json.dumps(given)
    for secret in ("choice-", "Key", "Praise", "Correction", "Explanation", "harbour 1", attempt.slots[0].item_digest):
        assert secret not in text
    assert given["questions"][0]["responses"][0]["answer"] == "Lure 1"


def moved(student: Student, attempt: Attempt, number: int, fraction: str = "0.5") -> None:
    mark = Mark(Decimal(fraction), "Half of it is right.")
    marks.change(student.session, attempt.id, number, mark, kind="override", why="Said otherwise, and right.",
                 actor_id=None, now=student.now)  # fmt: skip
    student.session.commit()


def test_every_change_of_a_mark_is_given_with_its_reason(ann: Student):
    attempt = ann.sit("harbours", WRONG, RIGHT)
    moved(ann, attempt, 1)
    moved(ann, attempt, 1, "1")
    given = exported(ann)["mark_changes"]
    assert [(one["old"], one["new"]) for one in given] == [("0", "0.5"), ("0.5", "1")]
    assert {name: given[0][name] for name in ("attempt", "question", "kind", "why", "old_available")} == {
        "attempt": str(attempt.id), "question": 1, "kind": "override", "why": "Said otherwise, and right.",
        "old_available": None,
    }  # fmt: skip
    assert given[0]["at"].startswith("2027-03-12T12:")


def test_a_change_of_a_mark_that_may_not_be_seen_says_only_that_there_is_one(ann: Student):
    moved(ann, ann.sit("secret", WRONG), 1)
    moved(ann, ann.sit("harbours", WRONG), 1)
    ann.start("harbours")  # asks the same question again
    for one in exported(ann)["mark_changes"]:
        assert (one["kind"], one["question"]) == ("override", 1)
        assert [one[name] for name in ("old", "new", "why")] == [None, None, None]


def test_nothing_of_anybody_else_is_given(ann: Student):
    ann.sit("harbours", WRONG)
    text = json.dumps(exported(ann))
    assert "bob" not in text
    assert len(exported(ann)["attempts"]) == 1


@pytest.mark.parametrize("sittings", [1, 5])
def test_an_export_costs_thirteen_queries_at_most_whatever_there_is(ann: Student, sittings: int):
    for _ in range(sittings):
        ann.sit("large", *[WRONG] * 4)
    exported(ann)
    ann.session.expire_all()
    with count_queries(store.db.engine) as statements:
        exported(ann)
    assert len(statements) <= 13, statements


def test_a_teacher_gets_drafts_and_uploads_and_nobody_elses(session: Session):
    small_bank.publish(session)
    tess, ben = (small_bank.a_user(session, name, "teacher") for name in ("tess", "ben"))
    for who, title in ((tess, "Mine"), (ben, "Theirs")):
        name = building.begin(session, user_id=who, key=title.lower(), now=NOON)
        building.keep(session, name, {"title": title, "sections": []}, user_id=who, now=NOON)
        upload = importing.Upload(f"{title}.gift", f"::{title}:: Is it {title}? {{T}}".encode(), "", Defaults("tides"))
        importing.receive(session, who, upload, now=NOON)
    given = personal_data.export(session, tess, now=NOON)
    assert [one["typed"]["title"] for one in given["quiz_drafts"]] == ["Mine"]
    assert [one["file_name"] for one in given["uploads"]] == ["Mine.gift"]
    assert b"Is it Mine" in base64.b64decode(given["uploads"][0]["file"])
    assert given["question_drafts"] == []
    assert "Theirs" not in json.dumps(given)
    student = personal_data.export(session, small_bank.a_user(session, "stu"), now=NOON)
    assert not {"quiz_drafts", "question_drafts", "uploads"} & set(student)


# --- being erased ----------------------------------------------------------------------------------------------------


def test_nothing_is_left_of_a_person_and_all_of_others(ann: Student):
    before = counts(ann.session)
    done = ann.sit("harbours", WRONG, RIGHT, BLANK)
    opened(ann, "almanac/harbours", done)
    ann.retry(done)
    ann.sit("harbour-test", submit=False)
    erase(ann)
    assert counts(ann.session) == {**before, "user": before["user"] - 1}
    assert users.by_id(ann.session, ann.id) is None
    with pytest.raises(NotFound):
        erase(ann)


def test_an_erased_persons_name_is_free_and_their_id_is_never_used_again(ann: Student):
    erase(ann)
    assert small_bank.a_user(ann.session, "ann") != ann.id


def test_practice_of_mistakes_goes_too(ann: Student):
    ann.sit("harbours", WRONG)
    ann.practise()
    erase(ann)
    assert learning.mistakes(ann.session, user_id=ann.id, now=ann.now) == []


def set_by_a_class(student: Student) -> Attempt:
    """An attempt of a quiz that only classes take; no page starts one yet."""
    attempt = student.sit("harbours", WRONG, RIGHT)
    digest = digest_of(student.session, "class-only")
    change = update(Attempt).where(Attempt.id == attempt.id).values(quiz="class-only", quiz_digest=digest)
    student.session.execute(change)
    student.session.commit()
    return attempt


def digest_of(session: Session, quiz: str) -> str:
    return bank.current_digests(session, "quiz", [quiz])[quiz]


def test_what_a_class_set_stays_under_a_pseudonym_and_the_rest_goes(ann: Student):
    accounts.change_details(ann.session, ann.id, accounts.Details("Ann", "Smith", "ann@school.example"))
    kept = set_by_a_class(ann)
    opened(ann, "almanac/harbours", kept)
    opened(ann, "almanac/calendars")
    kept_id, own_id = kept.id, ann.sit("harbours", RIGHT).id
    erase(ann)
    user = ann.session.get_one(User, ann.id)
    assert (user.username, user.given_name, user.family_name, user.email) == (f"former-{ann.id}", "", "", None)
    assert (user.password_hash, user.preferences, user.session_epoch, user.role) == (None, {}, 1, "student")
    mine = ann.session.scalars(select(Attempt.id).where(Attempt.user_id == ann.id)).all()
    assert mine == [kept_id]
    assert ann.session.get(Attempt, own_id) is None
    left = ann.session.scalars(select(PassageOpening.passage).where(PassageOpening.user_id == ann.id)).all()
    assert left == ["almanac/harbours"]
    responses = select(func.count()).select_from(Response).where(Response.attempt_id == kept_id)
    assert ann.session.scalars(responses).one() == 2


def test_a_pseudonym_that_somebody_has_taken_is_not_taken_from_them(ann: Student):
    small_bank.a_user(ann.session, f"former-{ann.id}")
    set_by_a_class(ann)
    erase(ann)
    assert ann.session.get_one(User, ann.id).username == f"former-{ann.id}-2"


def test_the_last_administrator_stays(session: Session):
    only = small_bank.a_user(session, "only", role="admin")
    with pytest.raises(Conflict, match="only one who looks after the accounts"):
        personal_data.erase(session, only)
    small_bank.a_user(session, "second", role="admin")
    personal_data.erase(session, only)
    assert users.by_id(session, only) is None

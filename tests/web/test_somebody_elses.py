"""Somebody else's things in one walk: every address that names something, asked for by those whose it is not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from quizapp.domain.exchange import Defaults
from quizapp.services import importing, notes, transactions
from quizapp.services.building import own
from quizapp.services.importing import Upload
from quizapp.store import classes as store_classes
from quizapp.store.mark_tables import Note
from quizapp.store.tables import Attempt, Base
from quizapp.web.limits import limiter
from tests import regrading
from tests.classes import NOON
from tests.web import everything
from tests.web.addresses import Places
from tests.web.classrooms import Classroom
from tests.web.sittings import Taker, new_taker, signed_in
from tests.web.test_access import asked, rules, somebody

STRANGERS = ["teacher", "student", "classmate", "guest", "anyone"]
FORM = {
    "answer": "1", "comment": "Mine now.", "do": "keep", "flagged": "1", "fraction": "1", "name": "Taken over",
    "passage": "almanac/harbours", "points": "1", "problem": "key", "question": "1", "reason": "Mine now.",
    "status": "retired", "title": "Taken over", "why": "Mine now.", "confirm": "y", "mark": "1",
}  # fmt: skip

# What is answered though somebody else has it, and why.
OF_EVERYBODY = {
    "help.show": "the handbook",
    "quizzes.show": "a published quiz",
    "quizzes.start": "begins an attempt of one's own",
    "reader.dispute": "a published dispute",
    "reader.passage": "a published passage",
    "reader.source": "a published source",
}
OF_WHO_IS_SIGNED_IN = {
    **OF_EVERYBODY,
    "joining.show": "who has a class's code is asked whether to join; the page names class and teacher alone",
    "notes.put_away": "puts away one's own note of that number, and says the same where there is none",
    "reports.challenge_judgement": "a published dispute, which its readers may challenge",
    "reports.new_judgement": "the page for that",
}
OF_THE_CLASS = {
    "assignments.show": "what is set to the whole class",
    "assignments.start": "begins an attempt of one's own",
    "joining.leave": "ends one's own membership",
}
THE_BANK = "the bank is everybody's who teaches"
OWN_STUDENTS = "a question or quiz of the bank, with the answers of own students alone"
OF_TEACHERS = {
    **dict.fromkeys(
        (
            "teacher.change_status", "teacher.edit_question", "teacher.show_history", "teacher.show_question",
            "teacher.add_questions", "teacher.begin_trial", "teacher.change_quiz", "teacher.drop_quiz_draft",
            "teacher.duplicate_quiz", "teacher.edit_quiz", "teacher.end_trial", "teacher.find_questions",
            "teacher.preview_quiz", "teacher.print_quiz", "teacher.print_quiz_pdf", "teacher.project_quiz",
            "teacher.set_quiz", "teacher.show_quiz_history", "teacher.withdraw_quiz",
        ),
        THE_BANK,
    ),
    **dict.fromkeys(
        (
            "teacher.accept_answer", "teacher.apply_accepted", "teacher.commit_regrade", "teacher.export_analysis",
            "teacher.export_answers", "teacher.export_classes", "teacher.export_dry_run",
            "teacher.export_quiz_answers", "teacher.export_workbook", "teacher.regrade", "teacher.show_accepted",
            "teacher.show_analysis", "teacher.show_answers", "teacher.show_quiz_answers", "teacher.withdraw_accepted",
        ),
        OWN_STUDENTS,
    ),
    **dict.fromkeys(
        ("teacher.edit_panel", "teacher.edit_parts", "teacher.new_source_text", "teacher.show_source"),
        "every teacher reads all sources, and changes own ones",
    ),
    **dict.fromkeys(("teacher.attach_copy", "teacher.show_copy"), "a source of the catalogue, which is everybody's"),
    "teacher.import_template": "an empty file to fill in",
}  # fmt: skip
SHARED = {
    "teacher": OF_WHO_IS_SIGNED_IN | OF_TEACHERS,
    "classmate": OF_WHO_IS_SIGNED_IN | OF_THE_CLASS,
    "student": OF_WHO_IS_SIGNED_IN,
    "guest": OF_WHO_IS_SIGNED_IN,
    "anyone": OF_EVERYBODY,
}
CHANGED = {
    "teacher": {"accepted_answer"},  # it stands beside the quiz, in the bank
    "classmate": {"membership"},  # the one who leaves
}
EVEN_OF_DRAFTS = {"teacher.end_trial"}  # ends the trial of the one who asks, whatever quiz the address names


@dataclass(frozen=True)
class Owners:
    """A teacher and a student of theirs, and where their things are; ``draft`` is a quiz that waits to be saved."""

    teacher: Taker
    student: Taker
    at: tuple[Places, ...]
    draft: str


@pytest.fixture
def app(app: Flask) -> Flask:
    everything.publish(app)
    return app


@pytest.fixture
def owners(app: Flask) -> Owners:
    """Both of them, with true things behind every address."""
    teacher = somebody(app, "teacher", attempts=True)
    taught = everything.of(teacher, app)
    student = signed_in(app, taught.student, "student")
    student.finished = student.start("harbour-test")
    student.press("submit")
    student.start()
    student.press("5/check", answer="0", because="So it says.")
    with app.app_context():
        session = transactions.session()
        upload = Upload("clocks.gift", b"::tower::Who built it? {=The town ~The king}", "", Defaults("clocks"))
        batch = importing.receive(session, teacher.id, upload, now=NOON)
        marked = session.get_one(Attempt, identity(taught.marked))
        regrade = regrading.twice(session, teacher.id, marked.id, but="choice-1")
        draft = own.begin(session, user_id=teacher.id, key="of-the-teacher", now=NOON)
        notes.tell(session, [student.id], "Your mark has moved.", now=NOON)
        note = session.scalars(select(Note.id).where(Note.user_id == student.id).order_by(Note.id.desc())).first()
        sitting = session.scalars(
            select(Attempt).where(Attempt.user_id == student.id, Attempt.assignment_id.is_not(None))
        )
        begun = f"/attempts/{sitting.one().id}"
        reasoned = int(taught.reasoned.partition("/")[0])
        why = session.scalars(select(Attempt).where(Attempt.assignment_id == reasoned)).one()
        transactions.commit()
    taught = replace(
        taught, batch=f"/teach/import/{batch}", regrade=regrade, note=note, set_to_me=taught.assignment,
        taken="harbour-test",
    )  # fmt: skip
    learnt = replace(taught, running=student.attempt, finished=student.finished, reviewed=f"{student.attempt}/5")
    in_class = replace(taught, running=begun, finished=f"/attempts/{why.id}", reviewed="")
    handed_in = replace(taught, student=marked.user_id, finished=taught.marked)
    places = (taught, learnt, in_class, handed_in, replace(taught, quiz=draft))
    return Owners(teacher, student, places, draft)


def identity(address: str) -> uuid.UUID:
    """The id in an attempt's address."""
    return uuid.UUID(address.rpartition("/")[2])


def stranger(app: Flask, owners: Owners, role: str) -> Taker:
    """Somebody else, who has things of their own where their role may have any."""
    if role in ("teacher", "student"):
        room = Classroom(app)
        room.begin()
        return room.teacher if role == "teacher" else room.student
    if role == "classmate":
        person = somebody(app, "student", attempts=True)
        with app.app_context():
            store_classes.put(transactions.session(), owners.at[0].school_class, person.id, "student", NOON)
            transactions.commit()
        return person
    return somebody(app, role, attempts=role == "guest")


def everywhere(app: Flask, owners: Owners) -> Iterator[tuple[str, str, str]]:
    """Method, address and endpoint of every address that names something of theirs, each once."""
    found = {
        (method, path): rule.endpoint
        for at in owners.at
        for rule in rules(app)
        if rule.arguments
        for method, path in asked(rule, at)
    }
    return ((method, path, endpoint) for (method, path), endpoint in found.items())


def is_shared(owners: Owners, role: str, path: str, endpoint: str) -> bool:
    """Whether this is answered though it is another's."""
    if owners.draft in path:
        return role == "teacher" and endpoint in EVEN_OF_DRAFTS
    return endpoint in SHARED[role]


def ask(app: Flask, person: Taker, method: str, path: str) -> TestResponse:
    """The address asked for; a POST with a good token, and something for most fields that there are."""
    with app.app_context():
        limiter.reset()
    if method == "GET":
        return person.get(path)
    return person.client.post(path, data={**FORM, "csrf_token": person.token("/sources")})


def is_refused(answer: TestResponse, role: str) -> bool:
    """Whether the answer is no; who is not signed in is sent to do so."""
    if role == "anyone":
        return answer.status_code in (401, 403, 404) or (answer.location or "").startswith("/sign-in?next=")
    return answer.status_code in (403, 404)


def rows(app: Flask) -> dict[str, set[str]]:
    """All that the database holds, table by table."""
    with app.app_context():
        connection = transactions.session().connection()
        tables = Base.metadata.sorted_tables
        return {table.name: {repr(row) for row in connection.execute(select(table))} for table in tables}


@pytest.mark.parametrize("role", STRANGERS)
def test_what_is_somebody_elses_is_refused_and_stays_as_it_is(app: Flask, owners: Owners, role: str):
    person = stranger(app, owners, role)
    person.get("/sources")
    before = rows(app)
    answered = [
        (answer.status_code, method, path)
        for method, path, endpoint in everywhere(app, owners)
        if not is_shared(owners, role, path, endpoint)
        and not is_refused(answer := ask(app, person, method, path), role)
    ]
    assert answered == []
    assert rows(app) == before


@pytest.mark.parametrize("role", STRANGERS)
def test_what_is_shared_leaves_what_others_have(app: Flask, owners: Owners, role: str):
    person = stranger(app, owners, role)
    before, answered = rows(app), set()
    for method, path, endpoint in everywhere(app, owners):
        if is_shared(owners, role, path, endpoint):
            asking = new_taker(app, "anyone") if role == "anyone" else person  # whoever starts a quiz becomes a guest
            answer = ask(app, asking, method, path)
            assert answer.status_code < 500, (method, path)
            answered |= set() if is_refused(answer, role) else {endpoint}
    assert answered == set(SHARED[role]), "the list says no more than what is shared"
    after = rows(app)
    assert {name for name, kept in before.items() if not kept <= after[name]} <= CHANGED.get(role, set())


def test_the_things_themselves_are_there_for_their_owners(app: Flask, owners: Owners):
    """So that an address above is refused for whose it is, and not since there is no such thing."""
    read, asked_for = set(), set()
    for method, path, endpoint in everywhere(app, owners):
        if method == "GET":
            asked_for.add(endpoint)
            if any(ask(app, one, method, path).status_code < 400 for one in (owners.teacher, owners.student)):
                read.add(endpoint)
    assert asked_for - read == {"account.become_first_teacher"}  # its link is a secret, and of nobody
    for endpoint in ("extend_attempt", "give_points", "mark_by_hand", "reopen_attempt"):
        paths = [path for _, path, name in everywhere(app, owners) if name == f"teacher.{endpoint}"]
        assert any(not is_refused(ask(app, owners.teacher, "POST", path), "teacher") for path in paths), endpoint
    for endpoint in ("notes.put_away", "reports.withdraw", "joining.leave"):
        [path] = [path for _, path, name in everywhere(app, owners) if name == endpoint]
        assert not is_refused(ask(app, owners.student, "POST", path), "student"), endpoint

"""A teacher with something of everything that an address can name, for tests that walk all of them."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Flask

from quizapp.domain.entry import plain
from quizapp.domain.source import Source
from quizapp.services import transactions
from quizapp.services.classes import grouping
from quizapp.store.classes import put
from tests import classes, own_sources, real_bank, reported, small_bank, small_catalogue, to_mark
from tests.builders import an_entry
from tests.web.addresses import Places
from tests.web.sittings import Taker
from tests.web.test_access import places


def publish(app: Flask) -> None:
    """The small bank, with what is to mark, a passage and a dispute."""
    with app.app_context():
        session = transactions.session()
        small_bank.put_passages(session)
        small_bank.put_item(session, an_entry("short_answer", id="named-after"))
        why = small_bank.a_test(id=to_mark.QUIZ, sections=to_mark.sections("choice-5", "named-after"))
        small_bank.publish(session, quizzes=(small_bank.a_quiz(), small_bank.a_test(), why), because=(5,))
        small_catalogue.put(session, "source", "almanac", plain(Source.model_validate(small_catalogue.SOURCE)))
        proof = [{"passage": "almanac/harbours"}]
        sides = [{"says": f"Harbour {n}", "who": "The almanac", "evidence": proof} for n in (1, 2)]
        dispute = {"id": "which-harbour", "question": "Which harbour was it?", "kind": "emphasis", "judgement": "Open."}
        real_bank.put(session, "dispute", "which-harbour", {**dispute, "positions": sides})


def of(person: Taker, app: Flask) -> Places:
    """Where a teacher may go who has attempts, and a class with a group and a quiz, at which a student is sitting."""
    assert person.user_id is not None
    person.press("5/check", answer="0", because="So it says.")
    with app.app_context():
        session = transactions.session()
        student = small_bank.a_user(session, uuid.uuid4().hex)
        one = classes.a_class(session, person.user_id, student)
        group = grouping.create(session, one.id, "Blue", teacher_id=person.user_id, now=classes.NOON)
        quiz = classes.an_assignment(session, one, person.user_id)
        classes.begin(session, quiz, student)
        done = small_bank.a_user(session, uuid.uuid4().hex)
        put(session, one.id, done, "student", classes.NOON)
        marked = classes.submit(session, classes.begin(session, quiz, done))
        second = small_bank.a_user(session, uuid.uuid4().hex)
        put(session, one.id, second, "student", classes.NOON)
        why, key = to_mark.sat(session, one, person.user_id, second, "named-after")
        report = reported.a_challenge(session, student, "choice-1", classes.NOON)
        own = {
            "own_source": own_sources.added(session, person.user_id),
            "report": report,
            "marked": f"/attempts/{marked.id}",
            "reviewed": f"{person.attempt}/5",
            "dispute": "which-harbour",
            "school_class": one.id,
            "assignment": quiz.id,
            "student": student,
            "group": group.id,
            "reasoned": f"{why}/choice-5",
            "typed": "named-after",
            "typed_in": to_mark.QUIZ,
            "accepted": key,
        }
        return replace(places(person), code=one.join_code or "", **own)

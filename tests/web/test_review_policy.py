"""What × when, through the pages: each aspect alone shows exactly itself, at every moment that there is.

«After close» needs a date on which a quiz closes: a class has one, so that moment is tried with a quiz set to a class.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from quizapp.domain.review_policy import ASPECTS, MOMENTS
from quizapp.services import transactions
from quizapp.store.tables import Attempt, Slot
from tests import small_bank, small_catalogue
from tests.web.classrooms import Classroom
from tests.web.sittings import Taker

PASSAGE = "/sources/almanac/pilots"
TOLD_BY_KEY = {"correctness"}  # whoever sees the key beside the own answer sees whether it is right


def quiz_name(when: str, what: str) -> str:
    return f"{when}-{what}".replace("_", "-")


def quizzes() -> Iterable[dict]:
    for when in MOMENTS:
        for what in (*ASPECTS, "nothing"):
            shown = {moment: [] for moment in MOMENTS} | {when: [] if what == "nothing" else [what]}
            yield small_bank.a_quiz(
                id=quiz_name(when, what),
                title="A quiz",
                review=shown,
                certainty=True,
                shuffle={"options": False},
                sections=[{"items": ["choice-1", "choice-2", "choice-3"]}],
            )


@pytest.fixture
def app(app: Flask) -> Flask:
    with app.app_context():
        session = transactions.session()
        small_catalogue.publish(session, attach=small_catalogue.TEXT)
        small_bank.publish(session, items=0, quizzes=tuple(quizzes()))
    return app


def main(page: str) -> str:
    """The page without what stands around it on every page."""
    return page.split('<main id="main"')[1].split("</main>", maxsplit=1)[0]


def seen(page: str) -> set[str]:
    """The aspects that a page of an attempt tells."""
    html = main(page)
    signs = {
        "score": r"class=\"score|\d%|✓ Passed|✗ Not passed",
        "marks": r"\d(\.\d+)? of 1\b",
        "correctness": r"class=\"outcome|Your answer: (right|wrong)|class=\"step-sign|step (right|partly|wrong)|"
        r"Sure, and not right|Practise what you missed \(",
        "feedback": r"(Praise|Correction|Warning) \d",
        "explanation": r"Explanation \d",
        "key": r"verdict-right\"><span aria-hidden=\"true\">✓</span> Right|item=choice|version=|Right answer|"
        r"verdict-plain|Practise what you missed",
        "evidence": r"pilots wait|nobody leaves|lamps &amp; ropes|on the wall|What of the|sources differ",
    }
    return {aspect for aspect, sign in signs.items() if re.search(sign, html)}


def sit(app: Flask, quiz: str) -> Taker:
    """A student who answers one question rightly and one wrongly, both surely, checks both, and leaves the third."""
    ann = Taker(app.test_client())
    ann.start(quiz)
    answer_two(ann)
    return ann


def answer_two(ann: Taker) -> None:
    """One rightly and one wrongly, both surely; both are checked."""
    ann.press("1/check", answer="0", certainty="3")
    ann.press("2/check", answer="1", certainty="3")


def submitted_earlier(app: Flask, attempt: str, by: timedelta) -> None:
    with app.app_context():
        session = transactions.session()
        mine = Attempt.id == uuid.UUID(attempt.rpartition("/")[2])
        at = session.scalars(select(Attempt.submitted_at).where(mine)).one()
        session.execute(update(Attempt).where(mine).values(submitted_at=at - by))
        transactions.commit()


def pages_during(ann: Taker) -> list[str]:
    return [ann.at(rest).text for rest in (1, 2, 3, "summary")]


def results(app: Flask, ann: Taker, when: str) -> list[str]:
    ann.press("submit")
    if when == "while_open":
        submitted_earlier(app, ann.attempt, timedelta(minutes=3))
    return [ann.at(rest).text for rest in ("result", "result?print=1")]


def lists(ann: Taker, quiz: str) -> list[str]:
    return [ann.get(page).text for page in ("/", "/quizzes", f"/quizzes/{quiz}", "/progress")]


@pytest.mark.parametrize("what", [*ASPECTS, "nothing"])
@pytest.mark.parametrize("when", ["during", "right_after", "while_open"])
def test_an_aspect_shows_itself_at_its_moment_and_nothing_else(app: Flask, when: str, what: str):
    quiz = quiz_name(when, what)
    ann = sit(app, quiz)
    expected = {what} - {"nothing"}
    if what == "key":
        expected |= TOLD_BY_KEY
    running = pages_during(ann)
    if when == "during":
        told = set().union(*map(seen, running))
        assert told == expected - {"score"}, "an attempt has no score before it is submitted"
    else:
        assert [seen(page) for page in running] == [set()] * 4
    after = results(app, ann, when)
    if when == "during":
        assert [seen(page) for page in after] == [set()] * 2
    else:
        assert [seen(page) for page in after] == [expected] * 2


@pytest.mark.parametrize("what", [*ASPECTS, "nothing"])
def test_an_aspect_shows_itself_once_the_quiz_has_closed_for_the_class(app: Flask, what: str):
    quiz = quiz_name("after_close", what)
    room = Classroom(app, quiz=quiz)
    closes(room, quiz, timedelta(days=2))
    ann = room.begin()
    answer_two(ann)
    assert [seen(page) for page in pages_during(ann)] == [set()] * 4
    assert [seen(page) for page in results(app, ann, "after_close")] == [set()] * 2
    submitted_earlier(app, ann.attempt, timedelta(minutes=3))
    assert [seen(page) for page in results(app, ann, "after_close")] == [set()] * 2, "it is still open"
    closes(room, quiz, -timedelta(days=2))
    expected = {what} - {"nothing"} | (TOLD_BY_KEY if what == "key" else set())
    assert [seen(page) for page in results(app, ann, "after_close")] == [expected] * 2
    assert ["33%" in main(ann.get(page).text) for page in ("/", "/progress")] == [what == "score"] * 2


def closes(room: Classroom, quiz: str, after: timedelta) -> None:
    """The teacher moves the end of what is set to so long after now; attempts that are there go with it."""
    at = datetime.now(UTC) + after
    fields = {"quiz": quiz, "kind": "class", "late_policy": "accept", "closes": [f"{at:%Y-%m-%d}", "12:00"]}
    moved = room.teacher.post(f"/teach/assignments/{room.assignment}/edit", **fields)
    assert moved.status_code == 303, moved.text


@pytest.mark.parametrize(("when", "what"), [
    *(("right_after", what) for what in (*ASPECTS, "nothing")), ("during", "score"), ("while_open", "score"),
])  # fmt: skip
def test_lists_and_progress_tell_no_more_than_the_result(app: Flask, when: str, what: str):
    quiz = quiz_name(when, what)
    ann = sit(app, quiz)
    results(app, ann, when)
    now = set() if when == "during" else {what}
    assert ["33%" in main(page) for page in lists(ann, quiz)] == ["score" in now] * 4
    assert ("1 of 3" in main(ann.get(f"/quizzes/{quiz}").text)) is ("score" in now)
    assert (",33.3" in ann.get("/progress.csv").text) is ("score" in now)
    progress = ann.get("/progress").text
    assert ("By topic" in progress) is False, "a score alone does not tell which questions earned it"
    assert ("How sure, and how right" in progress) is ("correctness" in now and "score" in now)
    assert ("Practise" in main(ann.get("/").text)) is ("key" in now)
    practice = ann.post("/progress/practice", page="/quizzes")
    assert practice.status_code == (302 if "key" in now else 409)
    assert ann.press("retry").status_code == (302 if "key" in now else 403)


@pytest.mark.parametrize("what", [*ASPECTS, "nothing"])
def test_no_page_of_a_passage_tells_what_the_result_does_not(app: Flask, what: str):
    ann = sit(app, quiz_name("right_after", what))
    results(app, ann, "right_after")
    with app.app_context():
        versions = dict(transactions.session().execute(select(Slot.item, Slot.item_digest)).all())
    for item, version in versions.items():
        page = main(ann.get(f"{PASSAGE}?item={item}&version={version}").text)
        for told in ("supports the answer", "about another answer", "Question 1:", "Question 2:", "Question 3:"):
            assert told not in page


def test_all_aspects_together_open_the_passage_with_the_question(app: Flask):
    ann = Taker(app.test_client())
    ann.start("another")
    ann.press("1/check", answer="0")
    page = ann.at(1).text
    link = re.search(r'href="(/sources/almanac/pilots\?item=choice-3[^"]+)"', page)
    assert link
    shown = main(ann.get(link[1].replace("&amp;", "&").split("#")[0]).text)
    assert "Question 3:" in shown
    assert "supports the answer" in shown


def test_checked_without_any_review_shows_the_own_answer_and_goes_on(app: Flask):
    ann = sit(app, quiz_name("right_after", "score"))
    page = main(ann.at(1).text)
    assert "Your answer" in page
    assert "You were sure." in page
    assert "Next question" in page

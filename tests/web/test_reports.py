"""Reports and challenges in a browser without JavaScript: looked up, sent, answered, accepted; and kept from others."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.services import transactions
from quizapp.web.limits import limiter
from tests import classes, small_catalogue
from tests.web.sittings import Taker, new_taker
from tests.web.test_questions import edit, send

COMMENT = "The almanac says otherwise."
WORDS = {"passage": "almanac/ships", "quote": "counts them from his tower", "comment": COMMENT}


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app with a small bank whose document is attached."""
    with app.app_context():
        small_catalogue.publish(transactions.session(), attach=small_catalogue.TEXT)
        limiter.reset()
    return app


@pytest.fixture
def ann(app: Flask) -> Taker:
    return sat(app)


def sat(app: Flask) -> Taker:
    """A student with a finished attempt at choice-1 and choice-2."""
    taker = new_taker(app, "student")
    taker.start("harbours")
    taker.press("1/check", give_up="1")
    taker.press("submit")
    return taker


def challenge(taker: Taker, change: str = "send", at: str = "", **fields: str) -> TestResponse:
    """Press a button of the form to challenge a key."""
    page = at or f"{taker.attempt}/1/challenge"
    return taker.post(page, page=at or "/reports", change=change, **fields)


def report(taker: Taker, **fields: str) -> TestResponse:
    given = {"kind": "unclear", "comment": "Which harbour, please?", **fields}
    return taker.post(f"{taker.attempt}/1/report", page="/quizzes", **given)


def main_of(page: TestResponse) -> str:
    return unescape(page.text.split("<main")[1])


def told(page: TestResponse) -> dict[str, str]:
    """The messages beside the fields, each tied to its field for those who do not see."""
    found = {name: unescape(text) for name, text in re.findall(r'class="error" id="([a-z]+)-error">([^<]+)', page.text)}
    for name in found:
        described = rf'<(?:input|select|textarea|fieldset)[^>]*aria-describedby="[^"]*\b{name}-error'
        assert re.search(described, page.text), name
    return found


# --- what students do ------------------------------------------------------------------------------------------------


def test_a_key_is_challenged_by_searching_choosing_checking_and_sending(ann: Taker):
    assert f"{ann.attempt}/1/challenge" in ann.at("result").text
    page = challenge(ann, "look", search="keeper", searched="")
    assert "almanac/ships" in main_of(page)
    page = challenge(ann, "choose:almanac/ships", comment="Kept while I look.")
    assert "Ships come in" in re.sub(r"</?span[^>]*>", "", main_of(page))
    assert "Kept while I look." in page.text
    page = challenge(ann, "look", search="keeper", searched="keeper", **WORDS)
    assert "word for word" in page.text
    sent = challenge(ann, **WORDS)
    assert sent.status_code == 303
    page = ann.get(sent.location)
    for words in ("Thank you", COMMENT, "counts them from his tower", "Waits for a teacher"):
        assert words in main_of(page), words
    assert "You have challenged this already" in ann.at("1/challenge").text
    assert challenge(ann, **WORDS).status_code == 409


def test_the_same_from_a_checked_question_in_practice(app: Flask):
    ann = new_taker(app, "student")
    ann.start("harbours")
    assert "1/challenge" not in ann.at(1).text
    ann.press("1/check", give_up="1")
    assert "1/challenge" in ann.at(1).text
    assert challenge(ann, **WORDS).status_code == 303
    assert report(ann).status_code == 303


def test_a_problem_is_reported_and_an_equal_one_stands_beside_it(app: Flask, ann: Taker):
    assert "I do not understand" in ann.at("1/report").text
    assert report(ann).status_code == 303
    again = report(ann)
    assert "told us this already" in ann.get(again.location).text
    bob = sat(app)
    page = bob.get(report(bob, comment="which harbour please").location)
    assert "Somebody else has said the same" in main_of(page)
    assert "1 other has said the same" in main_of(page)
    assert "Which harbour, please?" not in page.text


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"passage": ""}, "passage", "Choose the passage"),
        ({"passage": "almanac/nowhere"}, "passage", "almanac/nowhere"),
        ({"quote": "counts them from her tower"}, "quote", "does not stand in this passage"),
        ({"quote": "the"}, "quote", "times in this passage; quote more words."),
        ({"quote": ""}, "quote", "Give the words"),
        ({"quote": "x " * 13}, "quote", "13 words"),
        ({"comment": "  "}, "comment", "Say why"),
        ({"comment": "x" * 1001}, "comment", "1,001 characters"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_typed_is_lost(
    ann: Taker, changed: dict[str, str], field: str, message: str
):
    page = challenge(ann, **{**WORDS, **changed})
    assert page.status_code == 422
    assert list(told(page)) == [field]
    assert message in told(page)[field]
    kept = {**WORDS, **changed}["comment"].strip() or "autofocus"
    assert kept in page.text
    assert "reported nothing yet" in ann.get("/reports").text


def test_a_report_without_kind_or_words_is_told_beside_the_fields(ann: Taker):
    page = report(ann, kind="", comment="")
    assert page.status_code == 422
    assert set(told(page)) == {"kind", "comment"}


def test_something_else_is_the_last_choice(ann: Taker):
    page = ann.get(f"{ann.finished or ann.attempt}/1/report").text
    assert page.index("The answer marked as right is wrong") < page.index("Something else")


def test_who_says_that_the_key_is_wrong_gets_the_form_of_a_challenge_and_loses_no_word(ann: Taker):
    assert "The answer marked as right is wrong" in ann.at("1/report").text
    page = report(ann, kind="challenge", comment=COMMENT)
    assert page.status_code == 200
    assert "Challenge the answer</h1>" in page.text
    assert f'action="{ann.attempt}/1/challenge"' in page.text
    assert COMMENT in page.text
    assert told(page) == {}
    assert "reported nothing yet" in ann.get("/reports").text


def test_nobody_reports_from_somebody_elses_attempt_or_what_is_still_asked(app: Flask, ann: Taker, teacher: Taker):
    for other in (sat(app), teacher, new_taker(app, "admin")):
        for form in ("report", "challenge"):
            assert other.get(f"{ann.attempt}/1/{form}").status_code == 404
            assert other.post(f"{ann.attempt}/1/{form}", page="/quizzes", **WORDS).status_code == 404
    done = ann.attempt
    ann.start("harbour-test")
    for form in ("report", "challenge"):
        for attempt in (ann.attempt, done):  # choice-1 is asked in the one, and so withheld in the other
            assert ann.get(f"{attempt}/1/{form}").status_code == 409
            assert ann.post(f"{attempt}/1/{form}", page="/quizzes", change="send", **WORDS).status_code == 409
        assert form not in main_of(ann.get(f"{done}/result")).replace("Report", "")


def test_looking_for_a_passage_tells_nothing_of_what_is_withheld(app: Flask):
    ann = new_taker(app, "student")
    ann.start("another")
    ann.press("1/check", give_up="1")
    done = ann.attempt
    ann.start("harbour-test")  # rests on the pilots' passage, as the question that was checked does
    found = challenge(ann, "search", at=f"{done}/1/challenge", search="patient")  # a word of a claim alone
    assert "No passage has all of these words" in main_of(found)
    shown = main_of(challenge(ann, "choose:almanac/pilots", at=f"{done}/1/challenge"))
    assert "pilots are patient" not in shown
    assert "<mark>" not in shown


def test_sources_that_are_closed_are_closed_here_too(app: Flask):
    ann = new_taker(app, "student")
    ann.start("another")
    ann.press("1/check", give_up="1")
    done = ann.attempt
    ann.start("closed")
    for page in (f"{done}/1/challenge", "/disputes/flood/challenge"):
        refused = ann.get(page)
        assert refused.status_code == 403
        assert "Sources are closed for now" in refused.text
        assert ann.attempt in refused.text


def test_a_judgement_is_challenged_from_its_page(app: Flask, ann: Taker):
    assert "/disputes/flood/challenge" in ann.get("/disputes/flood").text
    assert "/disputes/flood/challenge" not in new_taker(app, "anyone").get("/disputes/flood").text
    at = "/disputes/flood/challenge"
    assert "Nobody knows of the flood." in ann.get(at).text
    sent = challenge(ann, at=at, **WORDS)
    assert sent.status_code == 303
    assert "Challenge to a judgement" in ann.get(sent.location).text
    assert ann.get("/disputes/nothing/challenge").status_code == 404
    ann.start("harbour-test")
    assert ann.get("/disputes/frost/challenge").status_code == 409


def test_who_sends_too_much_is_asked_to_wait(ann: Taker):
    answers = [report(ann, comment=f"Number {n}").status_code for n in range(7)]
    assert answers == [303] * 6 + [429]
    limiter.reset()
    assert [report(ann, comment="").status_code for _ in range(8)] == [422] * 8


def test_what_is_typed_is_shown_as_text(ann: Taker, teacher: Taker):
    nasty = "<script>alert(1)</script>\n=cmd"
    assert report(ann, comment=nasty + "\0").status_code == 303
    (number,) = set(re.findall(r"/teach/reports/(\d+)", teacher.get("/teach/reports").text))
    for page in (ann.get("/reports"), teacher.get(f"/teach/reports/{number}"), edit(teacher, "choice-1")):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "<script>alert" not in page.text
    assert "<script>alert(1)" in teacher.get("/teach/reports.csv").text  # plain text, quoted


# --- what teachers do ------------------------------------------------------------------------------------------------


def decide(teacher: Taker, deed: str, text: str = "", number: str = "") -> TestResponse:
    found = number or re.findall(r"/teach/reports/(\d+)", teacher.get("/teach/reports").text)[0]
    return teacher.post(f"/teach/reports/{found}", page=f"/teach/reports/{found}", deed=deed, text=text)


def test_the_inbox_of_a_teacher_holds_own_students_reports(app: Flask, ann: Taker, teacher: Taker):
    assert "Nothing waits for you" in teacher.get("/teach/reports").text
    other = new_taker(app, "teacher")
    with app.app_context():
        classes.a_class(transactions.session(), other.id, ann.id)
    challenge(ann, **WORDS)
    number = re.findall(r"/teach/reports/(\d+)", other.get("/teach/reports").text)[0]
    assert "Nothing waits for you" in teacher.get("/teach/reports").text
    assert teacher.get(f"/teach/reports/{number}").status_code == 404
    assert decide(other, "accept", number=number).status_code == 303
    for deed in ("reply", "accept", "decline", "settle"):
        sent = teacher.post(f"/teach/reports/{number}", page="/teach/reports/../import", deed=deed, text="Mine")
        assert sent.status_code == 404
    assert COMMENT not in teacher.get("/teach/reports.csv?state=").text
    assert COMMENT not in edit(teacher, "choice-1").text
    assert COMMENT in other.get("/teach/reports.csv?state=").text
    assert "1 report by students" in other.get("/teach/").text
    assert "1 report by students" not in teacher.get("/teach/").text


def test_ones_own_report_is_withdrawn_after_a_second_look(app: Flask, ann: Taker, teacher: Taker):
    address = report(ann).location.replace("#report-", "/")
    page = main_of(ann.get("/reports"))
    assert f'action="{address}/withdraw"' in page
    assert page.index("Withdraw this report") < page.index("Yes, withdraw it")  # folded, so two presses without script
    assert new_taker(app, "student").post(f"{address}/withdraw", page="/reports").status_code == 404
    done = ann.post(f"{address}/withdraw", page="/reports")
    assert done.status_code == 303
    page = main_of(ann.get("/reports"))
    assert "Withdrawn" in page
    assert "/withdraw" not in page
    assert "Nothing waits for you" in main_of(teacher.get("/teach/reports"))
    [shown] = re.findall(r'href="(/teach/reports/\d+)"', teacher.get("/teach/reports?state=withdrawn").text)
    text = main_of(teacher.get(shown))
    assert "there is nothing to do, and nobody to answer" in text
    assert 'name="deed"' not in text
    assert teacher.post(shown, page="/teach/", deed="accept").status_code == 409


def test_a_settled_report_cannot_be_withdrawn(ann: Taker, teacher: Taker):
    address = report(ann).location.replace("#report-", "/")
    [shown] = re.findall(r'href="(/teach/reports/\d+)"', teacher.get("/teach/reports").text)
    teacher.post(shown, page=shown, deed="decline", text="It is right.")
    assert "/withdraw" not in main_of(ann.get("/reports"))
    assert ann.post(f"{address}/withdraw", page="/reports").status_code == 409


def test_filters_are_said_and_may_find_nothing(ann: Taker, teacher: Taker):
    report(ann)
    assert "1 report" in teacher.get("/teach/reports?kind=unclear&q=harbour+meant&sort=question").text
    for query in ("kind=challenge", "state=declined", "q=sundial", "question=choice-2"):
        assert "No report fits all of this" in teacher.get(f"/teach/reports?{query}").text
    for query in ("sort=nothing&page=99", "state=burnt&kind=x", "page=x&q=%00"):
        assert teacher.get(f"/teach/reports?{query}").status_code == 200


def test_the_whole_way_from_challenge_to_new_version(app: Flask, ann: Taker, teacher: Taker):
    challenge(ann, **WORDS)
    assert "1 report<" in teacher.get("/teach/questions?problems=1").text
    refused = decide(teacher, "decline")
    assert refused.status_code == 422
    assert told(refused) == {"text": "Say why: the students who reported it read it."}
    accepted = decide(teacher, "accept", "You are right.")
    assert accepted.location.endswith("/teach/questions/choice-1/edit")
    page = teacher.get(accepted.location)
    assert COMMENT in page.text
    assert "counts them from his tower" in page.text
    assert "You are right." in ann.get("/reports").text
    made = send(teacher, page, "ready", explanation="It was otherwise.")
    assert made.status_code == 303
    page = teacher.get(made.location)
    assert "Reported by students" in page.text
    number = re.findall(r"/teach/reports/(\d+)", page.text)[0]
    page = teacher.get(f"/teach/reports/{number}")
    assert "The question was changed" in page.text
    assert "/teach/regrade/choice-1" in page.text
    assert "keep their marks until you regrade them" in page.text
    assert teacher.get("/teach/regrade/choice-1").status_code == 200
    assert "Accepted, and changed" in ann.get("/reports").text
    home = ann.get("/")
    assert home.text.count(f"/reports#report-{number}") == 2
    assert "1 report<" not in teacher.get("/teach/questions").text


def test_a_report_is_answered_and_closed_or_stays_open(ann: Taker, teacher: Taker):
    report(ann)
    here = decide(teacher, "reply", "Which word?").location
    assert "You replied; still open" in teacher.get(here).text
    assert "1 report" in teacher.get("/teach/reports").text
    assert told(decide(teacher, "close")) == {"text": "Write your answer: those who reported it read it."}
    assert decide(teacher, "close", "It means the one in the almanac.").location == here
    page = teacher.get(here).text
    assert "Reply and close" not in page.partition('<section aria-labelledby="answer">')[2].partition("<form")[2]
    assert "Nothing waits for you" in teacher.get("/teach/reports").text
    assert "1 report by students" not in teacher.get("/teach/").text
    assert "1 report<" not in teacher.get("/teach/questions?problems=1").text
    assert here in teacher.get("/teach/reports?state=answered").text
    page = main_of(ann.get("/reports"))
    assert "It means the one in the almanac." in page
    assert "Answered" in page


def test_an_answer_is_put_away_while_the_question_is_asked_again(ann: Taker, teacher: Taker):
    challenge(ann, **WORDS)
    ann.start("harbour-test")
    decide(teacher, "decline", "The key is Key 1 indeed.")
    page = main_of(ann.get("/reports"))
    assert "The key is Key 1 indeed." not in page
    assert "eclined" not in page
    assert "What became of your report is shown once you have finished that one" in page
    assert "Key 1" not in ann.get("/").text + ann.get("/account/data.json").text
    ann.press("submit")
    assert "The key is Key 1 indeed." in ann.get("/reports").text


def test_only_whose_attempt_it_is_gets_the_links(app: Flask, teacher: Taker):
    ann = new_taker(app, "student")
    with app.app_context():
        session = transactions.session()
        school_class = classes.a_class(session, teacher.id, ann.id)
        assignment = classes.an_assignment(session, school_class, teacher.id)
        attempt = classes.begin(session, assignment, ann.id, datetime.now(UTC))
        ann.attempt = f"/attempts/{attempt.id}"
    ann.press("submit")
    assert f"{ann.attempt}/1/challenge" in ann.at("result").text
    assert "/1/challenge" not in ann.at("result?print=1").text
    seen = teacher.get(f"/teach/attempts/{ann.attempt.rpartition('/')[2]}")
    assert seen.status_code == 200
    assert "Key 1" in seen.text
    assert "/1/challenge" not in seen.text

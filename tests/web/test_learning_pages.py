"""How sure, hints and content notes, practising mistakes, what next, progress and the result on paper, in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import store
from quizapp.domain.entry import plain
from quizapp.domain.items import build
from quizapp.services import transactions
from quizapp.store.tables import Attempt, Response
from tests import real_bank, small_bank, small_catalogue
from tests.databases import count_queries
from tests.web.sittings import Taker

SURE = small_bank.a_quiz(id="sure", title="Sure", certainty=True, shuffle={"options": False})
NOTED = small_bank.a_quiz(id="noted", title="Noted", sections=[{"items": ["choice-6", "choice-7", "choice-8"]}])


@pytest.fixture
def app(app: Flask) -> Flask:
    with app.app_context():
        session = transactions.session()
        small_catalogue.publish(session)
        small_bank.publish(session, items=9, quizzes=(small_bank.a_quiz(), small_bank.a_test(), SURE, NOTED))
        for entry in small_catalogue.ITEMS[:1]:
            real_bank.put(session, "item", entry["id"], plain(build(entry)))
        for number in (6, 8):
            noted = small_bank.a_choice(number, note="This is about a *wreck*.", hint="Think of the wind.")
            real_bank.put(session, "item", noted["id"], plain(build(noted)))
    return app


@pytest.fixture
def ann(app: Flask) -> Taker:
    """A visitor; another student got everything wrong."""
    bob = Taker(app.test_client())
    bob.start("sure")
    for number in range(1, 6):
        bob.press(f"{number}/check", answer="1", certainty="3")
    bob.press("submit")
    return Taker(app.test_client())


def responses(app: Flask) -> list[tuple[int, Any]]:
    with app.app_context():
        session = transactions.session()
        mine = session.scalars(select(Attempt.id).order_by(Attempt.started_at.desc())).first()
        query = select(Response.slot, Response.certainty).where(Response.attempt_id == mine).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]


# --- how sure --------------------------------------------------------------------------------------------------------


def test_only_a_quiz_that_says_so_asks_how_sure(ann: Taker):
    ann.start("harbours")
    assert "How sure are you?" not in ann.at(1).text
    ann.start("sure")
    assert "How sure are you?" in ann.at(1).text


def test_how_sure_is_saved_with_each_response_scripted_or_not(app: Flask, ann: Taker):
    ann.start("sure")
    ann.press(1, answer="0", certainty="1")
    assert re.search(r'name="certainty" value="1" checked', ann.at(1).text)
    told = ann.script(2, 1, answer="1", certainty="2").get_json()
    assert told["form"] == {"answer": ["1"], "certainty": ["2"]}
    ann.script(2, 2, answer="1", certainty="3", base="phone-0001:1")
    ann.press(3, answer="1")
    assert responses(app) == [(1, 1), (2, 2), (2, 3), (3, None)]


def test_another_level_alone_is_a_new_response_and_the_same_one_is_none(app: Flask, ann: Taker):
    ann.start("sure")
    for level in ("1", "1", "3"):
        ann.press(1, answer="0", certainty=level)
    assert responses(app) == [(1, 1), (1, 3)]


def test_both_devices_answers_show_how_sure_each_was(ann: Taker):
    ann.start("sure")
    ann.script(1, 1, answer="0", certainty="1")
    ann.script(1, 1, client="laptop-0001", base="phone-0001:1", answer="1", certainty="2")
    page = ann.press(1, client="phone-0001", sequence="2", base="phone-0001:1", answer="2", certainty="3").text
    mine, theirs = page.split("Written on the other device")
    assert re.search(r'name="certainty" value="3" checked', mine)
    assert re.search(r'name="certainty" value="2" checked', theirs)


def test_a_level_without_an_answer_is_no_answer_and_earns_nothing(ann: Taker):
    ann.start("sure")
    ann.press(1, certainty="3")
    assert "0 of 5 answered" in ann.at("summary").text
    ann.press("submit")
    page = ann.at("result").text
    assert "You were sure" not in page
    assert "0 of 5 marks" in page


def test_marks_are_the_same_however_sure(ann: Taker):
    for level in ("1", "3"):
        ann.start("sure")
        ann.press("1/check", answer="0", certainty=level)
        ann.press("2/check", answer="1", certainty=level)
        ann.press("submit")
        assert "1 of 5 marks" in ann.at("result").text


def test_the_result_names_what_was_sure_and_wrong(ann: Taker):
    ann.start("sure")
    for number, (answer, level) in enumerate([("0", "3"), ("1", "3"), ("1", "1"), ("1", "2"), ("2", "3")], 1):
        ann.press(f"{number}/check", answer=answer, certainty=level)
    ann.press("submit")
    notice = ann.at("result").text.split("Sure, and not right")[1].split("</div>", 1)[0]
    assert re.findall(r"question (\d)", notice) == ["2", "5"]


def test_progress_shows_how_often_sure_is_right(ann: Taker):
    for _ in range(2):
        ann.start("sure")
        for number in range(1, 5):
            ann.press(f"{number}/check", answer="1" if number == 4 else "0", certainty="3")
        ann.press("5/check", answer="0", certainty="1")
        ann.press("submit")
    page = ann.get("/progress").text
    plot = page.split("by how sure you were")[1]
    assert re.findall(r'<td class="numeric">([^<]+)', plot) == [
        "too few answers (2)", "too few answers (0)", "75% of 8",
    ]  # fmt: skip
    assert "right about 8 times in 10" in page


# --- hints and content notes -----------------------------------------------------------------------------------------


def test_a_note_stands_before_the_question_with_the_choice_to_skip(ann: Taker):
    ann.start("noted")
    page = ann.at(1).text
    note, stem = page.index("This is about a <em>wreck</em>."), page.index("Question 6: which harbour")
    assert page.index("skip it") < note < stem
    assert ann.press(1, go="2").location == f"{ann.attempt}/2"
    assert "skip it" not in ann.at(2).text
    assert 'value="summary">skip it' in ann.at(3).text


def test_what_was_skipped_is_no_mistake_to_practise(ann: Taker):
    ann.start("noted")
    ann.press("2/check", give_up="1")
    ann.press("submit")
    assert "Practise it" in ann.get("/").text


def test_in_a_test_a_note_is_shown_and_nothing_is_skipped(app: Flask, ann: Taker):
    with app.app_context():
        quiz = small_bank.a_test(id="noted-test", sections=[{"items": ["choice-6"]}])
        real_bank.put_quiz(transactions.session(), quiz)
    ann.start("noted-test")
    page = ann.at(1).text
    assert "This is about a <em>wreck</em>." in page
    assert "skip it" not in page


def test_a_hint_is_there_on_request(ann: Taker):
    ann.start("noted")
    page = ann.at(1).text
    assert re.search(r"<details class=\"question-hint\">\s*<summary>Hint</summary>\s*<p>Think of the wind.", page)
    assert "Hint" not in ann.at(2).text


# --- mistakes and what next ------------------------------------------------------------------------------------------


def start_practice(ann: Taker):
    return ann.post("/progress/practice", page="/quizzes")


def test_mistakes_of_all_quizzes_are_practised_outside_the_grade(ann: Taker):
    ann.start("sure")
    ann.press("1/check", answer="1")
    ann.press("submit")
    ann.start("noted")
    ann.press("2/check", give_up="1")
    ann.press("submit")
    for page in ("/", "/progress"):
        assert "Practise them" in ann.get(page).text
    ann.attempt = start_practice(ann).location
    assert start_practice(ann).location == ann.attempt
    page = ann.at(1).text
    assert "Your mistakes" in page
    assert "what you missed" not in page
    assert "of 2" in page
    assert ann.get("/quizzes/your-mistakes").location == "/progress#mistakes"
    assert f'href="{ann.attempt}"' in ann.get("/").text
    ann.press("submit")
    result = ann.at("result").text
    assert "<h1>Your mistakes</h1>" in result
    assert "Your mistakes" not in ann.get("/quizzes").text


def test_nothing_to_practise_is_said_plainly(ann: Taker):
    ann.start("sure")
    refused = start_practice(ann)
    assert refused.status_code == 409
    assert "nothing to practise just now" in refused.text


def test_the_front_page_knows_what_to_do_next(ann: Taker):
    assert "See <em>why</em> it is right" in ann.get("/").text
    ann.start("sure")
    page = ann.get("/").text
    assert "What next?" in page
    assert "Go on: Sure" in page
    assert "New: " in page
    assert "Your last result" not in page
    ann.press("1/check", answer="1")
    ann.press("submit")
    page = ann.get("/").text
    for shown in ("Your mistakes", "Your last result", "0%", "None of them is a primary source"):
        assert shown in page
    assert "Go on:" not in page
    assert ann.post(f"{ann.attempt}/retry", page="/quizzes").status_code == 302
    ann.start("sure")
    page = ann.get("/").text
    assert ">Go on: Sure</h2>" in page
    assert ">Go on: Sure · what you missed</h2>" in page


# --- progress --------------------------------------------------------------------------------------------------------


def test_progress_tells_by_topic_skill_kind_and_source_what_cost_most(app: Flask, ann: Taker):
    with app.app_context():
        session = transactions.session()
        for number in (3, 4, 5):
            lamp = small_bank.a_choice(number, topic="lamps", evidence=[{"passage": "almanac/basin"}])
            real_bank.put(session, "item", lamp["id"], plain(build(lamp)))
        everything = [f"choice-{number}" for number in range(1, 7)]
        real_bank.put_quiz(session, small_bank.a_quiz(id="both", sections=[{"items": everything}]))
    ann.start("both")
    for number in range(1, 7):
        ann.press(f"{number}/check", **({} if number > 2 else {"answer": "0"}), give_up="1")
    ann.press("submit")
    page = ann.get("/progress").text
    assert "It is too early to say: 6 answers so far" in page
    assert re.search(r"Lamps <span[^>]*>3 answers</span>.*?<td class=\"numeric\">0%", page, re.DOTALL)
    for heading in ("By topic", "By skill", "By kind of question", "By source of the evidence"):
        assert heading in page
    assert re.search(r"Tide Press <span.*?(\d+)%", page, re.DOTALL)


@pytest.mark.parametrize("sittings", [1, 5])
def test_progress_costs_ten_statements_at_most_whatever_was_done(app: Flask, ann: Taker, sittings: int):
    for _ in range(sittings):
        ann.start("sure")
        ann.press("1/check", answer="1", certainty="2")
        ann.press("submit")
    ann.get("/progress")
    with app.app_context(), count_queries(store.db.engine) as statements:
        ann.get("/progress")
    assert len(statements) <= 10, statements


# --- on paper --------------------------------------------------------------------------------------------------------


def test_on_paper_everything_is_open_and_every_passage_cited_in_full(app: Flask, ann: Taker):
    ann.start("sure")
    ann.press("1/check", answer="0")
    ann.press("submit")
    page = ann.at("result").text
    assert f'href="{ann.attempt}/result?print=1"' in page
    assert '<details class="review-others">' in page
    paper = ann.at("result?print=1").text
    review = paper.split('<main id="main"')[1]
    assert set(re.findall(r"<details[^>]*>", review)) == {'<details open class="review-others">'}
    assert "the almanac" not in paper
    assert re.search(r"Of pilots” \[1\]", paper)
    notes = paper.split('id="notes"')[1]
    assert "“The Almanac of Harbours”, Tide Press, 1891. Passage “Of pilots” (almanac/pilots)" in notes
    assert "http://localhost/sources/almanac/pilots" in notes
    assert "almanac/harbours, since withdrawn" in notes


def test_a_result_on_paper_costs_no_more_for_more_questions(app: Flask, ann: Taker):
    counts = []
    for size in (2, 8):
        entry = small_bank.a_quiz(id=f"of-{size}", sections=[{"items": [f"choice-{n}" for n in range(1, size + 1)]}])
        with app.app_context():
            real_bank.put_quiz(transactions.session(), entry)
        ann.start(f"of-{size}")
        ann.press("submit")
        ann.at("result?print=1")
        with app.app_context(), count_queries(store.db.engine) as statements:
            ann.at("result?print=1")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_an_open_attempt_has_no_paper(ann: Taker):
    ann.start("harbour-test")
    assert ann.at("result?print=1").location == ann.attempt

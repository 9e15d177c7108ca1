"""A question that its student has open in another attempt: nothing checked or handed in meanwhile tells of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from quizapp.domain.items import build
from quizapp.services import transactions
from tests import real_bank, small_bank
from tests.web.sittings import Taker, key_position, new_taker

TELLING = re.compile(
    r"Praise|Correction|Warning|Explanation|harbour 1|verdict-(?:right|wrong)|[✓✗◐]|step (?:right|wrong)"
)
LINE = "You have this question open in"
WITHHELD = "they are withheld until you have answered it"
SHARED = "the far harbour 1"
ONE = {"sections": [{"items": ["choice-1"]}]}
QUIZZES = (
    small_bank.a_quiz(),
    small_bank.a_test(),
    small_bank.a_quiz(id="one", title="One", **ONE),
    small_bank.a_quiz(id="pair", title="Pair", sections=[{"items": ["choice-7", "choice-1"]}]),
    small_bank.a_test(id="one-test", title="One test", attempts=9, **ONE),
)
# The question is open in one of these, and asked again in «one» or «one-test».
ELSEWHERE = ("harbours", "harbour-test")


@pytest.fixture
def app(app: Flask) -> Flask:
    with app.app_context():
        session = transactions.session()
        small_bank.publish(session, quizzes=QUIZZES)
        dispute = {"id": "which-harbour", "question": "Which harbour was it?", "kind": "emphasis", "judgement": "Open."}
        sides = [{"says": f"Harbour {n}", "who": "The almanac", "evidence": []} for n in (1, 2)]
        real_bank.put(session, "dispute", "which-harbour", {**dispute, "positions": sides})
        evidence = [{"passage": "almanac/harbours", "quote": [SHARED, "by the tower"]}]
        seven = small_bank.a_choice(7, evidence=evidence, disputes=["which-harbour"])
        real_bank.put_item(session, build(seven))
        real_bank.put_item(session, build(small_bank.a_choice(1, disputes=["which-harbour"])))
    return app


@pytest.fixture
def ann(app: Flask) -> Taker:
    return new_taker(app, "student")


def main_of(page: str) -> str:
    return page.partition("<main")[2]


def sit_one(ann: Taker, quiz: str = "one") -> str:
    """Answer the only question rightly, and hand it in."""
    attempt = ann.start(quiz)
    ann.press(1, answer=key_position(ann.at(1).text))
    assert ann.press("submit").status_code == 302
    return attempt


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("how", ["rightly", "given up"])
def test_a_checked_question_tells_nothing_while_it_is_open_elsewhere(ann: Taker, elsewhere: str, how: str):
    other = ann.start(elsewhere)
    ann.start("one")
    ann.press("1/check", **({"answer": key_position(ann.at(1).text)} if how == "rightly" else {"give_up": "1"}))
    for page in (ann.at(1).text, ann.at("summary").text):
        assert not TELLING.search(main_of(page)), TELLING.search(main_of(page))
    page = ann.at(1).text
    assert LINE in page
    assert f'href="{other}/1"' in page
    one, ann.attempt = ann.attempt, other
    if elsewhere == "harbours":
        ann.press("1/check", give_up="1")
    else:
        ann.press("submit")
    ann.attempt = one
    page = ann.at(1).text
    assert LINE not in page
    assert "Explanation 1." in page
    assert "harbour 1" in page
    assert re.search("step (?:right|wrong)", page)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("quiz", ["one", "one-test"])
def test_no_score_tells_of_a_question_that_is_open_elsewhere(ann: Taker, elsewhere: str, quiz: str):
    other = ann.start(elsewhere)
    one = sit_one(ann, quiz)
    for address in (f"{one}/result", f"{one}/result?print=1", "/", "/quizzes", f"/quizzes/{quiz}", "/progress"):
        page = main_of(ann.get(address).text)
        assert not re.search(r"\b100\s?%|1 of 1 mark|[✓✗] (?:Passed|Not passed)", page), address
        assert not TELLING.search(page), (address, TELLING.search(page))
    assert "the score is shown once you have finished that one" in ann.get(f"{one}/result").text
    assert "100" not in ann.get("/progress.csv").text
    exported = told_in_export(ann, one)
    assert (exported["mark"], exported["questions"][0]["outcome"], exported["questions"][0]["mark"]) == (None,) * 3
    assert exported["questions"][0]["item"] is None
    ann.attempt = other
    ann.press("submit")
    for address in (f"{one}/result", f"/quizzes/{quiz}", "/progress"):
        assert "100" in main_of(ann.get(address).text), address
    exported = told_in_export(ann, one)
    assert (exported["mark"], exported["questions"][0]["outcome"]) == ("1", "right")


def told_in_export(ann: Taker, attempt: str) -> dict[str, Any]:
    data = json.loads(ann.get("/account/data.json").text)
    return next(one for one in data["attempts"] if attempt.endswith(one["id"]))


def test_a_score_of_before_the_question_was_open_again_stays(ann: Taker):
    one = sit_one(ann)
    ann.start("harbour-test")
    page = ann.get(f"{one}/result").text
    assert "100%" in page
    assert not TELLING.search(re.sub("100%", "", main_of(page)))
    assert LINE in page
    assert "100%" in ann.get("/quizzes/one").text


def test_what_was_missed_is_not_counted_while_it_is_open_elsewhere(ann: Taker):
    ann.start("harbour-test")
    ann.start("one")
    ann.press("submit")
    assert "Practise what you missed" not in ann.at("result").text
    assert ann.press("retry").status_code == 409


@pytest.mark.parametrize("where", ["the same attempt", *ELSEWHERE])
def test_words_and_disputes_of_an_open_question_are_withheld_from_reviews(ann: Taker, where: str):
    other = ann.start("harbour-test" if where == "the same attempt" else where)
    if where == "the same attempt":
        ann.press("submit")
    ann.start("pair")
    if where != "the same attempt":
        ann.press("2/check", give_up="1")
    ann.press("1/check", give_up="1")
    page = ann.at(1).text
    assert WITHHELD in page
    assert SHARED not in page
    assert "Which harbour was it?" not in page
    assert "by the tower" in page  # the other words of its evidence
    assert "Explanation 7." in page
    pair = ann.attempt
    if where == "the same attempt":
        ann.press("2/check", give_up="1")
    else:
        ann.attempt = other
        ann.press("submit")
    ann.attempt = pair
    page = ann.at(1).text
    assert WITHHELD not in page
    assert SHARED in page
    assert "Which harbour was it?" in page


def test_a_result_withholds_the_words_of_a_question_that_is_open_elsewhere(ann: Taker):
    ann.start("pair")
    ann.press("submit")
    pair = ann.attempt
    assert SHARED in ann.at("result").text
    ann.start("harbour-test")
    for address in (f"{pair}/result", f"{pair}/result?print=1"):
        page = ann.get(address).text
        assert SHARED not in page
        assert f"a question that you have open in “Harbour test”: {WITHHELD}" in page
    ann.press("submit")
    assert SHARED in ann.get(f"{pair}/result").text


def test_other_students_open_questions_keep_nothing_back(app: Flask, ann: Taker):
    new_taker(app, "student").start("harbour-test")
    sit_one(ann)
    assert "100%" in ann.at("result").text
    assert "harbour 1" in ann.at("result").text

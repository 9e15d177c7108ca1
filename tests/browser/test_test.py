"""A test with a time limit on a phone: nothing is told before it is handed in, by hand or by the clock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Somebody
from tests.browser.person import Person
from tests.browser.site import Site


@pytest.fixture(scope="module")
def quiz(site: Site) -> str:
    """A test of a question of each type, in twenty minutes."""
    sections = [{"items": site.one_of_each_type()}]
    settings = {"mode": "test", "time_limit": "20 min", "pass_mark": 60, "sources": "closed"}
    return site.put_quiz(id="timed", title="Timed test", sections=sections, **settings)


def tells_nothing(visitor: Person) -> None:
    for told in (".review", ".explanation", ".evidence-link", ".outcome", ".step-sign"):
        expect(visitor.page.locator(told)).to_have_count(0)


def test_a_test_from_start_to_result(visitor: Person, quiz: str, site: Site):
    visitor.go(f"/quizzes/{quiz}")
    visitor.sees("20 min from the moment you start")
    visitor.start(quiz)
    slots = site.slots(visitor.attempt)
    expect(visitor.page.locator(".timer-face")).to_contain_text(re.compile("19|20"))
    for number in range(1, len(slots)):
        visitor.sees(f"Question {number}")
        tells_nothing(visitor)
        if number == 1:
            visitor.press(re.compile("Flag for later"))
            expect(visitor.main.get_by_role("button", name="Unflag")).to_be_visible()
        visitor.answer_rightly()
        visitor.press("Next")
        visitor.is_at(f"/{number + 1}$")
    visitor.press("Look over and submit")
    visitor.sees(f"{len(slots) - 1} of {len(slots)} answered")
    visitor.sees(f"Not answered yet: {len(slots)}.")
    visitor.sees("Flagged to come back to: 1.")
    tells_nothing(visitor)
    the_sources_are_closed(visitor)
    visitor.at("summary")
    visitor.press("Submit")
    visitor.is_at("/result$")
    visitor.sees(f"{len(slots) - 1} of {len(slots)} marks")
    visitor.sees("Passed")
    visitor.page.locator('.result-line a[href*="#evidence"]:visible').first.click()
    visitor.sees("Your question")


def the_sources_are_closed(visitor: Person) -> None:
    visitor.watch.expect("403")
    visitor.go("/sources")
    visitor.sees("Sources are closed for now")
    visitor.page.get_by_role("link", name=re.compile("Timed test|[Bb]ack")).first.click()
    visitor.is_at(visitor.attempt)


def test_the_page_hands_in_when_the_time_runs_out(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    site.time_runs_out(visitor.attempt, 4)
    visitor.at(1)
    visitor.answer()
    visitor.page.wait_for_url(re.compile("/result$"), timeout=20_000)
    visitor.sees("marks")
    assert [one.standing for one in site.responses(visitor.attempt, 1)] == ["current"]


def test_what_is_typed_as_the_time_runs_out_is_saved_first(somebody: Somebody, site: Site):
    typed = next(one for one in site.one_of_each_type() if site.type_of(one) == "short_answer")
    site.put_quiz(id="typed", title="Typed", mode="test", time_limit="20 min", sections=[{"items": [typed]}])
    visitor = somebody()
    visitor.start("typed")
    deadline = site.time_runs_out(visitor.attempt, 3)
    visitor.at(1)
    visitor.form.locator("input[type=text]").focus()
    visitor.page.keyboard.type("x" * 60, delay=60)
    visitor.page.wait_for_url(re.compile("/result$"), timeout=20_000)
    counted = [one for one in site.responses(visitor.attempt, 1) if one.standing == "current"]
    assert counted[-1].received_at > deadline - timedelta(seconds=1)
    assert re.fullmatch("x+", counted[-1].response)


def test_a_summary_that_lies_open_hands_in_too(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.answer()
    site.time_runs_out(visitor.attempt, 2)
    visitor.at("summary")
    visitor.page.wait_for_url(re.compile("/result$"), timeout=20_000)


def test_the_time_left_is_said_aloud_once_a_minute(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.page.clock.install()
    visitor.at(1)
    voice = visitor.page.locator(".timer [role=status]")
    said = []
    for _ in range(150):
        visitor.page.clock.run_for(1000)
        text = voice.text_content()
        if text and (not said or said[-1] != text):
            said.append(text)
    assert len(said) in (2, 3), said
    assert all(re.fullmatch(r"1\d minutes left", one) for one in said)


def test_an_attempt_whose_page_was_closed_is_handed_in_as_of_its_deadline(visitor: Person, quiz: str, site: Site):
    visitor.start(quiz)
    visitor.answer()
    if not visitor.javascript:
        visitor.press("Next")
    deadline = site.time_runs_out(visitor.attempt, -3600)
    visitor.go(visitor.attempt)
    visitor.is_at("/result$")
    visitor.sees("The time ran out")
    attempt = site.attempt(visitor.attempt)
    assert (attempt.overdue, attempt.submitted_at) == (True, deadline)
    visitor.go("/progress")
    visitor.sees("Timed test")


def test_an_answer_after_the_time_is_said_to_be_too_late(visitor: Person, quiz: str, site: Site):
    visitor.start(quiz)
    site.time_runs_out(visitor.attempt, -3600)
    if visitor.javascript:
        visitor.form.locator("input").last.check()
        visitor.sees("Too late to count")
    else:
        visitor.answer()
        visitor.press("Next")
        visitor.sees("came too late to count")
    visitor.at("result")
    visitor.sees("Came too late to count")

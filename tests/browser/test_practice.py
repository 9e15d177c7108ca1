"""A practice quiz on a phone: from the front page to the evidence, with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Somebody
from tests.browser.person import Person
from tests.browser.site import Site


@pytest.fixture(scope="module")
def quiz(site: Site) -> str:
    """A practice quiz with a question of each type."""
    sections = [{"items": site.one_of_each_type()}]
    return site.put_quiz(id="one-of-each", title="One of each", sections=sections)


def test_from_the_front_page_to_the_first_question_as_a_guest(visitor: Person):
    visitor.go("/")
    visitor.press(re.compile("^Start: "))
    visitor.sees("Question 1")
    expect(visitor.page.locator("#account-menu summary")).to_have_text("Guest")
    expect(visitor.form).to_be_visible()


def test_every_type_of_question_is_answered_checked_and_leads_to_its_evidence(visitor: Person, quiz: str, site: Site):
    visitor.start(quiz)
    slots = site.slots(visitor.attempt)
    for number, (item, _) in enumerate(slots, 1):
        visitor.sees(f"Question {number}")
        visitor.answer()
        visitor.press("Check")
        visitor.is_at(rf"/{number}#review$")
        visitor.sees(re.compile("Right|Partly right|Not right"))
        visitor.does_not_see("Not answered")
        expect(visitor.page.locator(".explanation")).to_be_visible()
        follow_the_evidence(visitor, item.id)
        visitor.press_on("Next question" if number < len(slots) else "Finish")
    visitor.sees("All questions are answered")
    visitor.press("Finish and see the result")
    visitor.is_at("/result$")
    visitor.sees(re.compile(rf"of {len(slots)} marks"))
    expect(visitor.page.locator(".result-line")).to_have_count(len(slots))
    assert not site.attempt(visitor.attempt).overdue


def follow_the_evidence(visitor: Person, item: str) -> None:
    """To the passage, where the question stands with its quote, and back."""
    visitor.page.locator('.review a[href*="#evidence"]:visible').first.click()
    visitor.is_at(rf"/sources/[^/]+/[^/]+\?item={item}&.*#evidence$")
    visitor.sees("Your question")
    expect(visitor.page.locator("#evidence")).to_be_in_viewport()
    visitor.page.go_back()
    visitor.is_at("#review$")


def test_answers_stay_while_one_goes_back_and_forth_flags_and_looks_over(visitor: Person, quiz: str):
    visitor.start(quiz)
    visitor.answer(1)
    given = visitor.given()
    assert given
    visitor.press("Skip")
    visitor.is_at("/2$")
    visitor.press(re.compile("Flag for later"))
    expect(visitor.main.get_by_role("button", name="Unflag")).to_be_visible()
    visitor.press("Previous")
    visitor.is_at("/1$")
    assert visitor.given() == given
    visitor.press("Overview of all questions")
    visitor.sees("Flagged to come back to: 2")
    visitor.sees("1 of ")
    visitor.page.get_by_role("navigation", name="Questions").get_by_role(
        "link", name=re.compile(r"^Question 1\b")
    ).click()
    assert visitor.given() == given


def test_the_steps_of_the_navigation_keep_what_is_written(visitor: Person, quiz: str):
    visitor.start(quiz)
    visitor.answer()
    given = visitor.given()
    visitor.page.get_by_role("button", name=re.compile(r"^Question 3\b")).click()
    visitor.is_at("/3$")
    visitor.page.get_by_role("button", name=re.compile(r"^Question 1\b.* answered")).click()
    visitor.is_at("/1$")
    assert visitor.given() == given


def test_without_javascript_a_button_saves(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody(javascript=False)
    visitor.start(quiz)
    visitor.answer()
    given = visitor.given()
    assert site.responses(visitor.attempt, 1) == []
    visitor.press("Save")
    visitor.sees("Saved.")
    assert visitor.given() == given
    assert [one.standing for one in site.responses(visitor.attempt, 1)] == ["current"]


def test_a_blank_is_not_checked_but_one_may_see_the_answer(visitor: Person, quiz: str):
    visitor.start(quiz)
    visitor.press("Check")
    visitor.sees("Answer first, then check")
    expect(visitor.form).to_be_visible()
    visitor.press("Show me the answer")
    visitor.sees("Not answered")
    expect(visitor.page.locator('.review a[href*="#evidence"]:visible').first).to_be_visible()


def test_what_was_missed_can_be_practised_again(visitor: Person, quiz: str, site: Site):
    visitor.start(quiz)
    for _ in site.slots(visitor.attempt)[:-1]:
        visitor.answer_rightly()
        visitor.press("Check")
        expect(visitor.page.locator(".verdict-line")).to_contain_text("Right")
        visitor.press_on("Next question")
    visitor.press("Show me the answer")
    visitor.press_on("Finish")
    visitor.press("Finish and see the result")
    visitor.press("Practise what you missed (1)")
    visitor.sees("Question 1 of 1")
    visitor.sees("what you missed")


def test_practice_goes_on_where_it_was_left_on_another_device(visitor: Person, somebody: Somebody, quiz: str):
    username = visitor.sign_up()
    visitor.start(quiz)
    visitor.answer()
    visitor.press("Check")
    visitor.press_on("Next question")
    visitor.answer(1)
    if not visitor.javascript:
        visitor.press("Save")
    given = visitor.given()
    visitor.page.reload()
    assert visitor.given() == given
    other = somebody(javascript=not visitor.javascript)
    other.sign_in(username)
    other.go(f"/quizzes/{quiz}")
    other.follow("Go on where you stopped")
    other.sees("Question 2")
    assert other.given() == given
    other.go(f"{visitor.attempt}/1")
    expect(other.page.locator(".review")).to_be_visible()


def test_evidence_leads_into_the_attached_document(somebody: Somebody, site_with_documents: Site):
    visitor = somebody(at=site_with_documents)
    ids = site_with_documents.one_of_each_type()
    site_with_documents.put_quiz(id="attached", title="Attached", sections=[{"items": ids}])
    visitor.start("attached")
    item, _ = site_with_documents.slots(visitor.attempt)[0]
    visitor.press("Show me the answer")
    visitor.page.locator('.review a[href*="#evidence"]:visible').first.click()
    visitor.is_at(rf"\?item={item.id}&.*#evidence$")
    mark = visitor.page.locator("mark#evidence")
    expect(mark).to_be_in_viewport()
    expect(visitor.page.locator(".document")).to_contain_text(mark.inner_text())

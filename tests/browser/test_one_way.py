"""A quiz with a password whose questions go one way: told beforehand, and no way back, with the keyboard alone too."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.person import Person

SETTINGS = {"mode": "test", "navigation": "one_way", "password": "samovar"}


def begin(visitor: Person) -> None:
    """Start a quiz of three questions that goes one way, with its password."""
    items = [item for item in visitor.site.one_of_each_type() if visitor.site.type_of(item) != "corroboration"][:3]
    quiz = visitor.site.put_quiz(id="one-way", title="One way", sections=[{"items": items}], **SETTINGS)
    visitor.watch.expect("status of 422")
    visitor.go(f"/quizzes/{quiz}")
    visitor.sees("you cannot come back to it")
    visitor.press("Start")
    visitor.sees("Type the password of this quiz")
    visitor.page.get_by_label("Password of this quiz").fill("Samovar")
    visitor.page.keyboard.press("Enter")
    visitor.is_at("/1$")
    visitor.attempt = visitor.page.url.rpartition("/")[0]


def test_a_question_that_was_left_stays_closed(visitor: Person):
    begin(visitor)
    visitor.sees("you cannot come back to this question")
    visitor.answer()
    button = visitor.main.get_by_role("button", name="Go on to question 2")
    button.focus()
    visitor.page.keyboard.press("Enter")
    visitor.is_at("/2$")
    visitor.page.go_back()
    visitor.is_at("/2$")
    visitor.at(1)
    visitor.is_at("/2$")
    visitor.sees("question 1 has been left and stays closed")
    visitor.press("Go on to question 3")
    visitor.sees("You have not answered this question")
    visitor.press("Go on all the same")
    visitor.is_at("/3$")
    visitor.answer()
    visitor.press("Look over and submit")
    visitor.sees("Left without an answer, and closed: 2.")
    expect(visitor.main.locator(".steps a, .steps button")).to_have_count(0)
    visitor.press("Submit")
    visitor.is_at("/result$")

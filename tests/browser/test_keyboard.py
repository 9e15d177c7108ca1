"""With the keyboard alone: everything is reached, focus is always seen and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.keyboard import answer, focused, tab_to
from tests.browser.site import Site


@pytest.fixture(scope="module")
def quiz(site: Site) -> str:
    """A practice quiz with a question of each type."""
    return site.put_quiz(id="keys", title="Keys", sections=[{"items": site.one_of_each_type()}])


def test_practice_with_the_keyboard_alone(somebody: Somebody, site: Site):
    choice = next(one for one in site.one_of_each_type() if site.type_of(one) == "single_choice")
    site.put_quiz(id="one-key", title="One key", sections=[{"items": [choice]}])
    person = somebody(device=DESKTOP)
    person.go("/quizzes/one-key")
    tab_to(person, "^Start$")
    person.page.keyboard.press("Enter")
    person.is_at(r"/attempts/.+/1$")
    for _ in range(40):
        person.page.keyboard.press("Tab")
        if (focused(person) or {}).get("type") == "radio":
            break
    person.page.keyboard.press("Space")
    person.page.keyboard.press("ArrowDown")
    assert list(person.given().values()) == [["1"]]
    person.is_saved()
    assert (focused(person) or {}).get("type") == "radio", "saving took the focus away"
    tab_to(person, "^Check$")
    person.page.keyboard.press("Enter")
    person.is_at("#review$")
    person.page.keyboard.press("Tab")
    inside = person.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside, "after the check Tab goes on from the review"
    tab_to(person, "^Finish$")
    person.page.keyboard.press("Enter")
    person.is_at("/summary$")
    tab_to(person, "Finish and see the result")
    person.page.keyboard.press("Enter")
    person.is_at("/result$")


def test_the_first_tab_leads_past_the_navigation(somebody: Somebody):
    person = somebody(device=DESKTOP)
    for page in ("/", "/quizzes", "/sources"):
        person.go(page)
        person.page.keyboard.press("Tab")
        assert "Skip to the content" in str((focused(person) or {}).get("words"))
        person.page.keyboard.press("Enter")
        person.page.keyboard.press("Tab")
        assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)"), page


def test_every_type_can_be_answered_with_the_keyboard(somebody: Somebody, quiz: str, site: Site):
    person = somebody(device=DESKTOP)
    person.start(quiz)
    for number in range(1, len(site.slots(person.attempt)) + 1):
        person.at(number)
        answer(person)
        assert person.given(), f"question {number}"


def test_menus_close_with_escape_and_give_the_focus_back(somebody: Somebody):
    person = somebody(device=DESKTOP)
    person.go("/quizzes")
    summary = person.page.locator("#preferences summary")
    summary.focus()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("#preferences .menu-panel")).to_be_visible()
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Escape")
    expect(person.page.locator("#preferences .menu-panel")).to_be_hidden()
    expect(summary).to_be_focused()

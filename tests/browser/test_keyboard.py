"""With the keyboard alone: everything is reached, focus is always seen and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.keyboard import answer, focused, tab_to
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import REFUSED, notice, option, put_quiz


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


# Puts a notice with a link into the page, or takes it away, as the page's own scripts do.
NOTICE = """async ([title, link]) => {
  const { $telling: { element, tell, untell } } = await import(document.querySelector("script[src*='/base-']").src);
  const links = link ? [element("a", { href: "/", textContent: link })] : [];
  title ? tell("tried", title, "words", "partial", ...links) : untell("tried");
}"""


@pytest.mark.parametrize("page", ["question", "quizzes"])
def test_the_focus_of_a_notice_that_goes_is_not_lost(somebody: Somebody, site: Site, page: str):
    """It moves to the link of what comes instead, else to where one reads on; nothing jumps."""
    person = somebody(device=DESKTOP)
    if page == "question":
        person.start(put_quiz(site, "notices", "single_choice", "single_choice", mode="test"))
    else:
        person.go("/quizzes")
    read_on = person.form.locator(".question-stem") if page == "question" else person.main
    for title, link in ((None, None), ("No link any more", None)):
        person.page.evaluate(NOTICE, ["One", "Go one way"])
        link_in_notice(person, "Go one way").focus()
        person.page.evaluate(NOTICE, ["Two", "Go another way"])
        expect(link_in_notice(person, "Go another way")).to_be_focused()
        before = top(read_on)
        person.page.evaluate(NOTICE, [title, link])
        expect(read_on).to_be_focused()
        assert top(read_on) == pytest.approx(before, abs=2)  # scrolling knows whole points alone
        person.page.evaluate(NOTICE, [None, None])


def top(one: Locator) -> float:
    box = one.bounding_box()
    assert box
    return box["y"]


def link_in_notice(person: Person, name: str) -> Locator:
    return person.page.locator(".flashes").get_by_role("link", name=name)


def test_signed_in_again_elsewhere_the_focus_stays_with_the_question(somebody: Somebody, site: Site, watch):
    """It stood on «Sign in again», which goes with its notice."""
    watch.expect(REFUSED)
    person = somebody(device=DESKTOP)
    person.sign_up()
    person.start(put_quiz(site, "signed-in-again", "single_choice", "single_choice", mode="test"))
    session = [one for one in person.page.context.cookies() if one["name"] == "quizapp"]
    person.page.context.clear_cookies(name="quizapp")
    option(person, 2).check()
    notice(person, "You have been signed out")
    link_in_notice(person, "Sign in again").focus()
    person.page.context.add_cookies(session)  # type: ignore[arg-type]
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(person.main.locator('[data-told="network"]')).to_have_count(0)
    expect(person.form.locator(".question-stem")).to_be_focused()
    tab_to(person, "^Next$")

"""Two devices, or two windows, on one attempt: both answers are kept and shown, and one key chooses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import REFUSED, chosen, given, kept, notice, option, put_quiz, status

HEADING = "This question was answered on another device meanwhile"


@pytest.fixture
def phone(somebody: Somebody, site: Site) -> Person:
    """Ann with her phone, at the first question of a test."""
    quiz = put_quiz(site, "two-devices", "single_choice", "short_answer", mode="test")
    phone = somebody()
    phone.username = phone.sign_up()  # type: ignore[attr-defined]
    phone.start(quiz)
    return phone


@pytest.fixture
def laptop(phone: Person, somebody: Somebody, watch) -> Person:
    """Ann with her laptop, at the same question."""
    watch.expect(REFUSED)
    laptop = somebody(device=DESKTOP)
    laptop.sign_in(phone.username)  # type: ignore[attr-defined]
    laptop.attempt = phone.attempt
    laptop.at(1)
    return laptop


def differ(phone: Person, laptop: Person) -> None:
    """The phone says the first, the laptop, which did not see that, the second."""
    option(phone, 1).check()
    phone.is_saved()
    option(laptop, 2).check()
    laptop.sees(HEADING)


@pytest.mark.parametrize(("key", "stands"), [("1", 2), ("2", 1)])
def test_both_are_shown_and_one_key_chooses(phone: Person, laptop: Person, site: Site, key: str, stands: int) -> None:
    differ(phone, laptop)
    expect(laptop.page.locator(".conflict")).to_be_focused()
    here, there = (laptop.page.locator(f".both-answers > :nth-child({at})") for at in (1, 2))
    expect(here.get_by_role("radio").nth(1)).to_be_checked()
    expect(there.get_by_role("radio").nth(0)).to_be_checked()
    expect(there.get_by_role("radio").nth(0)).to_be_disabled()
    laptop.page.wait_for_timeout(1100)
    laptop.page.keyboard.press(key)
    expect(laptop.page.locator("#answer-form")).to_be_visible()
    assert chosen(laptop.page) == [stands]
    assert kept(laptop.page) == {}
    phone.page.reload()
    assert chosen(phone.page) == [stands]
    assert len(given(site, phone.attempt, 1)) == (3 if stands == 2 else 2)


def test_each_answer_is_a_region_that_says_where_it_was_written(phone: Person, laptop: Person) -> None:
    """Both are the same question with the same options: their names alone tell them apart for a screen reader."""
    differ(phone, laptop)
    conflict = laptop.main.get_by_role("region", name=HEADING, exact=True)
    expect(conflict).to_match_aria_snapshot(
        f"""
        - region "{HEADING}":
          - heading "{HEADING}" [level=2]
          - paragraph
          - region "Written here":
            - heading "Written here" [level=3]
            - group:
              - radio
              - radio [checked]
            - button "Keep this one"
          - region "Written on the other device":
            - heading "Written on the other device" [level=3]
            - group:
              - radio [checked] [disabled]
              - radio [disabled]
            - link "Keep the other one"
        """
    )


def test_whoever_is_in_the_middle_of_typing_does_not_choose_by_it(phone: Person, laptop: Person) -> None:
    phone.at(2)
    laptop.at(2)
    phone.form.get_by_role("textbox").fill("1905")
    phone.is_saved()
    laptop.form.get_by_role("textbox").press_sequentially("1")
    for _ in range(100):
        laptop.page.keyboard.press("1")
        if laptop.page.locator(".conflict").count():
            break
        laptop.page.wait_for_timeout(50)
    laptop.page.keyboard.press("1")
    laptop.page.wait_for_timeout(300)
    expect(laptop.page.locator(".conflict")).to_be_visible()


def test_the_same_answer_on_both_is_no_conflict(phone: Person, laptop: Person, site: Site) -> None:
    option(phone, 2).check()
    phone.is_saved()
    option(laptop, 2).check()
    status(laptop, "Saved")
    option(laptop, 1).check()
    status(laptop, "Saved")
    assert site.responses(phone.attempt, 1)[-1].standing == "current"


def test_a_difference_is_not_forgotten_by_going_elsewhere(phone: Person, laptop: Person) -> None:
    differ(phone, laptop)
    laptop.at(2)
    notice(laptop, "Question 1 was answered on another device meanwhile")
    laptop.go("/")
    notice(laptop, "Question 1 was answered on another device meanwhile")
    laptop.follow("Look at both and choose")
    laptop.sees(HEADING)
    laptop.press("Keep this one")
    expect(laptop.page.locator("#answer-form")).to_be_visible()
    assert chosen(laptop.page) == [2]


def test_what_waited_without_network_is_compared_as_well(phone: Person, laptop: Person, watch) -> None:
    """The laptop was away while the phone went on."""
    watch.expect("ERR_INTERNET_DISCONNECTED")
    laptop.page.context.set_offline(True)
    option(laptop, 2).check()
    status(laptop, re.compile("Not saved yet"))
    option(phone, 1).check()
    phone.is_saved()
    laptop.page.context.set_offline(False)
    laptop.sees(HEADING)
    laptop.page.locator("a[data-choice]").click()
    expect(laptop.page.locator("#answer-form")).to_be_visible()
    assert chosen(laptop.page) == [1]


def test_handed_in_without_choosing_the_result_shows_both_and_it_is_over(phone: Person, laptop: Person) -> None:
    differ(phone, laptop)
    laptop.at("summary")
    notice(laptop, "Question 1 was answered on another device meanwhile")
    laptop.press("Submit")
    laptop.is_at("/result$")
    laptop.sees("Written on another device, and not chosen")
    laptop.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    laptop.go("/")
    laptop.sees("Your last result")
    laptop.does_not_see("was answered on another device")


def test_what_the_server_holds_is_no_answer_that_signing_out_loses(phone: Person, laptop: Person) -> None:
    differ(phone, laptop)
    laptop.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    laptop.is_at("/sign-in$")
    assert kept(laptop.page) == {}


def test_after_choosing_the_page_is_asked_for_once(phone: Person, laptop: Person) -> None:
    """Twice, and a notice that is shown once would stand there twice."""
    differ(phone, laptop)
    asked: list[str] = []
    laptop.page.on("request", lambda request: asked.append(request.method) if request.is_navigation_request() else None)
    laptop.press("Keep this one")
    expect(laptop.page.locator("#answer-form")).to_be_visible()
    laptop.page.wait_for_load_state("networkidle")
    assert asked == ["GET"]


def test_two_windows_of_one_browser(phone: Person, site: Site) -> None:
    phone.watch.expect(REFUSED)
    window = Person(phone.page.context.new_page(), site, True, phone.watch)
    window.attempt = phone.attempt
    window.at(1)
    option(phone, 1).check()
    phone.is_saved()
    option(window, 2).check()
    window.sees(HEADING)
    window.press("Keep this one")
    expect(window.page.locator("#answer-form")).to_be_visible()
    assert chosen(window.page) == [2]


def test_the_choice_waits_for_the_network_too(phone: Person, laptop: Person, watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    differ(phone, laptop)
    laptop.page.context.set_offline(True)
    laptop.press("Keep this one")
    notice(laptop, "No connection just now")
    laptop.page.context.set_offline(False)
    expect(laptop.page.locator("#answer-form")).to_be_visible(timeout=15_000)
    assert chosen(laptop.page) == [2]

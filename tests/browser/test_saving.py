"""Answers save themselves: over a network that fails, on two devices at once, and when one leaves in mid-sentence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Somebody
from tests.browser.person import SAVE, Person
from tests.browser.site import Site

UNSENT = re.compile("not sent yet|Not saved yet")


@pytest.fixture(scope="module")
def quiz(site: Site) -> str:
    """A test of which the first question is answered in writing and the second one by choosing."""
    wanted = ("short_answer", "single_choice", "date")
    by_type = {site.type_of(one): one for one in site.one_of_each_type()}
    ids = [by_type[one] for one in wanted]
    return site.put_quiz(id="saving", title="Saving", mode="test", sections=[{"items": ids}])


def write(person: Person, text: str) -> None:
    person.form.locator("input[type=text]").fill(text)


def written(person: Person) -> str:
    return person.form.locator("input[type=text]").input_value()


def test_a_network_that_fails_is_said_and_made_good(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.watch.expect("ERR_FAILED", "Failed to load resource")
    visitor.page.route(SAVE, fail)
    write(visitor, "first")
    expect(visitor.form.locator("[data-saved]")).to_contain_text(UNSENT)
    assert site.responses(visitor.attempt, 1) == []
    write(visitor, "second")
    visitor.page.unroute(SAVE)
    visitor.is_saved()
    assert [one.response for one in site.responses(visitor.attempt, 1)] == ["second"]


def fail(route: Route) -> None:
    """The network is gone for saves."""
    if route.request.method == "POST":
        route.abort("failed")
    else:
        route.continue_()


def test_a_server_that_fails_is_said_and_made_good(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.watch.expect("503")
    visitor.page.route(SAVE, lambda route: route.fulfill(status=503, body="{}"))
    write(visitor, "first")
    expect(visitor.form.locator("[data-saved]")).to_contain_text(UNSENT)
    visitor.page.unroute(SAVE)
    visitor.is_saved()
    assert [one.response for one in site.responses(visitor.attempt, 1)] == ["first"]


def test_an_answer_whose_acknowledgement_was_lost_is_not_lost(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.watch.expect("ERR_FAILED", "Failed to load resource")

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort("failed")

    visitor.page.route(SAVE, swallow)
    write(visitor, "first")
    expect(visitor.form.locator("[data-saved]")).to_contain_text(UNSENT)
    visitor.page.unroute(SAVE)
    visitor.is_saved()
    assert {one.response for one in site.responses(visitor.attempt, 1)} == {"first"}
    visitor.page.reload()
    assert written(visitor) == "first"


def test_the_next_button_brings_along_what_is_not_saved_yet(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    write(visitor, "in a hurry")
    visitor.press("Next")
    visitor.is_at("/2$")
    assert site.responses(visitor.attempt, 1)[-1].response == "in a hurry"


def test_whoever_leaves_in_mid_sentence_loses_nothing(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    visitor.form.locator("input[type=text]").press_sequentially("half a sen")
    visitor.go("/quizzes")
    visitor.at(1)
    assert written(visitor) == "half a sen"


def test_enter_goes_on_and_keeps_the_answer(visitor: Person, quiz: str, site: Site):
    visitor.start(quiz)
    write(visitor, "by the keyboard")
    visitor.form.locator("input[type=text]").press("Enter")
    visitor.is_at("/2$")
    assert site.responses(visitor.attempt, 1)[-1].response == "by the keyboard"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_devices_that_differ_are_shown_both_answers(somebody: Somebody, quiz: str, site: Site, choice: str):
    phone, laptop = somebody(), somebody()
    username = phone.sign_up()
    laptop.sign_in(username)
    phone.start(quiz)
    laptop.go(f"{phone.attempt}/1")
    write(laptop, "on the laptop")
    laptop.is_saved()
    phone.watch.expect("409")
    write(phone, "on the phone")
    phone.sees("This question was answered on another device meanwhile")
    mine, theirs = (phone.page.get_by_role("textbox").nth(at) for at in (0, 1))
    assert (mine.input_value(), theirs.input_value()) == ("on the phone", "on the laptop")
    expect(theirs).to_be_disabled()
    if choice == "mine":
        phone.press("Keep this one")
    else:
        phone.follow("Keep the other one")
    phone.is_at("/1$")
    assert written(phone) == ("on the phone" if choice == "mine" else "on the laptop")
    write(phone, "and on")
    phone.is_saved()
    kept = [one.response for one in site.responses(phone.attempt, 1)]
    assert {"on the laptop", "on the phone", "and on"} <= set(kept)


def test_a_session_that_has_ended_is_said_and_the_answer_kept_in_the_page(somebody: Somebody, quiz: str):
    visitor = somebody()
    username = visitor.sign_up()
    visitor.start(quiz)
    visitor.watch.expect("40[01]")
    visitor.page.context.clear_cookies()
    write(visitor, "still here")
    expect(visitor.form.locator("[data-saved]")).to_contain_text(UNSENT)
    visitor.sees("signed out")
    assert written(visitor) == "still here"
    assert username
    visitor.page.once("dialog", lambda dialog: dialog.accept())


def test_an_answer_given_before_the_script_has_come_is_saved_all_the_same(somebody: Somebody, quiz: str, site: Site):
    visitor = somebody()
    visitor.start(quiz)
    held: list[Route] = []
    visitor.page.route(re.compile("/question-.*js$"), lambda route: held.append(route))  # noqa: PLW0108 it marks a function
    visitor.page.goto(f"{visitor.attempt}/1", wait_until="commit")
    write(visitor, "quicker than the script")
    assert site.responses(visitor.attempt, 1) == []
    visitor.page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    assert held
    visitor.is_saved()
    assert [one.response for one in site.responses(visitor.attempt, 1)] == ["quicker than the script"]

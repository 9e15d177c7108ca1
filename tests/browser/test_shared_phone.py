"""One phone, several people: nobody sees, sends or loses the answers of whoever had it before."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import Somebody
from tests.browser.person import PASSWORD, Person
from tests.browser.site import Site
from tests.browser.sittings import NO_NETWORK, REFUSED, given, kept, notice, put_quiz, status

SECRET = "what Ann wrote"


@pytest.fixture
def quiz(site: Site) -> str:
    return put_quiz(site, "shared", "short_answer", "single_choice", mode="test")


@pytest.fixture
def ann(somebody: Somebody, quiz: str) -> Person:
    """Ann with the phone, in a test."""
    ann = somebody()
    ann.username = ann.sign_up()  # type: ignore[attr-defined]
    ann.start(quiz)
    return ann


def leave_unsent(ann: Person) -> None:
    """Ann writes something that does not get through, and her session ends."""
    ann.watch.expect(REFUSED)
    ann.page.context.clear_cookies(name="quizapp")
    ann.form.get_by_role("textbox").fill(SECRET)
    notice(ann, "You have been signed out")


def next_one(ann: Person) -> Person:
    """Somebody else takes the phone, in another tab."""
    return Person(ann.page.context.new_page(), ann.site, True, ann.watch)


def test_the_page_says_who_is_answering_and_offers_the_way_out(ann: Person) -> None:
    name = ann.username  # type: ignore[attr-defined]
    expect(ann.main).to_contain_text(f"Answering as {name}")
    ann.press(re.compile(f"Not {name}"))
    ann.is_at("/sign-in$")


def test_the_next_one_neither_sees_nor_sends_them_and_their_owner_finds_them(
    ann: Person, somebody: Somebody, site: Site
) -> None:
    other = somebody()
    ben_name = other.sign_up()
    leave_unsent(ann)
    ben = next_one(ann)
    ben.go("/sign-in")
    notice(ben, "Answers wait on this device")
    ben.sign_in(ben_name)
    ben.start("shared")
    assert ben.form.get_by_role("textbox").input_value() == ""
    assert SECRET not in ben.page.content()
    ben.form.get_by_role("textbox").fill("Ben’s own")
    ben.is_saved()
    ann.page.bring_to_front()
    ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    notice(ann, f"Not {ann.username}?")  # type: ignore[attr-defined]
    assert SECRET not in ann.page.content()
    assert SECRET not in str(ann.page.evaluate("[...document.querySelectorAll('input')].map((one) => one.value)"))
    assert given(site, ann.attempt, 1) == []
    assert given(site, ben.attempt, 1) == ["Ben’s own"]
    ben.page.get_by_role("button", name=re.compile("Not ")).last.click()
    ben.is_at("/sign-in$")
    ben.sign_in(ann.username)  # type: ignore[attr-defined]
    notice(ben, "Your last answer has been sent now")
    assert given(site, ann.attempt, 1) == [SECRET]
    assert kept(ben.page) == {}


def test_a_page_left_open_does_not_send_in_the_next_ones_name(ann: Person, somebody: Somebody, site: Site) -> None:
    """Ann's page is still there and somebody types into it, with Ben signed in."""
    other = somebody()
    ben_name = other.sign_up()
    ann.watch.expect(REFUSED)
    ann.page.context.clear_cookies(name="quizapp")
    ben = next_one(ann)
    ben.sign_in(ben_name)
    ann.page.bring_to_front()
    if ann.page.locator("#answer-form").count():
        ann.form.get_by_role("textbox").fill("typed by Ben")
    notice(ann, "Not ")
    assert given(site, ann.attempt, 1) == []


def test_signing_out_with_unsent_answers_warns_and_then_nothing_stays(ann: Person, site: Site) -> None:
    ann.watch.expect(REFUSED)
    ann.page.route("**/attempts/*/1", lambda route: route.fulfill(status=503, json={}))
    ann.form.get_by_role("textbox").fill(SECRET)
    status(ann, re.compile("Not saved yet"))
    way_out = ann.page.get_by_role("button", name=re.compile("^Not ")).last
    way_out.click()
    dialog = ann.page.get_by_role("dialog", name="Sign out all the same?")
    expect(dialog).to_contain_text("One answer has not reached the server")
    ann.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert len(kept(ann.page)) == 1
    way_out.click()
    dialog.get_by_role("button", name="Stay and try again").click()
    assert ann.form.get_by_role("textbox").input_value() == SECRET
    way_out.click()
    dialog.get_by_role("button", name="Sign out and lose it").click()
    ann.is_at("/sign-in$")
    assert kept(ann.page) == {}
    assert SECRET not in str(ann.page.evaluate("JSON.stringify([localStorage, sessionStorage])"))


def test_signing_out_sends_first_what_can_be_sent(ann: Person, site: Site) -> None:
    ann.form.get_by_role("textbox").fill(SECRET)
    ann.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    ann.is_at("/sign-in$")
    assert given(site, ann.attempt, 1) == [SECRET]


def test_signing_out_without_network_says_why_not(ann: Person) -> None:
    ann.watch.expect(*NO_NETWORK)
    ann.page.context.set_offline(True)
    ann.form.get_by_role("textbox").fill(SECRET)
    status(ann, re.compile("Not saved yet"))
    ann.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    expect(ann.page.get_by_role("dialog", name="No connection just now")).to_be_visible()
    ann.page.keyboard.press("Escape")
    assert len(kept(ann.page)) == 1


def test_whoever_signs_out_without_network_is_told_that_they_are_still_signed_in(ann: Person) -> None:
    """Nothing is unsent; the browser's own error page would not say so."""
    ann.watch.expect(*NO_NETWORK)
    ann.page.context.set_offline(True)
    ann.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    dialog = ann.page.get_by_role("dialog", name="No connection just now")
    expect(dialog).to_contain_text("You are still signed in")
    ann.page.keyboard.press("Escape")
    ann.page.context.set_offline(False)
    ann.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    ann.is_at("/sign-in$")


@pytest.fixture
def deleter(ann: Person) -> Person:
    """Ann at her account in a second tab, about to delete it; in the first one an answer does not get through."""
    ann.watch.expect(REFUSED)
    ann.page.context.route(
        "**/attempts/*/1",
        lambda route: route.fulfill(status=503, json={}) if route.request.method == "POST" else route.continue_(),
    )
    ann.form.get_by_role("textbox").fill(SECRET)
    status(ann, re.compile("Not saved yet"))
    tab = next_one(ann)
    tab.go("/account")
    tab.page.get_by_text("Delete my account", exact=True).click()
    return tab


def delete(person: Person, password: str) -> None:
    """Ask for the account's end, warned of what is not sent."""
    form = person.page.locator("form[action$='/account/delete']")
    form.get_by_label("password").fill(password)
    form.get_by_role("button", name="Delete my account for good").click()
    dialog = person.page.get_by_role("dialog", name="Delete all the same?")
    expect(dialog).to_contain_text("One answer has not reached the server")
    dialog.get_by_role("button", name="Delete and lose it").click()


def test_of_a_deleted_account_nothing_stays_on_the_phone(ann: Person, deleter: Person) -> None:
    delete(deleter, PASSWORD)
    notice(deleter, "Your account and all that was kept with it are deleted.")
    notice(ann, "Signed out")
    assert SECRET not in ann.page.content()
    assert kept(deleter.page) == {}
    deleter.go("/sign-in")
    stores = str(deleter.page.evaluate("JSON.stringify([localStorage, sessionStorage])"))
    assert SECRET not in stores
    assert ann.username not in stores  # type: ignore[attr-defined]
    expect(deleter.main.locator(".flashes")).not_to_contain_text("wait on this device")


def test_a_deletion_that_was_refused_loses_nothing(ann: Person, deleter: Person, site: Site) -> None:
    delete(deleter, "not her password")
    deleter.sees("This is not your password.")
    deleter.page.wait_for_function("() => !sessionStorage.getItem('leaving')")
    assert len(kept(deleter.page)) == 1
    assert ann.form.get_by_role("textbox").input_value() == SECRET
    ann.page.context.unroute("**/attempts/*/1")
    status(ann, "Saved")
    assert given(site, ann.attempt, 1) == [SECRET]


def test_going_back_after_signing_out_shows_nothing(ann: Person) -> None:
    ann.form.get_by_role("textbox").fill(SECRET)
    ann.is_saved()
    ann.page.get_by_role("button", name=re.compile("^Not ")).last.click()
    ann.is_at("/sign-in$")
    ann.page.go_back()
    ann.page.wait_for_timeout(500)
    assert SECRET not in ann.page.content()
    assert ann.page.locator("#answer-form").count() == 0


def test_a_page_that_the_browser_kept_is_put_away_when_somebody_else_is_signed_in(
    ann: Person, somebody: Somebody
) -> None:
    """Shown again as it was left, by going back, the page looks who is there."""
    ben_name = somebody().sign_up()
    ann.form.get_by_role("textbox").fill(SECRET)
    ann.is_saved()
    ann.page.context.clear_cookies(name="quizapp")
    next_one(ann).sign_in(ben_name)
    expect(ann.form).to_be_visible()
    ann.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    notice(ann, f"Not {ann.username}?")  # type: ignore[attr-defined]
    expect(ann.form).to_have_count(0)
    assert SECRET not in ann.page.content()


def test_signing_out_in_another_tab_puts_the_page_away(ann: Person) -> None:
    ann.form.get_by_role("textbox").fill(SECRET)
    ann.is_saved()
    tab = next_one(ann)
    tab.go("/")
    tab.page.locator("#account-menu summary").click()
    tab.page.get_by_role("button", name=re.compile("Sign out")).last.click()
    tab.is_at("/sign-in$")
    notice(ann, "Signed out")
    assert ann.page.locator("#answer-form").count() == 0
    assert SECRET not in ann.page.content()


def test_what_is_kept_names_no_account_and_goes_after_a_month(ann: Person) -> None:
    leave_unsent(ann)
    ((key, value),) = kept(ann.page).items()
    assert re.fullmatch(r"answers:[0-9a-f]{16}:[0-9a-f-]{36}", key)
    old = json.loads(value) | {"at": 0}
    ann.page.once("dialog", Dialog.accept)
    ann.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, json.dumps(old)])
    ann.go("/sign-in")
    ann.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")

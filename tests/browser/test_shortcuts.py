"""Single keys for whoever wants them: what each does, when they sleep, and how they are turned off."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import SAVE, Person
from tests.browser.site import Site
from tests.browser.sittings import chosen, given, option, put_quiz, status


@pytest.fixture
def ann(somebody: Somebody, site: Site) -> Person:
    """Somebody with a keyboard in a practice quiz: two choices, several, one to write."""
    quiz = put_quiz(site, "single-keys", "single_choice", "multiple_choice", "short_answer", "single_choice")
    ann = somebody(device=DESKTOP)
    ann.start(quiz)
    return ann


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


def focused(person: Person) -> Locator:
    return person.page.locator(":focus")


def test_options_by_number_and_letter(ann: Person, site: Site) -> None:
    press(ann, "2")
    assert chosen(ann.page) == [2]
    expect(option(ann, 2)).to_be_focused()
    press(ann, "a")
    assert chosen(ann.page) == [1]
    ann.is_saved()
    assert given(site, ann.attempt, 1)[-1] is not None
    ann.at(2)
    press(ann, "1", "3", "b", "3")
    assert chosen(ann.page) == [1, 2]


def test_going_on_and_back_keeps_the_focus_at_the_question(ann: Person) -> None:
    press(ann, "n")
    ann.is_at("/2$")
    expect(ann.form.locator(".question-stem").first).to_be_focused()
    press(ann, "ArrowRight")
    ann.is_at("/3$")
    expect(ann.form.locator(".question-stem").first).to_be_focused()
    press(ann, "ArrowLeft")
    ann.is_at("/2$")
    press(ann, "p")
    ann.is_at("/1$")
    press(ann, "o")
    ann.is_at("/summary$")


def test_handing_in_takes_a_key_of_its_own_on_the_overview_alone(ann: Person) -> None:
    press(ann, "h")
    ann.page.wait_for_timeout(300)
    ann.is_at("/1$")
    press(ann, "o")
    ann.is_at("/summary$")
    press(ann, "Enter", "k", "p")
    ann.is_at("/1$")
    press(ann, "o")
    ann.is_at("/summary$")
    press(ann, "?")
    expect(ann.page.get_by_role("dialog", name="Keys").get_by_text("hand in, from the overview")).to_be_visible()
    press(ann, "Escape", "h")
    ann.is_at("/result$")


def test_arrows_move_among_options_and_do_not_leave_the_page(ann: Person) -> None:
    press(ann, "1", "ArrowRight")
    ann.page.wait_for_timeout(300)
    ann.is_at("/1$")
    assert chosen(ann.page) == [2]


@pytest.mark.parametrize("key", ["k", "Enter"])
def test_checking_leads_to_the_review_and_on(ann: Person, key: str) -> None:
    press(ann, "1")
    ann.is_saved()
    press(ann, key)
    expect(ann.page.locator("#review")).to_be_focused()
    press(ann, key)
    ann.is_at("/2$")
    expect(ann.form.locator(".question-stem").first).to_be_focused()


def test_flag_and_save(ann: Person, site: Site) -> None:
    press(ann, "f")
    expect(ann.page.get_by_role("button", name="Unflag")).to_be_visible()
    press(ann, "f")
    expect(ann.page.get_by_role("button", name="Flag for later")).to_be_visible()
    press(ann, "3", "s")
    status(ann, "Saved")
    assert len(given(site, ann.attempt, 1)) == 1


def test_saving_by_key_does_not_wait_for_the_next_try(ann: Person, site: Site) -> None:
    """That is far off: the page's clock stands still."""
    ann.watch.expect("ERR_FAILED")
    ann.page.clock.install()
    ann.at(1)
    ann.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    ann.page.route(SAVE, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press(ann, "2")
    ann.page.clock.run_for(100)
    status(ann, re.compile("Not saved yet"))
    ann.page.unroute(SAVE)
    press(ann, "s")
    status(ann, "Saved")
    assert len(given(site, ann.attempt, 1)) == 1


def test_they_sleep_while_somebody_types(ann: Person) -> None:
    ann.at(3)
    box = ann.form.get_by_role("textbox")
    box.press_sequentially("nap of 1 fox? sock")
    expect(box).to_have_value("nap of 1 fox? sock")
    ann.is_at("/3$")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("keys", ["Control+p", "Alt+n", "Meta+f"])
def test_the_browsers_own_keys_stay_its_own(ann: Person, keys: str) -> None:
    ann.page.evaluate("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented })")
    press(ann, keys)
    ann.page.wait_for_timeout(200)
    ann.is_at("/1$")
    assert ann.page.evaluate("window.taken") is False


def test_the_list_opens_by_key_and_by_button_and_gives_the_focus_back(ann: Person) -> None:
    button = ann.page.get_by_role("button", name="Keys")
    dialog = ann.page.get_by_role("dialog", name="Keys")
    option(ann, 1).focus()
    press(ann, "?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("term")).to_have_count(9)
    press(ann, "2", "n")
    ann.is_at("/1$")
    assert chosen(ann.page) == []
    press(ann, "Escape")
    expect(dialog).to_have_count(0)
    expect(option(ann, 1)).to_be_focused()
    button.focus()
    press(ann, "Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()


def test_they_can_be_turned_off_and_stay_off_on_the_next_device(somebody: Somebody, site: Site) -> None:
    quiz = put_quiz(site, "no-keys", "single_choice", "single_choice")
    ann = somebody(device=DESKTOP)
    name = ann.sign_up()
    ann.start(quiz)
    press(ann, "?")
    with ann.page.expect_response("**/preferences"):
        ann.page.get_by_role("checkbox", name="Use single keys").uncheck()
    press(ann, "Escape", "2", "n", "?")
    ann.page.wait_for_timeout(300)
    ann.is_at("/1$")
    assert chosen(ann.page) == []
    laptop = somebody(device=DESKTOP)
    laptop.sign_in(name)
    laptop.go(f"{ann.attempt}/1")
    press(laptop, "2", "?")
    assert chosen(laptop.page) == []
    laptop.page.get_by_role("button", name="Keys").click()
    with laptop.page.expect_response("**/preferences"):
        laptop.page.get_by_role("checkbox", name="Use single keys").check()
    press(laptop, "Escape", "2")
    assert chosen(laptop.page) == [2]


def test_no_key_traps_the_focus(ann: Person) -> None:
    """Tab leads from the question to the end of the page and out of it."""
    option(ann, 1).focus()
    seen = []
    for _ in range(40):
        press(ann, "Tab")
        if not focused(ann).count():
            break
        seen.append(focused(ann).evaluate("(one) => one.textContent.trim()"))
    assert any("How far the sources can be trusted" in words for words in seen)


def test_without_script_nothing_of_them_is_shown(somebody: Somebody, site: Site) -> None:
    quiz = put_quiz(site, "no-script", "single_choice", "single_choice")
    ann = somebody(device=DESKTOP, javascript=False)
    ann.start(quiz)
    expect(ann.page.get_by_role("button", name=re.compile("^Keys"))).to_have_count(0)

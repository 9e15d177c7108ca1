"""The network goes, the server stops, the session ends, the browser crashes: what was written is never lost."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Route, expect
from playwright.sync_api import Error as PlaywrightError
from werkzeug.serving import make_server

from quizapp.domain.attempt import Standing
from tests.browser.conftest import DESKTOP, Quiet, Somebody
from tests.browser.person import PASSWORD, SAVE, Person
from tests.browser.site import Site
from tests.browser.sittings import (
    NO_NETWORK,
    REFUSED,
    came_back,
    chosen,
    given,
    kept,
    notice,
    option,
    put_quiz,
    status,
)


@pytest.fixture
def ann(somebody: Somebody, site: Site) -> Person:
    """Somebody signed in, at the first of four questions of a test: two choices, one to write, one choice."""
    quiz = put_quiz(site, "offline", "single_choice", "single_choice", "short_answer", "single_choice", mode="test")
    ann = somebody(device=DESKTOP)
    ann.sign_up()
    ann.start(quiz)
    ann.is_at("/1$")
    return ann


# The browser hands in a page's last word by itself: no route of the test is asked about it.
NO_LAST_WORD = "Navigator.prototype.sendBeacon = () => true"
NOT_SAVED = "Not saved yet. Trying again; it is kept on this device."


def cut(person: Person) -> None:
    """Pull the cable."""
    person.page.context.set_offline(True)


def hold_saves(person: Person) -> None:
    """Pages come, saves do not get through, nor does a page's last word; whoever leaves one all the same says so."""
    person.watch.expect("ERR_FAILED")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.add_init_script(NO_LAST_WORD)
    person.page.evaluate(NO_LAST_WORD)
    person.page.route(SAVE, lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def let_saves_go(person: Person) -> None:
    """They get through again, and the page hears of it."""
    person.page.unroute(SAVE)
    person.page.evaluate("dispatchEvent(new Event('online'))")


def nothing_is_kept(person: Person) -> None:
    """The browser comes to keep no answer any more: all are with the server."""
    person.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")


def test_answers_wait_on_the_device_and_are_sent_in_order(ann: Person, site: Site, watch) -> None:
    watch.expect(*NO_NETWORK)
    option(ann, 1).check()
    ann.is_saved()
    cut(ann)
    option(ann, 2).check()
    status(ann, NOT_SAVED)
    notice(ann, "No connection just now")
    option(ann, 3).check()
    assert len(kept(ann.page)) == 1
    assert len(given(site, ann.attempt, 1)) == 1
    came_back(ann)
    status(ann, "Saved")
    responses = site.responses(ann.attempt, 1)
    assert [one.standing for one in responses] == [Standing.CURRENT] * len(responses)
    assert len(responses) == len({str(one.response) for one in responses}) == 2


@pytest.mark.parametrize("scrolled", [0, 120])
def test_a_notice_moves_nothing_that_a_finger_is_on_its_way_to(
    somebody: Somebody, site: Site, watch, scrolled: int
) -> None:
    watch.expect(*NO_NETWORK)
    ann = somebody()  # with a phone
    ann.start(put_quiz(site, f"still-{scrolled}", "single_choice", "single_choice", mode="test"))

    def tops() -> list[float]:
        return [option(ann, number).bounding_box()["y"] for number in (1, 2, 3)]  # type: ignore[index]

    ann.page.evaluate(f"scrollTo(0, {scrolled})")
    before = pytest.approx(tops(), abs=2)  # scrolling knows whole points alone
    cut(ann)
    notice(ann, "No connection just now")
    assert tops() == before
    came_back(ann)
    assert tops() == before


def test_other_questions_wait_for_the_network_and_the_page_stays(ann: Person, watch) -> None:
    watch.expect(*NO_NETWORK)
    cut(ann)
    option(ann, 2).check()
    ann.press("Next")
    status(ann, "No connection just now: that has to wait. Your answer is kept.")
    ann.page.get_by_role("button", name=re.compile("^Question 3")).click()
    ann.page.get_by_role("button", name="Overview of all questions").click()
    ann.is_at("/1$")
    assert chosen(ann.page) == [2]
    ann.press(re.compile("Flag for later"))
    status(ann, re.compile("The flag was not set"))
    came_back(ann)
    ann.press("Next")
    ann.is_at("/2$")


def test_what_had_to_wait_is_not_said_any_more_once_the_connection_is_back(ann: Person, watch) -> None:
    """Nothing was written meanwhile, so that nothing is sent either."""
    watch.expect(*NO_NETWORK)
    cut(ann)
    notice(ann, "No connection just now")
    ann.press("Next")
    status(ann, re.compile("that has to wait"))
    came_back(ann)
    status(ann, "")


def test_an_answer_that_was_not_taken_is_told_until_another_one_is(ann: Person, site: Site, watch) -> None:
    watch.expect(REFUSED)
    ann.page.route("**/attempts/*/1", lambda route: route.fulfill(status=413, json={"message": "Too long."}))
    option(ann, 2).check()
    notice(ann, "The answer to question 1 was not taken")
    notice(ann, "Too long.")
    ann.page.unroute("**/attempts/*/1")
    option(ann, 1).check()
    status(ann, "Saved")
    expect(ann.main.locator(".flashes")).not_to_contain_text("was not taken")
    assert kept(ann.page) == {}


def test_the_server_stopped_is_no_error_page_either(ann: Person, watch) -> None:
    """The browser believes that it is connected; nothing was written since."""
    watch.expect(*NO_NETWORK, "ERR_FAILED")
    option(ann, 1).check()
    ann.is_saved()
    ann.page.route("**/*", lambda route: route.abort())
    ann.page.wait_for_timeout(4100)
    ann.press("Next")
    notice(ann, "No connection just now")
    ann.is_at("/1$")
    ann.page.unroute("**/*")
    ann.press("Next")
    ann.is_at("/2$")


def test_a_reload_brings_back_what_was_not_sent_and_sends_it_once(ann: Person, site: Site, watch) -> None:
    """The save arrives and its answer is lost; the same stamp is sent again after the reload."""
    watch.expect("ERR_FAILED", "ERR_TIMED_OUT")
    ann.at(3)
    page = ann.page

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
        route.abort()

    page.route("**/attempts/*/3", lose_the_answer)
    page.on("dialog", lambda dialog: dialog.accept())
    ann.form.get_by_role("textbox").fill("half a thou")
    status(ann, NOT_SAVED)
    page.unroute("**/attempts/*/3")
    page.route("**/attempts/*/3", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    ann.form.get_by_role("textbox").fill("half a thought")
    page.reload()
    expect(ann.form.get_by_role("textbox")).to_have_value("half a thought")
    status(ann, re.compile("[Nn]ot (sent|saved) yet"))
    page.unroute("**/attempts/*/3")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    stamps = [(one.client, one.sequence) for one in site.responses(ann.attempt, 3)]
    assert len(stamps) == len(set(stamps))
    assert given(site, ann.attempt, 3)[-1] == "half a thought"
    assert {one.standing for one in site.responses(ann.attempt, 3)} == {Standing.CURRENT}


def test_letters_typed_in_the_last_moment_are_there_after_going_back_and_forward(ann: Person, site: Site) -> None:
    ann.at(3)
    ann.form.get_by_role("textbox").press_sequentially("a word")
    ann.page.go_back()
    ann.is_at("/1$")
    ann.page.go_forward()
    expect(ann.form.get_by_role("textbox")).to_have_value("a word")
    ann.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    assert given(site, ann.attempt, 3)[-1] == "a word"


def test_a_tab_closed_in_the_middle_of_a_word_loses_no_letter(ann: Person, site: Site) -> None:
    """It does not come to sending as it would in a moment, for the page's clock stands still; only to its last word."""
    ann.page.clock.install()
    ann.at(3)
    ann.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    ann.form.get_by_role("textbox").press_sequentially("last wor")
    assert given(site, ann.attempt, 3) == []
    ann.page.close(run_before_unload=True)
    patience = time.monotonic() + 20
    while not given(site, ann.attempt, 3) and time.monotonic() < patience:
        time.sleep(0.05)
    assert given(site, ann.attempt, 3) == ["last wor"]


def test_answers_to_several_questions_are_sent_in_the_order_in_which_they_were_given(ann: Person, site: Site) -> None:
    hold_saves(ann)
    option(ann, 2).check()
    status(ann, NOT_SAVED)
    ann.at(4)
    option(ann, 2).check()
    status(ann, NOT_SAVED)
    ann.at(2)
    option(ann, 2).check()
    status(ann, NOT_SAVED)
    assert [given(site, ann.attempt, number) for number in (1, 4, 2)] == [[], [], []]
    arrived: list[str] = []
    ann.page.on("requestfinished", lambda one: arrived.append(one.url[-1]) if one.method == "POST" else None)
    let_saves_go(ann)
    nothing_is_kept(ann)
    status(ann, "Saved")
    assert arrived == ["1", "4", "2"]


def test_writing_on_after_a_reload_conflicts_with_nothing(ann: Person, site: Site) -> None:
    """What the page before wrote and did not send is no other device's answer."""
    option(ann, 1).check()
    ann.is_saved()
    hold_saves(ann)
    option(ann, 2).check()
    status(ann, NOT_SAVED)
    ann.page.reload()
    assert chosen(ann.page) == [2]
    option(ann, 3).check()
    status(ann, NOT_SAVED)
    assert len(given(site, ann.attempt, 1)) == 1
    let_saves_go(ann)
    status(ann, "Saved")
    nothing_is_kept(ann)
    responses = site.responses(ann.attempt, 1)
    assert len({str(one.response) for one in responses}) == 3
    assert [one.standing for one in responses] == [Standing.CURRENT] * 3


def test_a_browser_that_keeps_nothing_asks_to_keep_the_page_open(ann: Person, site: Site) -> None:
    ann.page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }")
    ann.at(1)
    hold_saves(ann)
    option(ann, 2).check()
    status(ann, "Not saved yet. Trying again; keep this page open.")
    assert kept(ann.page) == {}
    let_saves_go(ann)
    status(ann, "Saved")
    assert len(given(site, ann.attempt, 1)) == 1


@pytest.mark.parametrize(
    ("code", "headers", "words"),
    [
        (403, {}, "does not take answers"),
        (429, {"Retry-After": "3"}, "a great rush"),
        (503, {"Retry-After": "2"}, "trouble just now"),
        (500, {}, "trouble just now"),
    ],
)
def test_what_the_server_refuses_stays_and_is_sent_later(
    ann: Person, site: Site, watch, code: int, headers: dict[str, str], words: str
) -> None:
    watch.expect(REFUSED)
    tries: list[float] = []

    def refuse(route: Route) -> None:
        if route.request.method != "POST" or len(tries) > 1:
            return route.continue_()
        tries.append(ann.page.evaluate("performance.now()"))
        return route.fulfill(status=code, headers=headers, json={"message": "Not now."})

    ann.page.route("**/attempts/*/1", refuse)
    option(ann, 2).check()
    notice(ann, words)
    assert len(kept(ann.page)) == 1
    ann.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    status(ann, "Saved")
    assert given(site, ann.attempt, 1)[-1] is not None
    if headers:
        assert tries[1] - tries[0] >= int(headers["Retry-After"]) * 1000


def sign_in_elsewhere(ann: Person, name: str) -> Person:
    """In another tab of the same browser."""
    tab = Person(ann.page.context.new_page(), ann.site, True, ann.watch)
    tab.sign_in(name)
    return tab


def test_after_the_session_ended_answers_wait_and_go_with_a_fresh_token(somebody: Somebody, site: Site, watch) -> None:
    watch.expect(REFUSED)
    quiz = put_quiz(site, "ended", "single_choice", "single_choice", mode="test")
    ann = somebody(device=DESKTOP)
    name = ann.sign_up()
    ann.start(quiz)
    ann.page.context.clear_cookies(name="quizapp")
    option(ann, 2).check()
    notice(ann, "You have been signed out")
    assert given(site, ann.attempt, 1) == []
    tab = sign_in_elsewhere(ann, name)
    notice(tab, "sent now")
    ann.page.bring_to_front()
    ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ann.main.locator('[data-told="network"]')).to_have_count(0)
    assert len(given(site, ann.attempt, 1)) == 1
    option(ann, 1).check()
    status(ann, "Saved")
    assert [one.standing for one in site.responses(ann.attempt, 1)] == [Standing.CURRENT] * 2


def test_signing_in_again_in_the_same_tab_sends_what_was_kept(somebody: Somebody, site: Site, watch) -> None:
    watch.expect(REFUSED)
    quiz = put_quiz(site, "ended", "single_choice", "single_choice", mode="test")
    ann = somebody(device=DESKTOP)
    name = ann.sign_up()
    ann.start(quiz)
    asked: list[str] = []
    ann.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ann.page.context.clear_cookies(name="quizapp")
    option(ann, 2).check()
    notice(ann, "You have been signed out")
    ann.press("Next")
    status(ann, "You have been signed out: that has to wait. Your answer is kept.")
    ann.follow("Sign in again")
    ann.is_at("/sign-in")
    assert asked == []  # whoever does what the page says is not asked whether they want to leave it
    ann.page.get_by_label("Username").fill(name)
    ann.page.get_by_label("Password").fill("four plain quiet words")
    ann.press("Sign in")
    ann.is_at("/1$")
    assert chosen(ann.page) == [2]
    ann.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    assert len(given(site, ann.attempt, 1)) == 1


def test_signed_out_from_another_device_the_answer_waits_for_signing_in(somebody: Somebody, site: Site, watch) -> None:
    watch.expect(REFUSED)
    quiz = put_quiz(site, "ended-elsewhere", "single_choice", "single_choice", mode="test")
    ann, phone = somebody(device=DESKTOP), somebody()
    name = ann.sign_up()
    ann.start(quiz)
    phone.sign_in(name)
    phone.go("/account")
    phone.press("Sign out everywhere but here")
    phone.sees("All other devices are signed out.")
    with ann.page.expect_response(SAVE) as saving:
        option(ann, 2).check()
    assert saving.value.status == 401
    notice(ann, "You have been signed out")
    status(ann, NOT_SAVED)
    assert len(kept(ann.page)) == 1
    assert given(site, ann.attempt, 1) == []
    ann.follow("Sign in again")
    ann.page.get_by_label("Username").fill(name)
    ann.page.get_by_label("Password").fill(PASSWORD)
    ann.press("Sign in")
    ann.is_at("/1$")
    nothing_is_kept(ann)
    assert chosen(ann.page) == [2]
    assert len(given(site, ann.attempt, 1)) == 1


def test_a_token_that_no_longer_holds_is_fetched_anew_once(ann: Person, site: Site, watch) -> None:
    watch.expect(REFUSED)
    ann.page.evaluate("for (const one of document.querySelectorAll('[name=csrf_token]')) one.value = 'stale'")
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(f"{request.method} {request.url.rsplit('/', 1)[1]}"))
    option(ann, 1).check()
    ann.is_saved()
    assert asked == ["POST 1", "GET session", "POST 1"]
    assert len(given(site, ann.attempt, 1)) == 1


def test_every_kind_of_question_is_kept_and_put_back(somebody: Somebody, site: Site, watch) -> None:
    watch.expect("ERR_FAILED")
    names = site.one_of_each_type()
    quiz = site.put_quiz(id="each-type", title="Each type", mode="test", sections=[{"items": names}])
    ann = somebody(device=DESKTOP)
    ann.start(quiz)
    ann.page.on("dialog", lambda dialog: dialog.accept())
    for number in range(1, len(names) + 1):
        ann.at(number)
        ann.page.route(
            "**/attempts/*/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        ann.answer_without_waiting(1)
        before = ann.given()
        assert before
        ann.page.reload()
        assert ann.given() == before, number
        ann.page.unroute("**/attempts/*/*")
        ann.page.evaluate("dispatchEvent(new Event('online'))")
        ann.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
        ann.page.reload()
        assert ann.given() == before, number


class Power:
    """A server for the site that can be switched off and on again at the same address."""

    def __init__(self, site: Site) -> None:
        self.app = site.app
        self.port = 0
        self.on()
        self.site = Site(site.app, f"http://127.0.0.1:{self.port}")

    def on(self) -> None:
        """Start it."""
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=Quiet)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def off(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.thread.join(10)
        self.server.server_close()


@pytest.fixture
def power(site: Site) -> Iterator[Power]:
    power = Power(site)
    yield power
    power.off()


def test_a_restart_of_the_server_in_mid_answer(somebody: Somebody, site: Site, power: Power, watch) -> None:
    watch.expect(*NO_NETWORK, "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED")
    quiz = put_quiz(site, "restart", "short_answer", "single_choice", mode="test")
    ann = somebody(at=power.site)
    ann.start(quiz)
    ann.form.get_by_role("textbox").fill("before")
    ann.is_saved()
    power.off()
    ann.form.get_by_role("textbox").fill("before and while")
    status(ann, NOT_SAVED)
    notice(ann, "No connection just now")
    power.on()
    status(ann, "Saved")
    assert given(site, ann.attempt, 1) == ["before", "before and while"]


def test_a_crash_of_the_browser_while_the_network_is_away(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], site: Site, tmp_path: Path, watch
) -> None:
    """Killed, not closed; what was written without a connection is in the form again, and is sent."""
    watch.expect(*NO_NETWORK)
    profile = tmp_path / "profile"
    quiz = put_quiz(site, "crash", "short_answer", "single_choice", mode="test")

    def open_browser() -> Person:
        context = browser_type.launch_persistent_context(profile, base_url=site.url, **browser_type_launch_args)
        context.set_default_timeout(15_000)
        watch.look_at(context.pages[0])
        return Person(context.pages[0], site, True, watch)

    ann = open_browser()
    name = ann.sign_up()
    ann.start(quiz)
    attempt = ann.attempt
    cut(ann)
    ann.form.get_by_role("textbox").fill("not lost")
    status(ann, NOT_SAVED)
    ann.page.wait_for_timeout(8000)  # the browser itself takes some seconds to write down what it keeps
    kill_browser(profile)
    with suppress(PlaywrightError):
        ann.page.context.close()
    assert given(site, attempt, 1) == []
    again = open_browser()
    if not any(cookie["name"] == "quizapp" for cookie in again.page.context.cookies()):
        again.sign_in(name)
    again.page.goto(f"{attempt}/1")
    expect(again.form.get_by_role("textbox")).to_have_value("not lost")
    again.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    assert given(site, attempt, 1) == ["not lost"]
    again.page.context.close()


def kill_browser(profile: Path) -> None:
    """End the processes of the browser that has this profile, at once."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"--user-data-dir={profile}".encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


def test_a_page_that_was_kept_for_going_back_shows_what_was_written_since(ann: Person) -> None:
    option(ann, 1).check()
    ann.is_saved()
    ann.press("Next")
    ann.is_at("/2$")
    ann.press("Previous")
    ann.is_at("/1$")
    option(ann, 2).check()
    ann.is_saved()
    ann.page.go_back()
    ann.is_at("/2$")
    ann.page.go_back()
    ann.is_at("/1$")
    assert chosen(ann.page) == [2]


def test_a_flag_is_set_without_leaving_the_page(ann: Person, site: Site) -> None:
    flag = ann.page.get_by_role("button", name="Flag for later")
    flag.focus()
    flag.press("Enter")
    expect(ann.page.get_by_role("button", name="Unflag")).to_be_focused()
    expect(ann.page.locator(".step[aria-current] .step-state")).to_have_text("not answered, flagged")
    ann.page.reload()
    ann.press(re.compile("Unflag"))
    expect(ann.page.get_by_role("button", name="Flag for later")).to_be_visible()
    expect(ann.page.locator(".step[aria-current] .step-state")).to_have_text("not answered")

"""The time left: by the server's clock, said aloud sparingly, hidden by choice, and plain about what came too late."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import NO_NETWORK, REFUSED, given, notice, put_quiz, status


@pytest.fixture
def ann(somebody: Somebody, site: Site) -> Person:
    """Somebody signed in, in a test of twenty minutes."""
    quiz = put_quiz(site, "timed-two", "short_answer", "single_choice", mode="test", time_limit="20 min", grace="5 s")
    ann = somebody(device=DESKTOP)
    ann.username = ann.sign_up()  # type: ignore[attr-defined]
    ann.start(quiz)
    return ann


def seconds_left(person: Person) -> int:
    minutes, seconds = person.page.locator(".timer-face").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def test_a_wrong_clock_on_the_device_does_not_matter(ann: Person) -> None:
    ann.page.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
    ann.page.reload()
    assert 1150 <= seconds_left(ann) <= 1200


def test_after_the_lid_was_closed_the_servers_time_is_shown(ann: Person) -> None:
    """The device's clocks stood still, then leapt: neither is believed."""
    ann.page.clock.install()
    ann.page.reload()
    ann.page.clock.fast_forward("15:00")
    ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ann.page.wait_for_timeout(500)
    ann.page.clock.run_for(1000)
    assert 1150 <= seconds_left(ann) <= 1200
    ann.page.clock.fast_forward("30:00")
    ann.page.wait_for_timeout(1000)
    ann.page.clock.run_for(1000)
    ann.is_at("/1$")
    assert 1150 <= seconds_left(ann) <= 1200


def test_a_device_that_slept_sees_how_late_it_is(ann: Person) -> None:
    """Its clock stood still while the server's went on."""
    ann.page.clock.install()
    ann.page.reload()
    ann.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    before = seconds_left(ann)
    ann.page.wait_for_timeout(8000)
    assert seconds_left(ann) >= before - 1
    ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ann.page.wait_for_timeout(2000)
    ann.page.clock.run_for(600)
    assert seconds_left(ann) <= before - 5


def test_a_device_that_slept_with_the_page_in_view_shows_the_servers_time_at_once(ann: Person) -> None:
    """Nobody tells the page of it but its clocks, which differ afterwards: here one of them has counted ten minutes."""
    face = ann.page.locator(".timer-face")
    ann.page.clock.install()
    ann.page.reload()
    ann.page.clock.fast_forward("10:00")
    expect(face).to_have_text(re.compile("^[1-9]:"))
    ann.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=1))
    expect(face).to_have_text(re.compile("^(20|1[2-9]):"))


def test_it_is_said_every_ten_seconds_in_the_last_minute(ann: Person, site: Site) -> None:
    site.time_runs_out(ann.attempt, 150)
    ann.page.clock.install()
    ann.at(1)
    voice = ann.page.locator(".timer [role=status]")
    said: list[str] = []
    for _ in range(141):
        ann.page.clock.run_for(1000)
        words = voice.text_content() or ""
        if words and (not said or said[-1] != words):
            said.append(words)
    assert said == [
        "2 minutes left", "1 minute left", *(f"{left} seconds left" for left in (50, 40, 30, 20, 10)),
    ]  # fmt: skip


def test_whoever_hides_it_is_told_of_the_last_minute_alone_on_every_page_and_device(
    ann: Person, somebody: Somebody, site: Site
) -> None:
    ann.page.get_by_role("button", name="Hide the time left").click()
    expect(ann.page.locator(".timer-face")).to_be_hidden()
    ann.page.wait_for_timeout(300)
    ann.at(2)
    expect(ann.page.locator(".timer-face")).to_be_hidden()
    expect(ann.page.get_by_role("button", name="Show the time left")).to_be_visible()
    laptop = somebody(device=DESKTOP)
    laptop.sign_in(ann.username)  # type: ignore[attr-defined]
    site.time_runs_out(ann.attempt, 125)
    laptop.page.clock.install()
    laptop.page.goto(f"{ann.attempt}/1")
    expect(laptop.page.locator(".timer-face")).to_be_hidden()
    voice = laptop.page.locator(".timer [role=status]")
    laptop.page.clock.run_for(20_000)
    assert voice.text_content() == ""
    laptop.page.clock.run_for(50_000)
    assert voice.text_content() == "1 minute left"
    expect(laptop.page.locator(".timer-face")).to_be_visible()


def test_at_the_deadline_without_network_nothing_is_lost_and_late_is_said_plainly(
    ann: Person, site: Site, watch
) -> None:
    watch.expect(*NO_NETWORK, REFUSED)
    ann.form.get_by_role("textbox").fill("in time")
    ann.is_saved()
    site.time_runs_out(ann.attempt, 3)
    ann.at(1)
    ann.page.context.set_offline(True)
    ann.form.get_by_role("textbox").fill("in time and after")
    notice(ann, "Time is up")
    ann.is_at("/1$")
    ann.page.wait_for_timeout(7000)
    ann.page.context.set_offline(False)
    ann.page.wait_for_url(re.compile("/result$"), timeout=30_000)
    notice(ann, "Your answer to question 1 came too late to count")
    ann.sees("Came too late to count")
    assert [(one.response, one.standing) for one in site.responses(ann.attempt, 1)] == [
        ("in time", "current"), ("in time and after", "late"),
    ]  # fmt: skip


def test_what_arrives_within_the_grace_counts(ann: Person, site: Site, watch) -> None:
    watch.expect(*NO_NETWORK)
    site.time_runs_out(ann.attempt, 3)
    ann.at(1)
    ann.page.context.set_offline(True)
    ann.form.get_by_role("textbox").fill("just in time")
    notice(ann, "Time is up")
    ann.page.context.set_offline(False)
    ann.page.wait_for_url(re.compile("/result$"), timeout=30_000)
    assert given(site, ann.attempt, 1) == ["just in time"]
    assert site.responses(ann.attempt, 1)[0].standing == "current"


def test_somebody_who_comes_back_after_the_deadline_finds_what_they_wrote(ann: Person, site: Site, watch) -> None:
    """The browser was closed without a connection; days later its owner comes to the front page."""
    watch.expect(*NO_NETWORK)
    ann.page.context.set_offline(True)
    ann.form.get_by_role("textbox").fill("written on the train")
    status(ann, re.compile("Not saved yet"))
    site.time_runs_out(ann.attempt, -3600)
    ann.page.goto("about:blank")
    ann.page.context.set_offline(False)
    ann.go("/")
    notice(ann, "reached us too late to count")
    ann.does_not_see("has been sent now")
    ann.sees("Your last result")
    ann.sees("The time ran out")
    ann.follow("See what counted")
    ann.is_at("/result$")
    ann.sees("written on the train")

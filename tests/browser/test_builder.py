"""A quiz is built with the keyboard alone, and the draft keeps itself; on the wall the arrow keys go on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.keyboard import focused, tab_to
from tests.browser.person import Person
from tests.browser.site import Site


@pytest.fixture
def teacher(somebody: Somebody, site: Site) -> Person:
    """A teacher at a computer."""
    person = somebody(device=DESKTOP)
    name = person.sign_up()
    site.make(name, "teacher")
    person.page.context.clear_cookies()
    person.sign_in(name)
    return person


def test_a_quiz_is_built_with_the_keyboard_alone(teacher: Person, site: Site):
    keys = teacher.page.keyboard
    teacher.go("/teach/quizzes")
    tab_to(teacher, "^New quiz$")
    keys.press("Enter")
    teacher.is_at(r"/teach/quizzes/new-\w+/edit$")
    teacher.page.get_by_label("Title", exact=True).focus()
    keys.type("With ten fingers")
    expect(teacher.page.locator("[data-kept]")).to_have_text("Draft kept.")
    tab_to(teacher, "^Add questions$")
    keys.press("Enter")
    teacher.is_at(r"/sections/0$")
    for _ in range(2):
        to_next_box(teacher)
        keys.press("Space")
    tab_to(teacher, "^Add those ticked$", most=200)
    keys.press("Enter")
    teacher.sees("2 questions added.")
    first = teacher.page.locator(".built-stem").first.inner_text()
    tab_to(teacher, "Move down: ")
    keys.press("Enter")
    expect(teacher.page.locator(".built-stem").nth(1)).to_have_text(first)
    tab_to(teacher, "^Add a random draw$", most=90)
    keys.press("Enter")
    teacher.sees(re.compile("It can choose from \\d+ questions"))
    tab_to(teacher, "^Save and publish$", most=140)
    keys.press("Enter")
    teacher.sees("Saved. New attempts get this version")
    teacher.is_at(r"/teach/quizzes/with-ten-fingers/edit$")


def to_next_box(teacher: Person) -> None:
    """Tab until a box to tick holds the focus."""
    for _ in range(60):
        teacher.page.keyboard.press("Tab")
        if (focused(teacher) or {}).get("type") == "checkbox":
            return
    raise AssertionError("no Tab leads to a box")


@pytest.mark.parametrize("writing", ["a quiz", "a question"])
def test_what_was_typed_after_the_session_ran_out_comes_back_after_signing_in(
    somebody: Somebody, site: Site, writing: str
):
    teacher = somebody(device=DESKTOP)
    teacher.watch.expect("status of 40[013]")
    name = teacher.sign_up()
    site.make(name, "teacher")
    teacher.page.context.clear_cookies()
    teacher.sign_in(name)
    teacher.go("/teach/quizzes" if writing == "a quiz" else "/teach/questions/new?type=numerical")
    if writing == "a quiz":
        teacher.press("New quiz")
        teacher.is_at(r"/edit$")
    field, kept = ("#title", "[data-kept]") if writing == "a quiz" else ("#stem", "#saved")
    teacher.page.fill(field, "Before the session ran out")
    expect(teacher.page.locator(kept)).to_have_text(re.compile(r"^Draft kept( at .*)?\.$"))
    form = teacher.page.locator("#build, #question-form")
    address = form.get_attribute("action")
    teacher.page.context.clear_cookies()
    teacher.page.fill(field, "Typed into a session that had ended")
    teacher.sees("You are signed out")
    teacher.sign_in(name)
    teacher.go(address or "")
    expect(teacher.page.locator(field)).to_have_value("Before the session ran out")
    teacher.press("Put it back")
    expect(teacher.page.locator(field)).to_have_value("Typed into a session that had ended")


def test_a_draw_counts_at_once_what_it_can_choose_from(teacher: Person):
    teacher.go("/teach/quizzes")
    teacher.press("New quiz")
    teacher.press("Add a random draw")
    said = teacher.page.locator(".pool-count")
    before = said.inner_text()
    teacher.page.get_by_label("Difficulty from").select_option("5")
    expect(said).not_to_have_text(before)
    expect(said).to_have_text(re.compile(r"It can choose from \d+ question"))


def test_on_the_wall_the_arrow_keys_go_on_and_enter_reveals(teacher: Person, site: Site):
    site.put_quiz(id="for-the-wall", title="For the wall", sections=[{"items": site.one_of_each_type()[:2]}])
    teacher.go("/teach/quizzes/for-the-wall/wall")
    teacher.page.keyboard.press("Enter")
    teacher.sees("The answer")
    teacher.page.keyboard.press("ArrowRight")
    teacher.is_at("n=2")
    teacher.does_not_see("The answer")
    teacher.page.keyboard.press("ArrowLeft")
    teacher.is_at("n=1")

"""A key is challenged, accepted and changed, with the keyboard alone; and the words of a passage are marked with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quizapp.domain.items import build
from quizapp.domain.items import entry as entry_of
from tests import real_bank
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.keyboard import button, link, press
from tests.browser.person import Person
from tests.browser.site import Site

STEM = "Whose key is challenged with the keyboard?"


def put(site: Site) -> str:
    """A question of the test's own, and a practice quiz of it; the quiz's id."""
    with site.session() as session:
        found = real_bank.items(session).values()
        like = next(item for item in found if item.type == "single_choice" and not item.needs_text and not item.show)
        real_bank.put_item(session, build({**entry_of(like), "id": "challenged-key", "stem": STEM}))
    return site.put_quiz(id="challenged", title="Challenged", sections=[{"items": ["challenged-key"]}])


def challenged(person: Person, site: Site, words: str) -> None:
    """Stand before the form with a passage chosen, found by these words."""
    person.sign_up()
    person.start(put(site))
    press(button(person, "Show me the answer"))
    press(link(person, "Challenge the answer"))
    person.is_at("/challenge$")
    search = person.page.locator("#search")
    search.focus()
    person.page.keyboard.insert_text(words)
    search.press("Enter")
    press(person.page.locator(".hit").first)
    expect(person.page.locator(".picker")).to_be_focused()


def test_from_challenge_to_new_version_with_the_keyboard_alone(somebody: Somebody, site: Site):
    student, teacher = somebody(device=DESKTOP), somebody(device=DESKTOP)
    challenged(student, site, "treaty peace")
    student.page.locator("#comment").focus()
    student.page.keyboard.insert_text("This passage says otherwise.")
    press(button(student, "Send the challenge"))
    student.is_at(r"/reports#report-\d+$")
    student.sees("Waits for a teacher")

    site.make(teacher.sign_up(), "teacher")
    teacher.go("/teach/reports?q=challenged+with+the+keyboard")
    press(link(teacher, STEM))
    teacher.sees("This passage says otherwise.")
    press(button(teacher, "Accept, and change the question"))
    teacher.is_at("/teach/questions/challenged-key/edit$")
    expect(teacher.page.locator("#reported")).to_contain_text("This passage says otherwise.")
    teacher.page.locator("#explanation").focus()
    teacher.page.keyboard.press("Control+A")
    teacher.page.keyboard.insert_text("It was otherwise, as a student has shown.")
    press(button(teacher, "Make it ready"))
    teacher.is_at("/teach/questions/challenged-key$")
    press(link(teacher, "try the regrade"))
    teacher.is_at("/teach/regrade/challenged-key")

    student.go("/")
    student.sees("There is news of what you reported")
    press(link(student, "Look at it"))
    student.is_at("/reports")
    student.sees("Accepted, and changed")


@pytest.mark.documents
def test_the_words_of_a_passage_are_marked_with_the_keyboard(somebody: Somebody, site_with_documents: Site):
    student = somebody(device=DESKTOP, at=site_with_documents)
    challenged(student, site_with_documents, "treaty signed")
    student.page.locator("[data-word]").first.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        student.page.keyboard.press(key)
    expect(student.page.locator("#quote")).to_have_value(re.compile(r"^\S+ \S+ \S+ \S+$"))
    press(button(student, "Check the words"))
    expect(student.page.locator("#quote-check")).to_contain_text("word for word")

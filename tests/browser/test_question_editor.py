"""Words are marked with the keyboard alone; what is typed outlives a lost network and another teacher.

A question of each type is written in test_whole_way.py.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import real_bank
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.editor import press
from tests.browser.person import Person
from tests.browser.site import Site


@pytest.fixture
def teacher(somebody: Somebody, site: Site) -> Person:
    return a_teacher(somebody, site)


def a_teacher(somebody: Somebody, site: Site) -> Person:
    """Somebody at a desktop who teaches."""
    person = somebody(device=DESKTOP)
    site.make(person.sign_up(), "teacher")
    person.go("/teach/questions")
    return person


def test_words_are_marked_with_the_keyboard_and_checked_at_once(somebody: Somebody, site_with_documents: Site):
    person = somebody(device=DESKTOP, at=site_with_documents)
    site_with_documents.make(person.sign_up(), "teacher")
    page = person.page
    person.go("/teach/questions/new?type=true_false")
    press(page, "evidence-0-find")
    expect(page.locator("#evidence-0-search")).to_be_focused()
    page.keyboard.insert_text("treaty signed")
    page.keyboard.press("Enter")
    hit = page.locator(".hit").first
    hit.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-0-quote")).to_be_focused()
    page.locator("[data-word]").first.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert len(page.input_value("#evidence-0-quote").split()) == 5
    expect(page.locator("#evidence-0-check")).to_contain_text("word for word")


def test_what_is_typed_without_network_is_kept_and_sent_later(teacher: Person):
    page = teacher.page
    teacher.watch.expect("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    teacher.go("/teach/questions/new?type=numerical")
    page.context.set_offline(True)
    page.fill("#stem", "How many, typed in a tunnel?")
    teacher.sees("No connection")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Draft kept")
    teacher.go("/teach/questions?status=draft")
    teacher.sees("typed in a tunnel")


def test_what_was_sent_with_a_mistake_is_not_offered_once_more(teacher: Person):
    page = teacher.page
    teacher.watch.expect("422")
    teacher.go("/teach/questions/new?type=date")
    page.fill("#stem", "When was the harbour closed, typed in a hurry?")
    page.fill("#key-date", "some day")
    page.get_by_role("button", name="Make it ready").press("Enter")
    teacher.sees("Not ready yet")
    page.wait_for_load_state("load")
    expect(page.locator("#stem")).to_have_value("When was the harbour closed, typed in a hurry?")
    offered = page.get_by_role("button", name="Put it back")
    expect(offered).to_have_count(0)
    draft = urlsplit(page.url).path
    for address in (draft, "/teach/questions/new?type=date", draft):
        teacher.go(address)
        page.wait_for_load_state("load")
        expect(offered).to_have_count(0)


def test_two_teachers_at_one_question_see_both_texts(teacher: Person, somebody: Somebody, site: Site):
    with site.session() as session:
        name = next(iter(real_bank.items(session)))
    other = a_teacher(somebody, site)
    for person in (teacher, other):
        person.watch.expect("409")
        person.go(f"/teach/questions/{name}/edit")
    other.page.fill("#explanation", "What the other one wrote.")
    expect(other.page.locator("#saved")).to_contain_text("Draft kept at")
    teacher.page.fill("#explanation", "What this one wrote.")
    teacher.sees("has changed this question meanwhile")
    teacher.page.get_by_role("button", name="Show both texts").press("Enter")
    expect(teacher.page.locator(".both-texts")).to_contain_text("What the other one wrote.")
    assert teacher.page.input_value("#explanation") == "What this one wrote."

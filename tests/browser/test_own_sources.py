"""A teacher's own source with the keyboard alone: pasted, its split corrected, made ready, and cited in a question."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Somebody
from tests.browser.editor import press, type_into
from tests.browser.site import Site
from tests.browser.test_question_editor import a_teacher
from tests.own_documents import LANTERN

ABOUT = {
    "kind": "memoir",
    "reliability": "medium",
    "good_for": "the days",
    "poor_for": "the motives",
    "assessment": "A clerk wrote it down long after.",
}


def push(page: Page, name: str) -> None:
    """A button or link, by the keyboard."""
    page.get_by_role("main").get_by_role("button", name=name).or_(
        page.get_by_role("main").get_by_role("link", name=name)
    ).first.focus()
    page.keyboard.press("Enter")


def test_a_source_is_pasted_corrected_and_cited_with_the_keyboard_alone(somebody: Somebody, site: Site):
    teacher = a_teacher(somebody, site)
    teacher.go("/teach/sources/new")
    paste_and_correct(teacher.page)
    describe(teacher.page)
    name = teacher.page.url.rpartition("/")[2]
    teacher.go("/teach/questions/new?type=true_false")
    cite(teacher.page, f"{name}/p4")


def paste_and_correct(page: Page) -> None:
    type_into(page, "pasted", LANTERN)
    type_into(page, "title", "The Lantern Street Strike")
    push(page, "Add it")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 passages")
    push(page, "Merge passage 1 with the next")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 passages")
    expect(page.locator("#p1")).to_be_focused()
    page.locator("#where-p1").focus()
    page.keyboard.type("Mr. Vane")  # as its first letters choose in a list
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#p4")).to_be_focused()
    expect(page.locator("#p4 .part-text")).to_contain_text(re.compile("^Mr. Vane told"))
    type_into(page, "heading-p4", "What Mr. Vane said")
    push(page, "Keep, and done")


def describe(page: Page) -> None:
    push(page, "What to know of it")
    expect(page.get_by_role("heading", level=1)).to_have_text("What to know before trusting it")
    for name, text in ABOUT.items():
        type_into(page, name, text)
    push(page, "Keep")
    push(page, "Make it ready")
    expect(page.locator(".flashes")).to_contain_text("Readers have the source now")


def cite(page: Page, passage: str) -> None:
    press(page, "evidence-0-find")
    type_into(page, "evidence-0-search", "newspapers railway gloves")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    hit = page.locator(f".hit[value$='{passage}']")
    expect(hit).to_contain_text("What Mr. Vane said")
    hit.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-0-passage")).to_have_value(passage)
    type_into(page, "evidence-0-quote", "blamed the railway")
    expect(page.locator("#evidence-0-check")).to_contain_text("Checked: it stands in the passage")

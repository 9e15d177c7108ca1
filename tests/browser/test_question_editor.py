"""Questions written with the keyboard alone; what is typed outlives a lost network and another teacher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import fields, typed
from quizapp.services.questions import publishing
from quizapp.store import questions
from tests import real_bank
from tests.browser.conftest import DESKTOP, Somebody
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


def an_example(site: Site, type_name: str) -> dict[str, Any]:
    """A published question of the type, to be written once more."""
    with site.session() as session:
        topics = publishing.topics(session)
        items = real_bank.items(session).values()
        found = [item for item in items if item.type == type_name and not item.show and item.topic in topics]
        standing = questions.standing(session, found[0].id)
    assert standing is not None
    return standing.entry


def flat(given: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The fields to fill, by their ids, in the order of the page."""
    if isinstance(given, dict):
        for key, held in given.items():
            yield from flat(held, f"{name}-{key}" if name else key)
    elif isinstance(given, list):
        for i, held in enumerate(given):
            yield from flat(held, f"{name}-{i}")
    else:
        yield name, given


def press(page: Page, button: str) -> None:
    """Press a button by its id, with the keyboard, and wait until the form has changed."""
    before = page.locator(".editor").element_handle()
    page.locator(f"#{button}").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("form => !form.isConnected", arg=before)


def type_into(page: Page, name: str, value: Any) -> None:
    """Write into a field as the keyboard does."""
    control = page.locator(f"#{name}")
    control.focus()
    kind = control.evaluate("one => one.type")
    if kind == "checkbox":
        if control.is_checked() != bool(value):
            page.keyboard.press("Space")
    elif kind == "select-one":
        control.select_option(value)  # as typing its first letters does
    else:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(value)


def rows_wanted(page: Page, given: Any, name: str = "") -> None:
    """Add rows until there are as many as wanted; take away those too many."""
    if isinstance(given, dict):
        for key, held in given.items():
            rows_wanted(page, held, f"{name}-{key}" if name else key)
    elif isinstance(given, list):
        for _ in range(len(given)):
            if not page.locator(f"#{name}-{len(given) - 1}").count():
                press(page, f"{name}-add")
                expect(page.locator(f"#{name}-add")).to_be_visible()
        while page.locator(f"#{name}-{len(given)}").count():
            press(page, f"{name}-{len(given)}-remove")
        for i, held in enumerate(given):
            rows_wanted(page, held, f"{name}-{i}")


@pytest.mark.parametrize("type_name", ITEM_TYPES)
def test_a_question_of_each_type_is_written_with_the_keyboard_alone(teacher: Person, site: Site, type_name: str):
    entry = an_example(site, type_name)
    page = teacher.page
    teacher.go(f"/teach/questions/new?type={type_name}")
    own = {one.name for one in fields(ITEM_TYPES[type_name])} - {"id", "not_with"}
    given = {name: value for name, value in typed(entry, ITEM_TYPES[type_name]).items() if name in own and value != ""}
    rows_wanted(page, given)
    page.locator("details:has(#hint) > summary").focus()
    page.keyboard.press("Enter")
    for name, value in flat(given):
        if not name.endswith("-id") and value not in ("", False):
            type_into(page, name, value)
    page.get_by_role("button", name="Make it ready").focus()
    page.keyboard.press("Enter")
    teacher.is_at(r"/teach/questions/question-[0-9a-f]+$")
    teacher.sees("The question is ready")
    with site.session() as session:
        standing = questions.standing(session, page.url.rsplit("/", 1)[1])
    assert standing is not None
    assert standing.entry["stem"] == entry["stem"]
    assert standing.entry.get("evidence") == entry.get("evidence")


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

"""The editor of questions, as it is used with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import fields, typed
from quizapp.services.questions import publishing
from quizapp.store import questions
from tests import real_bank
from tests.browser.person import Person
from tests.browser.site import Site


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


FOLDED = """control => [...document.querySelectorAll("details:not([open])")].filter(one => one.contains(control))
  .map(one => one.id)"""


def unfold(page: Page, name: str) -> None:
    """Open what hides the control of this id, with the keyboard."""
    for id_ in page.locator(f"#{name}").evaluate(FOLDED):
        page.locator(f"#{id_} > summary").press("Enter")
        expect(page.locator(f"#{name}")).to_be_visible()


def press(page: Page, button: str) -> None:
    """Press a button by its id, with the keyboard, and wait until the form has changed."""
    before = page.locator(".editor").element_handle()
    unfold(page, button)
    page.locator(f"#{button}").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("form => !form.isConnected", arg=before)


def type_into(page: Page, name: str, value: Any) -> None:
    """Write into a field as the keyboard does."""
    unfold(page, name)
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


def shown(entry: dict[str, Any]) -> dict[str, Any]:
    """What of a question the editor has fields for."""
    kind = ITEM_TYPES[entry["type"]]
    own = {one.name for one in fields(kind)} - {"id", "not_with"}
    return {name: value for name, value in typed(entry, kind).items() if name in own and value != ""}


def write_question(teacher: Person, entry: dict[str, Any]) -> str:
    """Write this question anew, with its options, feedback and evidence, and make it ready; its name."""
    page, given = teacher.page, shown(entry)
    teacher.go(f"/teach/questions/new?type={entry['type']}")
    rows_wanted(page, given)
    for name, value in flat(given):
        if not name.endswith("-id") and value not in ("", False):
            type_into(page, name, value)
    page.get_by_role("button", name="Make it ready").focus()
    page.keyboard.press("Enter")
    teacher.is_at(r"/teach/questions/question-[0-9a-f]+$")
    teacher.sees("The question is ready")
    return page.url.rsplit("/", 1)[1]


def stands(site: Site, name: str) -> dict[str, Any]:
    """The question of this name as it is published."""
    with site.session() as session:
        standing = questions.standing(session, name)
    assert standing is not None
    assert standing.status == "ready"
    return standing.entry


def proof(entry: dict[str, Any]) -> list[tuple[str, Any]]:
    """What a question names for its answers: every passage, with its words, in the order of the fields."""
    wanted = ("passage", "quote", "occurrence", "true_in")
    return sorted((name, held) for name, held in flat(entry) if name.split("-")[-1] in wanted or "-quote-" in name)

"""The keyboard: what a person does who has no mouse."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, expect

from tests.browser.person import Person

NO_MOUSE = "addEventListener('mousedown', () => console.error('a mouse was used'), true)"
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  return {
    words: (one.innerText || one.value || one.getAttribute("aria-label") || "").trim().replace(/\\s+/g, " "),
    tag: one.tagName, type: one.type || "", name: one.name || "", hidden: one.getAttribute("aria-hidden") === "true",
    outline: getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none"
      || (one.closest("label") && getComputedStyle(one.closest("label")).outlineStyle !== "none"),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def focused(person: Person) -> dict[str, object] | None:
    """What holds the focus, and whether it is seen; None where nothing does."""
    found: dict[str, object] | None = person.page.evaluate(FOCUSED)
    return found


def tab_to(person: Person, words: str, most: int = 60) -> None:
    """Press Tab until what holds the focus says this; everything on the way is seen and shows its focus.

    Nothing holds it past the page's end alone: Tab goes on from there to the page's beginning.
    """
    is_past_the_end = False
    for _ in range(most):
        person.page.keyboard.press("Tab")
        now = focused(person)
        if now is None:
            is_past_the_end = True
            continue
        assert not is_past_the_end or now["words"] == "Skip to the content", f"the focus was lost before {now}"
        is_past_the_end = False
        assert not now["hidden"], now
        assert now["seen"], now
        assert now["outline"], now
        if re.search(words, str(now["words"])):
            return
    raise AssertionError(f"no Tab leads to {words!r}")


def has_no_mouse(person: Person) -> Person:
    """From the next page on whatever is done with a mouse is among the problems that ``watch`` tells."""
    person.page.add_init_script(NO_MOUSE)
    return person


def press(one: Locator, key: str = "Enter") -> None:
    """Press it with the keyboard."""
    one.focus()
    one.press(key)


def button(person: Person, name: str | re.Pattern[str]) -> Locator:
    """The button of that name in what the page is about."""
    return person.main.get_by_role("button", name=name, exact=True)


def link(person: Person, name: str | re.Pattern[str]) -> Locator:
    """The first link of that name in what the page is about."""
    return person.main.get_by_role("link", name=name).first


def write(person: Person, typed: Mapping[str, str]) -> None:
    """Type into the fields of these labels."""
    for label, words in typed.items():
        person.page.get_by_label(label, exact=True).focus()
        person.page.keyboard.press("Control+A")
        person.page.keyboard.insert_text(words)


def answer(person: Person) -> None:
    """Tab to the question's first field and give some answer there; wait until the page says that it is saved."""
    if person.form.locator(".ordering-down").count():
        tab_to(person, "^Keep this order$")
        person.page.keyboard.press("Enter")
    else:
        _answer_first_field(person)
    person.is_saved()


def _answer_first_field(person: Person) -> None:
    first = person.form.locator('[name^="answer"]').first
    for _ in range(60):
        person.page.keyboard.press("Tab")
        if str((focused(person) or {}).get("name")).startswith("answer"):
            break
    expect(first).to_be_focused()
    if first.get_attribute("type") in ("radio", "checkbox"):
        person.page.keyboard.press("Space")
    elif (focused(person) or {}).get("tag") == "SELECT":
        person.page.keyboard.press("ArrowDown")
    else:
        person.page.keyboard.type("7")

"""Ordering, matching, evidence, corroboration and numbers, each answered to a full mark in every way there is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, FloatRect, Locator, expect

from quizapp.config import ROOT
from quizapp.domain.item import Item
from quizapp.services.gallery import examples
from tests import real_bank
from tests.browser.conftest import DESKTOP, PHONE, Somebody
from tests.browser.person import Person
from tests.browser.site import Site

TYPES = ("numerical", "ordering", "matching", "evidence", "corroboration")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def examples_set(site: Site) -> dict[str, Item]:
    """The example of each type, published, with a practice quiz of its own that is called like the type."""
    found = {item.type: item for item in examples(ROOT / "question_bank")}
    for type_ in TYPES:
        with site.session() as session:
            real_bank.put_item(session, found[type_])
        sections = [{"items": [found[type_].id]}]
        site.put_quiz(id=f"only-{type_}", title=f"Only {type_}", mode="practice", sections=sections)
    return found


@pytest.fixture
def asked(examples_set: dict[str, Item]) -> Callable[[Person, str], Item]:
    """Brings a person to the question of a type; the item."""

    def ask(person: Person, type_: str) -> Item:
        person.start(f"only-{type_}")
        return examples_set[type_]

    return ask


Asked = Callable[[Person, str], Item]


def earns_the_full_mark(person: Person) -> None:
    """Checks the answer, and sees that it is right."""
    person.press("Check")
    person.is_at(r"#review$")
    expect(person.page.locator(".outcome")).to_have_text(re.compile(r"✓\s*Right"))
    person.sees("1 of 1")


# --- ordering


def rows(person: Person) -> list[str]:
    """The things in the order in which they stand."""
    return [text.strip() for text in person.form.locator(".ordering-text").all_inner_texts()]


def numbers(person: Person) -> list[str]:
    """What the selects say, from top to bottom."""
    return [one.input_value() for one in person.form.locator("select").all()]


def row(person: Person, text: str) -> Locator:
    return person.form.locator(".ordering-row").filter(has_text=re.compile(rf"{re.escape(text)}\s*↑?"))


def right_order(item: Item) -> list[str]:
    return list(item.review(None, item.default_order()).key_parts)


def grip(person: Person, text: str) -> FloatRect:
    box = row(person, text).locator(".ordering-grip").bounding_box()
    assert box is not None
    return box


def middle(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_ordering_by_keyboard(somebody: Somebody, asked: Asked) -> None:
    person = somebody(device=DESKTOP)
    wanted = right_order(asked(person, "ordering"))
    assert rows(person) != wanted
    assert numbers(person) == [""] * 4
    for place, text in enumerate(wanted):
        button = person.page.get_by_role("button", name=f"Move up: {text}")
        button.focus()
        for _ in range(rows(person).index(text) - place):
            person.page.keyboard.press("Enter")
            expect(button).to_be_focused()
            expect(person.form.locator("[role=status]").first).to_contain_text(f"{text}: place")
    assert rows(person) == wanted
    assert numbers(person) == ["1", "2", "3", "4"]
    person.is_saved()
    person.page.reload()
    assert rows(person) == wanted
    earns_the_full_mark(person)


def test_the_first_cannot_move_up_and_says_so(somebody: Somebody, asked: Asked) -> None:
    person = somebody(device=DESKTOP)
    asked(person, "ordering")
    before = rows(person)
    up = person.page.get_by_role("button", name=f"Move up: {before[0]}")
    expect(up).to_have_attribute("aria-disabled", "true")
    up.press("Enter")
    person.sees(f"{before[0]}: place 1 of 4, first already")
    assert rows(person) == before
    assert numbers(person) == [""] * 4


def test_ordering_by_mouse(somebody: Somebody, asked: Asked) -> None:
    person = somebody(device=DESKTOP)
    wanted = right_order(asked(person, "ordering"))
    mouse = person.page.mouse
    for place, text in enumerate(wanted):
        mouse.move(*middle(grip(person, text)))
        mouse.down()
        x, y = middle(grip(person, rows(person)[place]))
        mouse.move(x, y - 12, steps=8)
        mouse.up()
    assert rows(person) == wanted
    person.is_saved()
    earns_the_full_mark(person)


def test_a_drag_can_be_given_up(somebody: Somebody, asked: Asked) -> None:
    person = somebody(device=DESKTOP)
    asked(person, "ordering")
    before, mouse = rows(person), person.page.mouse
    mouse.move(*middle(grip(person, before[3])))
    mouse.down()
    mouse.move(*middle(grip(person, before[0])), steps=8)
    assert rows(person) != before
    person.page.keyboard.press("Escape")
    mouse.up()
    assert rows(person) == before
    assert numbers(person) == [""] * 4


def test_ordering_by_touch(somebody: Somebody, asked: Asked) -> None:
    person = somebody(device=PHONE)
    wanted = right_order(asked(person, "ordering"))
    finger = person.page.context.new_cdp_session(person.page)
    for place, text in enumerate(wanted):
        person.form.locator(".ordering").evaluate("list => list.scrollIntoView({block: 'center'})")
        start, end = middle(grip(person, text)), middle(grip(person, rows(person)[place]))
        touch(finger, "touchStart", *start)
        for step in range(1, 9):
            touch(finger, "touchMove", start[0], start[1] + (end[1] - 30 - start[1]) * step / 8)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert rows(person) == wanted
    person.is_saved()
    earns_the_full_mark(person)


def touch(finger: CDPSession, kind: str, x: float, y: float) -> None:
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


def test_ordering_by_places_chosen_is_for_those_without_script(visitor: Person, asked: Asked) -> None:
    wanted = right_order(asked(visitor, "ordering"))
    places = visitor.form.locator("select")
    if visitor.javascript:
        expect(visitor.form.locator("select:visible")).to_have_count(0)
        return
    expect(places).to_have_count(len(wanted))
    for place, text in enumerate(wanted, start=1):
        row(visitor, text).locator("select").select_option(str(place))
    earns_the_full_mark(visitor)


def test_the_order_shown_can_be_the_answer(somebody: Somebody, asked: Asked) -> None:
    person = somebody()
    asked(person, "ordering")
    before = rows(person)
    person.press("Keep this order")
    person.is_saved()
    assert (rows(person), numbers(person)) == (before, ["1", "2", "3", "4"])
    shown = person.form.locator("span.ordering-place")
    expect(shown).to_have_text(["1", "2", "3", "4"])
    person.press("Take this order back")
    person.is_saved()
    assert (rows(person), numbers(person)) == (before, [""] * 4)
    expect(shown).to_have_text(["–"] * 4)
    expect(person.page.get_by_role("button", name="Keep this order")).to_be_focused()
    person.page.reload()
    assert numbers(person) == [""] * 4


# --- the others


@pytest.mark.parametrize("type_", TYPES)
def test_each_type_earns_its_full_mark(visitor: Person, asked: Asked, type_: str) -> None:
    asked(visitor, type_)
    visitor.answer_rightly()
    earns_the_full_mark(visitor)
    visitor.does_not_see(re.compile(r"[a-z-]+/[a-z0-9-]+ (agrees|disagrees)"))


def test_evidence_counts_only_with_part_a(visitor: Person, asked: Asked) -> None:
    item = asked(visitor, "evidence")
    form = item.form(item.correct_response(), visitor.site.slots(visitor.attempt)[0][1])
    wrong = next(one for one in "012" if one not in form["answer"])
    visitor.answer_with({**form, "answer": [wrong]})
    visitor.press("Check")
    visitor.sees("Answer 0%, evidence 100%")
    visitor.sees("which counts only with the right answer")


def test_a_quote_is_read_in_its_passage(somebody: Somebody, asked: Asked) -> None:
    person = somebody()
    asked(person, "evidence")
    person.page.get_by_text("What this passage says, in our own words").first.click()
    expect(person.form.locator(".beside-ours").first).to_be_visible()


@pytest.mark.parametrize("type_", TYPES)
def test_nothing_stands_in_anybodys_way(somebody: Somebody, asked: Asked, type_: str) -> None:
    person = somebody(viewport={"width": 320, "height": 700}, color_scheme="dark")
    asked(person, type_)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    for checked in (False, True):
        if checked:
            person.answer()
            person.press("Check")
            person.is_at(r"#review$")
        found = Axe().run(person.page, options=RULES).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert person.page.evaluate(fits)

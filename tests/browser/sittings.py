"""Quizzes for tests of taking: a test and a practice quiz of short questions from the bank, and what such tests say."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests import real_bank
from tests.browser.person import Person
from tests.browser.site import Site

# What a browser writes to its console when the network or the server is away.
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_NETWORK_CHANGED", "ERR_CONNECTION_RESET")
REFUSED = "the server responded with a status of"


def put_quiz(site: Site, name: str, *types: str, **settings: Any) -> str:
    """Publish a quiz of the bank's first questions of these types; its id."""
    with site.session() as session:
        found = list(real_bank.items(session).values())
    chosen: list[str] = []
    for wanted in types:
        fits = (item.id for item in found if item.type == wanted and not item.needs_text and not item.show)
        chosen.append(next(one for one in fits if one not in chosen))
    sections = [{"items": chosen}]
    return site.put_quiz(id=name, title=name.replace("-", " ").capitalize(), sections=sections, **settings)


def option(person: Person, number: int) -> Locator:
    """One of the question's options, from 1."""
    return person.form.locator('input[name^="answer"]').nth(number - 1)


def chosen(page: Page) -> list[int]:
    """The numbers of the options that are ticked."""
    boxes = page.locator('#answer-form input[name^="answer"]')
    return [at + 1 for at in range(boxes.count()) if boxes.nth(at).is_checked()]


def status(person: Person, words: str | re.Pattern[str]) -> None:
    """The line under the question says this, or comes to say it."""
    expect(person.form.locator("[data-saved]")).to_have_text(words)


def notice(person: Person, words: str | re.Pattern[str]) -> None:
    """A notice says this, or comes to say it."""
    expect(person.main.locator(".flashes")).to_contain_text(words, timeout=15_000)


def kept(page: Page) -> dict[str, str]:
    """What the browser keeps of unsent answers."""
    found: dict[str, str] = page.evaluate(
        "() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('answers:')))"
    )
    return found


def given(site: Site, attempt: str, number: int) -> list[Any]:
    """The responses that the server holds, in the order in which they came."""
    return [one.response for one in site.responses(attempt, number)]


def came_back(person: Person) -> None:
    """The connection is there again, and everything that was kept has been sent."""
    person.page.context.set_offline(False)
    expect(person.main.locator('[data-told="network"]')).to_have_count(0, timeout=15_000)
    person.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('answers:'))")

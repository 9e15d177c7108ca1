"""A person at a browser: presses what the page offers, and answers any question by looking at it."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.site import Site

PASSWORD = "four plain quiet words"
SAVE = re.compile(r"/attempts/[0-9a-f-]{36}/\d+$")


@dataclass
class Watch:
    """What goes wrong in pages: errors of scripts, messages of the console, violations of the security policy."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        """From now on see what goes wrong in this page."""
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))
        page.on("requestfailed", lambda request: self.seen.append(f"{request.url}: {request.failure}"))
        page.on("crash", lambda: self.seen.append(f"{page.url}: crashed"))

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"{page.url}: {message.text}")

    def expect(self, *patterns: str) -> None:
        """Messages in which one of these is found are part of the test."""
        self.expected += patterns

    def problems(self) -> list[str]:
        """What was seen and not expected. A request that its page gave up by going elsewhere is no problem."""
        expected = [*self.expected, "net::ERR_ABORTED"]
        return [one for one in self.seen if not any(re.search(pattern, one) for pattern in expected)]


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, page: Page, site: Site, javascript: bool, watch: Watch) -> None:
        self.page, self.site, self.javascript, self.watch = page, site, javascript, watch
        self.attempt = ""

    # --- going about

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow the first link of that name."""
        self.page.get_by_role("link", name=name).first.click()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of that name in what the page is about."""
        self.main.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()

    def press_on(self, name: str) -> None:
        """Follow the way on, which is a link that looks like a button."""
        before = self.page.url
        self.main.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page).not_to_have_url(before)

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    def sees(self, text: str | re.Pattern[str]) -> None:
        """The text stands in the page, or comes within seconds."""
        expect(self.main).to_contain_text(text)

    def does_not_see(self, text: str | re.Pattern[str]) -> None:
        """The text does not stand in the page."""
        expect(self.main).not_to_contain_text(text)

    def is_at(self, pattern: str) -> None:
        """The pattern is found in the address, now or within seconds."""
        expect(self.page).to_have_url(re.compile(pattern))

    def prefer(self, legend: str, label: str) -> None:
        """Choose how pages read, in the menu that every page has, and wait until it is kept."""
        menu = self.page.locator("#preferences")
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        with self.page.expect_response(lambda response: response.url.endswith("/preferences")):
            menu.get_by_role("group", name=legend, exact=True).get_by_label(label, exact=True).check()

    # --- accounts

    def sign_up(self, username: str | None = None) -> str:
        """Make an account; its username."""
        username = username or f"ann{uuid.uuid4().hex[:8]}"
        self.go("/sign-up")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("Password again").fill(PASSWORD)
        self.press("Sign up")
        self.sees("Welcome")
        return username

    def sign_in(self, username: str) -> None:
        """Into an account that is there."""
        self.go("/sign-in")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        self.is_at("/$")

    # --- taking a quiz

    def start(self, quiz: str) -> str:
        """Begin a quiz from its page, and stand at its first question; the attempt's address."""
        self.go(f"/quizzes/{quiz}")
        self.press(re.compile("^Start"))
        self.is_at(r"/attempts/.+/\d+$")
        self.attempt = self.page.url.rpartition("/")[0]
        return self.attempt

    def at(self, rest: object) -> None:
        """Go to a page of the attempt: ``at(3)``, ``at("summary")``."""
        self.go(f"{self.attempt}/{rest}")

    @property
    def form(self) -> Locator:
        """The question's form."""
        return self.page.locator("#answer-form")

    def answer(self, nth: int = 0) -> None:
        """Give some answer to the question on the page, of whatever type; with script wait until it says «Saved»."""
        self.answer_without_waiting(nth)
        if self.javascript:
            self.is_saved()

    def answer_without_waiting(self, nth: int = 0) -> None:
        """Give some answer, once the page is there, and leave it at that."""
        self.page.wait_for_load_state()
        expect(self.form).to_be_visible()
        radios, ticks = (self.form.locator(f'input[name^="answer"][type="{kind}"]') for kind in ("radio", "checkbox"))
        if radios.count():
            radios.nth(nth % radios.count()).check()
        elif self.form.locator(".ordering-down").count():
            self.form.locator(".ordering-down").nth(nth % 2).press("Enter")
        elif ticks.count():
            ticks.nth(nth % ticks.count()).check()
            ticks.nth((nth + 1) % ticks.count()).check()
        else:
            self._write(nth)

    def _write(self, nth: int) -> None:
        written = self.form.locator('input[type="text"][name^="answer"], textarea[name^="answer"]')
        chosen = self.form.locator('select[name^="answer"]')
        assert written.count() or chosen.count(), "the page shows no question that can be answered"
        for at in range(written.count()):
            field = written.nth(at)
            name = field.get_attribute("name") or ""
            field.fill({"answer-day": "7", "answer-year": str(1917 + nth)}.get(name, f"my answer {nth}"))
        for at in range(chosen.count()):
            options = chosen.nth(at).locator("option")
            chosen.nth(at).select_option(index=min(1 + nth, options.count() - 1))

    def given(self) -> dict[str, list[str]]:
        """What the question's form holds now: field → values."""
        self.page.wait_for_load_state()
        expect(self.form).to_be_visible()
        found: dict[str, list[str]] = {}
        fields = self.form.locator('[name^="answer"]')
        for at in range(fields.count()):
            field = fields.nth(at)
            if field.get_attribute("type") in ("radio", "checkbox") and not field.is_checked():
                continue
            found.setdefault(field.get_attribute("name") or "", []).append(field.input_value())
        return {name: values for name, values in found.items() if any(values)}

    def answer_with(self, form: dict[str, list[str]]) -> None:
        """Give this answer to the question on the page."""
        if self.form.locator(".ordering-up").count():
            self._put_in_order(form)
        else:
            for name, values in form.items():
                for value in values:
                    self._fill(name, value)
        if self.javascript:
            self.is_saved()

    def _put_in_order(self, form: dict[str, list[str]]) -> None:
        """Move each thing up to its place, the first one first; then that is the answer, moved or not."""
        rows = self.form.locator(".ordering-row")
        for place, name in enumerate(sorted(form, key=lambda one: int(form[one][0]))):
            text = rows.filter(has=self.page.locator(f'select[name="{name}"]')).locator(".ordering-text").inner_text()
            up = self.form.get_by_role("button", name=f"Move up: {text}", exact=True)
            for _ in range(rows.locator(".ordering-text").all_inner_texts().index(text) - place):
                up.press("Enter")
        keep = self.form.get_by_role("button", name="Keep this order")
        if keep.count():
            keep.press("Enter")

    def _fill(self, name: str, value: str) -> None:
        choice = self.form.locator(f'input[name="{name}"][value="{value}"]')
        if choice.count() and choice.get_attribute("type") in ("radio", "checkbox"):
            choice.check()
        elif self.form.locator(f'select[name="{name}"]').count():
            self.form.locator(f'select[name="{name}"]').select_option(value)
        else:
            self.form.locator(f'[name="{name}"]').fill(value)

    def answer_rightly(self) -> None:
        """Give the right answer, which the test looks up."""
        item, order = self.site.slots(self.attempt)[self.number - 1]
        self.answer_with(item.form(item.correct_response(), order))

    @property
    def number(self) -> int:
        """The number of the question on the page."""
        return int(re.split(r"[?#]", self.page.url)[0].rpartition("/")[2])

    def is_saved(self) -> None:
        """The page says that all is saved."""
        expect(self.form.locator("[data-saved]")).to_have_text("Saved")

"""What pages weigh on the wire, as Chromium's network counts it: headers and bodies as they were sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site

FIRST, AFTER = 30_000, 8_000  # bytes
REQUESTS = 5  # of the first visit, with the icon


class Wire:
    """Every answer that a page's network received since it began to listen: address → bytes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.received: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        self._cached: set[str] = set()
        listening: CDPSession = page.context.new_cdp_session(page)
        listening.on("Network.responseReceived", self._begun)
        listening.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        listening.on("Network.loadingFinished", self._ended)
        listening.send("Network.enable")

    def _begun(self, event: dict) -> None:
        if not event["response"].get("fromDiskCache"):
            self._addresses[event["requestId"]] = event["response"]["url"]

    def _ended(self, event: dict) -> None:
        if event["requestId"] in self._addresses and event["requestId"] not in self._cached:
            address = self._addresses[event["requestId"]]
            self.received[address] = self.received.get(address, 0) + int(event["encodedDataLength"])

    def what_comes_while(self, act: Callable[[], None]) -> dict[str, int]:
        """Address → bytes of all that comes while something is done."""
        self.received.clear()
        act()
        self.page.wait_for_load_state("networkidle")
        return dict(self.received)


@pytest.mark.parametrize("mode", ["practice", "test"])
def test_a_question_weighs_little_on_the_first_visit_and_less_after(somebody: Somebody, site: Site, mode: str):
    """Whatever its type; the first visit is that of another device of the same account, straight to a question."""
    ids = site.one_of_each_type()
    ann = somebody()
    ann.start(site.put_quiz(id=f"weighed-{mode}", title="Weighed", mode=mode, sections=[{"items": ids}]))
    first = {}
    for number in (1, len(ids)):
        first = another_device(somebody, ann, number)
        assert len(first) <= REQUESTS, first
        assert sum(first.values()) <= FIRST, first
    wire = Wire(ann.page)
    for number in range(2, len(ids) + 1):
        later = wire.what_comes_while(lambda number=number: visit(ann, number))
        assert sum(later.values()) <= AFTER, later
        assert set(later) == {f"{ann.attempt}/{number}"}, later
    if mode == "practice":
        later = wire.what_comes_while(lambda: check(ann))
        assert 0 < sum(later.values()) <= AFTER, later


def another_device(somebody: Somebody, ann: Person, number: int) -> dict[str, int]:
    """What comes when the account's next device goes to a question, the icon included."""
    other = somebody(device=DESKTOP)
    other.page.context.add_cookies(ann.page.context.cookies())  # type: ignore[arg-type]
    other.attempt = ann.attempt
    received = Wire(other.page).what_comes_while(lambda: visit(other, number))
    assert any("/icon-" in address for address in received), received
    return received


def visit(person: Person, number: int) -> None:
    person.at(number)
    expect(person.form).to_be_visible()


def check(person: Person) -> None:
    person.press("Show me the answer")
    expect(person.page.locator("#review")).to_be_visible()

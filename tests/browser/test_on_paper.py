"""A result on paper, whatever colours its reader chose for the screen: reviews in black on white, and no controls."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import put_quiz

# Of every text that is shown: its colour, and the colour that it stands on.
COLOURS = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => {
    let under = one;
    while (under && getComputedStyle(under).backgroundColor === "rgba(0, 0, 0, 0)") under = under.parentElement;
    return [getComputedStyle(one).color, under ? getComputedStyle(under).backgroundColor : "rgb(255, 255, 255)"];
  })"""


@pytest.mark.parametrize(
    "chosen", [{}, {"Light or dark": "Dark", "Tint of the page": "Blue"}], ids=["plain", "dark, tinted"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_result_is_printed_in_black_on_white(
    somebody: Somebody, site: Site, scheme: str, chosen: dict[str, str]
) -> None:
    ann = somebody(device=DESKTOP, color_scheme=scheme, reduced_motion="reduce")
    handed_in(ann, site)
    for legend, label in chosen.items():
        ann.prefer(legend, label)
    ann.page.emulate_media(media="print")
    found = {tuple(pair) for pair in ann.page.evaluate(COLOURS)}
    assert found
    assert {paper for _, paper in found} == {"rgb(255, 255, 255)"}
    assert max(channel for ink, _ in found for channel in channels(ink)) <= 0x55
    expect(ann.page.locator("html")).to_have_css("color-scheme", "light")


def test_a_printed_result_has_its_reviews_and_no_controls(somebody: Somebody, site: Site) -> None:
    ann = somebody(device=DESKTOP)
    handed_in(ann, site)
    navigation, notice = ann.page.locator("header nav"), ann.main.get_by_text("Print it with")
    on_screen_only = (navigation, notice, ann.page.locator("#preferences"), ann.page.locator("footer"))
    for one in on_screen_only:
        expect(one).to_be_visible()
    ann.page.emulate_media(media="print")
    for one in on_screen_only:
        expect(one).to_be_hidden()
    for role in ("navigation", "button"):
        expect(ann.page.get_by_role(role)).to_have_count(0)  # type: ignore[arg-type]
    for number, (item, _) in enumerate(site.slots(ann.attempt), 1):
        review = ann.main.get_by_role("region", name=f"Question {number}")
        expect(review).to_contain_text(item.stem)
        expect(review.locator(".explanation")).to_be_visible()
        for line in review.locator(".review-line, .evidence-list a").all():
            expect(line).to_be_visible()
    expect(ann.main.get_by_role("region", name="The passages").locator("li").first).to_be_visible()


def test_what_is_marked_in_a_passage_stays_readable_on_paper(somebody: Somebody, site_with_documents: Site) -> None:
    ann = somebody(at=site_with_documents, device=DESKTOP, color_scheme="dark", reduced_motion="reduce")
    ann.start(put_quiz(site_with_documents, "marked-on-paper", "single_choice"))
    ann.press("Show me the answer")
    ann.page.locator('.review a[href*="#evidence"]:visible').first.click()
    expect(ann.page.locator("mark#evidence")).to_be_visible()
    ann.page.emulate_media(media="print")
    expect(ann.page.locator("mark#evidence")).to_have_css("background-color", "rgb(221, 221, 221)")
    expect(ann.page.locator("mark#evidence")).to_have_css("color", "rgb(0, 0, 0)")


def handed_in(person: Person, site: Site) -> None:
    """A test, one question of it answered, and its result as it is for printing."""
    person.start(put_quiz(site, "on-paper", "single_choice", "short_answer", mode="test"))
    person.answer()
    person.at("summary")
    person.press("Submit")
    person.is_at("/result$")
    person.at("result?print=1")


def channels(colour: str) -> list[float]:
    """Red, green and blue of a computed colour."""
    return [float(one) for one in re.findall(r"[\d.]+", colour)[:3]]

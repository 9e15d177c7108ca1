"""What a screen reader is given of a question, its review, the overview and the result; and pages at 400 % zoom."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import option, put_quiz

ZOOMED = {"viewport": {"width": 320, "height": 256}}  # 1280 × 1024 at 400 %


@pytest.fixture
def ann(somebody: Somebody, site: Site) -> Person:
    """Somebody in a practice quiz of two questions."""
    ann = somebody(device=DESKTOP)
    ann.start(put_quiz(site, "aloud", "single_choice", "multiple_choice"))
    return ann


def test_a_question_is_a_group_of_that_name_with_its_options(ann: Person, site: Site) -> None:
    item, order = site.slots(ann.attempt)[0]
    first, second = (item.options[order[at]].text for at in (0, 1))  # type: ignore[attr-defined]
    option(ann, 2).check()
    ann.is_saved()
    group = ann.main.get_by_role("group", name=item.stem)
    expect(group).to_match_aria_snapshot(
        f"""
        - group:
          - paragraph
          - radio /^{re.escape(first)}$/
          - radio /^{re.escape(second)}$/ [checked]
        """
    )
    expect(group).to_have_accessible_description(re.compile(r"\w"))


def test_the_page_in_the_order_in_which_it_is_read(ann: Person) -> None:
    expect(ann.main).to_match_aria_snapshot(
        """
        - main:
          - status
          - heading /Question 1 of 2/ [level=1]
          - navigation "Questions":
            - list:
              - listitem:
                - button /^Question 1 ?, not answered$/
              - listitem:
                - button /^Question 2 ?, not answered$/
          - group
          - status
          - button "Check"
          - button "Show me the answer"
          - button "Skip"
          - button "Flag for later"
          - paragraph:
            - button "Overview of all questions"
          - text: Answering as a guest.
          - button "Not you? Sign out"
          - button "Keys"
        """
    )


def test_steps_say_where_one_is_and_how_it_stands(ann: Person) -> None:
    steps = ann.main.get_by_role("navigation", name="Questions")
    assert steps.get_by_role("button", name="Question 1").get_attribute("aria-current") == "step"
    option(ann, 1).check()
    ann.is_saved()
    ann.press(re.compile("Flag for later"))
    expect(steps.get_by_role("button", name=re.compile("^Question 1 ?, answered, flagged"))).to_be_visible()


def test_the_review_is_a_region_with_its_verdict(ann: Person) -> None:
    ann.answer_rightly()
    ann.press("Check")
    review = ann.main.get_by_role("region", name="Your answer and its evidence")
    expect(review).to_be_focused()
    expect(review).to_match_aria_snapshot(
        """
        - region "Your answer and its evidence":
          - text: /Right 1 of 1/
          - paragraph
          - list:
            - listitem:
              - paragraph: /Your answer. right/
          - group: /The other options, and why not/
          - heading /Why/ [level=3]
          - list:
            - listitem:
              - link
        """
    )
    steps = ann.main.get_by_role("navigation", name="Questions")
    expect(steps.get_by_role("link", name=re.compile("^Question 1 ?, right$"))).to_be_visible()


def test_the_overview_says_what_is_answered_and_what_is_not(ann: Person) -> None:
    option(ann, 1).check()
    ann.is_saved()
    ann.press(re.compile("Flag for later"))
    ann.press("Overview of all questions")
    ann.is_at("/summary$")
    expect(ann.main).to_match_aria_snapshot(
        """
        - main:
          - status
          - heading "1 of 2 answered" [level=1]
          - navigation "Questions":
            - list:
              - listitem:
                - link /^Question 1 ?, answered, flagged/
              - listitem:
                - link /^Question 2 ?, not answered$/
          - paragraph:
            - text: /Not answered yet/
            - link "2"
          - paragraph:
            - text: /Flagged to come back to/
            - link "1"
          - button "Finish and see the result"
          - link "Go on answering"
          - paragraph: /leave unanswered/
        """
    )


def test_the_result_is_read_from_its_score_to_every_question(ann: Person, site: Site) -> None:
    ann.answer_rightly()
    ann.at("summary")
    ann.press("Finish and see the result")
    ann.is_at("/result$")
    expect(ann.main).to_match_aria_snapshot(
        """
        - main:
          - status
          - navigation "Where you are"
          - heading "Aloud" [level=1]
          - paragraph: /50% 1 of 2 marks/
          - paragraph: /Submitted on/
          - button "Practise what you missed (1)"
          - link "To the quiz"
          - link "Your progress"
          - link "For printing"
          - navigation "Questions of this result":
            - list:
              - listitem:
                - link /^Question 1 ?, right$/
              - listitem:
                - link /^Question 2 ?, not right$/
          - region "Question 1":
            - heading "Question 1" [level=2]
            - text: /Right 1 of 1/
          - region "Question 2":
            - heading "Question 2" [level=2]
            - text: /Not answered 0 of 1/
        """
    )
    for number, (item, _) in enumerate(site.slots(ann.attempt), 1):
        region = ann.main.get_by_role("region", name=f"Question {number}")
        expect(region).to_contain_text(item.stem)
        evidence = region.locator(".evidence a.evidence-link").first
        expect(evidence).to_have_accessible_name(re.compile("“.+” .*[A-Z].+"))  # the quote, then whose it is


def test_the_time_left_is_named_and_hiding_it_is_a_button(somebody: Somebody, site: Site) -> None:
    ann = somebody(device=DESKTOP)
    ann.start(put_quiz(site, "aloud-timed", "single_choice", mode="test", time_limit="20 min"))
    timer = ann.main.get_by_role("group", name="Time left")
    expect(timer.get_by_role("timer")).to_have_text(re.compile(r"^(19|20):\d\d$"))
    expect(timer.get_by_role("button", name="Hide the time left")).to_be_visible()
    expect(timer.get_by_role("status")).to_have_count(1)


def test_what_happens_is_announced(ann: Person, watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    ann.page.context.set_offline(True)
    option(ann, 1).check()
    expect(ann.main.get_by_role("status").first).to_contain_text("No connection just now")
    expect(ann.form.get_by_role("status")).to_contain_text("kept on this device")
    ann.page.context.set_offline(False)
    ann.is_saved()


def test_at_400_per_cent_the_question_that_has_the_focus_is_in_sight(somebody: Somebody, site: Site) -> None:
    ann = somebody(device=ZOOMED)
    ann.start(put_quiz(site, "aloud-zoomed", "single_choice", "single_choice", mode="test", time_limit="20 min"))
    ann.page.keyboard.press("n")
    ann.is_at("/2$")
    stem = ann.form.locator(".question-stem")
    expect(stem).to_be_focused()
    expect(stem).to_be_in_viewport()


@pytest.mark.parametrize("device", [ZOOMED], ids=["400 %"])
def test_at_400_per_cent_nothing_is_cut_off(somebody: Somebody, site: Site, device: dict[str, object]) -> None:
    names = site.one_of_each_type()
    site.put_quiz(
        id="zoomed", title="Zoomed", mode="test", time_limit="20 min", certainty=True, sections=[{"items": names}]
    )
    ann = somebody(device=device)
    ann.start("zoomed")
    for number in range(1, len(names) + 1):
        ann.at(number)
        assert ann.page.evaluate("document.documentElement.scrollWidth") <= 320, number
        for button in ann.main.get_by_role("button").all():
            if button.is_visible() and "step" not in (button.get_attribute("class") or ""):
                box = button.bounding_box()
                assert box is not None
                assert box["x"] >= 0, number
                assert box["x"] + box["width"] <= 320, number

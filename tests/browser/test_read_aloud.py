"""What a screen reader is given of questions of every type, of reviews, overview, result and home; and 400 % zoom."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from quizapp.domain.item import Question
from quizapp.domain.items import ITEM_TYPES
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


TYPED = ("short_answer", "numerical")  # one field, which is called what the question asks
NAMELESS = re.compile(r"- (?:(?:radio|checkbox|textbox|combobox|button|link)(?=:| \[|$)|group:?$)", re.MULTILINE)
ONLY_SEEN = """(form) => [...form.querySelectorAll('[aria-hidden="true"]')]
  .filter((one) => one.checkVisibility()).map((one) => one.textContent.trim())
  .filter((text) => /[\\p{L}\\p{N}]/u.test(text))"""


def test_every_type_is_read_with_its_question_and_a_name_for_every_control(somebody: Somebody, site: Site) -> None:
    names = site.one_of_each_type()
    quiz = site.put_quiz(id="aloud-each", title="Each", mode="test", certainty=True, sections=[{"items": names}])
    ann = somebody(device=DESKTOP)
    ann.start(quiz)
    slots = site.slots(ann.attempt)
    assert {item.type for item, _ in slots} == set(ITEM_TYPES)
    for number, (item, order) in enumerate(slots, 1):
        ann.at(number)
        ann.page.wait_for_load_state()
        asked, answer = item.ask(order), the_answer(ann, item.ask(order))
        for role, count in controls(asked).items():
            expect(answer.get_by_role(role)).to_have_count(count)  # type: ignore[arg-type]
        read = ann.form.aria_snapshot()
        assert not NAMELESS.search(read), f"{item.type}\n{read}"
        described = answer.get_by_role("textbox") if item.type in TYPED else answer
        expect(described.first).to_have_accessible_description(re.compile(re.escape(asked.credit[:40])))
        for text in ann.form.evaluate(ONLY_SEEN):
            assert text in read, f"{item.type}: “{text}” is only seen"


def controls(asked: Question) -> dict[str, int]:
    """What one answers a question with: how many of which role."""
    options = len(asked.options)
    return {
        "single_choice": {"radio": options},
        "multiple_choice": {"checkbox": options},
        "true_false": {"radio": 2},
        "short_answer": {"textbox": 1},
        "numerical": {"textbox": 1},
        "date": {"textbox": 2, "combobox": 2},
        "ordering": {"button": 2 * options + 1},  # up and down, and one to keep the order
        "matching": {"combobox": options},
        "evidence": {"checkbox" if asked.several else "radio": options + len(asked.offered)},
        "corroboration": {"radio": 4 * len(asked.places)},
    }[asked.type]


def the_answer(person: Person, asked: Question) -> Locator:
    """What a question is answered in, by what it asks: a group, both parts' groups, or the field itself."""
    if asked.type in TYPED:
        expect(person.form.get_by_role("textbox", name=plain(asked.stem))).to_have_count(1)
        return person.form
    group = person.form.get_by_role("group", name=plain(asked.stem))
    expect(group).to_have_count(1)
    if asked.first:
        return group.or_(person.form.get_by_role("group", name=plain(asked.first)))
    return group


def plain(text: str) -> str:
    """What is read of a text with emphasis."""
    return text.replace("*", "")


def test_rows_to_judge_and_to_order_say_whose_control_it_is(somebody: Somebody, site: Site) -> None:
    """«Agrees» and «↑» stand once to a row: what they belong to is the name of their group, or in their own."""
    ann = somebody(device=DESKTOP)
    ann.start(put_quiz(site, "aloud-rows", "corroboration", "ordering", "matching", mode="test"))
    (judged, judged_order), _, (matched, order) = site.slots(ann.attempt)
    question = ann.form.get_by_role("group", name=plain(judged.stem))
    expect(question).to_have_accessible_description(re.compile(re.escape(plain(judged.ask(judged_order).claim or ""))))
    passages = len(judged.ask(judged_order).places)
    for number in range(1, passages + 1):
        passage = question.get_by_role("group", name=f"Passage {number} of {passages}")
        for label in ("Agrees", "Disagrees", "Says it less exactly", "Is silent"):
            expect(passage.get_by_role("radio", name=label, exact=True)).to_have_count(1)
    ann.at(2)
    for text in ann.form.locator(".ordering-text").all_inner_texts():
        for way in ("Move up", "Move down"):
            expect(ann.form.get_by_role("button", name=f"{way}: {text}", exact=True)).to_have_count(1)
    ann.at(3)
    for text in matched.ask(order).options:
        expect(ann.form.get_by_role("combobox", name=plain(text), exact=True)).to_have_count(1)


def test_how_sure_is_a_group_of_three_and_says_that_it_is_never_marked(somebody: Somebody, site: Site) -> None:
    ann = somebody(device=DESKTOP)
    ann.start(put_quiz(site, "aloud-sure", "single_choice", mode="test", certainty=True))
    sure = ann.form.get_by_role("group", name="How sure are you?", exact=True)
    sure.get_by_role("radio", name="Fairly sure").check()
    ann.is_saved()
    expect(sure).to_have_accessible_description(re.compile("^Never marked"))
    expect(sure).to_match_aria_snapshot(
        """
        - group "How sure are you?":
          - radio "Unsure"
          - radio "Fairly sure" [checked]
          - radio "Sure"
          - paragraph: /Never marked/
        """
    )


def test_home_is_read_from_what_to_go_on_with(ann: Person) -> None:
    option(ann, 1).check()
    ann.is_saved()
    ann.go("/")
    expect(ann.main).to_match_aria_snapshot(
        """
        - main:
          - status
          - heading "What next?" [level=1]
          - list "What to do next":
            - listitem:
              - heading /^Go on. Aloud$/ [level=2]
              - paragraph: /Begun/
              - paragraph:
                - link "Go on where you stopped"
            - listitem:
              - heading /^New/ [level=2]
              - paragraph
              - button "Start"
              - link /more not yet tried/
          - region "About the sources":
            - heading [level=2]
          - heading "Quizzes" [level=2]
          - list
        """
    )


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


LARGE = {"Size": "Larger", "Spacing": "Wide"}
CUT_OFF = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (one) =>
    one && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (!one.checkVisibility() || one.closest(".visually-hidden, .enter, .skip") || scrolls(one)) return false;
    const isCut = ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    return isCut || box.left < 0 || box.right > width + 0.5;
  }).map((one) => one.outerHTML.slice(0, 160));
}"""


@pytest.mark.parametrize("chosen", [{}, LARGE], ids=["400 %", "400 %, larger and wide"])
def test_at_400_per_cent_nothing_is_cut_off(somebody: Somebody, site: Site, chosen: dict[str, str]) -> None:
    """What is too wide for its place is found by its box; what may scroll, as the steps do, may be wider."""
    names = site.one_of_each_type()
    site.put_quiz(
        id="zoomed", title="Zoomed", mode="test", time_limit="20 min", certainty=True, sections=[{"items": names}]
    )
    ann = somebody(device=ZOOMED)
    ann.go("/")
    for legend, label in chosen.items():
        ann.prefer(legend, label)
    ann.start("zoomed")
    for place in (*range(1, len(names) + 1), "summary"):
        ann.at(place)
        ann.page.wait_for_load_state()
        assert ann.page.evaluate("document.documentElement.scrollWidth") <= 320, place
        assert ann.page.evaluate(CUT_OFF) == [], place

"""Accounts in a browser: a guest keeps the scores, the first teacher comes by the link, reading is as one likes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import PASSWORD, Person
from tests.browser.site import Site


def test_a_guest_who_signs_up_keeps_the_scores(visitor: Person, somebody: Somebody):
    visitor.start("early-life")
    visitor.answer_rightly()
    visitor.press("Check")
    visitor.press_on("Next question")
    visitor.press("Overview of all questions")
    visitor.press("Finish and see the result")
    visitor.is_at("/result$")
    visitor.go("/progress")
    visitor.sees("You are here as a guest")
    visitor.follow("Sign up")
    username = visitor.sign_up()
    visitor.go("/progress")
    visitor.sees("From Yanovka to Vienna")
    visitor.sees("10%")
    visitor.does_not_see("You are here as a guest")
    expect(visitor.page.get_by_role("img", name=re.compile("Your scores over time"))).to_be_visible()
    other = somebody()
    other.sign_in(username)
    other.go("/progress")
    other.sees("10%")


def test_signing_in_leads_back_to_where_one_was_going(visitor: Person):
    visitor.go("/account")
    visitor.is_at(r"/sign-in\?next=%2Faccount$")
    visitor.follow("Sign up")
    visitor.page.get_by_label("Username").fill(f"ben{id(visitor)}")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Password again").fill(PASSWORD)
    visitor.press("Sign up")
    visitor.is_at("/account$")


def test_a_wrong_password_is_said_beside_its_field(visitor: Person):
    visitor.go("/sign-in")
    visitor.page.get_by_label("Username").fill("nobody-here")
    visitor.page.get_by_label("Password").fill("not the password")
    visitor.watch.expect("422")
    visitor.press("Sign in")
    expect(visitor.page.locator("#password-error")).to_be_visible()
    expect(visitor.page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")


def test_the_account_menu_signs_out(visitor: Person):
    visitor.sign_up()
    visitor.page.locator("#account-menu summary").click()
    visitor.page.locator("#account-menu").get_by_role("button", name=re.compile("Sign out")).click()
    visitor.sees("You are signed out.")
    expect(visitor.page.locator("#account-menu")).to_have_count(0)


def test_the_first_teacher_comes_by_the_link_and_sees_the_gallery(somebody: Somebody, fresh_site: Site):
    token = fresh_site.first_teacher_token()
    teacher = somebody(at=fresh_site, device=DESKTOP)
    teacher.go(f"/first-teacher/{token}")
    teacher.page.get_by_label("Username").fill("tess")
    teacher.page.get_by_label("Password", exact=True).fill(PASSWORD)
    teacher.page.get_by_label("Password again").fill(PASSWORD)
    teacher.press("Make my account")
    teacher.sees("You are the first teacher here")
    teacher.page.get_by_role("navigation", name="Main").get_by_role("link", name="Teaching").click()
    teacher.follow(re.compile("[Gg]allery"))
    teacher.sees("Single choice")
    assert fresh_site.first_teacher_token() is None
    late = somebody(at=fresh_site)
    late.watch.expect("404")
    late.go(f"/first-teacher/{token}")
    late.sees("This link has been used")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reader_may_choose_how_pages_look(somebody: Somebody, scheme: str):
    visitor = somebody(color_scheme=scheme)
    visitor.go("/sources")
    root = visitor.page.locator("html")
    before = background(visitor)
    visitor.page.get_by_role("group").filter(has_text=re.compile("Aa|Reading|Appearance|Display")).first.click()
    other = "Dark" if scheme == "light" else "Light"
    with visitor.page.expect_response(lambda response: response.url.endswith("/preferences")):
        visitor.page.get_by_label(other, exact=True).check()
    expect(root).to_have_attribute("data-theme", other.lower())
    assert background(visitor) != before
    visitor.go("/quizzes")
    expect(root).to_have_attribute("data-theme", other.lower())


def background(visitor: Person) -> str:
    return str(visitor.page.evaluate("getComputedStyle(document.body).backgroundColor"))


# What is chosen, and what of the page's style is told by it.
READING = {
    ("Letters", "Sans"): "font-family",
    ("Size", "Larger"): "font-size",
    ("Spacing", "Wide"): "letter-spacing word-spacing line-height",
    ("Tint of the page", "Cream"): "background-color",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_size_spacing_and_tint_are_as_one_chose_them(somebody: Somebody, scheme: str):
    """Each one changes what it is called by and nothing else, at once and on the next page."""
    visitor = somebody(color_scheme=scheme, device=DESKTOP)
    visitor.go("/quizzes")
    for (legend, label), names in READING.items():
        before = styles(visitor)
        visitor.prefer(legend, label)
        after = styles(visitor)
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {*names.split(), *(["line-height"] if legend == "Size" else [])}, legend
        visitor.page.reload()
        assert styles(visitor) == after, legend
    assert "serif" not in styles(visitor)["font-family"].replace("sans-serif", "")
    assert float(styles(visitor)["font-size"].removesuffix("px")) >= 20


def styles(visitor: Person) -> dict[str, str]:
    """How the page's text is set."""
    wanted = sorted({name for names in READING.values() for name in names.split()})
    found: dict[str, str] = visitor.page.evaluate(
        "(names) => Object.fromEntries(names.map((name) => [name, getComputedStyle(document.body)[name]]))", wanted
    )
    return found

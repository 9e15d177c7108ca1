"""A class from its making to a quiz watched live: list with double time, slips, first sign-in, due, taken."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import PASSWORD, Person
from tests.browser.site import Site
from tests.browser.test_pages import look

LIST = "Family name,Given name,Student number,Time\nKern,Anna,1001,\nOkafor,Ben,1002,double\nLi,Cy,1003,\n"


@pytest.fixture
def teacher(somebody: Somebody, site: Site) -> Person:
    """A teacher at a desktop."""
    person = somebody(device=DESKTOP)
    site.make(person.sign_up(), "teacher")
    return person


def make_class(teacher: Person) -> None:
    """By the links of the page, as somebody would who is told only «make a class»."""
    teacher.go("/teach/")
    teacher.follow("Classes")
    look(teacher.page)
    teacher.follow("Make a class")
    teacher.page.get_by_label("Name of the class").fill("History 9b")
    teacher.press("Make the class")
    teacher.sees("Nobody is in this class yet")


def take_in_list(teacher: Person) -> dict[str, str]:
    """Username → one-time password, from the slips."""
    teacher.follow("Add from a list")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": (LIST + "Kern,Anna,1001,\n,,,5%\n").encode()}
    teacher.page.get_by_label("File (.csv or .xlsx)").set_input_files(file)
    teacher.press("Look at the list")
    teacher.sees("3 students are new")
    teacher.sees("The same student as in line 2")
    look(teacher.page)
    teacher.press("Add 3 students")
    teacher.sees("3 slips for History 9b")
    look(teacher.page)
    words = teacher.page.locator(".slip-word").all_text_contents()
    teacher.follow("I have printed them")
    return dict(zip(words[::2], words[1::2], strict=True))


def set_quiz(teacher: Person, title: str) -> str:
    """Set it to the class, due tomorrow; the address of the live page."""
    teacher.follow("Set a quiz")
    teacher.page.get_by_label("Quiz", exact=True).select_option(label=title)
    tomorrow = teacher.page.evaluate("new Date(Date.now() + 86400000).toISOString().slice(0, 10)")
    teacher.page.get_by_label("Due", exact=True).fill(tomorrow)
    teacher.press("Set the quiz")
    teacher.sees("0 of 3 handed in")
    return teacher.page.url


def sign_in_with_slip(student: Person, username: str, password: str) -> None:
    student.go("/sign-in")
    student.page.get_by_label("Username").fill(username)
    student.page.get_by_label("Password").fill(password)
    student.press("Sign in")
    student.sees("The password on your slip was for this one time")
    if student.javascript:  # which axe needs
        look(student.page)
    student.page.get_by_label("Your password", exact=True).fill(PASSWORD)
    student.page.get_by_label("Your password again").fill(PASSWORD)
    student.press("Keep this password")
    student.sees("Your password is kept")


def take(student: Person, title: str) -> None:
    """From the front page into the quiz, and the first answer."""
    student.go("/")
    student.sees(f"Due: {title}")
    student.follow("To the quiz")
    student.press("Start")
    student.is_at(r"/attempts/.+/1$")
    student.attempt = student.page.url.rpartition("/")[0]
    student.answer()


def test_a_class_from_its_making_to_a_quiz_watched_live(teacher: Person, somebody: Somebody, site: Site):
    ids = site.one_of_each_type()[:3]
    title = "On Friday"
    site.put_quiz(
        id="on-friday", title=title, mode="test", access="class", time_limit="20 min", sections=[{"items": ids}]
    )
    make_class(teacher)
    slips = take_in_list(teacher)
    assert sorted(slips) == ["anna.kern", "ben.okafor", "cy.li"]
    teacher.sees("200% of the time")
    live = set_quiz(teacher, title)
    look(teacher.page)
    ben, anna = somebody(), somebody(javascript=False)
    sign_in_with_slip(ben, "ben.okafor", slips["ben.okafor"])
    take(ben, title)
    left = ben.page.locator("[data-seconds-left]").get_attribute("data-seconds-left")
    assert 2300 < int(left or 0) <= 2400
    row = teacher.page.get_by_role("row", name=re.compile("Okafor, Ben"))
    expect(row).to_contain_text("Working")  # the page is kept up to date: nobody reloads it
    expect(row).to_contain_text("1 of 3")
    sign_in_with_slip(anna, "anna.kern", slips["anna.kern"])
    take(anna, title)
    anna.at("summary")
    anna.press(re.compile("^Submit|Hand"))
    expect(teacher.page.get_by_role("row", name=re.compile("Kern, Anna"))).to_contain_text("Submitted")
    expect(teacher.page.get_by_role("row", name=re.compile("Li, Cy"))).to_contain_text("Not started")
    opens_again(teacher, anna, title)
    teacher.go(live)
    teacher.press("Stop keeping this up to date")
    teacher.page.get_by_role("button", name="Keep this up to date again").wait_for()


def opens_again(teacher: Person, anna: Person, title: str) -> None:
    """The teacher opens Anna's attempt once more, and she finds it."""
    teacher.page.get_by_role("link", name="Kern, Anna").click()
    teacher.page.get_by_text("Open attempt 1 again").click()
    look(teacher.page)
    teacher.page.locator("#reopen-reason").fill("The fire alarm rang.")
    teacher.press("Open it again")
    teacher.sees("open again")
    anna.go("/")
    anna.sees(f"Go on: {title}")

"""The gradebook with the keyboard alone: a mark is set by hand, and the sum moves."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import select

from quizapp.store.tables import User
from tests import classes
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.keyboard import tab_to
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.sittings import put_quiz


def an_empty_test(site: Site, teacher: Person, student: Person) -> str:
    """A class in which the student has handed in a test without answers; its gradebook's address."""
    quiz = put_quiz(site, "by-hand", "single_choice", "true_false", mode="test")
    names = teacher.sign_up(), student.sign_up()
    site.make(names[0], "teacher")
    now = datetime.now(UTC)
    with site.session() as session:
        ids = [session.scalars(select(User.id).where(User.username == name)).one() for name in names]
        taught = classes.a_class(session, *ids, name="By hand 9b")
        assignment = classes.an_assignment(session, taught, ids[0], quiz)
        classes.submit(session, classes.begin(session, assignment, ids[1], now), now)
        return f"/teach/classes/{taught.id}/gradebook"


def test_a_mark_is_set_by_hand_with_the_keyboard_and_the_sum_moves(somebody: Somebody, site: Site):
    teacher, student = somebody(device=DESKTOP), somebody(device=DESKTOP)
    book = an_empty_test(site, teacher, student)
    teacher.go(book)
    keyboard, body = teacher.page.keyboard, teacher.page.locator("tbody")
    expect(body).to_contain_text("0%")
    tab_to(teacher, "^0%$")
    keyboard.press("Enter")
    teacher.sees("0 of 2 marks")
    tab_to(teacher, "^Change the mark of question 1, or comment$")
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(teacher.page.locator('input[name="q1-mark"]')).to_be_focused()
    keyboard.press("Control+A")
    keyboard.type("0,5")
    keyboard.press("Tab")
    keyboard.type("Half of it was said aloud.")
    tab_to(teacher, "^Save$")
    keyboard.press("Enter")
    teacher.sees("Saved: the mark is 0.5 now, and was 0.")
    teacher.sees("0.5 of 2 marks")
    teacher.go(book)
    expect(body).to_contain_text("25%")
    student.go("/")
    student.sees("Your teacher has changed a mark")

"""A reason from its typing to its mark: saved by itself, handed in, marked with the keys, seen by its student."""

from __future__ import annotations

from playwright.sync_api import expect

from quizapp.domain.items import entry
from quizapp.services.classes import own
from tests import classes, real_bank, small_bank
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.test_pages import look

REASON = "The passage says so in as many words."


def set_a_test(site: Site, teacher: str, students: list[str]) -> int:
    """A test with one question that asks why, set to a class of these students; the assignment's id."""
    with site.session() as session:
        found = next(one for one in real_bank.items(session).values() if one.type == "single_choice" and not one.show)
        small_bank.put_item(session, {**entry(found), "id": "because-of", "because": True})
        real_bank.put_quiz(
            session, {"id": "becauses", "title": "Becauses", "mode": "test", "sections": [{"items": ["because-of"]}]}
        )
        teacher_id, *ids = (site.user(session, name).id for name in (teacher, *students))
        school_class = own.create(session, own.Settings("History 9b"), teacher_id=teacher_id, now=classes.NOON)
        for one in ids:
            classes.store_classes.put(session, school_class.id, one, "student", classes.NOON)
        return classes.an_assignment(session, school_class, teacher_id, "becauses").id


def sit(student: Person, assignment: int, reason: str) -> None:
    """Answer rightly, type the reason, see it saved and kept, and hand it in."""
    student.go(f"/assignments/{assignment}")
    student.press("Start")
    student.is_at(r"/attempts/.+/1$")
    student.attempt = student.page.url.rpartition("/")[0]
    student.sees("your teacher gives 0, 1 or 2 points")
    student.answer_rightly()
    student.page.get_by_label("Because …").fill(reason)
    student.is_saved()
    student.page.reload()
    expect(student.page.get_by_label("Because …")).to_have_value(reason)
    student.press("Look over and submit")
    student.press("Submit")
    student.sees("Waiting for your teacher")


def test_a_reason_is_saved_marked_with_the_keys_and_seen(somebody: Somebody, site: Site) -> None:
    teacher, ann, ben = somebody(device=DESKTOP), somebody(), somebody()
    name = teacher.sign_up()
    assignment = set_a_test(site, name, [ann.sign_up(), ben.sign_up()])
    site.make(name, "teacher")
    sit(ann, assignment, REASON)
    sit(ben, assignment, REASON)
    teacher.go("/teach/marking")
    teacher.page.locator("tbody a").first.click()
    teacher.sees("0 of 2 marked")
    look(teacher.page)
    teacher.page.keyboard.press("1")
    teacher.sees("1 of 2 marked")
    teacher.page.keyboard.press("2")
    teacher.sees("2 of 2 marked")
    teacher.page.keyboard.press("u")
    teacher.sees("1 of 2 marked")
    teacher.page.keyboard.press("1")
    teacher.sees("2 of 2 marked")
    ann.page.reload()
    ann.sees("Your reason: 1 of 2 points")
    ann.sees("75%")
    look(ann.page)

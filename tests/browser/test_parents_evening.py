"""Pages for parents' evening on paper: as many sheets as students, whatever they did, each with its evidence."""

from __future__ import annotations

import re

from tests import classes
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.site import Site
from tests.browser.test_pages import hand_in
from tests.web.sittings import Taker, new_taker

A_SHEET = re.compile(rb"/Type\s*/Page[^s]")


def set_up(site: Site) -> tuple[Taker, str, Taker]:
    """A teacher, the address of a class of three, and the one in it who has taken ten quizzes, with all types."""
    site.put_quiz(id="evening", title="Of every type", mode="test", sections=[{"items": site.one_of_each_type()}])
    teacher, *students = (new_taker(site.app, role) for role in ("teacher", "student", "student", "student"))
    busy = students[0]
    for _ in range(2):
        hand_in(site, busy, "evening")
    hand_in(site, students[1], "evening")
    with site.session() as session:
        made = classes.a_class(session, teacher.id, *(one.id for one in students))
        for _ in range(9):  # more than a page lists
            classes.an_assignment(session, made, teacher.id, "evening")
        return teacher, f"/teach/classes/{made.id}", busy


def test_every_student_has_one_sheet_of_paper(somebody: Somebody, site: Site):
    teacher, school_class, busy = set_up(site)
    person = somebody(device=DESKTOP)
    cookie = teacher.client.get_cookie("quizapp")
    assert cookie is not None
    person.page.context.add_cookies([{"name": "quizapp", "value": cookie.value, "url": site.url}])
    for path, sheets in (
        (f"{school_class}/parents-evening", 3),
        (f"{school_class}/students/{busy.user_id}/parents-evening", 1),
    ):
        person.go(path)
        assert len(A_SHEET.findall(person.page.pdf(format="A4"))) == sheets, path
    person.page.evaluate("window.print = () => { document.title = 'printed' }")
    person.page.get_by_role("button", name="Print", exact=True).click()
    assert person.page.title() == "printed"
    assert person.page.get_by_role("heading", name="An answer that went well").count() == 1
    assert person.page.get_by_role("heading", name="An answer to learn from").count() == 1
    assert person.page.locator(".evening-proof").count() == 2

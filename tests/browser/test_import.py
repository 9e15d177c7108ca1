"""A teacher imports a file with two broken questions in it, without a mouse, and takes the import back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Somebody
from tests.browser.site import Site
from tests.browser.test_pages import look
from tests.web.sittings import new_taker

FILE = """\
::tower::Who built the clock tower? {=The town#Yes.~The king#He paid nothing.####The almanac says so.}

::broken::Which clock is right? {~The sundial ~The candle}

::essay::Tell its story. {}

::bell::How many bells has it? {#3####The almanac counts them.}
"""


@pytest.fixture
def teacher(somebody: Somebody, site: Site) -> Page:
    """A teacher's browser, at the page of imports."""
    taker = new_taker(site.app, "teacher")
    person = somebody()
    person.watch.expect("422")
    cookie = taker.client.get_cookie("quizapp")
    assert cookie is not None
    person.page.context.add_cookies([{"name": "quizapp", "value": cookie.value, "url": site.url}])
    person.go("/teach/import")
    return person.page


def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    """Go to a control with the keyboard and press a key there."""
    control = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    control.focus()
    page.keyboard.press(key)


def test_a_file_with_two_broken_questions(teacher: Page, tmp_path: Path) -> None:
    file = tmp_path / "clocks.gift"
    file.write_text(FILE, encoding="utf-8")
    teacher.get_by_label("File").set_input_files(file)
    press(teacher, "button", "Look at it first")
    expect(teacher.get_by_role("heading", level=1)).to_have_text("Dry run: clocks.gift")
    expect(teacher.get_by_text("2 cannot come in")).to_be_visible()
    expect(teacher.get_by_text("no answer is marked as right")).to_be_visible()
    expect(teacher.get_by_text("an essay question has no key to mark it by")).to_be_visible()
    expect(teacher.get_by_role("checkbox", name="Import this question")).to_have_count(2)
    question = teacher.get_by_role("form", name="Question 1 as a student sees it")
    expect(question.get_by_role("radio", name="The town")).to_be_visible()
    look(teacher)

    teacher.get_by_role("checkbox", name="Import this question").last.focus()
    teacher.keyboard.press("Space")
    press(teacher, "button", "Import these")
    expect(teacher.get_by_text("Imported: 0 questions ready for students, 1 draft.")).to_be_visible()
    expect(teacher.get_by_role("main")).to_contain_text("tower")
    expect(teacher.get_by_role("main")).not_to_contain_text("bell")
    look(teacher)

    press(teacher, "button", "Undo this import")
    expect(teacher.get_by_text("The import is undone.")).to_be_visible()
    look(teacher)


def test_a_file_that_cannot_be_read_keeps_the_page(teacher: Page, tmp_path: Path) -> None:
    file = tmp_path / "clocks.csv"
    file.write_bytes("question\nCafé?".encode("latin-1"))
    teacher.get_by_label("File").set_input_files(file)
    with teacher.expect_navigation() as navigation:
        press(teacher, "button", "Look at it first")
    response = navigation.value
    assert response is not None
    assert response.status == 422
    expect(teacher.locator(".error")).to_contain_text("byte 13 (line 2)")
    look(teacher)


def test_export_says_what_is_not_carried(teacher: Page) -> None:
    teacher.goto("/teach/export")
    teacher.get_by_label("Format").select_option("aiken")
    press(teacher, "button", "See what can be carried")
    expect(teacher.get_by_text("This format has no way to say them.")).to_be_visible()
    look(teacher)
    with teacher.expect_download() as download:
        press(teacher, "link", "Download the file")
    assert download.value.suggested_filename == "questions.aiken.txt"

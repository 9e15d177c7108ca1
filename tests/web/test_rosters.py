"""From a list to the first sign-in with a slip; own passwords first; deletion through the teacher; attending live."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.browsing import WORDS, errors
from tests.web.classrooms import make_class, set_quiz
from tests.web.sittings import Taker, new_taker

THREE = "Family name,Given name,Student number,Time\nKern,Anna,1001,\nOkafor,Ben,1002,200%\nLi,Cy,1003,\n"

pytestmark = pytest.mark.usefixtures("bank")


def upload(teacher: Taker, school_class: str, content: bytes, name: str = "list.csv") -> TestResponse:
    page = f"{school_class}/roster"
    data = {"csrf_token": teacher.token(page), "file": (io.BytesIO(content), name)}
    return teacher.client.post(page, data=data, content_type="multipart/form-data")


def take_in(teacher: Taker, school_class: str, content: str = THREE) -> dict[str, str]:
    """Username → one-time password, as the slips say."""
    plan = upload(teacher, school_class, content.encode())
    assert plan.status_code == 200, plan.text
    rows = html.unescape(re.search(r'<textarea name="rows"[^>]*>(.*?)</textarea>', plan.text, re.DOTALL)[1])
    slips = teacher.post(f"{school_class}/roster/confirm", page=f"{school_class}/roster", rows=rows)
    assert slips.status_code == 200, slips.text
    words = re.findall(r'class="slip-word">([^<]+)<', slips.text)
    return dict(zip(words[::2], words[1::2], strict=True))


def by_slip(app: Flask, username: str, password: str) -> Taker:
    """Somebody who signs in with a slip and chooses a password."""
    student = Taker(app.test_client())
    assert student.sign_in(username, password).status_code == 303
    done = student.post("/account/new-password", password=WORDS, password_again=WORDS)
    assert done.status_code == 303, done.text
    return student


def test_the_dry_run_says_each_row_and_stores_nothing(teacher: Taker):
    school_class = make_class(teacher)
    page = upload(teacher, school_class, (THREE + "Kern,Anna,1001,\n,,,\nX,Y,,5%\n").encode()).text
    for words in ("anna.kern", "new", "twice in the list", "The same student as in line 2", "left out", "200%"):
        assert words in page
    assert "0 students" in teacher.get(school_class).text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "list.csv", "Choose a file|empty"),
        ("Family name,Given name\nMüller,Zoë".encode("latin-1"), "list.csv", "Line 2 holds letters"),
        (b"Name\nAnna", "list.csv", "none called"),
        (b"PK\x03\x04", "list.xlsx", "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_read_is_said_beside_the_file(teacher: Taker, content: bytes, name: str, said: str):
    answer = upload(teacher, make_class(teacher), content, name)
    assert answer.status_code == 422
    assert re.search(said, errors(answer)["file"])


def test_cells_may_be_pasted(teacher: Taker):
    school_class = make_class(teacher)
    page = teacher.post(f"{school_class}/roster", pasted="Family name\tGiven name\r\nKern\tAnna").text
    assert "anna.kern" in page


def test_names_alone_are_taken_in_and_the_page_says_how_they_were_read(teacher: Taker):
    school_class = make_class(teacher)
    assert "Mia Lund" in teacher.get(f"{school_class}/roster").text
    plan = teacher.post(f"{school_class}/roster", pasted="Mia Lund\r\nSaid, Omar\r\nZoe\r\n").text
    assert "the last word as the family name" in plan
    assert all(words in plan for words in ("mia.lund", "omar.said", "“Zoe” is not a given name and a family name"))
    rows = html.unescape(re.search(r'<textarea name="rows"[^>]*>(.*?)</textarea>', plan, re.DOTALL)[1])
    teacher.post(f"{school_class}/roster/confirm", page=f"{school_class}/roster", rows=rows)
    page = teacher.get(school_class).text
    assert "Lund, Mia" in page
    assert "2 students" in page


def test_what_is_wrong_with_pasted_lines_is_said_beside_their_box(teacher: Taker):
    answer = teacher.post(f"{make_class(teacher)}/roster", pasted="Mia\nOmar")
    assert answer.status_code == 422
    assert "must name the columns" in errors(answer)["pasted"]
    assert "file" not in errors(answer)


def test_a_slip_leads_to_a_password_of_ones_own_before_anything_else(app: Flask, teacher: Taker):
    slips = take_in(teacher, make_class(teacher))
    assert set(slips) == {"anna.kern", "ben.okafor", "cy.li"}
    student = Taker(app.test_client())
    student.sign_in("anna.kern", slips["anna.kern"])
    for path in ("/", "/quizzes", "/account", "/progress"):
        assert student.get(path).location.startswith("/account/new-password?next=")
    held = student.client.post(
        "/quizzes/harbours/attempts", data={"csrf_token": student.token("/account/new-password")}
    )
    assert held.location == "/account/new-password"
    again = student.post("/account/new-password", password=slips["anna.kern"], password_again=slips["anna.kern"])
    assert "password of the slip" in errors(again)["password"]
    done = student.post("/account/new-password?next=/quizzes", password=WORDS, password_again=WORDS)
    assert done.status_code == 303
    assert student.get("/quizzes").status_code == 200
    assert Taker(app.test_client()).sign_in("anna.kern", slips["anna.kern"]).status_code == 422
    assert Taker(app.test_client()).sign_in("anna.kern", WORDS).location == "/"
    assert student.get("/account/new-password").location == "/account"


def test_a_new_slip_ends_the_session_and_passwords_are_in_no_other_page(app: Flask, teacher: Taker):
    school_class = make_class(teacher)
    slips = take_in(teacher, school_class)
    student = by_slip(app, "anna.kern", slips["anna.kern"])
    number = re.search(rf'{school_class}/students/(\d+)">Kern, Anna', teacher.get(school_class).text)[1]
    page = teacher.post(f"{school_class}/slips", page=school_class, student=number)
    word = re.findall(r'class="slip-word">([^<]+)<', page.text)[1]
    assert student.get("/account").location.startswith("/sign-in")
    for path in (school_class, f"{school_class}/students/{number}", f"{school_class}/students.csv", "/teach/audit.csv"):
        assert word not in teacher.get(path).text
    by_slip(app, "anna.kern", word)


def test_deleting_an_account_goes_through_the_teacher(app: Flask, teacher: Taker):
    school_class = make_class(teacher)
    student = by_slip(app, "anna.kern", take_in(teacher, school_class)["anna.kern"])
    asked = student.post("/account/delete", page="/account", proof=WORDS)
    assert asked.location == "/account"
    assert "teacher is asked to delete" in student.get("/account").text
    assert "Anna Kern asks to have the account deleted" in teacher.get(school_class).text
    number = re.search(rf'{school_class}/students/(\d+)">Kern, Anna', teacher.get(school_class).text)[1]
    here = f"{school_class}/students/{number}"
    assert teacher.post(f"{here}/keep", page=here).status_code == 303
    assert "asks to have" not in teacher.get(school_class).text
    student.post("/account/delete", page="/account", proof=WORDS)
    student.post("/account/stay", page="/account")
    assert teacher.post(f"{here}/delete", page=here).status_code == 409
    student.post("/account/delete", page="/account", proof=WORDS)
    assert teacher.post(f"{here}/delete", page=here).status_code == 303
    assert student.get("/account").location.startswith("/sign-in")
    assert "is deleted" in teacher.get(school_class).text
    assert "Kern" not in teacher.get(school_class).text


def test_the_teacher_gives_longer_more_time_and_another_go(app: Flask, teacher: Taker):
    school_class = make_class(teacher)
    student = by_slip(app, "ben.okafor", take_in(teacher, school_class)["ben.okafor"])
    live = set_quiz(teacher, school_class)
    assignment = f"/assignments/{live.rpartition('/')[2]}"
    assert "40 min" in student.get(assignment).text
    student.start_assigned(assignment)
    number = re.search(rf'{live}/students/(\d+)">Okafor, Ben', teacher.get(live).text)[1]
    seat, attempt = f"{live}/students/{number}", student.attempt.rpartition("/")[2]
    student.press(1, answer="0")
    wrong = teacher.post(f"{seat}/attempts/{attempt}/extend", page=seat, **{"extend-minutes": "0"})
    assert wrong.status_code == 422
    assert "from 1 to 10,080" in wrong.text
    before = int(re.search(r'data-seconds-left="(\d+)"', student.at(2).text)[1])
    teacher.post(f"{seat}/attempts/{attempt}/extend", page=seat, **{"extend-minutes": "30"})
    assert int(re.search(r'data-seconds-left="(\d+)"', student.at(2).text)[1]) > before + 1700
    student.press("submit")
    assert "Open attempt 1 again" in teacher.get(seat).text
    fields = {"reopen-minutes": "15", "reopen-reason": "The fire alarm rang."}
    assert teacher.post(f"{seat}/attempts/{attempt}/reopen", page=seat, **fields).status_code == 303
    assert "Go on: Harbour test" in student.get("/").text
    assert student.press(2, answer="0").status_code == 302
    assert "fire alarm" in teacher.get("/teach/audit").text
    other = new_taker(app, "teacher")
    token = other.token("/sources")
    for deed in ("extend", "reopen"):
        answer = other.client.post(f"{seat}/attempts/{attempt}/{deed}", data={"csrf_token": token, **fields})
        assert answer.status_code == 404


def test_groups_are_made_filled_and_deleted(app: Flask, teacher: Taker):
    school_class = make_class(teacher)
    take_in(teacher, school_class)
    made = teacher.post(f"{school_class}/groups", name="North")
    number = re.search(r'value="(\d+)"[^>]*>[^<]*(?:<label[^>]*>)?[^<]*Kern, Anna', teacher.get(made.location).text)[1]
    assert teacher.post(made.location, name="North", students=number).status_code == 303
    assert "Kern, Anna" in teacher.get(f"{school_class}/groups").text
    assert "already" in teacher.post(f"{school_class}/groups", name="NORTH").text
    set_quiz(teacher, school_class, kind="groups", groups=made.location.rpartition("/")[2])
    assert teacher.post(f"{made.location}/delete", page=made.location).status_code == 409

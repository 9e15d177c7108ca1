"""The pages of regrades: dry run, commit, the list and the way back; what students see of it; bad input."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.services.regrading import runs
from tests import regrading, small_bank
from tests.regrading import Taught, key_is
from tests.web.sittings import Taker, new_taker, signed_in

ADDRESS = "/teach/regrade/choice-1"


@pytest.fixture
def taught(app: Flask) -> Taught:
    """Answers A, B and C; then the key moves from A to B."""
    with app.app_context():
        session = transactions.session()
        small_bank.publish(session)
        made = regrading.handed_in(session, ["a", "b", "c"])
        small_bank.put_item(session, key_is("b"))
    return made


@pytest.fixture
def teacher(app: Flask, taught: Taught) -> Taker:
    return signed_in(app, taught.teacher.id, "teacher")


def shown(page: str) -> str:
    """What the page says, its markup left out."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def the_plan(page: str) -> dict[str, str]:
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert found is not None
    return {"fingerprint": found[1]}


def ticks(page: str) -> list[str]:
    return re.findall(r'name="attempt" value="([^"]+)"', page)


def test_from_dry_run_to_the_student_and_back(app: Flask, taught: Taught, teacher: Taker):
    page = teacher.get(ADDRESS).text
    assert "2 marks of 2 students would move : 1 up, 1 down" in shown(page)
    answer = teacher.post(ADDRESS, page=ADDRESS, **the_plan(page), whom="all", why="The key was wrong.")
    assert answer.status_code == 303
    done = teacher.get(answer.location).text
    assert "Marked anew: 2 marks" in shown(done)
    assert "The key was wrong." in shown(done)
    student = signed_in(app, taught.students[1], "student")
    assert "was marked anew" in shown(student.get("/").text)
    for path in ("result", "result?print=1"):
        seen = shown(student.get(f"/attempts/{taught.attempts[1].id}/{path}").text)
        assert "question 1 (from 0 to 1)" in seen
        assert "The key was wrong." in seen
        assert "The right answer now: Lure 1" in seen
    back = teacher.post(f"{answer.location}/undo", page=ADDRESS)
    assert back.status_code == 303
    assert "Taken back: 2 marks." in shown(teacher.get(back.location).text)
    assert "Taken back on" in shown(student.get(f"/attempts/{taught.attempts[1].id}/result").text)
    assert teacher.post(f"{answer.location}/undo", page=ADDRESS).status_code == 409


def test_the_versions_in_use_sort_and_download(teacher: Taker):
    page = teacher.get(f"{ADDRESS}?sort=-mine").text
    assert re.search(r"<details[^>]* open>\s*<summary>\d+ versions? of this question in use", page)
    [link] = re.findall(r'href="([^"]+table=versions)" download', page.replace("&amp;", "&"))
    assert ",no,3,0,0,no" in teacher.get(link).text


def test_those_ticked_alone(app: Flask, taught: Taught, teacher: Taker):
    page = teacher.get(ADDRESS).text
    one = ticks(page)[1]
    answer = teacher.post(ADDRESS, page=ADDRESS, whom="ticked", attempt=one, why="Only hers.")
    assert answer.status_code == 303
    with app.app_context():
        (line,) = runs.run_page(transactions.session(), 1, taught.teacher).lines
    assert line.student == "tess-0001"


def test_bad_input_says_what_to_do(taught: Taught, teacher: Taker):
    page = teacher.get(ADDRESS).text
    cases = [
        (ADDRESS, {**the_plan(page), "whom": "all", "why": " "}, 422, "Say why"),
        (ADDRESS, {"whom": "ticked", "why": "x"}, 422, "Nobody was ticked"),
        (ADDRESS, {"whom": "ticked", "attempt": "nonsense", "why": "x"}, 422, "Nobody was ticked"),
        (
            ADDRESS,
            {"fingerprint": "0" * 32, "whom": "all", "why": "x"},
            409,
            "Something has changed since this dry run",
        ),
        (f"{ADDRESS}?deed=drop", {**the_plan(page), "whom": "all", "why": "x"}, 422, "Tick the option"),
        (f"{ADDRESS}?deed=grant&option=b", {**the_plan(page), "whom": "all", "why": "x"}, 422, "cannot be done with"),
        (f"{ADDRESS}?deed=nonsense", {"whom": "all", "why": "x"}, 409, "Something has changed"),
    ]
    for path, form, status, words in cases:
        answer = teacher.post(path, page=ADDRESS, **form)
        assert (answer.status_code, words in shown(answer.text)) == (status, True), (path, form)
    assert "Nothing was marked anew yet" in shown(teacher.get("/teach/regrade").text)
    for query in ("deed=drop&option=zz", "sort=__class__", "page=-4", "page=99", "show=zz", "option=%00", "spare=2"):
        assert teacher.get(f"{ADDRESS}?{query}").status_code == 200, query
    assert teacher.get("/teach/regrade/no-such").status_code == 404


def test_options_dropped_and_counted_right_without_a_new_key(taught: Taught, teacher: Taker):
    page = shown(teacher.get(f"{ADDRESS}?deed=drop&option=c").text)
    assert "“Decoy 1” does not count any more, neither for nor against." in page
    assert "would move : 1 up, 1 down, 1 left out." in page
    assert re.search(r"from 0 of 1 → to\s+left out", page)
    page = shown(teacher.get(f"{ADDRESS}?deed=grant&option=a&option=c&spare=1").text)
    assert "count as right for everybody. Nobody’s mark goes down." in page
    assert "2 marks of 2 students would move" in page


def test_one_teacher_knows_nothing_of_anothers(app: Flask, taught: Taught, teacher: Taker):
    page = teacher.get(ADDRESS).text
    run = teacher.post(ADDRESS, page=ADDRESS, **the_plan(page), whom="all", why="why").location
    other = new_taker(app, "teacher")
    assert "3 attempts of people who are in none of your classes" in shown(other.get(ADDRESS).text)
    assert "tess-000" not in other.get(ADDRESS).text
    assert "tess-000" not in other.get(f"{ADDRESS}/rows.csv").text
    for path in (run, f"{run}.csv"):
        assert other.get(path).status_code == 404
    assert other.post(f"{run}/undo", page=ADDRESS).status_code == 404
    stolen = {"whom": "ticked", "attempt": ticks(page)[0], "why": "x"}
    assert other.post(ADDRESS, page=ADDRESS, **stolen).status_code == 409
    admin = new_taker(app, "admin")
    assert admin.get(run).status_code == 200
    for path in (ADDRESS, "/teach/regrade", run):
        assert new_taker(app, "student").get(path).status_code == 403


def test_tables_sort_and_download(taught: Taught, teacher: Taker):
    page = teacher.get(f"{ADDRESS}?sort=-answer").text
    assert 'aria-sort="descending"' in page
    for href in re.findall(r'href="([^"]+)" download', page):
        answer = teacher.get(href.replace("&amp;", "&"))
        assert answer.status_code == 200
        name, words = ("versions", "Your students") if "table=versions" in href else ("dry-run", "tess-0001")
        assert words in answer.text
        assert f'filename="choice-1-{name}-' in answer.headers["Content-Disposition"]


def test_a_question_that_nobody_has_had(app: Flask, taught: Taught, teacher: Taker):
    with app.app_context():
        small_bank.put_item(transactions.session(), small_bank.a_choice(9))
    assert "Nobody has had this question yet" in shown(teacher.get("/teach/regrade/choice-9").text)


def test_the_questions_page_leads_to_it(taught: Taught, teacher: Taker):
    page = teacher.get("/teach/questions/choice-1").text
    assert f'href="{ADDRESS}"' in page
    assert "Regrade 3 attempts" in shown(page)

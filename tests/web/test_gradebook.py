"""The gradebook in a browser without JavaScript: whose it is, what stands in it, marks by hand, and how big it gets."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask import Flask

from quizapp import store
from quizapp.services import transactions
from tests import classes, small_bank
from tests.bench import gradebook as bench
from tests.databases import count_queries
from tests.web.browsing import errors
from tests.web.sittings import new_taker

NOON = classes.NOON


class School:
    """Tess's class of Ann, who has handed in a test with one right answer, and of Bob, who has not begun."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tess, self.theo = new_taker(app, "teacher"), new_taker(app, "teacher")
        self.ann, self.bob = new_taker(app, "student"), new_taker(app, "student")
        with app.app_context():
            session = transactions.session()
            small_bank.publish(session)
            small_bank.put_passages(session)
            made = classes.a_class(session, self.tess.id, self.ann.id, self.bob.id)
            assignment = classes.an_assignment(session, made, self.tess.id)
            attempt = classes.begin(session, assignment, self.ann.id)
            classes.answer_rightly(session, attempt, 1)
            classes.submit(session, attempt)
            self.class_id, self.assignment_id = made.id, assignment.id
            self.attempt = f"/teach/attempts/{attempt.id}"
            self.result = f"/attempts/{attempt.id}/result"
        self.book = f"/teach/classes/{self.class_id}/gradebook"
        self.questions = f"{self.book}/a{self.assignment_id}"
        self.grading = f"/teach/classes/{self.class_id}/grading"
        self.seat = f"/teach/assignments/{self.assignment_id}/students/{self.ann.id}"

    def mark(self, number: int, **fields: str) -> tuple[int, str]:
        """Send a question's form: the status, and the page that comes of it."""
        given = {f"q{number}-{name}": value for name, value in fields.items()}
        answer = self.tess.post(f"{self.attempt}/marks/{number}", page=self.attempt, **given)
        return answer.status_code, answer.text if answer.status_code != 303 else self.tess.get(self.attempt).text


@pytest.fixture
def school(app: Flask) -> School:
    return School(app)


def rows(page: str) -> list[list[str]]:
    """The words in the cells of the table's body."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[dh][ >].*?</t[dh]>", line, re.DOTALL) for line in lines]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line] for line in cells]


def test_everybody_is_there_and_each_cell_leads_on(school: School):
    page = school.tess.get(school.book).text
    found = sorted(row[1:] for row in rows(page))
    assert found == [["20%", "20%"], ["–", "– not started"]]
    assert school.attempt in page
    assert f"/teach/assignments/{school.assignment_id}/students/{school.bob.id}" in page
    assert school.questions in page
    assert school.book in school.tess.get(f"/teach/classes/{school.class_id}").text
    assert school.tess.get("/teach/gradebook").location == school.book
    assert "/teach/gradebook" in school.tess.get("/teach/").text
    of_questions = school.tess.get(school.questions).text
    assert f"{school.attempt}#question-1" in of_questions
    assert sorted(len([cell for cell in row if cell in ("0", "1")]) for row in rows(of_questions)) == [0, 5]


def test_each_table_downloads_as_it_is_shown(school: School):
    for page, beginning in (
        (school.book, "Family name,Given name,Username,Student number,Total (per cent),Harbour test (of 5)"),
        (f"{school.book}?by=topic", "Family name,Given name,Username,Student number,Total (per cent),"),
        (school.questions, "Family name,Given name,Username,Student number,Mark,Per cent,Question 1 (of 1)"),
    ):
        files = [
            href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+)" download', school.tess.get(page).text)
        ]
        assert len(files) == 2
        text = school.tess.get(files[0]).text
        assert text.lstrip("\ufeff").startswith(beginning), page
        assert len(text.splitlines()) == 3
        book = openpyxl.load_workbook(io.BytesIO(school.tess.get(files[1]).data))
        assert [cell.data_type for cell in book.worksheets[0][2]].count("f") == 0
        for other in (school.theo, school.ann):
            assert other.get(files[0]).status_code in (403, 404)
    assert school.tess.get("/teach/audit.csv?kind=scores").text.count("export,scores") == 6
    assert ",20,1" in school.tess.get(f"{school.book}.csv?sort=-total").text.splitlines()[1]
    assert "not started" in school.tess.get(f"{school.book}.csv").text
    assert len(school.tess.get(f"{school.book}.csv?words=nobody+of+this+name").text.splitlines()) == 1


def test_the_list_of_classes_sorts_and_downloads(school: School):
    with school.app.app_context():
        classes.a_class(transactions.session(), school.tess.id, name="=Empty")
    page = school.tess.get("/teach/gradebook?sort=-students").text
    assert [row[1] for row in rows(page)] == ["2", "0"]
    assert "'=Empty,0,0," in school.tess.get("/teach/gradebook.csv").text
    assert "=Empty" not in school.theo.get("/teach/gradebook.csv").text


def test_another_teachers_class_is_not_found(school: School):
    for path in (school.book, school.questions, school.grading, school.attempt, school.seat):
        assert school.tess.get(path).status_code == 200
        assert school.theo.get(path).status_code == 404, path
        assert school.ann.get(path).status_code == 403
    for path in (f"{school.attempt}/marks/1", f"{school.attempt}/marks/1/take-back", f"{school.seat}/excuse"):
        sent = school.theo.post(path, page="/teach/gradebook", **{"q1-mark": "1", "q1-why": "x", "excuse-why": "x"})
        assert sent.status_code == 404, path
    assert school.theo.post(school.grading, page="/teach/gradebook", kind="points").status_code == 404
    assert [row[1] for row in rows(school.tess.get(school.book).text)].count("20%") == 1


def test_no_student_sees_the_key_by_it(school: School):
    for path in (school.attempt, school.book, school.questions):
        assert "Key 1" not in school.bob.get(path).text


def test_the_attempt_speaks_of_the_student_and_shows_all(school: School):
    page = school.tess.get(school.attempt).text.partition("<main")[2]
    words = re.sub(r"<[^>]+>", " ", page)
    assert not re.findall(r".{40}\bYour?\b(?! see).{40}", words, re.DOTALL)
    assert "The student’s answer: right" in words
    assert "No answer was given." in words
    assert "Explanation 1." in words
    assert "Key 3" in words


def test_a_mark_by_hand_moves_the_sum_and_tells_why(school: School):
    status, page = school.mark(2, mark="0.5", why="said it aloud", comment="Well done.")
    assert status == 303
    assert "Saved: the mark is 0.5 now, and was 0." in page
    assert "1.5 of 5 marks" in page
    assert "from 0 to <strong>0.5</strong>. said it aloud" in page
    [ann, _] = sorted(rows(school.tess.get(school.book).text), key=lambda row: row[1])
    assert ann[1:] == ["30%", "30% ✎ set by hand"]
    result = school.ann.get(school.result).text
    assert "Mark set by your teacher: said it aloud" in result
    assert "Well done." in result
    assert "Your teacher has changed a mark" in school.ann.get("/").text
    taken_back = school.tess.post(f"{school.attempt}/marks/2/take-back", page=school.attempt)
    assert taken_back.status_code == 303
    assert "1 of 5 marks" in school.tess.get(school.attempt).text


def test_a_comment_alone_wants_no_reason(school: School):
    status, page = school.mark(1, mark="1", why="", comment="Look at 1906 again.")
    assert (status, "Look at 1906 again." in page) == (303, True)
    assert "1 of 5 marks" in page


@pytest.mark.parametrize(("number", "highest"), [(1, "1"), (0, "5")])
def test_bad_input_is_told_beside_the_field(school: School, number: int, highest: str):
    status, page = school.mark(number, mark="9", why="", comment="kept")
    assert status == 422
    assert f'id="q{number}-mark-error">Write a number from 0 to {highest}, such as 1.5.' in page
    assert f'id="q{number}-why-error">Say why: it is kept with the mark.' in page
    assert "kept</textarea>" in page
    form = re.search(r"<details[^>]*open[^>]*>(.*?)</details>", page, re.DOTALL)
    assert form is not None
    assert f"q{number}-mark" in form[1]


def test_the_whole_by_hand_and_back(school: School):
    assert "4 of 5 marks" in school.mark(0, mark="4", why="the map")[1]
    assert "Your teacher set this mark: the map" in school.ann.get(school.result).text
    assert "1 of 5 marks" in school.mark(0, mark="", why="no")[1]


def test_who_is_excused_before_beginning_is_not_pressed(school: School):
    seat = school.seat.replace(f"/{school.ann.id}", f"/{school.bob.id}")
    assert f'/assignments/{school.assignment_id}"' in school.bob.get("/").text
    school.tess.post(f"{seat}/excuse", page=seat, **{"excuse-why": "on a journey"})
    home = school.bob.get("/").text
    assert f'/assignments/{school.assignment_id}"' not in home
    assert "journey" not in home


def test_excusing_and_back(school: School):
    refused = school.tess.post(f"{school.seat}/excuse", page=school.seat, **{"excuse-why": " "})
    assert refused.status_code == 422
    assert 'id="excuse-why-error">Say why' in refused.text
    assert school.tess.post(f"{school.seat}/excuse", page=school.seat, **{"excuse-why": "ill"}).status_code == 303
    assert "ill" in school.tess.get(school.seat).text
    assert "You are excused from this quiz" in school.ann.get(f"/assignments/{school.assignment_id}").text
    assert "you are excused" in school.ann.get("/quizzes").text
    assert ["–", "excused"] in [row[1:] for row in rows(school.tess.get(school.book).text)]
    school.tess.post(f"{school.seat}/excuse", page=school.seat, excused="0")
    assert ["20%", "20%"] in [row[1:] for row in rows(school.tess.get(school.book).text)]


GRADING = {
    "kind": "letters", "places": "0", "rounding": "half_up", "thresholds": "sehr gut 90\ngenügend: 20\nungenügend 0",
    "pass_percent": "20", "weighting": "equal", "drop_lowest": "1", "missing_is_zero": "1",
}  # fmt: skip


def test_how_marks_show_is_chosen_for_the_class(school: School):
    assert school.tess.post(school.grading, **GRADING).status_code == 303
    page = school.tess.get(school.book).text
    assert ["genügend", "genügend"] in [row[1:] for row in rows(page)]
    assert "without each student’s lowest result; what is missing counts as 0" in page
    assert school.tess.post(school.grading, **{**GRADING, "kind": "points", "places": "2"}).status_code == 303
    assert ["1 of 5", "1"] in [row[1:] for row in rows(school.tess.get(school.book).text)]
    assert 'value="20"' in school.tess.get(school.grading).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"thresholds": "A 90\nB\nF 0"}, "thresholds"),
        ({"thresholds": "A 90\nB 95\nF 0"}, "thresholds"),
        ({"thresholds": ""}, "thresholds"),
        ({"pass_percent": "half"}, "pass_percent"),
        ({"pass_percent": "101"}, "pass_percent"),
        ({"drop_lowest": "-1"}, "drop_lowest"),
        ({"drop_lowest": ""}, "drop_lowest"),
    ],
)
def test_what_cannot_be_a_scale_is_told_beside_its_field(school: School, changes: dict[str, str], field: str):
    answer = school.tess.post(school.grading, **{**GRADING, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Per cent" in answer.text
    if field != "thresholds":
        assert list(errors(answer)) == [field]


def test_nonsense_in_the_address_is_harmless(school: School):
    for query in ("sort=__class__&page=-1", "page=99999999999", "by=nonsense", "standing=x&group=y&words=%00z",
                  "by=part", "by=source&sort=in%20nowhere", "own=1&by=topic", "sort=question%20x"):  # fmt: skip
        for path in (school.book, school.questions):
            assert school.tess.get(f"{path}?{query}").status_code == 200, query
    assert school.tess.get(f"{school.book}/nonsense").status_code == 404
    assert school.tess.get(f"{school.book}/q-harbours").status_code == 404


def test_what_students_took_of_themselves_is_shown_where_wanted(school: School):
    school.bob.start("harbours")
    school.bob.press("submit")
    assert "of themselves" not in school.tess.get(school.book).text.partition("<table")[2]
    page = school.tess.get(f"{school.book}?own=1").text
    assert "of themselves" in page.partition("<table")[2]
    assert f"/teach{school.bob.attempt}" in page
    assert "taken of their own accord" in school.tess.get(f"/teach{school.bob.attempt}").text
    assert school.tess.get(f"{school.book}/q-harbours").status_code == 200
    assert school.theo.get(f"/teach{school.bob.attempt}").status_code == 404


def test_an_attempt_whose_time_ran_out_is_handed_in_by_whoever_looks(school: School):
    with school.app.app_context():
        session = transactions.session()
        assignment = store.assignments.by_id(session, school.assignment_id)
        assert assignment is not None
        attempt = classes.begin(session, assignment, school.bob.id)  # in 2027: its twenty minutes lie ahead
        attempt.deadline = NOON.replace(year=2020)
        session.commit()
    page = school.tess.get(school.book).text
    assert "time is up" not in page
    assert sorted(row[1] for row in rows(page)) == ["0%", "20%"]


# --- 500 students --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_five_hundred_students_and_forty_quizzes_stay_few_queries_and_a_light_page(app: Flask):
    teacher = new_taker(app, "teacher")
    with app.app_context():
        session = transactions.session()
        class_id = bench.fill(session, teacher.id, 500, 40, questions=1)
        session.commit()
    book = f"/teach/classes/{class_id}/gradebook"
    for path, most in (("", 20), ("?sort=-total&page=10", 20), ("?by=skill", 20), ("/a40", 20)):
        teacher.get(book + path)  # items and quizzes are built once
        with app.app_context(), count_queries(store.db.engine) as statements:
            page = teacher.get(book + path)
        assert page.status_code == 200
        assert len(statements) <= most, statements
        assert len(rows(page.text)) == 50
        assert len(page.data) < 500_000

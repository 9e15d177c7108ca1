"""Scores as files: whose they are, what a row says, what counts, and bounded reading."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import marks, scores, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.gradebook import by_hand
from quizapp.services.gradebook import rows as gradebook_rows
from quizapp.services.scores import Wanted
from tests import classes, small_bank
from tests.classes import NOON
from tests.databases import count_queries
from tests.score_stage import DAY, ScoreStage

EVERY = tuple(scores.PARTS)


@pytest.fixture
def stage(app: Flask) -> Iterator[ScoreStage]:
    with app.app_context():
        yield ScoreStage(transactions.session())


def brief(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# --- whose -----------------------------------------------------------------------------------------------------------


def test_everybody_of_the_class_is_in_it_and_nobody_else(stage: ScoreStage):
    rows = stage.rows(class_id=stage.nine.id)
    assert brief(rows, "username", "quiz", "attempt", "state", "mark", "in_class") == [
        ("ann", "=Free practice (1917)", "1", "working", "", "yes"),
        ("ann", "Harbour test", "1", "done", "2", "yes"),
        ("ann", "Harbour test", "2", "done", "3.6", "yes"),
        ("gone", "Harbour test", "1", "done", "5", "no"),
        ("bob", "Harbour test", "1", "time is up", "", "yes"),
        ("idle", "Harbour test", "", "not started", "", "yes"),
    ]
    assert brief(rows[:1], "given_name", "family_name", "student_number") == [("=1+1", "-Ann", "007")]
    assert brief(rows[2:3], "late", "late_percent", "percent", "passed", "out_of") == [("yes", "10", "72", "yes", "5")]


def test_teachers_have_their_own_classes_alone(stage: ScoreStage):
    assert {row["class"] for row in stage.rows()} == {"History 9b"}
    assert brief(stage.rows("theo"), "username", "class") == [("other", "Theo’s class")]
    with pytest.raises(Mistakes, match="There is no such class"):
        stage.export("theo", class_id=stage.nine.id)
    with pytest.raises(Mistakes, match="There is no such class"):
        stage.export(class_id=99_999)


@pytest.mark.parametrize("who", ["admin", None])
def test_administrators_and_commands_have_everything(stage: ScoreStage, who: str | None):
    rows = stage.rows(who)
    assert {row["username"] for row in rows} == {"ann", "bob", "gone", "idle", "other", "loner"}
    assert brief([row for row in rows if row["username"] == "loner"], "class", "in_class") == [("", "no")]
    assert len({(row["username"], row["quiz"], row["attempt"]) for row in rows}) == len(rows)


def test_a_free_attempt_of_a_student_in_two_classes_is_there_once(stage: ScoreStage):
    third = classes.a_class(stage.session, stage.tess, stage.ids["ann"], name="Third")
    free = [row for row in stage.rows() if row["quiz"].startswith("=Free")]
    assert brief(free, "username", "class") == [("ann", "History 9b")]
    assert brief(stage.rows(class_id=third.id), "username", "class") == [("ann", "Third")]


def test_one_quiz(stage: ScoreStage):
    assert {row["quiz"] for row in stage.rows(quiz="harbour-test")} == {"Harbour test"}
    with pytest.raises(Mistakes, match="There is no such quiz"):
        stage.export(quiz="no-such-quiz")
    with pytest.raises(Mistakes, match="has not been set to this class"):
        stage.export(quiz="harbours", class_id=stage.nine.id)


def test_a_teacher_without_classes_is_told_so(session: Session):
    small_bank.publish(session)
    nobody = classes.a_teacher(session)
    person = ScoreStage.person.__get__(type("S", (), {"tess": nobody, "theo": 0})())("tess")
    with pytest.raises(Mistakes, match="You have no class yet"):
        scores.export(session, person, Wanted(), now=NOON)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_a_row_an_answer_is_long(stage: ScoreStage):
    rows = stage.rows(class_id=stage.nine.id, quiz="harbour-test", rows="responses", parts=EVERY)
    assert len(rows) == 4 * 5
    of_ann = [row for row in rows if row["attempt_id"] == str(stage.second.id)]
    assert brief(of_ann, "question", "item", "mark", "fraction", "right_answer") == [
        (str(n), f"choice-{n}", "1" if n < 5 else "0", "1" if n < 5 else "0", f"Key {n}") for n in range(1, 6)
    ]
    assert [row["answer"] for row in of_ann] == ["Key 1", "Key 2", "Key 3", "Key 4", ""]
    assert brief(of_ann[:1], "answered_at", "saves", "opened_before", "response", "started_at") == [
        ("2027-03-13 12:00:00", "1", "no", '"a"', "2027-03-13 12:00:00")
    ]
    assert of_ann[0]["item_version"] == stage.second.slots[0].item_digest
    assert of_ann[0]["passages"] == "almanac/harbours"  # a passage that is not published has no other name


def test_parts_that_are_not_wanted_are_not_there(stage: ScoreStage):
    (row, *_) = stage.rows(rows="responses")
    assert not {"answer", "right_answer", "shown_at", "item_version", "passages", "attempt_id"} & set(row)


def test_marks_and_answers_stand_beside_an_attempt(stage: ScoreStage):
    rows = stage.rows(quiz="harbour-test", parts=("questions", "answers"))
    assert brief(rows[1:2], "username", "q1_mark", "q5_mark", "q1_answer", "q5_answer") == [
        ("ann", "1", "0", "Key 1", "")
    ]
    assert rows[-1]["q1_mark"] == ""
    assert "q6_mark" not in rows[0]


def test_a_row_a_student_says_what_the_gradebook_says(stage: ScoreStage):
    rows = {row["username"]: row for row in stage.rows(class_id=stage.nine.id, rows="students")}
    book = gradebook_rows(stage.session, stage.nine.id, now=NOON + 2 * DAY, own=True)
    assert set(rows) == {"ann", "bob", "idle"} == {row.student.username for row in book.rows}
    assert brief([rows["ann"]], "harbour-test:mark", "harbour-test:attempts", "free:0:state", "total_percent") == [
        ("3.6", "2", "working", "72")
    ]
    assert rows["idle"]["harbour-test:state"] == "missing"
    of_admin = stage.rows("admin", rows="students")
    assert [row["username"] for row in of_admin if not row["class"]] == ["loner"]


def test_marks_that_a_teacher_changes_are_those_exported(stage: ScoreStage):
    marks.set_total(
        stage.session, stage.first.id, Decimal("4.1234567"), why="Oral", actor_id=stage.tess, now=NOON + DAY
    )
    rows = stage.rows(quiz="harbour-test")
    assert brief(rows[:1], "mark", "by_hand", "percent") == [("4.1234567", "yes", "82.469134")]
    students = {row["username"]: row for row in stage.rows(rows="students", quiz="harbour-test")}
    assert students["ann"]["harbour-test:mark"] == "4.1234567"  # the best counts


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_file_says_class_quiz_and_date(stage: ScoreStage):
    person = stage.person("tess")
    wanted = Wanted(stage.nine.id, "harbour-test", "attempts", "xlsx")
    assert scores.export(stage.session, person, wanted, now=NOON).file_name == (
        "History-9b_Harbour-test_attempts_2027-03-12.xlsx"
    )
    stage.nine.name = "../=Ünï/9:b\n" + "x" * 90
    name = scores.export(stage.session, person, Wanted(stage.nine.id, "free", format="moodle"), now=NOON).file_name
    assert name == f"Ünï-9-b-{'x' * 52}_Free-practice-(1917)_moodle_2027-03-12.csv"
    assert "my-classes_all-quizzes_students" in scores.export(stage.session, person, Wanted(), now=NOON).file_name


def test_the_workbook_has_its_sheets(stage: ScoreStage):
    book = openpyxl.load_workbook(io.BytesIO(stage.export(format="xlsx", parts=("answers", "times"))))
    assert book.sheetnames == ["Scores", "Responses", "Questions", "Columns"]
    assert book["Scores"]["A2"].value == "-Ann"
    assert book["Scores"]["A2"].data_type == "s"
    assert [row[0].value for row in book["Questions"].iter_rows(min_row=2)] == [f"choice-{n}" for n in range(1, 6)]
    said = {(row[0].value, row[2].value) for row in book["Columns"].iter_rows(min_row=2)}
    assert {("This file", "made_at"), ("Scores", "family_name"), ("Responses", "answer")} <= said
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_workbook_without_more_has_no_answers(stage: ScoreStage):
    book = openpyxl.load_workbook(io.BytesIO(stage.export(format="xlsx", rows="students")))
    assert book.sheetnames == ["Scores", "Questions", "Columns"]


def test_json_has_the_same(stage: ScoreStage):
    read = json.loads(stage.export(format="json", rows="responses", parts=("answers",)))
    assert (read["whose"], read["quiz"], read["a_row_is"]) == ("my classes", "all quizzes", "an answer")
    assert {row["answer"] for row in read["responses"]["rows"]} >= {"Key 1", None}
    assert len(read["scores"]["rows"]) == 6


# --- gradebooks of others --------------------------------------------------------------------------------------------


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def import_to_moodle(rows: list[list[str]], find_by: str, users: dict[str, str]) -> dict[tuple[str, str], Decimal]:
    """As Moodle's CSV import of grades reads it: heads trimmed, «-» and empty are no grade, else a number of at most
    100; whoever is found by the column ``find_by`` gets it; an empty one leaves the student of the row before; one
    that finds nobody ends the import.
    """
    heads = [head.strip() for head in rows[0]]
    graded: dict[tuple[str, str], Decimal] = {}
    student = ""
    for row in rows[1:]:
        values = dict(zip(heads, (value.strip() for value in row), strict=True))
        if values[find_by]:
            if values[find_by] not in users:
                raise LookupError(values[find_by])
            student = users[values[find_by]]
        for head in (one for one in heads if one.startswith("Quiz: ")):
            if values[head] not in ("", "-"):
                grade = Decimal(values[head])
                assert 0 <= grade <= 100
                graded[student, head] = grade
        assert int(values["Last downloaded from this course"]) > 0
    return graded


def test_moodle_takes_its_layout_back(stage: ScoreStage):
    stage.sit("idle", 3)
    rows = table(stage.export(format="moodle", class_id=stage.nine.id))
    assert rows[0] == [
        "First name", "Last name", "ID number", "Institution", "Department", "Email address", "Quiz: Harbour test",
        "Last downloaded from this course",
    ]  # fmt: skip
    with pytest.raises(LookupError, match="bob"):  # has no number: nobody else gets his grade
        import_to_moodle(rows, "ID number", {"007": "ann", "8": "idle"})
    graded = import_to_moodle(rows, "ID number", {"007": "ann", "8": "idle", "bob": "bob"})
    assert graded == {("ann", "Quiz: Harbour test"): 72, ("idle", "Quiz: Harbour test"): 60}


def import_to_canvas(rows: list[list[str]], users: dict[str, str]) -> dict[tuple[str, str], str]:
    """As Canvas's gradebook import reads it: the five columns about the student, then assignments, «Title (id)» by id;
    the row of points possible; students by SIS id, else by login, else by name.
    """
    heads = rows[0]
    assert heads[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert not any(head.endswith(")") and head.rpartition(" (")[2][:-1].isdecimal() for head in heads[5:])
    assert "Points Possible" in rows[1][0]
    assert all(Decimal(points) > 0 for points in rows[1][5:])
    found: dict[tuple[str, str], str] = {}
    for row in rows[2:]:
        who = users.get(row[2]) or users.get(row[3]) or users[row[0]]
        found |= {(who, head): mark for head, mark in zip(heads[5:], row[5:], strict=True)}
    return found


def test_canvas_takes_its_layout_back(stage: ScoreStage):
    rows = table(stage.export(format="canvas", class_id=stage.nine.id))
    marked = import_to_canvas(rows, {"007": "ann", "bob": "bob", "8": "idle"})
    assert marked == {("ann", "Harbour test"): "3.6", ("bob", "Harbour test"): "", ("idle", "Harbour test"): ""}
    assert rows[1][5] == "5"
    free = table(stage.export(format="canvas", class_id=stage.nine.id, quiz="free"))
    assert free[0][5] == "'=Free practice [1917]"  # in round brackets it would be the id of an assignment
    assert "'-Ann, '=1+1" in [row[0] for row in rows]


def test_whoever_is_excused_has_no_mark_anywhere(stage: ScoreStage):
    deed = by_hand.Deed(stage.tess, "Ill", NOON)
    by_hand.excuse(stage.session, stage.set.id, stage.ids["ann"], deed)
    users = {"007": "ann", "bob": "bob", "8": "idle"}
    whole = {"class_id": stage.nine.id, "quiz": "harbour-test"}
    canvas = import_to_canvas(table(stage.export(format="canvas", **whole)), users)
    assert canvas["ann", "Harbour test"] == "EX"
    assert import_to_moodle(table(stage.export(format="moodle", **whole)), "ID number", users) == {}
    rows = {row["username"]: row for row in stage.rows(rows="students", **whole)}
    assert brief([rows["ann"]], "username", "harbour-test:mark", "harbour-test:state") == [("ann", "", "excused")]


# --- reading ---------------------------------------------------------------------------------------------------------


def queries(stage: ScoreStage, **wanted: Any) -> int:
    with count_queries(store.db.engine) as asked:
        stage.export(**wanted)
    return len(asked)


def test_more_attempts_cost_no_more_queries(stage: ScoreStage):
    wanted: dict[str, Any] = {"format": "xlsx", "class_id": stage.nine.id, "parts": EVERY}
    stage.export(**wanted)
    before = queries(stage, **wanted)
    for number in range(12):
        name = f"more-{number}"
        stage.ids[name] = small_bank.a_user(stage.session, name)
        classes.store_classes.put(stage.session, stage.nine.id, stage.ids[name], "student", NOON)
        stage.sit(name, number % 6)
    assert queries(stage, **wanted) <= before
    assert queries(stage, **{**wanted, "rows": "students"}) < 45


def test_too_much_for_libreoffice_is_said_before(stage: ScoreStage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quizapp.formats.sheets.ods_sheet.MOST_CELLS", 100)
    with pytest.raises(Mistakes, match="too many for LibreOffice"):
        stage.export(format="ods")


def test_a_zone_that_there_is_not_is_said():
    for zone in ("Nowhere/Town", "../etc/passwd", "", "x\0y", "x" * 5000):
        with pytest.raises(Mistakes, match="There is no time zone"):
            scores.style(zone)

"""The pages on which teachers add sources: who may, what is said beside the field, and that nothing raw comes back."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_catalogue
from tests.own_documents import HTML, LANTERN, docx, pdf
from tests.web.sittings import Taker, new_taker

ABOUT = {
    "title": "The Lantern Street Strike", "publisher": "unknown", "year": "1911", "kind": "memoir", "language": "en",
    "rights": "ours", "find": "Ask us.", "reliability": "medium", "good_for": "the days", "poor_for": "the motives",
    "assessment": "A clerk wrote it down long after.",
}  # fmt: skip
NEW = "/teach/sources/new"
NAME = "/teach/sources/own-the-lantern-street-strike"


def post(person: Taker, path: str, **fields: object):
    token = person.token(NEW if path == NEW else "/sources")
    return person.client.post(path, data={"csrf_token": token, **fields}, content_type="multipart/form-data")


def paste(person: Taker, text: str = LANTERN) -> str:
    answer = post(person, NEW, pasted=text, title="The Lantern Street Strike")
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/passages")


def a_ready_one(person: Taker) -> str:
    path = paste(person)
    assert post(person, f"{path}/about", **ABOUT).status_code == 303
    post(person, f"{path}/ready")
    return path


def test_from_pasting_to_what_readers_see(app: Flask, teacher: Taker) -> None:
    path = paste(teacher)
    page = teacher.get(f"{path}/passages").text
    assert "Passage 3" in page
    assert post(teacher, f"{path}/ready").status_code == 303
    assert "things are left" not in teacher.get(path).text
    assert "Before readers can have it" in teacher.get(path).text
    post(teacher, f"{path}/about", **ABOUT)
    post(teacher, f"{path}/ready")
    student = new_taker(app, "student")
    assert "Added by teachers here" in student.get("/sources").text
    shown = student.get("/sources/own-the-lantern-street-strike/p1")
    assert "Added by a teacher here" in shown.text
    assert "asked for gloves since the spring" in shown.text
    assert shown.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("name", "data"), [("a.html", HTML.encode()), ("a.docx", docx("# One", "It sailed twice every day.")),
                       ("a.pdf", pdf(["It sailed twice every day, as the almanac says."]))]
)  # fmt: skip
def test_files_are_kept_as_text_alone(teacher: Taker, name: str, data: bytes) -> None:
    answer = post(teacher, NEW, file=(io.BytesIO(data), name), title="A file")
    assert answer.status_code == 303, answer.text
    page = teacher.get(str(answer.location)).text
    assert "twice" in page
    assert "onerror" not in page
    assert "alert(" not in page


@pytest.mark.parametrize(
    ("fields", "field", "word"),
    [
        ({}, "file", "Choose a file"),
        ({"pasted": "two words"}, "pasted", "hardly any text"),
        ({"file": (b"MZ", "virus.exe")}, "file", "are not read"),
        ({"file": ("Она ушла домой".encode("cp1251"), "a.txt")}, "file", "Windows-1251"),
        ({"file": (pdf([], []), "scan.pdf")}, "file", "scanned"),
        ({"pasted": "One & <b>two</b> three four five six.", "title": "x" * 0}, "title", "Give it a title"),
    ],
)
def test_bad_input_is_said_beside_its_field(teacher: Taker, fields: dict, field: str, word: str) -> None:
    files = {"file": (io.BytesIO(fields["file"][0]), fields["file"][1])} if "file" in fields else {}
    answer = post(teacher, NEW, **fields | files)
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">([^<]*)', answer.text)
    assert said, answer.text
    assert word in said[1]
    if "pasted" in fields:
        assert fields["pasted"].split()[0] in answer.text  # what was typed is there still


def test_a_long_text_can_be_pasted_and_one_too_long_is_said(teacher: Taker) -> None:
    for number, status in ((60_000, 422), (30_000, 303)):
        fields = {"csrf_token": teacher.token(NEW), "pasted": "Ships came in.\n\n" * number, "title": "Long"}
        assert teacher.client.post(NEW, data=fields).status_code == status


def test_students_get_nothing_of_it_and_other_teachers_read(app: Flask, teacher: Taker) -> None:
    path = a_ready_one(teacher)
    student, other, admin = (new_taker(app, role) for role in ("student", "teacher", "admin"))
    for way in ("", "/about", "/passages", "/text"):
        assert student.get(path + way).status_code == 403
        assert other.get(path + way).status_code == 200
        assert "<textarea" not in other.get(path + way).text
    for way in ("/about", "/passages", "/text", "/ready", "/retire"):
        assert post(student, path + way, **ABOUT).status_code == 403
        assert post(other, path + way, **ABOUT, pasted=LANTERN + "More.").status_code == 403
    assert post(admin, f"{path}/about", **{**ABOUT, "year": "1912"}).status_code == 303


def test_a_split_is_corrected_without_a_script(teacher: Taker) -> None:
    path = paste(teacher)
    revision = 1
    fields = {
        "revision": revision,
        "page": 1,
        "part": ["p1", "p2", "p3"],
        "heading-p1": "Gloves",
        "heading-p2": "Owner",
    }
    fields |= {"heading-p3": "End", "account-p1": "The men ask.", "out-p3": "on"}
    answer = post(teacher, f"{path}/passages", **fields, change="merge:p1")
    assert str(answer.location).endswith("at=p1#p1")
    assert "2 passages" in teacher.get(f"{path}/passages").text
    late = post(teacher, f"{path}/passages", **{**fields, "heading-p1": "Mittens"}, change="keep")
    assert late.status_code == 409
    assert "Mittens" in late.text
    wrong = post(teacher, f"{path}/passages", **{**fields, "revision": 2, "account-p1": "x" * 5000}, change="keep")
    assert wrong.status_code == 422
    assert 'id="account-p1-error"' in wrong.text


def test_the_list_sorts_and_can_be_exported(teacher: Taker) -> None:
    paste(teacher)
    for sort in ("title", "-passages", "by", "state", "questions", "nonsense"):
        assert "The Lantern Street Strike" in teacher.get(f"/teach/sources?sort={sort}").text
    assert "own-the-lantern-street-strike" in teacher.get("/teach/sources.csv").text


def test_names_that_are_none_are_not_found(teacher: Taker) -> None:
    for name in ("own-none", "columbia", "%00", "own-" + "x" * 300):
        assert teacher.get(f"/teach/sources/{name}").status_code == 404


# --- another copy


@pytest.fixture
def almanac(app: Flask) -> str:
    """The address of the almanac's other copy; its document is not attached."""
    with app.app_context():
        small_catalogue.publish(transactions.session(), record=True)
    return "/teach/copies/almanac"


def test_a_copy_is_attached_shown_as_such_and_taken_away(app: Flask, teacher: Taker, almanac: str) -> None:
    assert post(teacher, almanac, pasted=f"A preface.\n\n{small_catalogue.TEXT}").status_code == 303
    page = teacher.get(almanac).text
    assert "2 of 3 passages" in page
    assert "No words of it are quoted" in page
    shown = new_taker(app, "student").get("/sources/almanac/pilots")
    assert "This is not the document that we checked" in shown.text
    assert "the copy shown above was not" in shown.text
    assert "&lt;script&gt;" in shown.text
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "document not attached" in teacher.get("/sources").text
    assert post(teacher, f"{almanac}/remove").status_code == 303
    assert "This is not the document" not in teacher.get("/sources/almanac/pilots").text


def test_only_its_teacher_replaces_a_copy_and_students_see_nothing_of_it(
    app: Flask, teacher: Taker, almanac: str
) -> None:
    student, other = new_taker(app, "student"), new_taker(app, "teacher")
    assert post(teacher, almanac, pasted=small_catalogue.TEXT + "More.").status_code == 303
    assert student.get(almanac).status_code == 403
    assert "<textarea" not in other.get(almanac).text
    for path in (almanac, f"{almanac}/remove"):
        assert post(student, path, pasted=small_catalogue.TEXT).status_code == 403
        assert post(other, path, pasted=small_catalogue.TEXT).status_code == 403


@pytest.mark.parametrize("text", ["", "Another text altogether, in which nothing of it stands."])
def test_what_cannot_be_a_copy_is_said_beside_the_field(teacher: Taker, almanac: str, text: str) -> None:
    answer = post(teacher, almanac, pasted=text)
    assert answer.status_code == 422
    assert f'id="{"pasted" if text else "file"}-error"' in answer.text


def test_own_sources_and_unknown_ones_have_no_copies(teacher: Taker, almanac: str) -> None:
    for name in ("own-none", "nobody", "%00"):
        assert teacher.get(f"/teach/copies/{name}").status_code == 404
        assert post(teacher, f"/teach/copies/{name}", pasted=LANTERN).status_code == 404

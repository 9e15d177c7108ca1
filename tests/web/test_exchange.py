"""Import with a dry run and undo, and export with its report, as a teacher uses them, without JavaScript."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from quizapp import store
from quizapp.domain.items import build
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from quizapp.services import transactions
from quizapp.store.imports import ImportBatch
from quizapp.store.tables import Content, Version
from tests import small_bank
from tests.databases import count_queries
from tests.web.sittings import Taker, new_taker

GIFT = """\
::tower::Who built the clock tower? {=The town#Yes.~The king#He paid nothing.####The almanac says so.}

::broken::Which clock is right? {~The sundial ~The candle}

::essay::Tell its story. {}

$CATEGORY: tides

::choice-1::Question 1: which harbour is meant? {=Key 1 ~Lure 1}
"""

pytestmark = pytest.mark.usefixtures("bank")


def upload(teacher: Taker, data: str | bytes, name: str = "clocks.gift", **fields: str) -> TestResponse:
    body = data.encode() if isinstance(data, str) else data
    form = {"topic": "clocks", "difficulty": "2", "skill": "recall", "format": "", **fields}
    file = FileStorage(io.BytesIO(body), name)
    boundary, sent = encode_multipart({**form, "file": file, "csrf_token": teacher.token("/teach/import")})
    content_type = f"multipart/form-data; boundary={boundary}"
    return teacher.client.post("/teach/import", data=sent, content_type=content_type)


def uploaded(teacher: Taker, data: str | bytes, name: str = "clocks.gift", **fields: str) -> str:
    """The address of the dry run."""
    response = upload(teacher, data, name, **fields)
    assert response.status_code == 302, response.text
    return response.headers["Location"]


def press(teacher: Taker, address: str, **form: str | list[str]) -> TestResponse:
    return teacher.client.post(address, data={"csrf_token": teacher.token("/teach/import"), **form})


@contextmanager
def database(of: Taker) -> Iterator[Session]:
    with of.client.application.app_context():
        yield transactions.session()


def contents(of: Taker, kind: str = "item") -> dict[str, Content]:
    with database(of) as session:
        return {one.name: one for one in session.scalars(select(Content).where(Content.kind == kind))}


def a_verified_bank_file() -> bytes:
    """An item of ours, changed, and a new one; their evidence names a passage that is nowhere."""
    items = [
        build({**small_bank.a_choice(1), "stem": "Which harbour, really?"}),
        build({**small_bank.a_choice(9), "id": "choice-9"}),
        build(small_bank.a_choice(2)),
    ]
    return registry.written("yaml", items, Links())


def test_the_dry_run_shows_each_question_and_stores_none(teacher: Taker) -> None:
    before = {name: one.digest for name, one in contents(teacher).items()}
    page = teacher.get(uploaded(teacher, GIFT)).text
    assert "Who built the clock tower?" in page
    assert "1 new" in page
    assert "1 changed" in page
    assert "2 cannot come in" in page
    assert "line 3" in page
    assert "no answer is marked as right" in page
    assert "line 5" in page
    assert "an essay question has no key to mark it by" in page
    assert 'value="1" form="import" checked' in page
    assert 'value="2" form="import"' not in page
    assert "Changes: " in page
    assert "No evidence for the key" in page
    assert re.search(r'name="answer" value="0"', page), "the student's own template"
    assert {name: one.digest for name, one in contents(teacher).items()} == before
    assert contents(teacher, "draft") == {}


def test_a_part_is_imported_as_drafts_and_undone_as_a_whole(teacher: Taker) -> None:
    address = uploaded(teacher, GIFT)
    done = press(teacher, address, question=["1", "2"], **{"as": "ready"})
    assert done.status_code == 302
    page = teacher.get(address).text
    assert "Imported: 0 questions ready for students, 1 draft." in page
    assert set(contents(teacher, "draft")) == {"tower"}
    assert "tower" not in contents(teacher)
    assert press(teacher, address, question="1").status_code == 409
    assert press(teacher, f"{address}/undo").status_code == 302
    assert contents(teacher, "draft") == {}
    assert "was undone" in teacher.get(address).text
    assert press(teacher, f"{address}/undo").status_code == 409
    audit = teacher.get("/teach/audit").text
    assert "undo import" in audit


def test_nothing_chosen_is_said(teacher: Taker) -> None:
    address = uploaded(teacher, GIFT)
    for form in ({}, {"question": "2"}, {"question": "999999999"}, {"question": "x"}):
        response = press(teacher, address, **form)
        assert response.status_code == 400
        assert "Tick at least one" in response.text


def test_an_item_with_broken_evidence_only_becomes_a_draft(teacher: Taker) -> None:
    address = uploaded(teacher, a_verified_bank_file(), "tides.yaml")
    page = teacher.get(address).text
    assert "1 new" in page
    assert "1 changed" in page
    assert "1 the same" in page
    assert "Its evidence does not hold" in page
    press(teacher, address, question=["1", "2", "3"], **{"as": "ready"})
    assert set(contents(teacher, "draft")) == {"choice-1", "choice-9"}
    assert "choice-9" not in contents(teacher)


def test_a_reason_lets_questions_without_evidence_be_ready(teacher: Taker) -> None:
    address = uploaded(teacher, GIFT)
    assert "Why some have no source" in teacher.get(address).text
    press(teacher, address, question="1", unsourced="Common knowledge in our town.", **{"as": "ready"})
    content = contents(teacher)["tower"]
    with database(teacher) as session:
        version = session.get(Version, content.digest)
        assert version is not None
        assert version.entry["unsourced"] == "Common knowledge in our town."
    assert "tower" not in contents(teacher, "draft")
    assert "Imported" in teacher.get("/teach/questions/tower/history").text


def test_drafts_stand_in_the_list_of_questions(teacher: Taker) -> None:
    press(teacher, uploaded(teacher, GIFT), question="1")
    assert "Who built the clock tower?" in teacher.get("/teach/questions?status=draft").text
    assert teacher.get("/teach/questions/tower/edit").status_code == 200


def test_evidence_that_holds_makes_it_ready_and_undo_brings_the_old_version_back(teacher: Taker) -> None:
    from tests import small_catalogue

    with database(teacher) as session:
        small_catalogue.publish(session)
        session.commit()
    ref = next(one for one in contents(teacher, "passage"))
    items = [
        build({**small_bank.a_choice(1), "stem": "Which harbour, really?", "evidence": [{"passage": ref}]}),
        build({**small_bank.a_choice(9), "id": "choice-9", "evidence": [{"passage": ref}]}),
    ]
    before, published = contents(teacher)["choice-1"].digest, contents(teacher)["choice-1"].published_digest
    address = uploaded(teacher, registry.written("qti3", items, Links()), "tides.zip")
    press(teacher, address, question=["1", "2"], **{"as": "ready"})
    now = contents(teacher)
    assert now["choice-1"].digest != before
    assert now["choice-1"].published_digest == published, "the files' version: publishing them now reports a conflict"
    assert now["choice-9"].published_digest is None
    assert now["choice-9"].topic == "tides"
    press(teacher, f"{address}/undo")
    now = contents(teacher)
    assert now["choice-1"].digest == before
    assert now["choice-9"].retired_at is not None, "attempts may need its version, so it is retired, not deleted"


def test_what_changed_since_is_left_alone_by_undo(teacher: Taker) -> None:
    address = uploaded(teacher, GIFT)
    press(teacher, address, question="1")
    second = uploaded(teacher, GIFT.replace("The king", "The queen"))
    press(teacher, second, question="1")
    press(teacher, f"{address}/undo")
    assert "left as they are: tower" in teacher.get(address).text
    assert set(contents(teacher, "draft")) == {"tower"}


def test_a_file_that_cannot_be_read_is_said_beside_the_field(teacher: Taker) -> None:
    for data, name, message in (
        (b"", "a.gift", "empty"),
        (b"Caf\xe9? {=yes ~no}", "a.gift", "byte 4"),
        (b"PK\x03\x04 no archive", "a.xlsx", "not a zip archive"),
        (b"<quiz><question></quiz>", "a.xml", "line 1"),
        (b"just words", "a.aiken", "no question"),
    ):
        response = upload(teacher, data, name)
        assert response.status_code == 422, name
        assert message in response.text, name
        assert 'aria-invalid="true"' in response.text
    with database(teacher) as session:
        assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"topic": "Not A Topic"}, "Lower-case letters"),
        ({"topic": ""}, "Name a topic"),
        ({"difficulty": "9"}, "from 1 to 5"),
        ({"difficulty": "x"}, "Not a valid integer"),
        ({"format": "docx"}, "Not a valid choice"),
        ({"skill": "guessing"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_said_beside_the_field(teacher: Taker, fields: dict[str, str], message: str) -> None:
    response = upload(teacher, GIFT, **fields)
    assert response.status_code == 422
    assert message in response.text


def test_a_file_of_some_megabytes_is_taken_and_a_larger_one_is_not(teacher: Taker) -> None:
    assert upload(teacher, "::a::Q {=b ~c}\n\n" + "// remark\n" * 300_000).status_code == 302
    assert upload(teacher, b"x" * (10 * 1024 * 1024)).status_code == 413


def test_a_teacher_sees_own_files_alone(app: Flask, teacher: Taker) -> None:
    address = uploaded(teacher, GIFT)
    other = new_taker(app, "teacher")
    for path in (address, f"{address}/report.csv"):
        assert other.get(path).status_code == 404
    assert press(other, address, question="1").status_code == 404
    assert press(other, f"{address}/undo").status_code == 404
    assert "clocks.gift" not in other.get("/teach/import").text
    assert "clocks.gift" in teacher.get("/teach/import").text


def test_the_report_is_a_table(teacher: Taker) -> None:
    text = teacher.get(f"{uploaded(teacher, GIFT)}/report.csv").text
    assert "Cannot come in" in text
    assert text.count("\n") == 5


def test_earlier_files_are_sorted_as_wanted(teacher: Taker) -> None:
    for name in ("b.gift", "A.gift", "c.gift"):
        uploaded(teacher, GIFT, name)

    def listed(sort: str) -> list[str]:
        return re.findall(r">(\w\.gift)</a>", teacher.get(f"/teach/import?sort={sort}").text)

    assert listed("file") == ["A.gift", "b.gift", "c.gift"]
    assert listed("-file") == ["c.gift", "b.gift", "A.gift"]
    assert listed("when") == ["b.gift", "A.gift", "c.gift"]
    assert listed("-when") == listed("nonsense")[::-1] == ["c.gift", "A.gift", "b.gift"]


def test_files_that_wait_are_few(teacher: Taker) -> None:
    for number in range(8):
        uploaded(teacher, GIFT, f"clocks-{number}.gift")
    page = teacher.get("/teach/import").text
    assert page.count("Waits for you") == 5
    assert "clocks-7.gift" in page


def test_a_whole_quiz_goes_out_as_qti_and_comes_back_as_a_draft(teacher: Taker) -> None:
    report = teacher.get("/teach/export?quiz=harbour-test&format=qti2").text
    assert "how many attempts there are does not go along" in report
    sent = teacher.get("/teach/export/file?quiz=harbour-test&format=qti2").data
    dry_run = uploaded(teacher, sent, "harbour-test.qti2.zip")
    page = teacher.get(dry_run).text
    assert "The file also holds a quiz: Harbour test" in page
    made = press(teacher, dry_run, quiz="1")
    assert made.status_code == 302
    draft = teacher.get(made.location).text
    assert 'value="Harbour test"' in draft
    assert 'value="20 min"' in draft
    assert draft.count('value="choice-') == 5
    assert press(teacher, dry_run).status_code == 400


def test_a_file_without_a_quiz_makes_none(teacher: Taker) -> None:
    dry_run = uploaded(teacher, GIFT)
    assert "also holds a quiz" not in teacher.get(dry_run).text
    assert press(teacher, dry_run, quiz="1", question="1").status_code == 404


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_the_template_comes_back_as_it_is(teacher: Taker, name: str) -> None:
    response = teacher.get(f"/teach/import/template.{name}")
    assert response.status_code == 200
    page = teacher.get(uploaded(teacher, response.data, f"template.{name}")).text
    assert "10 new" in page
    assert "annot come in" not in page
    assert teacher.get("/teach/import/template.pdf").status_code == 404


def test_a_dry_run_of_many_asks_the_database_no_more_than_one_of_few(teacher: Taker) -> None:
    few, many = uploaded(teacher, GIFT), uploaded(teacher, _many(120))
    counts = []
    for address in (few, many):
        with database(teacher), count_queries(store.db.engine) as statements:
            assert teacher.get(address).status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= 16


def _many(number: int) -> str:
    return "\n".join(f"::q-{i}::Question {i}? {{=Yes {i} ~No {i}}}\n" for i in range(number))


@pytest.mark.parametrize("name", [name for name, one in registry.FORMATS.items() if one.dump])
def test_export_reports_and_gives_the_file(teacher: Taker, name: str) -> None:
    page = teacher.get(f"/teach/export?topic=tides&format={name}").text
    assert "5 questions in the file" in page
    file = teacher.get(f"/teach/export/file?topic=tides&format={name}")
    assert file.status_code == 200
    assert 'attachment; filename="tides.' in file.headers["Content-Disposition"]
    again = teacher.get(uploaded(teacher, file.data, f"tides.{name}", format=name)).text
    assert ("5 the same" if name != "aiken" else "5 new") in again
    assert teacher.get(f"/teach/export/report.csv?topic=tides&format={name}").status_code == 200


def test_export_of_a_quiz_and_of_nothing(teacher: Taker) -> None:
    assert "5 questions in the file" in teacher.get("/teach/export?quiz=harbours&format=yaml").text
    for query in ("topic=none&format=yaml", "quiz=none&format=yaml", "type=date&format=gift"):
        assert teacher.get(f"/teach/export?{query}").status_code == 400
    assert teacher.get("/teach/export?format=docx").status_code == 404
    assert teacher.get("/teach/export/file").status_code == 404


def test_taking_the_whole_bank_away_is_written_down_and_a_part_is_not(app: Flask, teacher: Taker) -> None:
    for query in ("topic=tides&format=gift", "format=gift"):
        assert teacher.get(f"/teach/export/file?{query}").status_code == 200
    page = teacher.get("/teach/audit.csv?kind=bank").text
    assert page.count("whole bank") == 1
    assert "format: gift" in page
    other = new_taker(app, "teacher")
    other.get("/teach/export/file?format=yaml")
    assert "gift" not in other.get("/teach/audit.csv?kind=bank").text


def test_erasing_the_teacher_erases_the_files(teacher: Taker) -> None:
    from quizapp.services import personal_data

    uploaded(teacher, GIFT)
    with database(teacher) as session:
        personal_data.erase(session, session.scalar(select(ImportBatch.user_id)) or 0)
        session.commit()
        assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0

"""Questions written in a browser without JavaScript: found, drafted, made ready, changed by two, retired, restored."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from quizapp.domain.entry import digest
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import typed
from quizapp.services import transactions
from quizapp.store import bank, questions
from quizapp.web.teacher.question_words import type_words
from tests import builders, small_bank
from tests.web.sittings import Taker, new_taker

UNSOURCED = {"evidence__0__passage": "", "evidence__0__quote": "", "unsourced": "Anybody can see it."}
FIELD = re.compile(
    r'<input[^>]*?\bname="(?P<name>[^"]+)"[^>]*>'
    r'|<textarea[^>]*?\bname="(?P<area>[^"]+)"[^>]*>(?P<text>.*?)</textarea>'
    r'|<select[^>]*?\bname="(?P<select>[^"]+)"[^>]*>(?P<options>.*?)</select>',
    re.DOTALL,
)

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def colleague(app: Flask) -> Taker:
    return new_taker(app, "teacher")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the editor's form on this page."""
    form = page.split('<form id="question-form"')[1].split("</form>", maxsplit=1)[0]
    found: dict[str, str] = {}
    for one in FIELD.finditer(form):
        if one["area"]:
            found[one["area"]] = unescape(one["text"]).removeprefix("\r\n").removeprefix("\n")
        elif one["select"]:
            chosen = re.search(r'<option selected value="([^"]*)"', one["options"])
            found[one["select"]] = unescape(chosen[1]) if chosen else ""
        elif 'type="checkbox"' not in one[0] or "checked" in one[0]:
            value = re.search(r'value="([^"]*)"', one[0])
            found[one["name"]] = unescape(value[1]) if value else ""
    return found


def flat(given: Any, name: str = "") -> dict[str, str]:
    """What is typed, by the names that the form's fields have."""
    if isinstance(given, dict):
        parts = [flat(held, f"{name}-{key}" if name else key) for key, held in given.items()]
        return {key: value for part in parts for key, value in part.items()}
    if isinstance(given, list):
        return {key: value for i, one in enumerate(given) for key, value in flat(one, f"{name}-{i}").items()}
    if isinstance(given, bool):
        return {name: "y"} if given else {}
    return {name: given}


def address(page: TestResponse) -> str:
    found = re.search(r'id="question-form"[^>]*action="([^"]+)"', page.text)
    assert found
    return found[1]


def send(taker: Taker, page: TestResponse, change: str, **changed: str) -> TestResponse:
    """Press a button of the editor on this page."""
    fields = {**fields_of(page.text), **{name.replace("__", "-"): value for name, value in changed.items()}}
    return taker.client.post(address(page), data=MultiDict({**fields, "change": change}), base_url="http://localhost")


def new(taker: Taker, type_name: str) -> TestResponse:
    return taker.get(f"/teach/questions/new?type={type_name}")


def edit(taker: Taker, name: str) -> TestResponse:
    return taker.get(f"/teach/questions/{name}/edit")


def write(taker: Taker, type_name: str, change: str = "ready", **changes: Any) -> TestResponse:
    """A whole question of this type, typed into its form."""
    page = new(taker, type_name)
    name = re.search(r"/teach/questions/([^/]+)/edit", address(page))
    assert name
    entry = builders.an_entry(type_name, id=name[1], topic="tides", **changes)
    sent = {**fields_of(page.text), **flat(typed(entry, ITEM_TYPES[type_name]))}
    if "evidence" in entry or type_name not in ("evidence", "corroboration"):
        sent["new_topic"] = "Tides and harbours"
    return taker.client.post(address(page), data={**sent, "change": change}, base_url="http://localhost")


def published(app: Flask, name: str) -> dict[str, Any] | None:
    with app.app_context():
        found = questions.standing(transactions.session(), name)
        return found.entry if found else None


@pytest.fixture
def passages(app: Flask) -> None:
    """The passages that the builders' questions name."""
    with app.app_context():
        small_bank.put_passages(transactions.session())


@pytest.mark.usefixtures("passages")
@pytest.mark.parametrize("type_name", ITEM_TYPES)
def test_a_question_of_each_type_is_written_by_form_and_becomes_ready(app: Flask, teacher: Taker, type_name: str):
    made = write(teacher, type_name)
    assert made.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', made.text)
    name = made.location.rsplit("/", 1)[1]
    entry = published(app, name)
    assert entry is not None
    wanted = builders.an_entry(type_name, id=name, topic="tides-and-harbours")
    assert digest(entry) == builders.digest_of(wanted)
    assert "As a student" in edit(teacher, name).text
    assert teacher.get(made.location).status_code == 200


def test_what_is_typed_is_kept_as_a_draft_that_students_never_get(app: Flask, teacher: Taker):
    kept = send(teacher, new(teacher, "date"), "draft", stem="When <b>was</b> it?", key__date="whenever")
    assert kept.status_code == 303
    again = teacher.get(kept.location)
    assert "When &lt;b&gt;was&lt;/b&gt; it?" in again.text
    assert 'value="whenever"' in again.text
    with app.app_context():
        assert len(bank.current_items(transactions.session())) == 5
    assert "When &lt;b&gt;was&lt;/b&gt; it?" in teacher.get("/teach/questions?status=draft").text


def test_rows_are_added_moved_and_removed_by_buttons(teacher: Taker):
    page = send(teacher, new(teacher, "single_choice"), "add:options", options__0__text="one", options__1__text="two")
    assert 'id="options-4-text"' in page.text
    page = send(teacher, page, "down:options-0")
    assert [fields_of(page.text)[f"options-{i}-text"] for i in (0, 1)] == ["two", "one"]
    page = send(teacher, page, "remove:options-0")
    assert fields_of(page.text)["options-0-text"] == "one"
    assert 'id="options-4-text"' not in page.text
    page = send(teacher, page, "add:options-0-evidence")
    assert 'id="options-0-evidence-0-quote"' in page.text


def test_every_mistake_is_told_beside_its_field_in_plain_words(teacher: Taker):
    page = send(teacher, new(teacher, "single_choice"), "ready", options__0__text="one", options__1__text="two")
    assert page.status_code == 422
    told = dict(re.findall(r'<p class="error" id="([\w-]+)-error">([^<]+)</p>', page.text))
    assert told["stem"] == "Fill this in."
    assert told["options"] == "Say which option is right: tick it."
    assert told["topic"] == told["difficulty"] == told["skill"] == "Choose one."
    assert '<a href="#topic">Topic: choose one.</a>' in page.text
    assert '<a href="#stem">Question: fill this in.</a>' in page.text
    assert "«" not in page.text.split("<main")[1]


def test_a_mistake_in_a_row_is_named_with_its_row(teacher: Taker):
    page = send(teacher, new(teacher, "single_choice"), "ready", options__1__feedback="Not this one.")
    assert re.search(r'<a href="#options-0-text">Option 1, text: fill this in\.</a>', page.text)


def test_each_type_is_told_in_words_for_teachers(teacher: Taker):
    page = unescape(teacher.get("/teach/questions/new").text)
    assert all(words in page for name in ITEM_TYPES for words in type_words(name))
    assert all(all(type_words(name)) for name in ITEM_TYPES)
    assert "``" not in page


@pytest.mark.usefixtures("passages")
def unfolded(page: TestResponse) -> list[str]:
    """The options of which all is shown: what is typed, and what is rarely needed."""
    return re.findall(r'<details class="details row-about" id="options-(\d)-about" open>', page.text)


def test_what_an_option_rarely_needs_is_folded_while_nothing_stands_there(teacher: Taker):
    page = new(teacher, "single_choice")
    assert page.text.count('class="details row-about"') == 4
    assert unfolded(page) == []
    assert unfolded(send(teacher, new(teacher, "single_choice"), "preview", options__1__feedback="Look again.")) == [
        "1"
    ]
    assert unfolded(send(teacher, new(teacher, "single_choice"), "preview", options__2__pin="last")) == ["2"]
    assert unfolded(send(teacher, new(teacher, "single_choice"), "add:options-3-evidence")) == ["3"]
    broken = send(
        teacher, new(teacher, "single_choice"), "ready", options__0__text="one", options__0__true_in="nowhere"
    )
    assert unfolded(broken) == ["0"]
    assert "Feedback for this option" in new(teacher, "evidence").text
    assert "row-about" not in new(teacher, "date").text


def test_words_where_a_passage_is_named_are_looked_for(teacher: Taker):
    page = send(teacher, new(teacher, "true_false"), "find:evidence-0", evidence__0__passage="almanac")
    sent = fields_of(page.text)
    assert (sent["passage_search"], sent["evidence-0-passage"]) == ("almanac", "")
    assert "There is no passage" not in page.text
    wrong = send(teacher, page, "find:evidence-0", evidence__0__passage="almanac/nowhere", passage_search="")
    assert "There is no passage “almanac/nowhere”" in unescape(wrong.text)


def test_another_is_written_with_what_it_is_filed_under(app: Flask, teacher: Taker):
    assert 'href="/teach/questions/new?like=choice-2"' in teacher.get("/teach/questions/choice-2").text
    page = teacher.get("/teach/questions/new?like=choice-2")
    sent, like = fields_of(page.text), published(app, "choice-2")
    assert like is not None
    assert [sent[one] for one in ("type", "topic", "skill")] == [like[one] for one in ("type", "topic", "skill")]
    assert sent["difficulty"] == str(like["difficulty"])
    assert sent["stem"] == ""
    assert "choice-2" not in address(page)
    assert teacher.get("/teach/questions/new?like=nothing").status_code == 404


def test_without_evidence_a_question_is_ready_only_by_saying_why(app: Flask, teacher: Taker):
    refused = write(teacher, "true_false", evidence=None, wrong=None)
    assert refused.status_code == 422
    assert "Name the passage that proves the answer" in refused.text
    made = write(teacher, "true_false", evidence=None, wrong=None, unsourced="It is plain to see.")
    assert made.status_code == 303
    entry = published(app, made.location.rsplit("/", 1)[1])
    assert entry is not None
    assert entry["unsourced"] == "It is plain to see."
    assert "No source given" in teacher.get(made.location).text


def test_a_passage_that_is_none_keeps_a_question_from_being_ready(teacher: Taker):
    refused = write(teacher, "true_false", evidence=[{"passage": "almanac/nowhere"}], wrong=None)
    assert refused.status_code == 422
    assert "Unknown passage “almanac/nowhere”" in unescape(refused.text)


def test_two_teachers_see_both_texts_and_nothing_is_overwritten(app: Flask, teacher: Taker, colleague: Taker):
    mine, theirs = edit(teacher, "choice-1"), edit(colleague, "choice-1")
    assert send(colleague, theirs, "draft", stem="Their question").status_code == 303
    clash = send(teacher, mine, "draft", stem="My question")
    assert clash.status_code == 409
    assert "Their question" in clash.text
    assert fields_of(clash.text)["stem"] == "My question"
    assert "Their question" in edit(colleague, "choice-1").text
    assert send(teacher, clash, "draft").status_code == 303  # mine, knowing theirs
    assert "My question" in edit(colleague, "choice-1").text


@pytest.mark.usefixtures("passages")
def test_a_version_made_ready_meanwhile_is_a_conflict_too(app: Flask, teacher: Taker, colleague: Taker):
    mine = edit(teacher, "choice-1")
    assert send(colleague, edit(colleague, "choice-1"), "ready", stem="Theirs is ready", **UNSOURCED).status_code == 303
    clash = send(teacher, mine, "ready", stem="Mine", **UNSOURCED)
    assert clash.status_code == 409
    assert "Theirs is ready" in clash.text
    entry = published(app, "choice-1")
    assert entry is not None
    assert entry["stem"] == "Theirs is ready"


def test_a_new_version_stands_in_the_history_and_an_old_one_can_be_restored(app: Flask, teacher: Taker):
    first = published(app, "choice-2")
    assert first is not None
    assert (
        send(teacher, edit(teacher, "choice-2"), "ready", stem="Which port is meant?", **UNSOURCED).status_code == 303
    )
    history = teacher.get("/teach/questions/choice-2/history").text
    assert "<ins>Which port " in history
    refused = teacher.post(
        "/teach/questions/choice-2/restore", page="/teach/questions/choice-2/history", version=digest(first)
    )
    assert refused.status_code == 409  # its passage is not in this bank
    assert "cannot be restored" in refused.text


def test_retired_questions_are_not_drawn_and_come_back(app: Flask, teacher: Taker):
    one = "/teach/questions/choice-3"
    assert teacher.post(f"{one}/status", page=one, to="retired").status_code == 303
    with app.app_context():
        assert "choice-3" not in bank.current_items(transactions.session())
    assert "choice-3" in teacher.get("/teach/questions?status=retired").text
    assert "choice-3" not in teacher.get("/teach/questions?status=ready").text


def test_the_list_is_searched_and_filtered_by_conditions_that_all_hold(teacher: Taker):
    assert teacher.get("/teach/questions").text.count('name="name"') == 5
    assert teacher.get("/teach/questions?q=DECOY+4").text.count('name="name"') == 1
    assert teacher.get("/teach/questions?q=warning+decoy&difficulty=3").text.count('name="name"') == 1
    assert teacher.get("/teach/questions?q=warning&topic=tides&type=date").text.count('name="name"') == 0
    assert "Nothing found" in teacher.get("/teach/questions?q=100%25").text
    assert teacher.get("/teach/questions?source=almanac").text.count('name="name"') == 5


def test_several_are_tagged_and_retired_at_once(app: Flask, teacher: Taker):
    data = {
        "csrf_token": teacher.token("/teach/questions"),
        "name": ["choice-1", "choice-2"],
        "deed": "tag",
        "tag": "may",
    }
    done = teacher.client.post("/teach/questions", data=data, base_url="http://localhost")
    assert done.status_code == 303
    entry = published(app, "choice-1")
    assert entry is not None
    assert entry["tags"] == ["may"]
    assert teacher.get("/teach/questions?tag=may").text.count('name="name"') == 2
    teacher.client.post("/teach/questions", data={**data, "deed": "retire"}, base_url="http://localhost")
    assert teacher.get("/teach/questions?status=retired").text.count('name="name"') == 2


def test_those_ticked_come_as_yaml(teacher: Taker):
    data = {"csrf_token": teacher.token("/teach/questions"), "name": ["choice-1", "choice-2"], "deed": "export"}
    made = teacher.client.post("/teach/questions", data=data, base_url="http://localhost")
    assert made.status_code == 200
    assert made.headers["Content-Disposition"].startswith("attachment")
    assert "id: choice-2" in made.text
    assert "id: choice-3" not in made.text


def press(teacher: Taker, deed: str, **fields: object):
    data = {"csrf_token": teacher.token("/teach/questions"), "deed": deed, **fields}
    return teacher.client.post("/teach/questions", data=data, base_url="http://localhost")


def test_all_that_were_found_are_changed_not_only_those_ticked(app: Flask, teacher: Taker):
    with app.app_context():
        small_bank.put_passages(transactions.session())
    some = {"scope": "all", "back": "difficulty=3&sort=stem&page=1", "name": ["choice-5"]}
    assert press(teacher, "tag", tag="three", total="1", **some).status_code == 303
    assert [one for one in range(1, 6) if "tags" in (published(app, f"choice-{one}") or {})] == [2]
    assert press(teacher, "retire", total="5", scope="all", back="").status_code == 303
    assert teacher.get("/teach/questions?status=retired").text.count('name="name"') == 5
    back = press(teacher, "ready", total="5", scope="all", back="status=retired")
    assert back.status_code == 303
    assert teacher.get("/teach/questions?status=ready").text.count('name="name"') == 5


@pytest.mark.parametrize("total", ["4", "", "-5", "x", "9" * 30])
def test_nothing_is_done_where_another_number_is_found_than_the_page_said(teacher: Taker, total: str):
    refused = press(teacher, "retire", scope="all", total=total, back="")
    assert refused.status_code == 409
    assert "5 questions fit" in refused.text
    assert teacher.get("/teach/questions?status=retired").text.count('name="name"') == 0


def test_all_that_were_found_come_in_the_format_chosen(teacher: Taker):
    made = press(teacher, "export", scope="all", total="5", back="q=harbour", format="gift")
    assert made.status_code == 200
    assert made.text.count("which harbour is meant?") == 5
    assert press(teacher, "export", scope="all", total="5", back="", format="papyrus").status_code == 404
    assert "No question was ticked" in teacher.get(press(teacher, "ready").location).text


def test_a_quiz_is_made_of_those_ticked_or_of_all_found(teacher: Taker):
    made = press(teacher, "quiz", name=["choice-4", "choice-2", "choice-4", "no-such"])
    builder = teacher.get(made.location).text
    assert made.location.startswith("/teach/quizzes/new-")
    assert re.findall(r'name="sections-0-items" value="([\w-]+)"', builder) == ["choice-4", "choice-2"]
    assert "a draft with 2 questions" in builder
    assert "1 question stayed out" in builder
    of_all = teacher.get(press(teacher, "quiz", scope="all", total="5", back="").location).text
    assert of_all.count('name="sections-0-items"') == 5


def test_no_quiz_is_made_of_questions_that_are_not_ready(teacher: Taker):
    refused = press(teacher, "quiz", name=["no-such"], back="topic=tides")
    assert refused.location == "/teach/questions?topic=tides"
    assert "None of these questions is ready" in teacher.get(refused.location).text
    assert "new-" not in teacher.get("/teach/quizzes").text


def test_what_cannot_be_made_ready_is_named_with_the_reason(teacher: Taker):
    page = new(teacher, "single_choice")
    name = address(page).split("/")[3]
    send(teacher, page, "draft", stem="Half a question")
    told = teacher.get(press(teacher, "ready", name=[name, "choice-1", "choice-1"]).location).text
    assert "Made ready: 0 questions" in told
    assert f"“{name}” is not ready. It is still being written" in told


def test_the_list_comes_as_a_table_as_it_is_filtered_and_sorted(teacher: Taker):
    made = teacher.get("/teach/questions.csv?q=harbour&sort=-stem")
    lines = made.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("id,question,status,topic")
    assert [line.split(",")[0] for line in lines[1:]] == [f"choice-{number}" for number in (5, 4, 3, 2, 1)]
    assert "almanac" in lines[1]
    assert len(teacher.get("/teach/questions.csv?difficulty=3").text.splitlines()) == 2


def test_the_list_asks_the_database_little_however_many_there_are(app: Flask, teacher: Taker):
    teacher.get("/teach/questions")
    with app.app_context():
        transactions.count_queries()
    counts = []
    for path in ("/teach/questions?q=choice-1", "/teach/questions"):
        teacher.get(path)
        counts.append(transactions.queries())
    assert 0 < counts[0] == counts[1] <= 15


def test_the_preview_is_the_students_own_and_stores_nothing(app: Flask, teacher: Taker):
    page = new(teacher, "single_choice")
    sent = {**fields_of(page.text), "stem": "Half a *question*", "options-0-text": "one"}
    shown = teacher.client.post(address(page).replace("/edit", "/preview"), data=sent, base_url="http://localhost")
    assert "Half a <em>question</em>" in shown.text
    assert "<html" not in shown.text
    assert "Half a" not in teacher.get("/teach/questions").text


def test_a_script_keeps_drafts_and_hears_of_conflicts(teacher: Taker, colleague: Taker):
    page = edit(teacher, "choice-4")
    at = address(page).replace("/edit", "/draft")
    sent = {**fields_of(page.text), "stem": "Typed"}
    kept = teacher.client.post(at, data=sent, base_url="http://localhost", headers={"Accept": "application/json"})
    assert kept.json is not None
    assert kept.json["revision"] == 1
    assert kept.json["checks"]["evidence-0"]["message"] == "Unknown passage “almanac/harbours”."
    other = {**fields_of(edit(colleague, "choice-5").text), "stem": "Late", "revision": "0", "base": ""}
    other["csrf_token"] = colleague.token("/teach/questions/choice-4/edit")
    clash = colleague.client.post(at, data=other, base_url="http://localhost")
    assert clash.status_code == 409


@pytest.mark.parametrize(
    "change", ["add:nowhere", "remove:options-99", "up:options-0", "choose:options:x/y", "find:", "::"]
)
def test_a_button_that_points_nowhere_changes_nothing(teacher: Taker, change: str):
    page = send(teacher, new(teacher, "single_choice"), change, options__0__text="one")
    assert page.status_code == 200
    assert fields_of(page.text)["options-0-text"] == "one"


def test_students_see_nothing_of_it(app: Flask):
    student = new_taker(app, "student")
    for path in ("/teach/questions", "/teach/questions/choice-1", "/teach/questions/choice-1/edit"):
        assert student.get(path).status_code == 403

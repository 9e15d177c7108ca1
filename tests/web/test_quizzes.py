"""Quizzes in a browser without JavaScript: built, saved, changed, copied, withdrawn; tried, printed, on the wall."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import store
from quizapp.services import transactions
from quizapp.services.building import own
from quizapp.store import bank
from quizapp.store.building import QuizDraft
from quizapp.store.tables import Attempt, Content, Response, Version
from tests.databases import count_queries
from tests.web.classrooms import make_class
from tests.web.sittings import Taker, new_taker

pytestmark = pytest.mark.usefixtures("bank")


def new_quiz(teacher: Taker) -> str:
    """The address of the builder with a new quiz."""
    made = teacher.post("/teach/quizzes/new", page="/teach/quizzes")
    assert made.status_code == 303
    return made.location


def filled(do: str, *sections: dict[str, object], **fields: object) -> dict[str, object]:
    """The builder's form as it is sent."""
    data: dict[str, object] = {
        "do": do,
        "title": "Tides",
        "mode": "practice",
        "access": "open",
        "shuffle_options": "y",
        **fields,
    }
    for number, section in enumerate(sections):
        data |= {f"sections-{number}-{name}": value for name, value in section.items()}
    return data


def chosen(*items: str, **more: object) -> dict[str, object]:
    return {"kind": "items", "items": list(items), "points": [""] * len(items), **more}


def drawn(count: str = "3", **more: object) -> dict[str, object]:
    return {"kind": "draw", "draw": count, **more}


def quiz_at(app: Flask, edit: str):
    with app.app_context():
        name = edit.split("/")[3]
        return bank.current_quizzes(transactions.session(), [name])[name][1]


# --- building --------------------------------------------------------------------------------------------------------


def test_a_quiz_is_built_with_buttons_alone_and_students_take_it(app: Flask, teacher: Taker):
    edit = new_quiz(teacher)
    to_find = teacher.post(edit, **filled("find:0", chosen()))
    assert to_find.location.endswith("/sections/0")
    found = teacher.get(f"{to_find.location}?search=question+4").text
    assert "1 question fits" in found
    added = teacher.post(to_find.location, item=["choice-4", "choice-2"])
    assert added.location.startswith(edit)
    moved = teacher.post(edit, **filled("up:0:1", chosen("choice-4", "choice-2")))
    assert moved.location.endswith("#section-0-item-0")
    page = teacher.get(edit).text
    assert page.index("Question 2: which") < page.index("Question 4: which")
    saved = teacher.post(edit, **filled("save", chosen("choice-2", "choice-4"), drawn("2", topic="tides")))
    assert saved.status_code == 303, saved.text
    assert saved.location == "/teach/quizzes/tides/edit"
    quiz = quiz_at(app, saved.location)
    assert quiz.sections[0].items == ("choice-2", "choice-4")
    assert quiz.sections[1].draw == 2
    student = new_taker(app, "student")
    assert "Tides" in student.get("/quizzes").text
    student.start("tides")
    assert "of 4" in student.get(f"{student.attempt}/1").text


def test_a_teacher_who_sets_a_quiz_finds_own_ones_first(teacher: Taker):
    school_class = make_class(teacher)
    assert "<optgroup" not in teacher.get(f"{school_class}/assign").text
    assert teacher.post(new_quiz(teacher), **filled("save", chosen("choice-1"))).status_code == 303
    page = teacher.get(f"{school_class}/assign").text
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL)
    assert [title for title, _ in groups] == ["Yours", "Of the question bank"]
    assert re.findall(r">([^<]+)</option>", groups[0][1]) == ["Tides"]
    assert "Tides" not in groups[1][1]


def test_own_questions_are_found_and_the_newest_stand_first(app: Flask, teacher: Taker):
    with app.app_context():
        session = transactions.session()
        mine = session.scalars(select(Content).where(Content.kind == "item", Content.name == "choice-3")).one()
        mine.author_id = teacher.user_id
        later = session.scalars(select(Version).where(Version.digest == mine.digest)).one()
        later.created_at += timedelta(days=1)
        session.commit()
    find = f"{new_quiz(teacher).removesuffix('/edit')}/sections/0"
    everything = teacher.get(f"{find}?sort=newest").text
    assert re.findall(r'name="item" value="([\w-]+)"', everything)[0] == "choice-3"
    assert everything.count(">yours</span>") == 1
    mine_alone = teacher.get(f"{find}?author=me").text
    assert re.findall(r'name="item" value="([\w-]+)"', mine_alone) == ["choice-3"]
    back = teacher.post(find, item="choice-3", then="more", author="me", sort="newest").location
    assert "author=me" in back
    assert "sort=newest" in back


def test_a_published_quiz_is_set_to_the_only_class_or_to_one_of_several(teacher: Taker):
    assert "You have no running class yet" in teacher.get("/teach/quizzes/harbours/assign").text
    teacher.post("/teach/classes/new", name="History 9b", keep_months="24")
    assert "/teach/quizzes/harbours/assign" in teacher.get("/teach/quizzes").text
    assert "/teach/quizzes/harbours/assign" in teacher.get("/teach/quizzes/harbours/edit").text
    straight = teacher.get("/teach/quizzes/harbours/assign")
    assert straight.location.endswith("/assign?quiz=harbours")
    assert re.search(r'<option selected value="harbours">', teacher.get(straight.location).text)
    teacher.post("/teach/classes/new", name="History 9c", keep_months="24")
    assert teacher.get("/teach/quizzes/harbours/assign").text.count("/assign?quiz=harbours") == 2


def test_a_draft_is_not_set_to_a_class(teacher: Taker):
    edit = new_quiz(teacher)
    refused = teacher.get(edit.replace("/edit", "/assign"))
    assert refused.location == edit
    assert "Only a published quiz" in teacher.get(edit).text


def test_every_setting_goes_into_the_version_and_back_into_the_form(app: Flask, teacher: Taker):
    edit = new_quiz(teacher)
    given = filled(
        "save",
        chosen("choice-1", "choice-2", points=["2", ""], title="First", each="1.5"),
        drawn("2", low="2", high="5", spread="difficulty", source="almanac"),
        mode="test", access="class", sources="closed", time_limit="20 minutes", grace="90 s", attempts="2",
        wait="1 day", grading="last", pass_mark="60", certainty="y", shuffle_items="y", review_kind="exam",
    )  # fmt: skip
    saved = teacher.post(edit, **given)
    assert saved.status_code == 303, saved.text
    quiz = quiz_at(app, saved.location)
    assert (quiz.time_limit, quiz.grace, quiz.attempts, quiz.wait, quiz.grading) == ("20 min", "90 s", 2, "1 d", "last")
    assert (quiz.access, quiz.sources, quiz.certainty, quiz.shuffle.items) == ("class", "closed", True, True)
    assert quiz.shuffle.options is True
    assert quiz.review == {"right_after": ("score",), "while_open": ("score",)}
    assert quiz.sections[0].points == {"choice-1": 2}
    assert quiz.sections[1].source is not None
    assert quiz.sections[1].source.difficulty == (2, 5)
    assert quiz.sections[1].source.source == "almanac"
    page = teacher.get(saved.location).text
    again = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert again
    assert 'value="20 min"' in page
    with app.app_context():
        name = saved.location.split("/")[3]
        work = own.work(transactions.session(), name, user_id=teacher.id)
        back, problems = own.checked(transactions.session(), work.draft, name)
        assert (back, problems) == (quiz, {})


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(app: Flask, teacher: Taker):
    edit = new_quiz(teacher)
    wrong = filled("save", chosen(), drawn("50"), title="", time_limit="soon", attempts="many", pass_mark="x")
    answer = teacher.post(edit, **wrong)
    assert answer.status_code == 422
    said = dict(re.findall(r'<p class="error" id="([\w-]+)-error">([^<]+)</p>', answer.text))
    assert {"title", "time_limit", "attempts", "pass_mark", "sections-0-items"} <= set(said)
    assert "20 min" in said["time_limit"]
    assert 'value="soon"' in teacher.get(edit).text
    assert 'value="many"' in teacher.get(edit).text
    too_few = teacher.post(edit, **filled("save", drawn("50")))
    assert "only 5 fit" in too_few.text
    with app.app_context():
        assert transactions.session().scalar(select(func.count()).where(Content.kind == "quiz")) == 2


def test_points_of_the_quiz_are_what_an_attempt_can_earn(app: Flask, teacher: Taker):
    edit = new_quiz(teacher)
    teacher.post(edit, **filled("save", chosen("choice-1", "choice-2", points=["2.5", ""]), drawn("1", each="3")))
    student = new_taker(app, "student")
    student.start("tides")
    with app.app_context():
        attempt = transactions.session().scalars(select(Attempt)).one()
        assert attempt.available == Decimal("6.5")


def test_the_next_attempt_waits_as_the_quiz_says(app: Flask, teacher: Taker):
    teacher.post(new_quiz(teacher), **filled("save", chosen("choice-1"), wait="2 h"))
    student = new_taker(app, "student")
    student.start("tides")
    student.press("submit")
    refused = student.post("/quizzes/tides/attempts", page="/quizzes/tides")
    assert refused.status_code == 403
    assert "2 hours" in refused.text


@pytest.mark.parametrize("do", ["up:9:9", "drop:0:99", "down:0", "nonsense", "find:77", "x" * 300])
def test_buttons_that_nobody_sees_do_no_harm(teacher: Taker, do: str):
    edit = new_quiz(teacher)
    assert teacher.post(edit, **filled(do, chosen("choice-1"))).status_code == 303
    assert teacher.get(edit).status_code == 200


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_running_attempt_keeps_its_version_and_an_older_one_comes_back(app: Flask, teacher: Taker):
    student = new_taker(app, "student")
    student.start("harbours")
    edit = "/teach/quizzes/harbours/edit"
    teacher.post(edit, **filled("save", chosen("choice-1"), title="Shorter"))
    assert "of 5" in student.get(f"{student.attempt}/1").text
    history = teacher.get("/teach/quizzes/harbours/history").text
    assert "<del>Shorter</del><ins>Harbours</ins>" in history  # the small bank's version is of the year 2027
    assert "sections · 1 · items" in history
    version = re.search(r'name="version" value="(\w{64})"', history)
    assert version
    assert teacher.post("/teach/quizzes/harbours/history", version=version[1]).location == edit
    assert "Shorter" not in teacher.get(edit).text
    assert quiz_at(app, edit).title == "Shorter"


def test_two_teachers_meet_a_conflict_and_neither_loses_a_text(app: Flask, teacher: Taker):
    other = new_taker(app, "teacher")
    edit = "/teach/quizzes/harbours/edit"
    for who, do in ((teacher, "keep"), (other, "keep")):
        who.post(edit, **filled(do, chosen("choice-1"), title=f"By {who.user_id}"))
    assert other.post(edit, **filled("save", chosen("choice-2"), title="Theirs")).status_code == 303
    mine = teacher.post(edit, **filled("save", chosen("choice-3"), title="Mine"))
    assert mine.status_code == 409
    assert "Somebody has saved another version" in mine.text
    assert "<del>Theirs</del><ins>Mine</ins>" in mine.text
    assert "<del>choice-2</del><ins>choice-3</ins>" in mine.text
    assert 'value="Mine"' in mine.text
    assert quiz_at(app, edit).title == "Theirs"
    assert teacher.post(edit, **filled("save-over", chosen("choice-3"), title="Mine")).status_code == 303
    assert quiz_at(app, edit).title == "Mine"


def opened(teacher: Taker, edit: str) -> dict[str, str]:
    """What a window that has just opened the builder sends along."""
    return window_of(teacher.get(edit).text)


def window_of(page: str) -> dict[str, str]:
    fields = {name: re.search(rf'name="{name}"[^>]* value="(\w+)"', page) for name in ("window", "seen")}
    return {name: found[1] for name, found in fields.items() if found}


@pytest.mark.parametrize("edit", ["", "/teach/quizzes/harbours/edit"])
def test_two_windows_of_one_teacher_meet_a_conflict_with_both_texts(teacher: Taker, edit: str):
    edit = edit or new_quiz(teacher)
    one, other = opened(teacher, edit), opened(teacher, edit)
    teacher.post(edit, **filled("autosave", chosen("choice-1"), title="First text", **one))
    told = teacher.post(edit, **filled("autosave", chosen("choice-2"), title="Second text", **other))
    assert told.status_code == 409
    assert "another window" in told.get_json()["message"]
    assert 'value="First text"' in teacher.get(edit).text
    both = teacher.post(edit, **filled("keep", chosen("choice-2"), title="Second text", **other))
    assert both.status_code == 409
    assert "<del>First </del><ins>Second </ins>text" in both.text
    assert 'value="Second text"' in both.text
    assert "Question 2: which" in both.text
    mine = filled("keep", chosen("choice-2"), title="Second text", **window_of(both.text))
    assert teacher.post(edit, **mine).status_code == 303
    assert 'value="Second text"' in teacher.get(edit).text


def test_a_window_is_in_no_conflict_with_itself(teacher: Taker):
    edit = new_quiz(teacher)
    window = opened(teacher, edit)
    for title in ("T", "Ti", "Tides"):
        assert teacher.post(edit, **filled("autosave", chosen("choice-1"), title=title, **window)).status_code == 204
    assert teacher.post(edit, **filled("save", chosen("choice-1"), **window)).status_code == 303


def test_what_another_window_has_published_is_not_overwritten_in_silence(app: Flask, teacher: Taker):
    edit = "/teach/quizzes/harbours/edit"
    old = opened(teacher, edit)
    teacher.post(edit, **filled("save", chosen("choice-1"), title="New", **opened(teacher, edit)))
    assert teacher.post(edit, **filled("save", chosen("choice-2"), title="Old", **old)).status_code == 409
    assert quiz_at(app, edit).title == "New"


def test_one_sees_who_else_has_a_draft_of_the_quiz(app: Flask, teacher: Taker):
    edit = "/teach/quizzes/harbours/edit"
    other = new_taker(app, "teacher")
    other.post(edit, **filled("keep", chosen("choice-1"), title="Theirs"))
    page = teacher.get(edit).text
    assert "has kept a draft of this quiz, too" in page
    assert "Theirs" not in page
    assert "has kept a draft" not in other.get(edit).text


def test_a_draft_is_its_teachers_alone(app: Flask, teacher: Taker):
    edit = new_quiz(teacher)
    teacher.post(edit, **filled("keep", chosen("choice-1"), title="Secret plan"))
    other = new_taker(app, "teacher")
    assert other.get(edit).status_code == 404
    assert "Secret plan" not in other.get("/teach/quizzes").text
    assert "Secret plan" in teacher.get("/teach/quizzes").text


def test_copy_drop_withdraw_and_put_back(app: Flask, teacher: Taker):
    edit = "/teach/quizzes/harbours/edit"
    copy = teacher.post("/teach/quizzes/harbours/duplicate", page=edit).location
    assert "Harbours (copy)" in teacher.get(copy).text
    teacher.post(f"{copy.removesuffix('/edit')}/drop", page=copy)
    assert teacher.get(copy).status_code == 404
    teacher.post("/teach/quizzes/harbours/withdraw", page=edit, withdrawn="1")
    student = new_taker(app, "student")
    assert student.get("/quizzes/harbours").status_code == 404
    assert "Harbours" in teacher.get("/teach/quizzes?state=withdrawn").text
    teacher.post("/teach/quizzes/harbours/withdraw", page=edit, withdrawn="0")
    assert student.get("/quizzes/harbours").status_code == 200


def test_the_list_is_searched_filtered_sorted_and_downloaded(teacher: Taker):
    assert "Harbour test" in teacher.get("/teach/quizzes?mode=test").text
    assert "Harbours" not in teacher.get("/teach/quizzes?mode=test&search=test").text
    assert "No quiz fits" in teacher.get("/teach/quizzes?search=volcano").text
    page = teacher.get("/teach/quizzes?sort=-title").text
    assert page.index("Harbours</a>") < page.index("Harbour test</a>")
    assert "harbour-test,Harbour test,test" in teacher.get("/teach/quizzes.csv").text


def test_the_count_of_a_draw_leaves_out_what_is_set_and_says_nothing_of_nonsense(teacher: Taker):
    ask = "/teach/quizzes/pool.json?"
    assert teacher.get(f"{ask}topic=tides&fixed=choice-1").get_json() == {"count": 4}
    assert teacher.get(f"{ask}low=2&high=3").get_json() == {"count": 2}
    assert teacher.get(f"{ask}source=nowhere").get_json() == {"count": 0}
    assert teacher.get(f"{ask}low=none").get_json() == {"count": None}


# --- before anybody takes it -----------------------------------------------------------------------------------------


def test_trying_a_question_leaves_no_mark(app: Flask, teacher: Taker):
    page = "/teach/quizzes/harbours/preview"
    shown = teacher.get(page).text
    key = re.search(r'value="(\d)"[^>]*>\s*<span class="choice-text">Key 1<', shown)
    assert key
    assert "100%" in teacher.post(page, number="1", answer=key[1]).text
    assert teacher.post(page, number="77").status_code == 404
    with app.app_context():
        for table in (Attempt, Response, QuizDraft):
            assert transactions.session().scalar(select(func.count()).select_from(table)) == 0


def letters_by_question(page: str) -> dict[str, str]:
    return dict(re.findall(r"· (choice-\d)</span>.*?<strong>([A-C])</strong>", page, re.DOTALL))


def test_each_variant_has_a_key_that_fits_its_questions(teacher: Taker):
    keys = {}
    for variant in "ABCD":
        address = f"/teach/quizzes/harbours/print?variant={variant}"
        questions = teacher.get(address).text
        assert "Explanation" not in questions
        assert "Praise" not in questions
        keys[variant] = letters_by_question(teacher.get(f"{address}&part=key").text)
        assert set(keys[variant]) == {f"choice-{number}" for number in range(1, 6)}
        for name, letter in keys[variant].items():
            block = questions.split(f"Question {name[-1]}: which harbour")[1].split("</section>")[0]
            assert f'<span class="paper-letter">{letter}</span> <span>Key {name[-1]}</span>' in block
    assert len({tuple(one.items()) for one in keys.values()}) > 1


def test_the_wall_counts_hands_and_tells_nothing_before_it_is_revealed(teacher: Taker):
    wall = "/teach/quizzes/harbours/wall?n=2"
    before = teacher.get(wall).text
    assert "Explanation" not in before
    assert "wall-right" not in before
    after = teacher.get(f"{wall}&reveal=1&c0=4&c1=7&c2=nonsense").text
    assert "Explanation" in after
    assert after.count("wall-right") == 1
    assert ">7</td>" in after
    assert teacher.get("/teach/quizzes/harbours/wall?n=99").status_code == 404


def test_a_question_that_was_set_aside_is_named_to_teachers_and_left_out_everywhere(app: Flask, teacher: Taker):
    pages = ("/teach/quizzes/harbours/edit", "/quizzes/harbours")
    assert all("left out" not in teacher.get(page).text for page in pages)
    teacher.post("/teach/questions/choice-2/status", page="/teach/questions/choice-2", to="retired")
    for page in pages:
        said = teacher.get(page).text
        assert "A question is left out of new attempts" in said
        assert "Question 2: which harbour is meant?</a> is retired" in said
    student = new_taker(app, "student")
    assert "left out" not in student.get("/quizzes/harbours").text
    student.start("harbours")
    assert "of 4" in student.get(f"{student.attempt}/1").text
    for page in ("preview", "print", "wall"):
        shown = teacher.get(f"/teach/quizzes/harbours/{page}")
        assert shown.status_code == 200
        assert "Question 2: which" not in shown.text


@pytest.mark.parametrize("page", ["/teach/quizzes", "/teach/quizzes/harbours/edit", "/teach/quizzes/harbours/print"])
def test_queries_do_not_grow_with_the_bank(app: Flask, teacher: Taker, page: str):
    teacher.get(page)  # this process has met the versions then
    with app.app_context(), count_queries(store.db.engine) as statements:
        assert teacher.get(page).status_code == 200
    assert len(statements) <= 12, statements

"""Classes in a browser without JavaScript: made, joined, set a quiz; the student takes it, the teacher watches."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from quizapp.services import transactions
from quizapp.store.tables import Attempt
from tests.web.browsing import errors
from tests.web.classrooms import code_of, join, make_class, set_quiz
from tests.web.sittings import Taker, new_taker

pytestmark = pytest.mark.usefixtures("bank")


def test_the_whole_way(teacher: Taker, student: Taker):
    school_class = make_class(teacher)
    code = code_of(teacher, school_class)
    assert "Join History 9b" in student.get(f"/join/{code.lower()}").text
    join(student, code.lower().replace("-", " "))
    live = set_quiz(teacher, school_class, due="2099-03-12T12:00")
    assert "Not started" in teacher.get(live).text
    home = student.get("/").text
    assert "Due: Harbour test" in home
    page = re.search(r'href="(/assignments/\d+)"', home)
    assert page
    assert "Thursday 12 March 2099" in student.get(page[1]).text
    student.start_assigned(page[1])
    student.press(1, answer="0")
    watched = teacher.get(live).text
    assert "Working" in watched
    assert "1 of 5" in watched
    student.press("submit")
    assert "Submitted" in teacher.get(live).text
    assert "Due: Harbour test" not in student.get("/").text
    assert "From your class" in student.get("/quizzes").text
    assert "sets you this quiz" not in student.get("/quizzes/harbour-test").text


@pytest.mark.parametrize("first", ["/", "/quizzes", "the page of what is set"])
def test_work_of_a_class_whose_time_ran_out_is_handed_in_wherever_its_student_looks_first(
    app: Flask, teacher: Taker, student: Taker, first: str
):
    school_class = make_class(teacher)
    join(student, code_of(teacher, school_class))
    set_quiz(teacher, school_class, due="2099-03-12T12:00")
    page = re.search(r'href="(/assignments/\d+)"', student.get("/").text)[1]
    student.start_assigned(page)
    student.press(1, answer="0")
    with app.app_context():
        session = transactions.session()
        session.execute(update(Attempt).values(deadline=datetime.now(UTC) - timedelta(days=1)))
        session.commit()
    told = student.get(page if first.startswith("the") else first).text
    assert "where you stopped" not in told
    assert "clock is running" not in told
    assert student.get(student.attempt).location == f"{student.attempt}/result"
    assert "The time ran out" in student.get("/").text


def test_begun_work_of_a_class_stands_first_with_its_due_date(teacher: Taker, student: Taker):
    school_class = make_class(teacher)
    join(student, code_of(teacher, school_class))
    set_quiz(teacher, school_class, due="2099-03-12T12:00")
    student.start("harbours")
    page = re.search(r'href="(/assignments/\d+)"', student.get("/").text)[1]
    student.start_assigned(page)
    student.press(1, answer="0")
    home = re.sub(r"<[^>]+>", "", student.get("/").text)
    assert "History 9b, due Thu 12 Mar 2099, 12:00" in home
    assert home.index("Go on: Harbour test") < home.index("Go on: Harbours")
    assert "All answered" not in home
    for number in range(2, 6):
        student.press(number, answer="0")
    home = student.get("/").text
    assert home.count("All answered, not handed in yet") == 1
    assert f'{student.attempt}/summary"' in home


def test_a_code_that_opens_nothing_says_so(student: Taker):
    for code in ("ABCD-EFGH", "nonsense", "ABCD-EFG0"):
        answer = student.post("/join", code=code)
        assert answer.status_code == 422
        assert "No class has this code" in answer.text


def test_guesses_are_counted_and_good_codes_are_not(app: Flask, teacher: Taker):
    code = code_of(teacher, make_class(teacher))
    guesser = new_taker(app, "student")
    said = [guesser.get("/join/ABCDEFGH").status_code for _ in range(25)]  # a minute may begin anew on the way
    assert said.count(422) <= 20
    assert said[-1] == 429
    assert guesser.get(f"/join/{code}").status_code == 429
    for _ in range(12):
        assert new_taker(app, "student").get(f"/join/{code}").status_code == 200


def test_a_withdrawn_code_opens_nothing_and_a_new_one_does(teacher: Taker, student: Taker):
    school_class = make_class(teacher)
    old = code_of(teacher, school_class)
    teacher.post(f"{school_class}/code", page=school_class, code="renew")
    assert student.get(f"/join/{old}").status_code == 422
    teacher.post(f"{school_class}/code", page=school_class, code="revoke")
    assert "nobody can join by themselves" in teacher.get(school_class).text
    assert teacher.get(f"{school_class}/code").status_code == 409


def test_guests_sign_up_first_and_come_back_to_the_class(app: Flask, teacher: Taker):
    code = code_of(teacher, make_class(teacher))
    guest = Taker(app.test_client())
    guest.start()
    page = guest.get(f"/join/{code}").text
    assert f"/sign-up?next=/join/{code.replace('-', '')}" in page
    assert guest.post("/join", page="/quizzes", code=code).status_code == 403


def test_times_are_typed_and_shown_where_the_teacher_is(app: Flask, teacher: Taker, student: Taker):
    school_class = make_class(teacher)
    join(student, code_of(teacher, school_class))
    with teacher.client.session_transaction() as session:
        session["zone"] = "Europe/Berlin"
    with app.app_context():
        from quizapp.store.tables import User

        transactions.session().get_one(User, teacher.user_id).time_zone = "Europe/Berlin"
        transactions.session().get_one(User, student.user_id).time_zone = "America/New_York"
        transactions.commit()
    live = set_quiz(teacher, school_class, due="2099-01-12T12:00")
    assert "Mon 12 Jan 2099, 12:00" in teacher.get(live).text
    edit = teacher.get(f"{live}/edit").text
    assert all(value in edit for value in ('value="2099-01-12"', 'value="12:00"'))
    student.get("/account")
    assert "due Mon 12 Jan 2099, 06:00" in re.sub(r"<[^>]+>", "", student.get("/").text)


def test_a_date_without_a_time_is_the_end_of_that_day(teacher: Taker):
    school_class = make_class(teacher)
    fields = {"opens": ["2099-01-05", ""], "due": ["2099-01-12", ""], "closes": ["2099-01-13", "08:30"]}
    live = teacher.get(set_quiz(teacher, school_class, **fields)).text
    for told in ("opens <time[^>]*>Mon 5 Jan 2099, 00:00<", "Mon 12 Jan 2099, 23:59", "Tue 13 Jan 2099, 08:30"):
        assert re.search(told, live)


def test_what_is_over_is_told_as_past_and_the_record_of_changes_tells_times_as_people_read_them(teacher: Taker):
    school_class = make_class(teacher)
    dates = {"opens": ["2020-01-05", ""], "due": ["2020-01-12", ""], "closes": ["2099-01-13", "08:30"]}
    live = set_quiz(teacher, school_class, **dates)
    told = re.sub(r"<[^>]+>", "", teacher.get(live).text)
    assert "opened Sun 5 Jan 2020, 00:00, was due Sun 12 Jan 2020, 23:59, closes Tue 13 Jan 2099, 08:30" in told
    audit = re.sub(r"<[^>]+>", "", teacher.get("/teach/audit?kind=assignment").text)
    assert "opens: 5 Jan 2020, 00:00" in audit
    assert "quiz set, no. " in audit
    assert "2020-01-05T" not in audit


def test_a_time_without_a_date_is_no_date(teacher: Taker):
    given = {"quiz": "harbour-test", "kind": "class", "late_policy": "accept"}
    for due, said in ((["", "08:30"], "Choose the date too"), (["2099-13-45", ""], "Not a valid")):
        answer = teacher.post(f"{make_class(teacher)}/assign", **given, due=due)
        assert answer.status_code == 422
        assert said in errors(answer)["due"]
        assert f'value="{due[0]}"' in answer.text
        assert f'value="{due[1]}"' in answer.text


def test_what_is_filled_in_wrong_stays_and_is_said_beside_its_field(teacher: Taker):
    school_class = make_class(teacher)
    given = {"quiz": "harbour-test", "kind": "class", "late_policy": "refuse", "opens": "2099-01-12T12:00"}
    answer = teacher.post(f"{school_class}/assign", **given, closes="2099-01-11T12:00")
    assert answer.status_code == 422
    assert "This is not after the opening" in answer.text
    assert "Late is what comes after the due date" in answer.text
    assert 'value="2099-01-11"' in answer.text


# --- other people's classes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["teacher", "admin"])
def test_a_class_of_somebody_else_is_not_found(app: Flask, teacher: Taker, student: Taker, role: str):
    from tests.web.addresses import Places, addresses

    school_class = make_class(teacher)
    join(student, code_of(teacher, school_class))
    live = set_quiz(teacher, school_class)
    numbers = {"school_class": int(school_class.rpartition("/")[2]), "assignment": int(live.rpartition("/")[2])}
    at = Places(**numbers, student=student.id)
    stranger = new_taker(app, role)
    for endpoint, paths in addresses(at).items():
        for path in paths:
            if path.startswith(("/teach/classes/", "/teach/assignments/")) and not path.endswith(
                ("/new", "template.csv")
            ):
                for method in app.url_map.bind("").allowed_methods(path):
                    if method == "GET":
                        answer = stranger.get(path)
                    elif method == "POST":
                        answer = stranger.client.post(path, data={"csrf_token": stranger.token("/sources")})
                    else:
                        continue
                    assert answer.status_code == 404, (endpoint, method, path, answer.status_code)
                    assert "History 9b" not in answer.text
    assert "History 9b" not in stranger.get("/teach/classes").text
    assert "History 9b" in teacher.get(school_class).text

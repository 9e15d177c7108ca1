"""Progress of a class and its students, pages for parents' evening and certificates, without JavaScript."""

from __future__ import annotations

import csv
import io
import re
import uuid

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.store import classes as store_classes
from quizapp.store.attempts import find
from quizapp.store.tables import User
from tests import small_bank
from tests.small_bank import NOON
from tests.web.classrooms import a_class
from tests.web.sittings import Taker, new_taker

HIDDEN = small_bank.a_test(id="hidden", title="Hidden", review={"right_after": [], "while_open": []})
QUIZZES = (small_bank.a_quiz(), small_bank.a_test(), HIDDEN)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app with the small bank."""
    with app.app_context():
        small_bank.publish(transactions.session(), quizzes=QUIZZES)
        small_bank.put_passages(transactions.session())
    return app


def sit(taker: Taker, quiz: str = "harbours") -> str:
    """Hand in a quiz, everything answered by its first option; the attempt's address."""
    taker.start(quiz)
    for number in range(1, 6):
        taker.press(number, answer="0")
    taker.press("submit")
    return taker.attempt


def pages_of(school_class: str, student: Taker) -> list[str]:
    one = f"{school_class}/students/{student.user_id}"
    return [
        f"{school_class}/progress", f"{school_class}/progress.csv", f"{school_class}/progress.csv?table=groups",
        f"{school_class}/progress.xlsx", f"{school_class}/parents-evening", f"{one}/progress", f"{one}/progress.csv",
        f"{one}/progress.csv?table=words", f"{one}/progress.xlsx", f"{one}/parents-evening",
        f"{one}/parents-evening.csv", f"{one}/parents-evening.xlsx", f"{school_class}/parents-evening.csv",
        f"{school_class}/parents-evening.xlsx",
    ]  # fmt: skip


def test_they_are_for_the_teachers_of_the_class_alone(app: Flask, teacher: Taker, student: Taker):
    school_class = a_class(app, teacher, student)
    sit(student)
    for path in pages_of(school_class, student):
        assert teacher.get(path).status_code == 200, path
        assert new_taker(app, "teacher").get(path).status_code == 404, path
        assert new_taker(app, "admin").get(path).status_code == 404, path
        assert student.get(path).status_code == 403, path
        assert new_taker(app, "anyone").get(path).status_code == 302, path


def test_a_student_of_another_class_is_not_found_through_ones_own(app: Flask, teacher: Taker, student: Taker):
    own, other = a_class(app, teacher), new_taker(app, "teacher")
    a_class(app, other, student)
    sit(student)
    for path in (path for path in pages_of(own, student) if "/students/" in path):
        assert teacher.get(path).status_code == 404, path


def test_who_left_the_class_is_seen_no_more(app: Flask, teacher: Taker, student: Taker):
    school_class = a_class(app, teacher, student)
    sit(student)
    with app.app_context():
        place = store_classes.membership(transactions.session(), int(school_class.rpartition("/")[2]), student.id)
        assert place is not None
        place.removed_at = NOON
        transactions.commit()
    assert teacher.get(f"{school_class}/students/{student.user_id}/progress").status_code == 404
    assert "Nobody is in this class yet" in teacher.get(f"{school_class}/progress").text


def test_empty_states_say_what_will_come(app: Flask, teacher: Taker, student: Taker):
    nobody = a_class(app, teacher)
    for page in ("progress", "parents-evening"):
        assert "Nobody is in this class yet" in teacher.get(f"{nobody}/{page}").text
    nothing = a_class(app, teacher, student)
    assert "Nothing is finished yet" in teacher.get(f"{nothing}/progress").text
    assert "Nothing is finished yet" in teacher.get(f"{nothing}/students/{student.user_id}/progress").text
    evening = teacher.get(f"{nothing}/parents-evening").text
    assert "Nothing was set yet, and nothing taken" in evening
    assert "Too early to say: 0 answers so far" in evening


def test_pages_say_what_they_know_and_nothing_more(app: Flask, teacher: Taker, student: Taker):
    school_class = a_class(app, teacher, student)
    sit(student)
    page = teacher.get(f"{school_class}/progress?sort=-right").text
    assert "It is too early to say: 5 answers so far" in page
    assert 'aria-sort="descending"' in page
    for path in (*pages_of(school_class, student), "/progress"):
        if path.endswith(".xlsx"):
            continue
        text = (student if path == "/progress" else teacher).get(path).text
        assert "None" not in re.sub(r"<[^>]+>", " ", text.partition("<main")[2]), path
        assert "nan" not in re.findall(r"[a-z]+", text.lower()), path


def test_every_download_opens(app: Flask, teacher: Taker, student: Taker):
    school_class = a_class(app, teacher, student)
    sit(student)
    pages = (
        (teacher, pages_of(school_class, student)[0]),
        (teacher, pages_of(school_class, student)[5]),
        (student, "/progress"),
    )
    for who, path in pages:
        downloads = re.findall(r'href="([^"]+)" download', who.get(path).text)
        assert len(downloads) >= 3, path
        for href in downloads:
            answer = who.get(href.replace("&amp;", "&"))
            assert answer.status_code == 200
            assert "progress-" in answer.headers["Content-Disposition"]


def test_ones_own_quizzes_sort_and_download(app: Flask, student: Taker):
    sit(student, "harbours")
    sit(student, "harbour-test")
    for sort, ends in (("title", ["Harbour test", "Harbours"]), ("-title", ["Harbours", "Harbour test"])):
        page = student.get(f"/progress?sort={sort}").text
        table = page.partition("Your quizzes</caption>")[2].partition("</table>")[0]
        assert re.findall(r'<td><a href="/quizzes/[^"]+">([^<]+)', table) == ends
    rows = list(csv.reader(io.StringIO(student.get("/progress.csv?table=quizzes").text.lstrip("\ufeff"))))
    assert rows[0] == ["Quiz", "Attempts", "Best (per cent)", "Last (per cent)", "Counts (per cent)"]
    assert {row[0] for row in rows[1:]} == {"Harbours", "Harbour test"}
    assert student.get("/progress.csv?table=certainty").text.startswith("\ufeffHow sure,Answers,Right,Share")


def test_nonsense_in_the_address_is_harmless(app: Flask, teacher: Taker, student: Taker):
    school_class = a_class(app, teacher, student)
    sit(student)
    for path in pages_of(school_class, student):
        for query in ("sort=__class__", "table=nonsense", "sort=-"):
            assert teacher.get(f"{path.split('?')[0]}?{query}").status_code == 200


def test_what_pages_for_parents_evening_say_can_be_downloaded(app: Flask, teacher: Taker, student: Taker):
    classmate = new_taker(app, "student")
    school_class = a_class(app, teacher, student, classmate)
    sit(student)
    for path, quizzes in ((f"{school_class}/parents-evening", 1),
                          (f"{school_class}/students/{student.user_id}/parents-evening", 1)):  # fmt: skip
        downloads = re.findall(r'href="([^"]+)" download', teacher.get(path).text)
        assert downloads == [f"{path}.csv", f"{path}.xlsx"]
        answer = teacher.get(f"{path}.csv")
        assert "parents-evening-" in answer.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert [(row["Quiz"], row["Out of"]) for row in rows if row["Line"] == "done"] == [("Harbours", "5")] * quizzes
        assert "Too early to say: 5 answers so far" in [row["Text"] for row in rows if row["Line"] == "strong"]
    everybody = teacher.get(f"{school_class}/parents-evening.csv").text
    with app.app_context():
        for one in (student, classmate):
            user = transactions.session().get(User, one.user_id)
            assert user is not None
            assert user.username in everybody
    assert teacher.get(f"{school_class}/parents-evening.pdf").status_code == 404


# --- certificates ----------------------------------------------------------------------------------------------------


def test_a_certificate_says_who_which_quiz_and_how_much(app: Flask, student: Taker):
    attempt = sit(student, "harbour-test")
    assert f'href="{attempt}/certificate"' in student.get(f"{attempt}/result").text
    page = student.get(f"{attempt}/certificate").text
    name = re.search(r'certificate-who">([^<]+)<', page)
    with app.app_context():
        found = find(transactions.session(), uuid.UUID(attempt.rpartition("/")[2]), student.id)
        assert found is not None
        assert found.mark is not None
        percent = f"{found.mark * 100 / found.available:.0f}%"
    assert name
    assert f'certificate-score">{percent}<' in page
    assert "Harbour test" in page
    assert "of 5 marks, 5 questions" in page
    assert "A test, handed in on" in page


def test_there_is_none_of_what_is_open_hidden_outside_the_grade_or_anothers(app: Flask, student: Taker):
    working = new_taker(app, "student")
    working.start("harbours")
    assert working.at("certificate").location == working.attempt
    hidden = sit(student, "hidden")
    assert student.get(f"{hidden}/certificate").location == f"{hidden}/result"
    assert "/certificate" not in student.get(f"{hidden}/result").text
    done = sit(student, "harbour-test")
    again = student.post(f"{done}/retry", page=f"{done}/result").location
    student.post(f"{again}/submit", page="/quizzes")
    assert student.get(f"{again}/certificate").location == f"{again}/result"
    assert new_taker(app, "student").get(f"{done}/certificate").status_code == 404


def test_a_guest_writes_the_name_by_hand(app: Flask):
    guest = Taker(app.test_client())
    attempt = sit(guest)
    assert "A line for the name" in guest.get(f"{attempt}/certificate").text

"""The pages of item analysis: for teachers only; figures, words, charts with tables, downloads; choices that stay."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.sittings import Taker, new_taker

QUIZ = "/teach/analysis/harbours"
QUESTION = f"{QUIZ}/questions/choice-2"
PAGES = ("/teach/analysis", QUIZ, QUESTION, f"{QUIZ}/tables.csv", f"{QUIZ}/workbook.xlsx")

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def taken(app: Flask) -> Flask:
    """Three students have practised; the second question is blank in each."""
    for _ in range(3):
        sit(new_taker(app, "student"))
    return app


def sit(taker: Taker) -> None:
    taker.start()
    for number in (1, 3, 4, 5):
        taker.press(number, answer=str(number % 3))
    taker.press("submit")


def test_they_are_for_teachers(taken: Flask):
    for path in PAGES:
        assert new_taker(taken, "student").get(path).status_code == 403
        assert new_taker(taken, "anyone").get(path).status_code == 302
        assert new_taker(taken, "teacher").get(path).status_code == 200


def test_before_anybody_has_finished_it_says_so(app: Flask, teacher: Taker):
    sit(teacher)  # a trial of one's own
    assert "Nobody has finished this quiz yet" in teacher.get(QUIZ).text
    assert teacher.get(QUESTION).status_code == 404
    assert teacher.get("/teach/analysis/no-such-quiz").status_code == 404


def test_few_attempts_are_called_few_and_every_chart_has_its_numbers(taken: Flask, teacher: Taker):
    page = teacher.get(QUIZ).text
    assert "3 attempts: too few to say" in page
    assert "3 attempts by 3 students; what counts is each student’s first attempt" in page
    assert 'class="bars"' in page
    question = teacher.get(QUESTION).text
    assert "3 answers: too few to say" in question
    assert "3 left it blank" in question
    assert question.count('data-label="Weakest"') == 3  # the options
    assert "nan" not in re.findall(r"[a-z]+", (page + question).lower())
    for text in (page, question):
        assert "None" not in re.sub(r"<[^>]+>", " ", text.partition("<main")[2])


def test_tables_sort_and_download(taken: Flask, teacher: Taker):
    page = teacher.get(f"{QUIZ}?sort=-facility&which=all").text
    assert 'aria-sort="descending"' in page
    assert "which=all" in page
    downloads = set(re.findall(r'href="([^"]+)" download', page))
    assert len(downloads) == 6
    for href in downloads:
        answer = teacher.get(href.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert 'filename="harbours-' in answer.headers["Content-Disposition"]
    assert 'more-statistics" open' in teacher.get(f"{QUIZ}?sort=efficiency").text
    assert 'more-statistics" open' in teacher.get(f"{QUIZ}?sort=-value").text
    assert teacher.get(f"{QUIZ}/tables.csv?table=spread").text.startswith("\ufeffFrom,To,Attempts")
    [listed] = re.findall(r'href="([^"]+)" download', teacher.get("/teach/analysis").text)
    assert "Harbours,3,3" in teacher.get(listed).text


def test_the_tables_of_a_question_sort_and_download_too(taken: Flask, teacher: Taker):
    page = teacher.get(f"{QUESTION}?sort=-share").text
    assert 'aria-sort="descending"' in page
    [options] = re.findall(r'href="([^"]+)" download', page)
    text = teacher.get(options.replace("&amp;", "&")).text
    assert {row.split(",")[0] for row in text.splitlines()[1:]} == {"2"}  # of no other question
    assert teacher.get(f"{QUIZ}/tables.csv?table=options&item=no-such-item").status_code == 404


def test_nonsense_in_the_address_is_harmless(taken: Flask, teacher: Taker):
    for query in ("sort=__class__", "which=worst&group=-1", "group=999999", "table=nonsense", "group=%27"):
        for path in PAGES:
            assert teacher.get(f"{path}?{query}").status_code == 200


def test_quizzes_are_listed_with_their_attempts(taken: Flask, teacher: Taker):
    page = teacher.get("/teach/analysis?sort=-attempts").text
    assert re.search(r'analysis/harbours">Harbours</a></th>\s*<td[^>]*>3</td>\s*<td[^>]*>3</td>', page)
    assert re.search(r'analysis/harbour-test">Harbour test</a></th>\s*<td[^>]*>0</td>', page)

"""Taking a quiz in a browser without JavaScript, on both databases: the rules, and what each page costs."""

from __future__ import annotations

import gzip
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from quizapp import store
from quizapp.services import transactions
from quizapp.store.tables import Attempt, Response, Slot, User
from tests import real_bank, small_bank, small_catalogue
from tests.databases import count_queries
from tests.web.sittings import Taker, key_position, wrong_position

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def ann(app: Flask) -> Taker:
    """A visitor; another student's attempts lie about."""
    bob = Taker(app.test_client())
    for quiz in ("harbours", "harbour-test"):
        bob.start(quiz)
    return Taker(app.test_client())


def ask(app: Flask, query: Any) -> Any:
    with app.app_context():
        return transactions.session().execute(query).all()


def change(app: Flask, statement: Any) -> None:
    with app.app_context():
        transactions.session().execute(statement)
        transactions.commit()


def identity(attempt: str) -> uuid.UUID:
    return uuid.UUID(attempt.rpartition("/")[2])


def overdue_by(app: Flask, attempt: str, seconds: int) -> None:
    """Move the attempt's deadline into the past."""
    deadline = datetime.now(UTC) - timedelta(seconds=seconds)
    change(app, update(Attempt).where(Attempt.id == identity(attempt)).values(deadline=deadline))


# --- starting and coming back ----------------------------------------------------------------------------------------


def test_a_visitor_who_starts_is_a_guest_with_an_attempt(app: Flask, ann: Taker):
    assert ann.at(1).status_code in (302, 404)
    attempt = ann.start()
    assert re.fullmatch(r"/attempts/[0-9a-f-]{36}", attempt)
    assert "Question 1" in ann.at(1).text
    assert sorted(role for (role,) in ask(app, select(User.role))) == ["guest", "guest"]


def test_starting_twice_makes_one_attempt(app: Flask, ann: Taker):
    assert ann.start() == ann.start()
    assert len(ask(app, select(Attempt).where(Attempt.id == identity(ann.attempt)))) == 1
    assert len(ask(app, select(Attempt))) == 3


def test_attempts_run_out(ann: Taker):
    first = ann.start("harbour-test")
    ann.press("submit")
    second = ann.start("harbour-test")
    assert first != second
    ann.press("submit")
    assert "You have used all your attempts" in ann.get("/quizzes/harbour-test").text
    refused = ann.post("/quizzes/harbour-test/attempts", page="/quizzes")
    assert refused.status_code == 403
    assert "All 2 attempts at this quiz are used" in refused.text


def test_a_quiz_that_is_not_there_cannot_be_started(ann: Taker):
    assert ann.post("/quizzes/nothing/attempts", page="/quizzes").status_code == 404
    assert ann.get("/quizzes/nothing").status_code == 404


def test_one_comes_back_to_where_one_left(ann: Taker):
    ann.start("harbour-test")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/1"
    ann.press(1, answer="0")
    ann.press(2, answer="1")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/3"
    for number in (3, 4, 5):
        ann.press(number, answer="0")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/summary"
    ann.press("submit")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/result"
    assert ann.at(1).location == ann.attempt
    assert ann.at("summary").location == f"{ann.attempt}/result"


def test_practice_comes_back_to_the_first_question_that_is_not_checked(ann: Taker):
    ann.start()
    ann.press(1, answer="0")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/1"
    ann.press("1/check", answer="0")
    assert ann.get(ann.attempt).location == f"{ann.attempt}/2"


def test_home_and_quizzes_lead_back_to_what_is_open(ann: Taker):
    ann.start()
    for page in ("/", "/quizzes", "/quizzes/harbours"):
        assert f'href="{ann.attempt}"' in ann.get(page).text


def test_an_attempt_follows_its_account_to_another_device(app: Flask, ann: Taker):
    ann.sign_up()
    ann.start()
    ann.press(1, answer="2")
    laptop = Taker(app.test_client())
    laptop.sign_in()
    laptop.attempt = ann.attempt
    assert re.search(r'value="2" checked', laptop.at(1).text)


# --- saving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("go", "to"), [("", "1"), ("3", "3"), ("summary", "summary"), ("elsewhere", "1")])
def test_a_saved_form_leads_where_its_button_says(ann: Taker, go: str, to: str):
    ann.start()
    assert ann.press(1, answer="1", go=go).location == f"{ann.attempt}/{to}"
    assert re.search(r'value="1" checked', ann.at(1).text)


def test_the_script_is_told_what_became_of_its_save(ann: Taker):
    ann.start()
    told = ann.script(1, 1, answer="2").get_json()
    assert told == {"standing": "current", "stamp": "phone-0001:1", "current": "phone-0001:1", "answered": True,
                    "form": {"answer": ["2"]}}  # fmt: skip
    assert ann.script(1, 1, answer="0").get_json() == told


def test_two_devices_that_differ_see_both_answers(ann: Taker):
    ann.start()
    ann.script(1, 1, answer="0")
    ann.script(1, 1, client="laptop-0001", base="phone-0001:1", answer="1")
    refused = ann.script(1, 2, base="phone-0001:1", answer="2")
    assert (refused.status_code, refused.get_json()["standing"]) == (409, "conflict")
    page = ann.press(1, client="phone-0001", sequence="3", base="phone-0001:1", answer="2")
    assert page.status_code == 409
    mine, theirs = page.text.split("Written on the other device")
    assert 'value="2" checked' in mine
    assert 'value="1" checked' in theirs
    ann.press(1, answer="2")
    assert re.search(r'value="2" checked', ann.at(1).text)


def test_a_form_that_says_nothing_new_stores_nothing(app: Flask, ann: Taker):
    ann.start()
    ann.press(1, answer="1")
    before = ask(app, select(func.count(Response.id)))
    assert ann.press(1, answer="1", go="2").location == f"{ann.attempt}/2"
    assert ann.press(1, unchanged="1", go="2").location == f"{ann.attempt}/2"
    assert ask(app, select(func.count(Response.id))) == before


@pytest.mark.parametrize("number", [0, 6, 2**31, 2**63, 10**40])
def test_a_question_that_is_not_there_is_not_found(ann: Taker, number: int):
    ann.start()
    assert ann.at(number).status_code == 404
    for refused in (
        ann.press(number, answer="0"),
        ann.script(number, 1, answer="0"),
        ann.press(f"{number}/check", answer="0"),
        ann.press(f"{number}/flag", flagged="1"),
    ):
        assert refused.status_code in (404, 405)  # 405 where no such number is an address at all


@pytest.mark.parametrize("sent", [
    {"client": "short", "sequence": "1"}, {"client": "phone-0001", "sequence": "-1"},
    {"client": "phone-0001", "sequence": "1" * 40}, {"client": "<b>phone</b>", "sequence": "1"},
    {"client": "phone-0001", "sequence": "1", "base": "x" * 4000}, {"base": "a:b:c"}, {"go": "²"},
    {"go": "9" * 5000}, {"client": "phone-0001", "sequence": "1", "base": "x" * 4000 + ":1"},
    {"client": "phone-0001", "sequence": "1", "base": "phone-0001:" + "9" * 5000},
    {"client": "phone-0001", "sequence": "1", "base": "phone-0001:" + "9" * 80},
])  # fmt: skip
def test_fields_that_make_no_sense_lose_no_answer(ann: Taker, sent: dict[str, str]):
    ann.start()
    assert ann.press(1, answer="1", **sent).status_code == 302
    assert re.search(r'value="1" checked', ann.at(1).text)


# --- checking (practice) ---------------------------------------------------------------------------------------------


def test_a_checked_answer_is_final_and_shows_its_evidence(ann: Taker):
    ann.start()
    key = key_position(ann.at(1).text)
    assert ann.press("1/check", answer=key).location == f"{ann.attempt}/1#review"
    page = ann.at(1).text
    for shown in ("Praise", "Explanation", "harbour ", "1 of 1"):
        assert shown in page
    assert 'name="answer"' not in page


def test_a_blank_cannot_be_checked_but_one_may_give_up(ann: Taker):
    ann.start()
    assert ann.press("1/check").location == f"{ann.attempt}/1"
    page = ann.at(1).text
    assert "Answer first, then check" in page
    assert "Explanation" not in page
    assert ann.press("1/check", give_up="1").location.endswith("#review")
    assert "Not answered" in ann.at(1).text


def test_checking_twice_changes_nothing(app: Flask, ann: Taker):
    ann.start()
    key, wrong = (choose(ann.at(1).text) for choose in (key_position, wrong_position))
    ann.press("1/check", answer=key)
    assert ann.press("1/check", answer=wrong).location == f"{ann.attempt}/1#review"
    assert "Your answer: right" in ann.at(1).text
    slot = select(Slot.fraction, Slot.checked_at).where(Slot.attempt_id == identity(ann.attempt), Slot.number == 1)
    assert ask(app, slot)[0].fraction == 1


def test_an_answer_after_the_check_is_kept_but_too_late(ann: Taker):
    ann.start()
    key, wrong = (choose(ann.at(1).text) for choose in (key_position, wrong_position))
    ann.press("1/check", answer=key)
    assert ann.script(1, 1, answer=wrong).get_json()["standing"] == "late"
    ann.press("submit")
    page = ann.at("result").text
    assert "Came too late to count" in page
    assert page.count("Your answer: right") == 1


def test_a_test_is_not_checked_question_by_question(ann: Taker):
    ann.start("harbour-test")
    refused = ann.press("1/check", answer="0")
    assert refused.status_code == 403
    assert "Explanation" not in ann.at(1).text


# --- flags and the summary -------------------------------------------------------------------------------------------


def test_a_flag_comes_and_goes_and_keeps_what_is_written(ann: Taker):
    ann.start()
    ann.press("2/flag", flagged="1", answer="1")
    assert "Flagged to come back to" in ann.at("summary").text
    assert re.search(r'value="1" checked', ann.at(2).text)
    ann.press("2/flag", flagged="0", answer="1")
    assert "Flagged to come back to" not in ann.at("summary").text


def test_the_summary_lists_what_is_unanswered_and_flagged(ann: Taker):
    ann.start("harbour-test")
    for number in (1, 3):
        ann.press(number, answer="0")
    ann.press("4/flag", flagged="1", unchanged="1")
    page = ann.at("summary").text
    assert "2 of 5 answered" in page
    numbers = re.findall(r"/(\d)\">\d</a>", page.split("Not answered yet:")[1].split("</p>")[0])
    assert numbers == ["2", "4", "5"]
    assert re.findall(r"/(\d)\">\d</a>", page.split("Flagged to come back to:")[1].split("</p>")[0]) == ["4"]


# --- handing in ------------------------------------------------------------------------------------------------------


def test_what_was_given_up_is_done_with_in_the_summary(ann: Taker):
    ann.start()
    for number in (1, 2):
        ann.press(f"{number}/check", give_up="1")
    page = ann.at("summary").text
    assert "2 of 5 done" in page
    assert re.search(r"Not answered yet: <a [^>]+/3\">3</a>", page)
    assert re.search(r'href="[^"]+/3">Go on answering', page)
    for number in (3, 4, 5):
        ann.press(f"{number}/check", give_up="1")
    assert "All questions are done" in ann.at("summary").text


def test_the_result_adds_up(ann: Taker):
    ann.start("harbour-test")
    for number in (1, 2, 3):
        ann.press(number, answer=key_position(ann.at(number).text))
    ann.press(4, answer=wrong_position(ann.at(4).text))
    assert ann.press("submit").location == f"{ann.attempt}/result"
    page = ann.at("result").text
    assert "60%" in page
    assert "3 of 5 marks" in page
    assert "✓ Passed" in page
    assert page.count("The right option.") == 3
    assert page.count("No answer was given.") == 1
    for shown in ("Correction", "Explanation 5", "harbour 5"):
        assert shown in page


def test_submitting_twice_changes_nothing(app: Flask, ann: Taker):
    ann.start("harbour-test")
    ann.press(1, answer=key_position(ann.at(1).text))
    ann.press("submit")
    first = ask(app, select(Attempt.submitted_at, Attempt.mark).where(Attempt.id == identity(ann.attempt)))
    assert ann.press("submit").location == f"{ann.attempt}/result"
    assert ask(app, select(Attempt.submitted_at, Attempt.mark).where(Attempt.id == identity(ann.attempt))) == first


def test_an_answer_after_submission_is_kept_shown_and_not_marked(ann: Taker):
    ann.start("harbour-test")
    key, wrong = (choose(ann.at(1).text) for choose in (key_position, wrong_position))
    ann.press(1, answer=wrong)
    ann.press("submit")
    assert ann.press(1, answer=key).location == ann.attempt
    page = ann.at("result").text
    assert "came too late to count" in page
    assert "Came too late to count" in page
    assert "0 of 5 marks" in page


@pytest.mark.parametrize("rest", ["1/check", "1/flag"])
def test_nothing_else_changes_after_submission(ann: Taker, rest: str):
    ann.start()
    ann.press("submit")
    assert ann.press(rest, answer="0", flagged="1", unchanged="1").location == ann.attempt
    assert "This attempt has ended" in ann.at("result").text


def test_the_result_is_not_there_before_submission(ann: Taker):
    ann.start("harbour-test")
    assert ann.at("result").location == ann.attempt


def test_time_that_has_run_out_submits_as_of_the_deadline(app: Flask, ann: Taker):
    ann.start("harbour-test")
    ann.press(1, answer=key_position(ann.at(1).text))
    overdue_by(app, ann.attempt, 61)
    late = ann.script(2, 1, answer="0")
    assert late.get_json()["standing"] == "late"
    assert ann.at(2).location == ann.attempt
    assert ann.get(ann.attempt).location == f"{ann.attempt}/result"
    page = ann.at("result").text
    assert "The time ran out" in page
    assert "Came too late to count" in page
    assert "1 of 5 marks" in page
    attempt = ask(app, select(Attempt).where(Attempt.id == identity(ann.attempt)))[0][0]
    assert (attempt.overdue, attempt.submitted_at) == (True, attempt.deadline)


def test_a_save_within_the_grace_counts(app: Flask, ann: Taker):
    ann.start("harbour-test")
    key = key_position(ann.at(1).text)
    overdue_by(app, ann.attempt, 30)
    assert ann.script(1, 1, answer=key).get_json()["standing"] == "current"


@pytest.mark.parametrize("page", ["", "/1", "/summary", "/result"])
def test_whoever_first_looks_closes_an_overdue_attempt(app: Flask, ann: Taker, page: str):
    ann.start("harbour-test")
    overdue_by(app, ann.attempt, 3600)
    response = ann.client.get(ann.attempt + page, follow_redirects=True)
    assert "The time ran out" in response.text


@pytest.mark.parametrize("page", ["/", "/quizzes", "/quizzes/harbour-test", "/progress"])
def test_after_the_time_ran_out_no_page_says_to_go_on(app: Flask, ann: Taker, page: str):
    """Whatever is looked at first, the attempt is handed in and found there; of somebody else's nothing is touched."""
    bob = Taker(app.test_client())
    bob.start("harbour-test")
    ann.start("harbour-test")
    ann.press(1, answer="0")
    for one in (ann, bob):
        overdue_by(app, one.attempt, 24 * 3600)
    told = ann.get(page).text
    assert "Go on where you stopped" not in told
    assert "go on where you stopped" not in told
    ended = select(Attempt.submitted_at).where(Attempt.id == identity(ann.attempt))
    assert ask(app, ended)[0][0] is not None
    assert ask(app, select(Attempt.submitted_at).where(Attempt.id == identity(bob.attempt)))[0][0] is None


def test_the_front_page_tells_whoever_comes_back_after_the_deadline(app: Flask, ann: Taker):
    ann.start("harbour-test")
    ann.press(1, answer=key_position(ann.at(1).text))
    overdue_by(app, ann.attempt, 24 * 3600)
    page = ann.get("/").text
    assert "Your last result" in page
    assert f"{ann.attempt}/result" in page
    assert "The time ran out" in page


def test_what_the_page_hands_in_when_the_time_is_up_is_not_called_submitted_by_hand(app: Flask, ann: Taker):
    """Within the grace, as the page's own timer does it."""
    ann.start("harbour-test")
    overdue_by(app, ann.attempt, 3)
    ann.press("submit")
    assert "The time ran out" in ann.at("result").text
    ann.start("harbour-test")
    ann.press("submit")
    assert "The time ran out" not in ann.at("result").text


def test_what_another_device_wrote_and_nobody_chose_stands_in_the_result(ann: Taker):
    ann.start("harbour-test")
    ann.script(1, 1, "phone-0001", answer="0")
    assert ann.script(1, 1, "laptop-001", answer="1").status_code == 409
    ann.script(2, 1, "phone-0001", answer="0")
    assert ann.script(2, 1, "laptop-001", answer="1").status_code == 409
    assert ann.script(2, 1001, "laptop-001", base="phone-0001:1", answer="1").status_code == 200  # chosen
    ann.script(3, 1, "phone-0001", answer="0")
    assert ann.script(3, 1, "laptop-001", answer="").status_code == 409
    ann.press("submit")
    page = ann.at("result").text
    (told,) = re.findall(r'<p class="late">(.+?)</p>', page)
    assert "Written on another device, and not chosen" in told
    assert page.index(told) < page.index('id="question-2"')


def test_a_new_attempt_may_start_once_the_old_one_is_overdue(app: Flask, ann: Taker):
    first = ann.start("harbour-test")
    overdue_by(app, first, 3600)
    assert ann.start("harbour-test") != first


def test_progress_and_the_quiz_tell_of_an_overdue_attempt(app: Flask, ann: Taker):
    ann.start("harbour-test")
    overdue_by(app, ann.attempt, 3600)
    assert f"{ann.attempt}/result" in ann.get("/progress").text


# --- practising what was missed --------------------------------------------------------------------------------------


def test_what_was_missed_can_be_practised_outside_the_grade(ann: Taker):
    ann.start("harbour-test")
    for number in (1, 2, 3):
        ann.press(number, answer=key_position(ann.at(number).text))
    ann.press("submit")
    assert "Practise what you missed (2)" in ann.at("result").text
    graded = ann.attempt
    ann.attempt = ann.press("retry").location
    page = ann.at(1).text
    assert "of 2" in page
    assert "what you missed" in page
    for number in (1, 2):
        ann.press(f"{number}/check", answer=key_position(ann.at(number).text))
    ann.press("submit")
    assert "What you missed, again" in ann.at("result").text
    quiz = ann.get("/quizzes/harbour-test").text
    assert "1 attempt left" in quiz
    assert "60%" in quiz
    assert "100%" not in quiz
    ann.attempt = graded
    assert "60%" in ann.at("result").text


def test_a_retry_needs_a_finished_attempt_with_something_missed(ann: Taker):
    ann.start("harbour-test")
    assert ann.press("retry").status_code == 409
    for number in range(1, 6):
        ann.press(number, answer=key_position(ann.at(number).text))
    ann.press("submit")
    assert ann.press("retry").status_code == 409
    assert "Practise what you missed" not in ann.at("result").text


# --- what pages cost -------------------------------------------------------------------------------------------------


def statements_of(app: Flask, act: Any) -> list[str]:
    with app.app_context(), count_queries(store.db.engine) as statements:
        response = act()
    assert response.status_code == 200, response.text
    return statements


def test_a_question_costs_one_statement_and_its_review_three_at_most(app: Flask, ann: Taker):
    ann.start()
    ann.press(1, answer="1")
    ann.at(1)
    asked = statements_of(app, lambda: ann.at(1))
    assert len(asked) == 1, asked
    ann.press("1/check", answer="1")
    ann.at(1)
    reviewed = statements_of(app, lambda: ann.at(1))
    assert len(reviewed) <= 3, reviewed  # and what is open elsewhere, and the names of the passages


def test_a_save_costs_one_select_and_one_insert(app: Flask, ann: Taker):
    ann.start()
    data = {"csrf_token": ann.token("/quizzes"), "client": "phone-0001", "sequence": "1", "base": "", "answer": "1"}
    headers = {"Accept": "application/json"}
    statements = statements_of(app, lambda: ann.client.post(f"{ann.attempt}/1", data=data, headers=headers))
    assert [one.split()[0] for one in statements] == ["SELECT", "INSERT"]


@pytest.mark.parametrize("size", [2, 12])
def test_a_result_costs_four_statements_whatever_the_number_of_questions(app: Flask, ann: Taker, size: int):
    quiz = small_bank.a_quiz(id="sized", sections=[{"items": [f"choice-{n}" for n in range(1, size + 1)]}])
    with app.app_context():
        session = transactions.session()
        real_bank.put(session, "source", "almanac", small_catalogue.SOURCE)
        harbours = small_catalogue.a_passage("harbours", "Ships come", "his tower")
        real_bank.put(session, "passage", "almanac/harbours", harbours)
        small_bank.publish(session, items=size, quizzes=(quiz,))
    ann.start("sized")
    ann.press(1, answer="0")
    ann.press("submit")
    assert "Of harbours" in ann.at("result").text
    statements = statements_of(app, lambda: ann.at("result"))
    assert len(statements) == 4, statements  # the attempt, its slots, what is open elsewhere, what is published


@pytest.mark.parametrize(("page", "most"), [("/", 5), ("/quizzes", 4), ("/quizzes/harbours", 4)])
def test_a_list_of_quizzes_costs_few_statements(app: Flask, ann: Taker, page: str, most: int):
    for _ in range(3):
        ann.start()
        ann.press("submit")
    ann.get(page)
    statements = statements_of(app, lambda: ann.get(page))
    assert len(statements) <= most, statements


def test_the_first_visit_and_a_question_weigh_little(ann: Taker):
    seen: dict[str, int] = {}

    def weigh(page: str) -> int:
        html = ann.get(page).text
        fresh = {address for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html) if "touch" not in address}
        for address in fresh - set(seen):
            answer = ann.client.get(address, headers={"Accept-Encoding": "gzip"})
            assert answer.status_code == 200
            seen[address] = len(answer.data)
            answer.close()
        return len(gzip.compress(html.encode())) + sum(seen[address] for address in fresh)

    assert weigh("/") <= 30_000, sorted(seen.items())
    ann.start()
    assert weigh(f"{ann.attempt}/1") <= 30_000, sorted(seen.items())

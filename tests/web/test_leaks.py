"""Every byte that a browser receives while questions are open, over the whole bank: nothing tells or predicts the key.

All items of the bank are open at once, in several attempts of one student, who asks for every page there is.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from quizapp import create_app
from quizapp.domain.item import Item
from quizapp.domain.items import build, item_digest
from quizapp.services import reading, taking, transactions
from quizapp.services.taking.starting import drawable
from quizapp.store import bank
from quizapp.store.tables import Slot
from tests import databases, real_bank
from tests.conftest import settings_for
from tests.web.kept_back import Page, Received, Secrets, rotated, told_anywhere, told_by_question, words
from tests.web.sittings import Taker, new_taker


@pytest.fixture(scope="module", params=["with documents", "without documents"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app with the true bank, once with the documents attached and once without."""
    folder: Path | None = request.getfixturevalue("documents") if request.param == "with documents" else None
    app = create_app(settings_for(tmp_path_factory.mktemp("leaks")))
    app.testing = True
    real_bank.publish(app, folder)
    yield app
    with app.app_context():
        databases.close(app)


def asked_with(item: Item | None) -> frozenset[str]:
    """The quotes among which a question asks to choose: they are its options."""
    places = item.ask(item.default_order()).places if item is not None else ()
    return frozenset(words(quote) for one in places for quote in one.quotes)


class Student(Taker):
    """Somebody whose browser keeps all that it receives."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.test_client())
        self.app = app
        self.received: list[Received] = []
        self.known_token = ""

    def keep(self, response: TestResponse, item: Item | None = None, reviewed: Item | None = None) -> TestResponse:
        """Remember the answer; of which open question, or of which one that is checked, it is."""
        query = f"?{response.request.query_string.decode()}" if response.request.query_string else ""
        self.received.append(Received(response.request.path + query, response, item, asked_with(reviewed)))
        return response

    def token(self, page: str) -> str:
        """The session's token, which stays the same once there is a guest."""
        if not self.attempt:
            return super().token(page)
        self.known_token = self.known_token or super().token(page)
        return self.known_token

    def slots(self) -> list[Item]:
        """The items of the attempt, in the order of its questions."""
        with self.app.app_context():
            session = transactions.session()
            mine = select(Slot.item_digest).where(Slot.attempt_id == identity(self.attempt)).order_by(Slot.number)
            digests = list(session.scalars(mine))
            items = bank.items(session, digests)
            return [items[digest] for digest in digests]

    def order(self, number: int) -> tuple[int, ...]:
        """The order in which a question's options are shown."""
        with self.app.app_context():
            slot = transactions.session().get(Slot, (identity(self.attempt), number))
            assert slot is not None
            return tuple(slot.order)

    def answer(self, number: int, item: Item) -> None:
        """Everything that one does with an open question: look, save by script and by form, rightly and not, flag."""
        right = flat(item.form(item.correct_response(), self.order(number)))
        self.keep(self.script(number, 1, **right))
        self.keep(self.script(number, 2, **other_answer(item, right)))
        self.keep(self.script(number, 1, client="laptop-0001", **right))
        self.keep(self.press(number, **right))
        self.keep(self.press(number, client="laptop-0001", sequence="2", **right))
        self.keep(self.press(f"{number}/flag", flagged="1", unchanged="1"))
        self.keep(self.at(number), item)


def identity(attempt: str) -> uuid.UUID:
    return uuid.UUID(attempt.rpartition("/")[2])


def flat(form: dict[str, list[str]]) -> dict[str, Any]:
    return dict(form)


def other_answer(item: Item, right: dict[str, Any]) -> dict[str, Any]:
    """An answer that is not the right one."""
    if item.type == "date":
        return {"answer-year": "1801"}
    if item.type == "short_answer":
        return {"answer": "nobody at all"}
    if item.type == "true_false":
        return {"answer": "false" if right["answer"] == ["true"] else "true"}
    if "answer" not in right:
        return dict(list(right.items())[1:])
    return {"answer": next(str(at) for at in range(9) if str(at) not in right["answer"])}


def every_page(app: Flask, items: dict[str, Item]) -> list[str]:
    """The address of everything outside attempts, the open questions' evidence asked for by name included."""
    with app.app_context():
        session = transactions.session()
        names = {kind: real_bank.names(session, kind) for kind in ("source", "passage", "dispute", "quiz")}
    pages = ["/", "/quizzes", "/progress", "/progress.csv", "/sources", "/disputes", "/account", "/nothing"]
    pages += [f"/quizzes/{name}" for name in names["quiz"]]
    pages += [f"/sources/{name}" for name in (*names["source"], *names["passage"])]
    pages += [f"/sources/{name}?order=document" for name in names["source"]]
    pages += [f"/disputes/{name}" for name in names["dispute"]]
    pages += [
        f"/sources/{ref}?item={item.id}&version={item_digest(item)}"
        for item in items.values()
        for ref in item.passages()[:2]
    ]
    return pages


def assets_of(received: list[Received]) -> set[str]:
    found = re.compile(r'(?:href|src)="(/static/[^"]+)"')
    return {address for one in received if one.is_html for address in found.findall(one.response.text)}


def names_of_others(app: Flask) -> frozenset[str]:
    """Names of passages, sources and quizzes, which an item or dispute may share."""
    with app.app_context():
        session = transactions.session()
        passages = [part for ref in real_bank.names(session, "passage") for part in (ref, ref.split("/")[1])]
        return frozenset((*passages, *real_bank.names(session, "source"), *real_bank.names(session, "quiz")))


def shown_of(app: Flask, item: Item) -> list[str]:
    """All that the question itself shows, with the passages that it gives to read."""
    question = item.ask(item.default_order())
    shown = [question.stem, question.credit, *question.options, question.note, question.hint, question.attributed_to]
    shown += [*question.offered, question.claim, question.first, question.unit]
    shown.append("history quizzes with their evidence")  # stands at the top of every page
    with app.app_context():
        session = transactions.session()
        for passage in reading.shown_passages(session, bank.current_digests(session, "passage", question.passages)):
            shown += [passage.account, *passage.paragraphs]
    return [one for one in shown if one]


def settable(app: Flask) -> dict[str, Item]:
    with app.app_context():
        return drawable(transactions.session())


def open_everything(app: Flask, mode: str) -> tuple[Student, dict[str, list[Item]], dict[str, Item]]:
    """A student with all items open; the items of each attempt; all items by id."""
    items = settable(app)
    with app.app_context():
        quizzes = real_bank.covering(transactions.session(), items, mode=mode, shuffle={"items": True})
    student = Student(app)
    attempts: dict[str, list[Item]] = {}
    for quiz in quizzes:
        student.keep(student.get(f"/quizzes/{quiz}"))
        student.keep(student.post(f"/quizzes/{quiz}/attempts", page=f"/quizzes/{quiz}"))
        student.attempt = student.received[-1].response.location
        student.keep(student.get(student.attempt))
        attempts[student.attempt] = student.slots()
    return student, attempts, items


# --- a test of the whole bank ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sat(app: Flask) -> tuple[Student, dict[str, Item]]:
    """A student who has the whole bank open in tests and has asked for every page; and the bank's items."""
    student, attempts, items = open_everything(app, "test")
    for student.attempt, slots in attempts.items():
        for number, item in enumerate(slots, 1):
            student.answer(number, item)
        for rest in ("summary", "result"):
            student.keep(student.at(rest))
        for rest in ("1/check", "retry"):
            student.keep(student.press(rest, answer="0"))
    for page in every_page(app, items):
        student.keep(student.get(page))
    for asset in sorted(assets_of(student.received)):
        student.keep(student.get(asset)).get_data()
        student.received[-1].response.close()
    return student, items


def test_the_whole_bank_was_open_and_every_page_was_asked_for(app: Flask, sat: tuple[Student, dict[str, Item]]):
    student, items = sat
    assert {one.item.id for one in student.received if one.item} == set(items)
    with app.app_context():
        missing = set(real_bank.items(transactions.session())) - set(items)
    assert all(real_bank_item.needs_text for real_bank_item in _items(app, missing))
    statuses = Counter(one.response.status_code for one in student.received)
    assert set(statuses) == {200, 302, 403, 404, 409}, statuses
    assert statuses[404] == 1, [one.address for one in student.received if one.response.status_code == 404]


def _items(app: Flask, names: set[str]) -> list[Item]:
    with app.app_context():
        return [item for name, item in real_bank.items(transactions.session()).items() if name in names]


def test_nothing_that_the_browser_receives_tells_what_is_kept_back(app: Flask, sat: tuple[Student, dict[str, Item]]):
    student, items = sat
    found = told_anywhere(student.received, map(Secrets.of, items.values()), names_of_others(app))
    assert found == []


def test_a_questions_page_tells_nothing_beyond_the_question(app: Flask, sat: tuple[Student, dict[str, Item]]):
    student, _ = sat
    assert told_by_questions(app, student.received) == []


def told_by_questions(app: Flask, received: list[Received]) -> list[str]:
    return [
        told
        for one in received
        if one.item is not None
        for told in told_by_question(Page(one.response.text), Secrets.of(one.item), shown_of(app, one.item))
    ]


def test_form_values_are_positions(sat: tuple[Student, dict[str, Item]]):
    student, _ = sat
    for one in student.received:
        if one.item is None:
            continue
        values = list(re.findall(r'<input type="(?:radio|checkbox)" name="answer" value="([^"]*)"', one.response.text))
        expected = ["true", "false"] if one.item.type == "true_false" else [str(at) for at in range(len(values))]
        assert values == expected, one.address


def test_the_script_is_told_only_what_it_sent(sat: tuple[Student, dict[str, Item]]):
    student, _ = sat
    answers = [one.response.get_json() for one in student.received if one.response.is_json]
    told = [answer for answer in answers if "standing" in answer]
    assert len(told) >= 400
    for answer in told:
        assert set(answer) == {"standing", "stamp", "current", "form", "answered"}
        known = {"answer", "answer-year", "answer-month", "answer-day", "answer-calendar", "answer-evidence"}
        assert set(answer["form"]) <= known | {f"answer-{position}" for position in range(12)}


def test_what_was_put_away_is_back_after_submission(app: Flask, sat: tuple[Student, dict[str, Item]]):
    student, items = sat
    item = next(one for one in items.values() if one.disputes and any(quote.quotes for quote in one.evidence))
    dispute, evidence = item.disputes[0], next(one for one in item.evidence if one.quotes)
    page = f"/sources/{evidence.passage}?item={item.id}&version={item_digest(item)}"
    assert "Put away for now" in student.get(f"/disputes/{dispute}").text
    assert "Your question" not in student.get(page).text
    for attempt in {one.address for one in student.received if re.fullmatch(r"/attempts/[^/]+", one.address)}:
        student.attempt = attempt
        student.press("submit")
    assert "Put away for now" not in student.get(f"/disputes/{dispute}").text
    after = student.get(page).text
    assert "Your question" in after
    assert told_anywhere([Received("", student.get(page))], [Secrets.of(item)], frozenset()) != []


# --- practice: what is checked says nothing of what is not -----------------------------------------------------------


@pytest.fixture(scope="module")
def half_checked(app: Flask) -> tuple[Student, list[Item], list[Item]]:
    """A student who has checked every other question of the whole bank and has seen every page; checked, unchecked."""
    student, attempts, _ = open_everything(app, "practice")
    checked, unchecked = [], []
    for student.attempt, slots in attempts.items():
        for number, item in enumerate(slots, 1):
            if number % 2:
                student.press(f"{number}/check", give_up="1")
                checked.append(item)
            else:
                unchecked.append(item)
        for number, item in enumerate(slots, 1):
            open_one, checked_one = (None, item) if number % 2 else (item, None)
            student.keep(student.at(number), open_one, checked_one)
        student.keep(student.at("summary"))
    for page in every_page(app, {item.id: item for item in unchecked[::4]}):
        student.keep(student.get(page))
    return student, checked, unchecked


def test_unchecked_questions_are_kept_back_everywhere_in_practice(
    app: Flask, half_checked: tuple[Student, list[Item], list[Item]]
):
    student, checked, unchecked = half_checked
    known = names_of_others(app) | {one.id for one in checked} | {item_digest(one) for one in checked}
    assert told_anywhere(student.received, map(Secrets.of, unchecked), known) == []


def test_the_reviews_that_were_looked_at_would_have_told_of_unchecked_questions(
    half_checked: tuple[Student, list[Item], list[Item]],
):
    """Many questions share words and disputes: without withholding, the test above would find them in reviews."""
    _, checked, unchecked = half_checked
    kept = [Secrets.of(one) for one in unchecked]
    words_of_unchecked = {quote for one in kept for quote in one.quotes}
    disputes = {name for one in unchecked for name in one.disputes}
    assert sum(1 for one in checked if Secrets.of(one).quotes & words_of_unchecked) >= 20
    assert sum(1 for one in checked if disputes & set(one.disputes)) >= 20


def test_an_unchecked_practice_question_tells_nothing_beyond_itself(
    app: Flask, half_checked: tuple[Student, list[Item], list[Item]]
):
    student, _, _ = half_checked
    pages = [one for one in student.received if one.item is not None]
    assert told_by_questions(app, pages) == []


def test_checked_questions_do_show_theirs(half_checked: tuple[Student, list[Item], list[Item]]):
    student, checked, _ = half_checked
    reviews = [one for one in student.received if "/attempts/" in one.address and one.item is None]
    told = told_anywhere(reviews, map(Secrets.of, checked), frozenset())
    assert len(told) > len(checked)


# --- the pages of two questions that differ in their keys alone are the same -----------------------------------------


def pages_of(app: Flask, quiz: str, seed: str) -> list[str]:
    """Every question's page, as somebody gets it who starts the quiz with this seed, without what is always new."""
    person = new_taker(app, "student")
    assert person.user_id is not None
    attempt_id = uuid.uuid4()
    with app.app_context():
        taking.start(
            transactions.session(),
            quiz,
            user_id=person.user_id,
            attempt_id=attempt_id,
            seed=seed,
            now=datetime.now(UTC),
        )
        transactions.commit()
        size = transactions.session().query(Slot).filter_by(attempt_id=attempt_id).count()
    person.attempt = f"/attempts/{attempt_id}"
    return [unchanging(person, person.at(rest)) for rest in (*range(1, size + 1), "summary")]


def unchanging(person: Taker, answer: TestResponse) -> str:
    assert answer.status_code == 200
    text = re.sub(r'(?:name="csrf_token" value|data-account)="[^"]+"', "", answer.text)
    text = text.replace(person.attempt, "").replace(person.attempt.rpartition("/")[2], "")
    with person.client.session_transaction() as session:
        return re.sub(rf"{session['name'][:6]}[0-9a-f]*", "", text)


@pytest.mark.parametrize("mode", ["test", "practice"])
def test_questions_that_differ_in_their_keys_alone_look_the_same(app: Flask, mode: str):
    items = settable(app)
    with app.app_context():
        session = transactions.session()
        quizzes = real_bank.covering(session, items, mode=mode)
    before = {quiz: pages_of(app, quiz, f"seed of {quiz}") for quiz in quizzes}
    with app.app_context():
        session = transactions.session()
        for item in items.values():
            real_bank.put_item(session, build(rotated(item)))
    try:
        after = {quiz: pages_of(app, quiz, f"seed of {quiz}") for quiz in quizzes}
    finally:
        with app.app_context():
            for item in items.values():
                real_bank.put_item(transactions.session(), item)
    for quiz in quizzes:
        for number, (one, other) in enumerate(zip(before[quiz], after[quiz], strict=True), 1):
            if 'data-behaviour="ordering"' in one:
                continue  # the right order and its reverse are never shown
            assert one.splitlines() == other.splitlines(), f"question {number} of {quiz}"


def test_twins_do_differ_in_their_keys(app: Flask):
    for item in settable(app).values():
        twin = build(rotated(item))
        assert twin.mark(item.correct_response()).fraction != 1 or item.type == "multiple_choice"
        assert item_digest(twin) != item_digest(item)


def test_the_order_of_options_does_not_depend_on_the_key(app: Flask):
    for item in settable(app).values():
        if item.type == "ordering":
            continue  # the right order and its reverse are never shown
        twin = build(rotated(item))
        for seed in ("one", "two", "three"):
            assert item.shuffled_order(seed) == twin.shuffled_order(seed)


def test_the_key_stands_in_every_place_equally_often(app: Flask):
    """With four options that may move, 99.9 % of such counts have a χ² below 16.3."""
    choice = next(
        item for item in settable(app).values()
        if item.type == "single_choice" and len(item.options) == 4 and not any(one.pin for one in item.options)
    )  # fmt: skip
    key = next(at for at, option in enumerate(choice.options) if option.correct)
    places = Counter(choice.shuffled_order(f"seed-{seed}:{choice.id}").index(key) for seed in range(2000))
    assert sum((places[at] - 500) ** 2 / 500 for at in range(4)) < 16.3, places


def test_every_published_test_shuffles_its_options(app: Flask):
    with app.app_context():
        quizzes = [quiz for _, quiz in bank.current_quizzes(transactions.session()).values() if quiz.mode == "test"]
    assert quizzes
    assert all(quiz.shuffle.options for quiz in quizzes)


# --- a quiz without sources ------------------------------------------------------------------------------------------


def test_a_quiz_without_sources_closes_every_reader_page_until_it_is_submitted(app: Flask):
    student = new_taker(app, "student")
    pages = [page for page in every_page(app, {}) if page.startswith(("/sources", "/disputes"))]
    student.start("test")
    for page in pages:
        answer = student.get(page)
        assert (answer.status_code, student.attempt in answer.text) == (403, True), page
        assert "<blockquote" not in answer.text
    other = new_taker(app, "student")
    assert {other.get(page).status_code for page in pages[::9]} == {200}
    student.press("submit")
    assert {student.get(page).status_code for page in pages} == {200}


# --- the search itself -----------------------------------------------------------------------------------------------


def test_a_planted_secret_is_found(app: Flask):
    """What the tests above look for, they would find."""
    item = next(one for one in settable(app).values() if one.type == "short_answer" and one.evidence[0].quotes)
    secret = Secrets.of(item)
    quote = item.evidence[0].quotes[0]
    for planted in (item.explanation, f"<mark>{quote}</mark>", f'<a href="/?item={item.id}">', item_digest(item)):
        answer = app.response_class(f"<main>{planted}</main>")
        received = Received("/somewhere", TestResponse([answer.data], "200 OK", answer.headers, None))  # type: ignore[arg-type]
        assert len(told_anywhere([received], [secret], frozenset())) == 1, planted
    form = '<form id="answer-form">{}</form>'
    for planted in (f"It is {item.key.text}.", '<p class="option correct">', '<input data-key="1">'):
        assert told_by_question(Page(form.format(planted)), secret, [item.stem]), planted
    choice = next(one for one in settable(app).values() if one.type == "single_choice")
    planted = f'<input name="answer" value="{choice.options[0].id}">'
    assert told_by_question(Page(form.format(planted)), Secrets.of(choice), shown_of(app, choice))

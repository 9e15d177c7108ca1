"""Who may go where: every address of the app, asked for by everybody, for their own attempts and for others'."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.domain.permissions import PERMISSIONS, ROLES
from quizapp.services import transactions
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot
from tests.web.addresses import Places, addresses
from tests.web.sittings import Taker, new_taker

# What anybody may use without a permission, and why.
NEEDS_NO_PERMISSION = {
    "operations.healthz": "says that the process lives",
    "operations.readyz": "says that database and bank are there",
    "preferences.change": "sets a cookie of the reader's own",
    "static": "stylesheets and scripts",
}

pytestmark = pytest.mark.usefixtures("bank")


def somebody(app: Flask, role: str, *, attempts: bool = False) -> Taker:
    """A new person in that role; with an open and a finished attempt, if wanted."""
    person = new_taker(app, role)
    if attempts:
        person.finished = person.start("harbour-test")
        person.press("submit")
        person.start()
    return person


def places(person: Taker) -> Places:
    return Places(
        running=person.attempt, finished=person.finished, quiz="harbours", source="almanac", passage="almanac/harbours",
        dispute="none",
    )  # fmt: skip


def ask(person: Taker, method: str, path: str) -> TestResponse:
    """The address asked for; a POST with a good token and nothing else."""
    if method == "GET":
        return person.get(path)
    return person.client.post(path, data={"csrf_token": person.token("/sources")})


def asked(rule: Rule, at: Places) -> Iterator[tuple[str, str]]:
    """Methods and addresses of the rule."""
    for path in addresses(at)[rule.endpoint]:
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield method, path


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def action(app: Flask, rule: Rule) -> str | None:
    return getattr(app.view_functions[rule.endpoint], "action", None)


def is_of_attempts(rule: Rule) -> bool:
    return rule.rule.startswith("/attempts/")


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_address_is_in_the_table(app: Flask):
    assert {rule.endpoint for rule in rules(app)} == set(addresses(Places()))


def test_the_table_fits_the_rules(app: Flask):
    adapter = app.url_map.bind("localhost")
    at = places(somebody(app, "student", attempts=True))
    for rule in rules(app):
        for method, path in asked(rule, at):
            assert adapter.match(path.partition("?")[0], method)[0] == rule.endpoint, path


def test_every_view_declares_its_permission(app: Flask):
    without = {rule.endpoint for rule in app.url_map.iter_rules() if action(app, rule) is None}
    assert without == set(NEEDS_NO_PERMISSION)
    assert {action(app, rule) for rule in rules(app)} - {None} <= set(PERMISSIONS)


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_of_permissions_says(app: Flask, role: str):
    for rule in rules(app):
        needed = action(app, rule)
        mine = is_of_attempts(rule) and role != "anyone"
        person = somebody(app, role, attempts=mine)
        at = places(person if mine else somebody(app, "student", attempts=is_of_attempts(rule)))
        for method, path in asked(rule, at):
            status = ask(person, method, path)
            if needed is None or role in PERMISSIONS[needed]:
                assert status.status_code not in (401, 403, 500, 503), (method, path, status.status_code)
            elif role == "anyone" and method == "GET":
                assert (status.location or "").startswith("/sign-in?next="), (method, path)
            else:
                assert status.status_code == (401 if role == "anyone" else 403), (method, path, status.status_code)


def test_teaching_pages_refuse_students_and_send_visitors_to_sign_in(app: Flask):
    teaching = [rule for rule in rules(app) if rule.rule.startswith("/teach")]
    assert teaching
    for rule in teaching:
        for method, path in asked(rule, Places()):
            assert ask(somebody(app, "student"), method, path).status_code == 403
            assert ask(somebody(app, "guest"), method, path).status_code == 403
            if method == "GET":
                assert ask(somebody(app, "anyone"), method, path).location.startswith("/sign-in?next=%2Fteach")


def test_a_permission_that_the_table_gives_nobody_would_be_seen(app: Flask):
    assert all(PERMISSIONS.values())
    assert PERMISSIONS["see teaching pages"] == PERMISSIONS["see the gallery"] == {"teacher", "admin"}


# --- other people's attempts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["guest", "student", "teacher", "admin"])
def test_an_attempt_of_somebody_else_is_not_found(app: Flask, role: str):
    owner = somebody(app, "student", attempts=True)
    owner.press(1, answer="0")
    before = rows(app)
    stranger = somebody(app, role, attempts=True)
    after_own = rows(app)
    for rule in filter(is_of_attempts, rules(app)):
        for method, path in asked(rule, places(owner)):
            answer = ask(stranger, method, path)
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert "Harbour" not in answer.text.split("<main")[1]
    assert stranger.client.post(
        f"{owner.attempt}/1",
        data={"csrf_token": stranger.token("/sources"), "client": "phone-0001", "sequence": "1", "answer": "1"},
        headers={"Accept": "application/json"},
    ).status_code == 404  # fmt: skip
    assert rows(app) == after_own
    assert before != after_own
    assert owner.at(1).status_code == 200


def rows(app: Flask) -> list[int]:
    """How many rows there are of all that an attempt consists of, and what could change in them."""
    with app.app_context():
        session = transactions.session()
        counted = [session.scalar(select(func.count()).select_from(one)) for one in (Attempt, Slot, Response)]
        open_ones = select(func.count()).select_from(Attempt).where(Attempt.submitted_at.is_(None))
        touched = select(func.count()).select_from(Slot).where(Slot.flagged | Slot.checked_at.is_not(None))
        return [*counted, session.scalar(open_ones), session.scalar(touched)]  # type: ignore[list-item]


def test_an_attempt_of_nobody_and_one_of_somebody_else_look_alike(app: Flask):
    owner, stranger = somebody(app, "student", attempts=True), somebody(app, "student")
    theirs = stranger.get(f"{owner.attempt}/1")
    nobodys = stranger.get(f"/attempts/{uuid.uuid4()}/1")
    assert (theirs.status_code, main(theirs)) == (nobodys.status_code, main(nobodys))


def main(answer: TestResponse) -> str:
    """The page without what surrounds it, and without the number of the request."""
    return answer.text.split("<main")[1].replace(answer.headers["X-Request-Id"], "")


def test_a_passage_opening_from_somebody_elses_slot_is_not_recorded_as_theirs(app: Flask):
    owner, stranger = somebody(app, "student", attempts=True), somebody(app, "student")
    number = owner.attempt.rpartition("/")[2]
    stranger.get(f"/sources/almanac/harbours?slot={number}.1")
    with app.app_context():
        openings = transactions.session().scalars(select(PassageOpening)).all()
    assert all(opening.attempt_id is None for opening in openings)


def test_progress_and_lists_show_ones_own_attempts_alone(app: Flask):
    owner, stranger = somebody(app, "student", attempts=True), somebody(app, "student")
    for page in ("/", "/quizzes", "/quizzes/harbours", "/quizzes/harbour-test", "/progress", "/progress.csv"):
        assert "/attempts/" not in stranger.get(page).text.replace("/quizzes/harbours/attempts/", "")
    assert owner.attempt in owner.get("/").text
    assert owner.finished in owner.get("/progress").text


# --- forgery, and what stays in a shared computer --------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_every_form_without_its_token_is_refused(app: Flask, token: str | None):
    person = somebody(app, "admin", attempts=True)
    before = rows(app)
    for rule in rules(app):
        for method, path in asked(rule, places(person)):
            if method == "POST":
                data = {} if token is None else {"csrf_token": token}
                answer = person.client.post(path, data={**data, "answer": "1"})
                assert answer.status_code == 400, (path, answer.status_code)
    assert rows(app) == before


def test_a_token_of_another_session_is_refused(app: Flask):
    person, other = somebody(app, "student", attempts=True), somebody(app, "student")
    answer = person.client.post(f"{person.attempt}/submit", data={"csrf_token": other.token("/sources")})
    assert answer.status_code == 400


def test_a_token_that_was_found_good_is_good_in_its_own_session_alone(app: Flask):
    person, other = somebody(app, "student", attempts=True), somebody(app, "student", attempts=True)
    token = person.token("/sources")
    for _ in range(2):  # the second time it is known
        assert person.client.post(f"{person.attempt}/1", data={"csrf_token": token, "answer": "1"}).status_code == 302
    for forged in (token[:-1], token + "a", token.upper()):
        answer = person.client.post(f"{person.attempt}/1", data={"csrf_token": forged, "answer": "2"})
        assert answer.status_code == 400
    answer = other.client.post(f"{other.attempt}/1", data={"csrf_token": token, "answer": "1"})
    assert answer.status_code == 400


def test_a_token_that_was_found_good_is_refused_by_tls_from_another_site(app: Flask):
    person = somebody(app, "student", attempts=True)
    token, secure = person.token("/sources"), "https://localhost"

    def send(*referrer: str) -> int:
        data, headers = {"csrf_token": token, "answer": "1"}, {"Referer": referrer[0]} if referrer else {}
        return person.client.post(f"{person.attempt}/1", data=data, headers=headers, base_url=secure).status_code

    assert send(f"{secure}/attempts") == 302
    assert send(f"{secure}/attempts") == 302
    assert send("https://elsewhere.example/") == 400
    assert send() == 400


class Yesterday(TimestampSigner):
    """Signs as it would have been signed a day ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 24 * 60 * 60


def test_a_form_that_lay_open_since_yesterday_is_taken(app: Flask):
    """Its token is good for as long as the session is."""
    person = somebody(app, "student", attempts=True)
    person.at(1)
    with person.client.session_transaction() as session:
        raw = session["csrf_token"]
    secret = app.config["SECRET_KEY"]
    token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token", signer=Yesterday).dumps(raw)
    answer = person.client.post(f"{person.attempt}/1", data={"csrf_token": token, "answer": "1"})
    assert answer.status_code == 302
    assert "checked" in person.at(1).text


def test_nothing_but_get_and_post_is_answered(app: Flask):
    assert {method for rule in rules(app) for method in rule.methods or ()} == {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_get_changes_what_an_attempt_holds(app: Flask):
    person = somebody(app, "student", attempts=True)
    for number in range(1, 6):
        person.at(number)
    before = rows(app)
    for rule in rules(app):
        for method, path in asked(rule, places(person)):
            if method == "GET":
                person.get(path)
    assert rows(app) == before


def test_pages_of_attempts_and_accounts_are_not_kept_by_the_browser(app: Flask):
    person = somebody(app, "teacher", attempts=True)
    private = ("/attempts", "/progress", "/account", "/teach", "/sign-")
    for rule in rules(app):
        if rule.rule.startswith(private):
            for method, path in asked(rule, places(person)):
                answer = ask(person, method, path)
                assert answer.headers["Cache-Control"] == "no-store", (method, path)

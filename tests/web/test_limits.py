"""How often one may try: guessers are slowed down, whole classes and the people guessed at are not."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp import create_app
from quizapp.services import transactions
from quizapp.web.limits import limiter
from tests import databases
from tests.web.browsing import WORDS, Browser

WRONG = "not the password"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The app, with no tries counted yet."""
    with own_app.app_context():
        limiter.reset()

    @own_app.post("/begin")
    def begin() -> str:
        from quizapp.web import identity

        identity.ensure_user()
        transactions.commit()
        return "well"

    return own_app


@pytest.fixture
def ann(app: Flask) -> Browser:
    """Ann's browser, from which she has signed up."""
    visitor = Browser(app.test_client())
    visitor.sign_up()
    visitor.sign_out()
    return visitor


def from_address(app: Flask, address: str) -> Browser:
    visitor = Browser(app.test_client())
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def test_guessing_one_password_from_everywhere_ends_in_waiting(app: Flask, ann: Browser):
    answers = [from_address(app, f"10.0.0.{i}").sign_in(password=WRONG).status_code for i in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert from_address(app, "10.0.0.9").sign_in("ＡＮＮ").status_code == 429, "however the name is written"
    assert from_address(app, "10.0.0.9").sign_in("ben", WRONG).status_code == 422


def test_who_is_guessed_at_can_still_sign_in_from_their_own_device(app: Flask, ann: Browser):
    for i in range(7):
        from_address(app, f"10.0.0.{i}").sign_in(password=WRONG)
    assert ann.sign_in().status_code == 303


def test_a_known_device_is_no_way_around(app: Flask, ann: Browser):
    assert [ann.sign_in(password=WRONG).status_code for _ in range(7)] == [422] * 5 + [429] * 2


def test_a_device_is_known_only_for_those_who_signed_in_from_it(app: Flask, ann: Browser):
    Browser(app.test_client()).sign_up("ben")
    for i in range(7):
        from_address(app, f"10.0.0.{i}").sign_in("ben", WRONG)
    assert ann.sign_in("ben").status_code == 429


def test_a_made_up_device_is_not_known(app: Flask, ann: Browser):
    for i in range(7):
        from_address(app, f"10.0.0.{i}").sign_in(password=WRONG)
    stranger = from_address(app, "10.0.1.1")
    for made_up in ("", "x", "WyJ4IiwiYW5uIl0.AAAA", "[]"):
        stranger.client.set_cookie("device", made_up)
        assert stranger.sign_in().status_code == 429


def test_guessing_many_passwords_from_one_address_ends_in_waiting(app: Flask, ann: Browser):
    guesser = from_address(app, "10.0.0.1")
    answers = [guesser.sign_in(f"user-{i}", WRONG).status_code for i in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert from_address(app, "10.0.0.2").sign_in("user-1", WRONG).status_code == 422


def test_the_page_says_when_to_try_again(app: Flask, ann: Browser):
    guesser = from_address(app, "10.0.0.1")
    answer = [guesser.sign_in(password=WRONG) for _ in range(6)][-1]
    assert answer.status_code == 429
    assert re.search(r"Try again in \d+ seconds\.", answer.text)
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert "sign-in" in answer.request.path


def test_a_class_signs_in_from_one_address_within_a_minute(app: Flask, ann: Browser):
    assert {from_address(app, "10.0.0.1").sign_in().status_code for _ in range(40)} == {303}


def test_a_class_begins_as_guests_from_one_address_and_a_flood_does_not(app: Flask, ann: Browser):
    visitor = from_address(app, "10.0.0.1")
    token = visitor.token("/sign-in")
    plain = visitor.client.get_cookie("quizapp")
    assert plain is not None
    answers = []
    for _ in range(122):
        visitor.client.set_cookie("quizapp", plain.value)
        answers.append(visitor.client.post("/begin", data={"csrf_token": token}).status_code)
    assert answers == [200] * 120 + [429] * 2


@pytest.mark.parametrize("path", ["/sign-up", "/first-teacher/made-up"])
def test_new_accounts_are_limited_generously(app: Flask, ann: Browser, path: str):
    visitor = from_address(app, "10.0.0.1")
    token = visitor.token("/sign-up")
    data = {"csrf_token": token, "username": "x", "password": WORDS, "password_again": WORDS}
    answers = [visitor.client.post(path, data=data).status_code for _ in range(121)]
    assert set(answers[:-1]) <= {404, 422}
    assert answers[-1] == 429


def test_where_limits_cannot_be_counted_together_each_process_counts_for_itself(app: Flask):
    settings = app.config["SETTINGS"].model_copy(update={"rate_limit_storage": "redis://127.0.0.1:1"})
    alone = create_app(settings)
    visitor = Browser(alone.test_client())
    assert [visitor.sign_in(password=WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    with alone.app_context():
        databases.close(alone)

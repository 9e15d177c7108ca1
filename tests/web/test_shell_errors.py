"""Every error is a page that says what to do next, or JSON for a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from quizapp import create_app
from quizapp.services import transactions
from quizapp.services.errors import Conflict, NotAllowed, NotFound, Refusal, SignInNeeded, Unavailable
from quizapp.web.errors import WORDS
from tests.conftest import settings_for

JSON = {"Accept": "application/json"}


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An app to which each test may add a page that fails."""
    return own_app


def raising(app: Flask, error: Exception) -> FlaskClient:
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", view_func=fail, methods=["GET", "POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = False
    return app.test_client()


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_status_has_its_page(app: Flask, status: int) -> None:
    app.add_url_rule("/fails", view_func=lambda: abort(status))
    response = app.test_client().get("/fails")
    title, message, next_step = WORDS[status]
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert message in response.text
    assert next_step in response.text
    assert f"<code>{response.headers['X-Request-Id']}</code>" in response.text


def test_a_status_without_words_of_ours_says_something(app: Flask) -> None:
    app.add_url_rule("/fails", view_func=lambda: abort(418))
    response = app.test_client().get("/fails")
    assert response.status_code == 418
    assert "teapot" in response.text


@pytest.mark.parametrize(
    "refusal", [NotFound(), NotAllowed(), Conflict("The quiz has closed."), Unavailable("Later."), Refusal("No.")]
)
def test_a_refusal_says_its_message(app: Flask, refusal: Refusal) -> None:
    response = raising(app, refusal).get("/fails")
    assert response.status_code == refusal.status
    assert f"<h1>{refusal.title}</h1>" in response.text
    assert refusal.message in response.text


def test_a_refusal_is_json_for_a_script(app: Flask) -> None:
    answer = raising(app, Conflict("The quiz has closed.")).get("/fails", headers=JSON)
    assert answer.status_code == 409
    assert answer.json["message"] == "The quiz has closed."
    assert answer.json["status"] == 409
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(app: Flask) -> None:
    response = raising(app, SignInNeeded()).get("/fails?page=2&x=a%20b")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in?next=%2Ffails%3Fpage%3D2%26x%3Da%2520b"


def test_a_post_or_a_script_that_is_not_signed_in_is_told_so(app: Flask) -> None:
    client = raising(app, SignInNeeded())
    posted = client.post("/fails")
    assert posted.status_code == 401
    assert 'href="/sign-in"' in posted.text
    assert client.get("/fails", headers=JSON).status_code == 401


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    response = client.get("/preferences")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/none"))
    app.add_url_rule("/asks", view_func=lambda: str(transactions.session().execute(text("SELECT 1"))))
    response = app.test_client().get("/asks")
    assert response.status_code == 503
    assert "nothing was stored" in response.text
    assert response.headers["Retry-After"] == "10"


@pytest.mark.parametrize("referrer", ["http://evil.example/page", "http://localhost//evil.example", ""])
def test_the_way_back_leads_to_our_own_pages_only(app: Flask, referrer: str) -> None:
    response = raising(app, Conflict("No.")).post("/fails", headers={"Referer": referrer})
    assert "evil" not in response.text
    assert "Back to the page" not in response.text

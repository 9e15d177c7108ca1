"""What surrounds every page: headers, ids, tokens, sizes, cookies, logs, health."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import text

from quizapp import create_app
from quizapp.services import transactions
from quizapp.web.requests import own_path
from tests import databases
from tests.conftest import settings_for

PATHS = ("/nothing", "/healthz", "/readyz", "/sign-in", "/teach/gallery")
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"


def an_app(folder: Path, url: str | None = None, **settings: object) -> Flask:
    return create_app(settings_for(folder, url).model_copy(update=settings))


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(one.split(" ", 1) for one in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers


def test_by_tls_browsers_are_told_to_stay_with_it(client: FlaskClient) -> None:
    assert "max-age=" in client.get("/nothing", base_url="https://localhost").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/progress", "/account", "/attempts/x/1", "/teach/gallery", "/sign-in"])
def test_private_pages_are_not_kept(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


# --- ids and logs ----------------------------------------------------------------------------------------------------


def test_a_sane_request_id_is_taken_over(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-123.def_4"}).headers["X-Request-Id"] == "abc-123.def_4"


@pytest.mark.parametrize("strange", ["short", "x" * 65, "two words here", '"quoted-and-bad"'])
def test_a_strange_request_id_is_replaced(client: FlaskClient, strange: str) -> None:
    made = client.get("/healthz", headers={"X-Request-Id": strange}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", made)


def test_a_request_is_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = an_app(tmp_path, log_format="json")
    app.test_client().get("/nothing?secret=1", headers={"X-Request-Id": "an-id-to-find"})
    line = json.loads(capsys.readouterr().err)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["request_id"] == "an-id-to-find"
    assert line["ms"] >= 0
    assert "secret" not in json.dumps(line)


def test_a_request_is_one_line_of_text_whatever_its_path_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_app(tmp_path).test_client().get("/one%0Atwo")
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "GET /one%0Atwo 404" in printed


def test_the_secret_of_a_link_is_not_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = an_app(tmp_path)
    app.add_url_rule("/link/<token>", view_func=lambda token: token)
    app.test_client().get("/link/very-secret")
    printed = capsys.readouterr().err
    assert "GET /link/~ 200" in printed
    assert "very-secret" not in printed


def test_queries_are_counted_when_debugging(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = an_app(tmp_path, log_format="json", log_level="DEBUG")
    with app.app_context():
        transactions.upgrade()
    capsys.readouterr()
    app.test_client().get("/readyz")
    assert [json.loads(line)["queries"] for line in capsys.readouterr().err.splitlines()] == [1]
    with app.app_context():
        databases.close(app)


def test_an_error_is_logged_with_its_request(own_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    own_app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    own_app.testing = False
    response = own_app.test_client().get("/broken")
    assert response.status_code == 500
    logged = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert logged.exc_info is not None
    assert response.headers["X-Request-Id"] in response.text
    assert "ZeroDivisionError" not in response.text


# --- tokens and sizes ------------------------------------------------------------------------------------------------


def test_a_post_without_a_token_is_refused_and_told_why(client: FlaskClient) -> None:
    response = client.post("/preferences", data={"theme": "dark"}, headers={"Referer": "http://localhost/sources?x=1"})
    assert response.status_code == 400
    assert "open too long" in response.text
    assert "Nothing was stored" in response.text
    assert 'href="/sources?x=1"' in response.text
    assert "Set-Cookie: reading" not in str(response.headers)


def test_a_script_without_a_token_is_told_in_json(client: FlaskClient) -> None:
    response = client.post("/preferences", json={})
    assert response.status_code == 400
    assert response.json["title"] == "This page was open too long"
    assert response.json["request_id"] == response.headers["X-Request-Id"]


def test_a_token_comes_from_the_page(client: FlaskClient) -> None:
    token = token_in(client.get("/nothing").text)
    assert client.post("/preferences", data={"csrf_token": token}).status_code == 303
    assert client.post("/preferences", headers={"X-CSRFToken": token}).status_code == 303


def test_a_token_of_another_session_is_refused(app: Flask) -> None:
    token = token_in(app.test_client().get("/nothing").text)
    other = app.test_client()
    other.get("/nothing")
    assert other.post("/preferences", data={"csrf_token": token}).status_code == 400


def test_more_than_a_megabyte_is_refused(client: FlaskClient) -> None:
    token = token_in(client.get("/nothing").text)
    response = client.post("/preferences", data=b"x" * 1_048_577, headers={"X-CSRFToken": token})
    assert response.status_code == 413
    assert "one megabyte" in response.text


# --- cookies and proxies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "scheme", "secure"),
    [("auto", "http", False), ("auto", "https", True), ("on", "http", True), ("off", "https", False)],
)
def test_cookies(tmp_path: Path, setting: str, scheme: str, secure: bool) -> None:
    app = an_app(tmp_path, secure_cookies=setting)
    cookie = app.test_client().get("/nothing", base_url=f"{scheme}://localhost").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


@pytest.mark.parametrize(("trusted", "secure"), [(0, False), (1, True)])
def test_a_proxy_is_believed_only_where_trusted(tmp_path: Path, trusted: int, secure: bool) -> None:
    app = an_app(tmp_path, trust_proxy=trusted)
    response = app.test_client().get("/nothing", headers={"X-Forwarded-Proto": "https"})
    assert ("Secure" in response.headers["Set-Cookie"]) is secure


# --- transactions ----------------------------------------------------------------------------------------------------


def test_what_a_failing_request_wrote_is_undone(own_app: Flask) -> None:
    def write_and_fail() -> str:
        insert = "INSERT INTO one_time_link (token_hash, purpose, created_at) VALUES ('h', 'test', '2027-03-12 12:00')"
        transactions.session().execute(text(insert))
        raise LookupError

    own_app.add_url_rule("/fails", view_func=write_and_fail, methods=["POST"])
    own_app.testing = False
    client = own_app.test_client()
    token = token_in(client.get("/nothing").text)
    assert client.post("/fails", headers={"X-CSRFToken": token}).status_code == 500
    with own_app.app_context():
        assert transactions.session().execute(text("SELECT count(*) FROM one_time_link")).scalar() == 0


def test_the_error_page_of_a_signed_in_person_shows_after_a_failed_query(own_app: Flask) -> None:
    own_app.add_url_rule("/fails", view_func=lambda: transactions.session().execute(text("SELECT nonsense")))
    client = own_app.test_client()
    with client.session_transaction() as kept:
        kept.update({"_user_id": "1:0", "role": "student", "name": "Sam"})
    own_app.testing = False
    assert client.get("/fails").status_code in {500, 503}


# --- health ----------------------------------------------------------------------------------------------------------


def test_the_process_says_that_it_lives_even_without_a_database(tmp_path: Path) -> None:
    response = an_app(tmp_path, NOWHERE).test_client().get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert "Set-Cookie" not in response.headers


def test_without_a_bank_the_app_is_not_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (503, {"status": "not ready", "database": True, "bank": False})


def test_without_a_database_the_app_is_not_ready(tmp_path: Path) -> None:
    response = an_app(tmp_path, NOWHERE).test_client().get("/readyz")
    assert (response.status_code, response.json) == (503, {"status": "not ready", "database": False, "bank": False})


# --- where to go back to ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/quizzes?page=2", "/sources/a/b?item=x#evidence"])
def test_an_own_path(path: str) -> None:
    assert own_path(path, "/") == path


@pytest.mark.parametrize(
    "strange",
    [None, "", "quizzes", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\nb", "/\t/evil.example"],
)
def test_a_foreign_path_leads_nowhere(strange: str | None) -> None:
    assert own_path(strange, "/here") == "/here"


def test_the_session_holds_nothing_but_the_token(client: FlaskClient) -> None:
    with client:
        client.get("/nothing")
        assert set(session) == {"csrf_token"}

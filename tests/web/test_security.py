"""What an attacker tries: odd requests, other sites, other hosts, headers that lie. Who may go where: test_access.

Passwords, sessions and cookies: test_account and test_shell; guessing: test_limits.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizapp import create_app
from tests import databases
from tests.conftest import settings_for
from tests.web.addresses import Places, post_rules
from tests.web.sittings import Taker
from tests.web.test_access import asked, places, rules, somebody

ALWAYS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
    "X-Request-Id",
}
EVIL = "evil.example"

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app, which answers a mistake of ours with its page instead of raising it."""
    app.testing = False
    return app


@pytest.fixture
def person(app: Flask) -> Taker:
    return somebody(app, "admin", attempts=True)


def everywhere(app: Flask, person: Taker) -> list[str]:
    """Every address that answers GET, as this person may ask for it."""
    return [path for rule in rules(app) for method, path in asked(rule, places(person)) if method == "GET"]


# --- headers ---------------------------------------------------------------------------------------------------------


def test_every_answer_has_every_header(app: Flask, person: Taker):
    answers = [person.get(path) for path in everywhere(app, person)]
    answers += [person.get("/nothing"), person.get("/preferences"), person.client.post("/preferences")]
    answers += [person.client.options("/quizzes"), person.client.head("/quizzes")]
    for answer in answers:
        assert ALWAYS - set(answer.headers.keys()) == set(), answer.request.path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers


def test_static_files_are_for_this_site_and_for_ever(app: Flask):
    for name in app.config["ASSETS"].values():
        answer = app.test_client().get(f"/static/build/{name}")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


def test_no_shared_cache_keeps_a_page(app: Flask, person: Taker):
    for path in everywhere(app, person):
        assert person.get(path).headers["Cache-Control"] in ("no-store", "private, no-cache"), path


@pytest.mark.parametrize(
    "path", ["/static/../quizapp.sqlite", "/static/build/../secret_key", "/static/%2e%2e/secret_key"]
)
def test_static_files_lead_nowhere_else(app: Flask, path: str):
    assert app.test_client().get(path).status_code == 404


# --- other sites and other hosts -------------------------------------------------------------------------------------

FOREIGN = [
    f"//{EVIL}",
    f"https://{EVIL}/",
    f"/\\{EVIL}",
    f"/\t/{EVIL}",
    f"https:{EVIL}",
    f"/..//{EVIL}/..",
    "javascript:x",
]


def leads_away(answer: TestResponse) -> bool:
    parts = urlsplit(answer.headers.get("Location", "").replace("\\", "/"))
    return bool(parts.scheme or parts.netloc or parts.path.startswith("//"))


@pytest.mark.parametrize("wanted", FOREIGN)
def test_no_form_leads_to_another_site(app: Flask, person: Taker, wanted: str):
    token = person.token("/sources")
    for rule in post_rules(app):
        for method, path in asked(rule, places(person)):
            if method == "POST":
                fields = {"csrf_token": token, "next": wanted, "go": wanted, "back": wanted, "return_to": wanted}
                answer = person.client.post(f"{path}?next={wanted}", data=fields, headers={"Referer": wanted})
                assert not leads_away(answer), (path, answer.location)
                token = person.token("/sources")


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "/quizzes/", "/teach"])
def test_a_path_that_looks_like_another_site_is_none(app: Flask, path: str):
    assert not leads_away(app.test_client().get(path))


def test_the_name_of_the_host_stands_in_no_answer(app: Flask, person: Taker):
    """So whoever sends a made-up Host can plant it in nobody's link."""
    headers = {"Host": EVIL, "X-Forwarded-Host": EVIL, "X-Original-Host": EVIL, "Forwarded": f"host={EVIL}"}
    for path in [*everywhere(app, person), "/nothing", "/teach"]:
        answer = app.test_client().get(path, headers=headers)
        assert EVIL not in answer.text + str(answer.headers), path


def test_forwarded_headers_are_not_believed_unless_a_proxy_is_trusted(app: Flask, tmp_path: Path):
    lies = {"X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": f"//{EVIL}"}
    answer = app.test_client().get("/sign-in", headers=lies)
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert EVIL not in answer.text
    trusting = create_app(settings_for(tmp_path / "trusting").model_copy(update={"trust_proxy": 1}))
    answer = trusting.test_client().get("/sign-in", headers=lies)
    assert "Strict-Transport-Security" in answer.headers
    assert "Secure" in answer.headers["Set-Cookie"]
    assert EVIL not in answer.text
    with trusting.app_context():
        databases.close(trusting)


def test_a_form_on_another_site_has_no_token_and_sends_no_cookie(app: Flask, person: Taker):
    """The cookie is Lax, and by TLS the sending page must be ours besides."""
    token = person.token("/sources")
    secure = app.test_client()
    page = secure.get("/sign-in", base_url="https://localhost").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    for referer, status in ((f"https://{EVIL}/", 400), ("https://localhost/sign-in", 303)):
        answer = secure.post(
            "/preferences", data={"csrf_token": found[1]}, base_url="https://localhost", headers={"Referer": referer}
        )
        assert answer.status_code == status
    assert app.test_client().post("/preferences", data={"csrf_token": token}).status_code == 400


# --- methods ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "QUIZ"])
def test_other_methods_are_refused(app: Flask, person: Taker, method: str):
    for path in (f"{person.attempt}/1", "/account", "/sign-in", "/nothing"):
        assert person.client.open(path, method=method).status_code in (400, 404, 405), path


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_or_field_makes_another_method_of_it(app: Flask, person: Taker, override: str):
    person.client.get(f"{person.attempt}/submit?_method=POST", headers={override: "POST"})
    token = person.token("/sources")
    person.client.post("/preferences?_method=DELETE", data={"csrf_token": token, "_method": "DELETE"})
    assert person.at(1).status_code == 200
    assert person.client.get("/sign-out", headers={override: "POST"}).status_code == 405


# --- odd input -------------------------------------------------------------------------------------------------------

ODD = {
    "nul": "a\0b",
    "control characters": "\x01\x1b[31m\x7f\x85",
    "right to left": "\u202eabc\u2066",
    "astral": "𝔸💥" * 50,
    "combining": "e" + "\u0301" * 3000,
    "quotes": "'\";--<script>alert(1)</script>",
    "long": "x" * 100_000,
    "number": "9" * 5000,
    "negative": "-1",
    "float": "1e999",
    "template": "{{ 7*7 }}{% raw %}%s%n",
    "newlines": "a\r\nB: c",
    "not a character": "\ufffe\uffff",
    "digits of others": "١²③",
}
NAMES = (
    "answer",
    "answer-0",
    "client",
    "sequence",
    "base",
    "go",
    "flagged",
    "give_up",
    "unchanged",
    "certainty",
    "username",
    "password",
    "password_again",
    "current_password",
    "given_name",
    "family_name",
    "email",
    "time_zone",
    "next",
    "theme",
    "confirm",
)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_values_in_every_form_break_nothing(app: Flask, person: Taker, odd: str):
    token = person.token("/sources")
    for rule in post_rules(app):
        for method, path in asked(rule, places(person)):
            if method == "POST" and rule.endpoint not in ("account.delete", "account.sign_out"):
                for fields in (
                    dict.fromkeys(NAMES, odd),
                    {**dict.fromkeys(NAMES, odd), "client": "phone-0001"},
                ):
                    answer = person.client.post(path, data={**fields, "csrf_token": token})
                    assert answer.status_code < 500, (path, answer.status_code)
                    assert "<script>alert" not in answer.text
                    token = person.token("/sources")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_values_in_addresses_queries_and_cookies_break_nothing(app: Flask, person: Taker, odd: str):
    places_odd = Places(odd[:2000], odd[:2000], odd[:2000], odd[:2000], odd[:2000], odd[:2000], odd[:2000])
    for rule in rules(app):
        for method, path in [*asked(rule, places_odd), *asked(rule, places(person))]:
            if method == "GET":
                query = dict.fromkeys(("next", "page", "item", "version", "slot", "topic", "q"), odd[:2000])
                answer = person.client.get("/" + path.partition("?")[0].lstrip("/"), query_string=query)
                assert answer.status_code < 500, (path[:80], answer.status_code)
                assert b"<script>alert" not in answer.data
    stranger = app.test_client()
    for cookie in ("quizapp", "reading", "device"):
        stranger.set_cookie(cookie, odd[:200].encode("utf-8", "replace").decode("latin-1"))
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe=\x80&answer=\xc3\x28",
        b"%ff%fe=%80&%=%zz&answer=%00",
        b"&".join(b"f%d=1" % n for n in range(5000)),
        b"=" * 9000,
    ],
    ids=["not utf-8", "not utf-8, quoted", "five thousand fields", "equals signs"],
)
def test_odd_bodies_break_nothing(app: Flask, person: Taker, body: bytes):
    headers = {"X-CSRFToken": person.token("/sources")}
    for rule in post_rules(app):
        for method, path in asked(rule, places(person)):
            if method == "POST":
                for kind in (
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "application/json",
                    "x/y",
                ):
                    answer = person.client.post(path, data=body, content_type=kind, headers=headers)
                    assert answer.status_code < 500, (path, kind)
                headers = {"X-CSRFToken": person.token("/sources")}


def test_deep_json_breaks_nothing(app: Flask, person: Taker):
    headers = {"X-CSRFToken": person.token("/sources")}
    deep = b"[" * 100_000 + b"]" * 100_000
    for path in (f"{person.attempt}/1", "/account", "/preferences", "/sign-in"):
        answer = person.client.post(path, data=deep, content_type="application/json", headers=headers)
        assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/preferences", "/sign-in", "/account", "/quizzes/harbours/attempts"])
def test_more_than_a_megabyte_is_refused_everywhere(app: Flask, person: Taker, path: str):
    headers = {"X-CSRFToken": person.token("/sources")}
    big = b"answer=" + b"x" * 1_048_577
    kind = "application/x-www-form-urlencoded"
    assert person.client.post(path, data=big, content_type=kind, headers=headers).status_code == 413
    saved = person.client.post(f"{person.attempt}/1", data=big, content_type=kind, headers=headers)
    assert saved.status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/%00", "/quizzes/%ff%fe", "/attempts/%00/1", "/sources/a%00b/c", "/disputes/a%22b", "/%c0%ae%c0%ae/etc/passwd"],
)
def test_odd_paths_are_not_found(app: Flask, person: Taker, path: str):
    assert app.test_client().get(path).status_code in (302, 400, 404)
    assert person.get(path).status_code in (302, 400, 404)

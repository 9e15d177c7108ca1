"""Signing up, in and out in a browser; the account page; the first teacher's link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from quizapp import store
from quizapp.services import accounts, first_teacher, transactions
from quizapp.store.tables import User
from tests.small_bank import NOON
from tests.web.browsing import WORDS, Browser, errors

NOT_RIGHT = "The username or the password is not right. Mind small and capital letters, and try again."


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def elsewhere(app: Flask) -> Browser:
    """A second browser."""
    return Browser(app.test_client())


def cookies(response: TestResponse) -> dict[str, str]:
    return {line.split("=", 1)[0]: line for line in response.headers.getlist("Set-Cookie")}


def users(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(user.username, user.role) for user in transactions.session().scalars(select(User).order_by(User.id))]


def a_token(app: Flask) -> str:
    with app.app_context():
        token = first_teacher.new_token(transactions.session(), now=NOON)
        transactions.commit()
    assert token
    return token


# --- up, in, out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "home"), [("student", "/"), ("teacher", "/teach/"), ("admin", "/teach/")])
def test_who_signs_in_comes_to_the_page_of_their_work(app: Flask, visitor: Browser, role: str, home: str):
    visitor.sign_up()
    visitor.sign_out()
    with app.app_context():
        transactions.session().execute(update(User).values(role=role))
        transactions.commit()
    assert visitor.sign_in(next="/sources").location == "/sources"
    visitor.sign_out()
    assert visitor.sign_in().location == home
    assert visitor.get("/sign-in").location == home


def test_who_signs_up_is_signed_in(visitor: Browser):
    answer = visitor.sign_up(given_name="Ann", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    page = visitor.get("/account").text
    assert "Welcome, Ann." in page
    assert "<b>ann</b>, a student" in page


def test_messages_stand_beside_the_fields_all_at_once(visitor: Browser):
    answer = visitor.post("/sign-up", username="a", password="short", password_again="other")
    assert answer.status_code == 422
    assert errors(answer) == {
        "username": "Use at least 2 characters.",
        "password": "Use at least 10 characters.",
        "password_again": "The two passwords differ. Type both again.",
    }


def test_what_was_typed_is_still_there_except_passwords(visitor: Browser):
    page = visitor.post("/sign-up", username="Ann <3", password=WORDS, password_again=WORDS, next="/progress").text
    assert 'value="Ann &lt;3"' in page
    assert 'value="/progress"' in page
    assert WORDS not in page


def test_a_taken_name_is_told_beside_it(visitor: Browser, elsewhere: Browser):
    visitor.sign_up("fiona")
    assert errors(elsewhere.sign_up("ﬁona")) == {"username": accounts.TAKEN}


def test_who_opens_the_link_of_a_class_is_told_why_to_sign_in(visitor: Browser):
    assert visitor.get("/join/HUR8DU87").location == "/sign-in?next=%2Fjoin%2FHUR8DU87"
    page = visitor.get("/sign-in?next=%2Fjoin%2FHUR8DU87").text
    assert "Sign in to join the class." in page
    assert '/sign-up?next=/join/HUR8DU87"' in page
    assert "to join the class" not in visitor.get("/sign-in").text


def test_in_again_after_signing_out(visitor: Browser):
    visitor.sign_up()
    assert visitor.sign_out().location == "/sign-in"
    assert visitor.get("/account").location == "/sign-in?next=%2Faccount"
    assert visitor.sign_in("ANN", next="/account").location == "/account"
    assert visitor.get("/account").status_code == 200


def test_a_wrong_password_and_nobody_look_the_same(visitor: Browser, elsewhere: Browser):
    visitor.sign_up()
    for username in ("ann", "nobody"):
        answer = elsewhere.sign_in(username, "not the password")
        assert (answer.status_code, errors(answer)) == (422, {"password": NOT_RIGHT})
        assert "quizapp" not in cookies(answer)


def test_an_empty_form_says_what_is_missing(visitor: Browser):
    assert errors(visitor.sign_in("", "")) == {"username": "Type your username.", "password": "Type your password."}


def test_who_is_signed_in_need_not_do_so_again(visitor: Browser):
    visitor.sign_up()
    assert visitor.get("/sign-in?next=/progress").location == "/progress"


def test_signing_out_is_no_link(visitor: Browser):
    visitor.sign_up()
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize("page", ["/quizzes/brest-litovsk?from=there#here", "/attempts/1/2", "/teach/"])
def test_back_to_the_page_that_asked(visitor: Browser, page: str):
    assert visitor.sign_up(next=page).location == page


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", " //evil.example", "http:evil.example", "https:/evil.example",
        "javascript:alert(1)", "evil.example",
    ],
)  # fmt: skip
def test_never_to_another_site(visitor: Browser, address: str):
    assert visitor.sign_up(next=address).location == "/"
    visitor.sign_out()
    page = visitor.client.get("/sign-in", query_string={"next": address}).text
    assert '<input id="next" name="next" type="hidden" value="">' in page


# --- sessions --------------------------------------------------------------------------------------------------------


def test_a_planted_session_is_worth_nothing(visitor: Browser, elsewhere: Browser):
    visitor.sign_up()
    visitor.sign_out()
    with visitor.client.session_transaction() as planted:
        planted["mine"] = "planted"
    token = visitor.token("/sign-in")
    before = visitor.client.get_cookie("quizapp")
    visitor.sign_in()
    with visitor.client.session_transaction() as fresh:
        assert "mine" not in fresh
    after = visitor.client.get_cookie("quizapp")
    assert before is not None
    assert after is not None
    elsewhere.client.set_cookie("quizapp", before.value)
    assert elsewhere.get("/account").status_code == 302, "the planted cookie has not become Ann's"
    forged = visitor.client.post("/account", data={"csrf_token": token, "given_name": "Mallory"})
    assert forged.status_code == 400, "the token of the session before is no good any more"


def test_forms_without_their_token_are_refused(visitor: Browser):
    visitor.sign_up()
    for path in ("/sign-up", "/sign-in", "/sign-out", "/account", "/account/password", "/account/end-sessions"):
        assert visitor.client.post(path, data={"username": "x"}).status_code == 400, path


def test_signing_out_leaves_nothing_in_the_cookie(visitor: Browser):
    visitor.sign_up()
    visitor.sign_out()
    with visitor.client.session_transaction() as left:
        assert set(left) <= {"_flashes", "csrf_token"}


@pytest.mark.parametrize(
    ("setting", "scheme", "is_secure"),
    [("auto", "http", False), ("auto", "https", True), ("on", "https", True), ("off", "https", False)],
)
def test_cookies_are_for_this_site_and_for_no_script(app: Flask, setting: str, scheme: str, is_secure: bool):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"secure_cookies": setting})
    answer = Browser(app.test_client(), f"{scheme}://localhost").sign_up()
    assert cookies(answer).keys() == {"quizapp", "device"}
    for line in cookies(answer).values():
        assert "; HttpOnly" in line
        assert "; SameSite=Lax" in line
        assert ("; Secure" in line) == is_secure


def test_a_session_lasts_as_long_as_the_setting_says(app: Flask, visitor: Browser):
    answer = visitor.sign_up()
    expires = cookies(answer)["quizapp"].split("Expires=")[1].split(";")[0]
    lasts = parsedate_to_datetime(expires) - datetime.now(UTC)
    assert abs(lasts - app.config["SETTINGS"].session_lifetime) < timedelta(minutes=1)


def test_a_new_password_signs_the_others_out(visitor: Browser, elsewhere: Browser):
    visitor.sign_up()
    elsewhere.sign_in()
    changed = visitor.post(
        "/account/password", page="/account",
        current_password=WORDS, password="quite another one", password_again="quite another one",
    )  # fmt: skip
    assert changed.location == "/account"
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").location == "/sign-in?next=%2Faccount"
    assert elsewhere.sign_in(password=WORDS).status_code == 422
    assert elsewhere.sign_in(password="quite another one").status_code == 303


def test_signing_out_everywhere_else(visitor: Browser, elsewhere: Browser):
    visitor.sign_up()
    elsewhere.sign_in()
    visitor.post("/account/end-sessions", page="/account")
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


# --- the account page ------------------------------------------------------------------------------------------------


def test_names_and_time_zone_are_kept(visitor: Browser):
    visitor.sign_up()
    saved = visitor.post("/account", given_name="Ann", family_name="O’Neil", time_zone="Europe/Berlin", email="")
    assert saved.location == "/account"
    page = visitor.get("/account").text
    assert 'value="O’Neil"' in page
    assert '<option selected value="Europe/Berlin">Berlin</option>' in page


def test_what_cannot_be_is_told_and_the_rest_is_not_lost(visitor: Browser):
    visitor.sign_up()
    answer = visitor.post("/account", given_name="Ann", email="nobody", time_zone="")
    assert (answer.status_code, errors(answer).keys()) == (422, {"email"})
    assert 'value="nobody"' in answer.text
    assert 'value="Ann"' in answer.text


def test_another_password_needs_the_present_one(visitor: Browser):
    visitor.sign_up()
    fields = {"password": "ann", "password_again": "ann", "current_password": "not the password"}
    assert errors(visitor.post("/account/password", page="/account", **fields)).keys() == {"password"}
    fields |= {"password": "quite another one", "password_again": "quite another one"}
    answer = visitor.post("/account/password", page="/account", **fields)
    assert errors(answer) == {"current_password": "This is not your present password."}


# --- the first teacher -----------------------------------------------------------------------------------------------


def test_the_first_teacher_comes_by_the_link_once(app: Flask, visitor: Browser, elsewhere: Browser):
    page = f"/first-teacher/{a_token(app)}"
    assert visitor.get(page).status_code == 200
    fields = {"username": "Lev", "password": WORDS, "password_again": WORDS}
    assert visitor.post(page, **{**fields, "password": "short"}).status_code == 422
    assert visitor.post(page, **fields).status_code == 303
    assert users(app) == [("Lev", "admin")]
    assert "a teacher who also looks after the accounts" in visitor.get("/account").text
    again = elsewhere.get(page)
    assert again.status_code == 404
    assert "has been used" in again.text
    assert elsewhere.get("/first-teacher/made-up").status_code == 404


def test_a_form_left_open_does_not_make_a_second_first_teacher(app: Flask, visitor: Browser, elsewhere: Browser):
    page = f"/first-teacher/{a_token(app)}"
    token = elsewhere.token(page)
    fields = {"password": WORDS, "password_again": WORDS}
    visitor.post(page, username="first", **fields)
    late = elsewhere.client.post(page, data={"csrf_token": token, "username": "second", **fields})
    assert late.status_code == 404
    assert users(app) == [("first", "admin")]


# --- what hashing must not do ----------------------------------------------------------------------------------------


def test_nobody_waits_for_the_database_while_a_password_is_hashed(app: Flask, visitor: Browser, monkeypatch):
    seen: list[bool] = []
    for name in ("hash", "verify"):
        real = getattr(PasswordHasher, name)

        def watched(*args: object, real=real, **kwargs: object) -> object:
            seen.append(store.db.session().in_transaction())
            return real(*args, **kwargs)

        monkeypatch.setattr(PasswordHasher, name, watched)
    visitor.post(f"/first-teacher/{a_token(app)}", username="lev", password=WORDS, password_again=WORDS)
    visitor.sign_out()
    visitor.sign_up()
    other = "quite another one"
    visitor.post("/account/password", page="/account", current_password=WORDS, password=other, password_again=other)
    visitor.sign_out()
    visitor.sign_in(password=other)
    assert len(seen) >= 5
    assert not any(seen)


def test_a_role_taken_away_is_gone_at_once(app: Flask, visitor: Browser):
    visitor.post(f"/first-teacher/{a_token(app)}", username="lev", password=WORDS, password_again=WORDS)
    with app.app_context():
        transactions.session().execute(update(User).values(role="student"))
        transactions.commit()
    assert "<b>lev</b>, a student" in visitor.get("/account").text

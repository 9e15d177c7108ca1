"""Who is asking, and whether they may: what the cookie is believed, and what the database is asked."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from quizapp import store
from quizapp.services import transactions
from quizapp.store.tables import User
from quizapp.web import identity
from quizapp.web.identity import allowed, viewer
from tests.databases import count_queries
from tests.web.browsing import Browser


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The app with a few pages of the test's own."""

    @own_app.get("/who")
    def who() -> str:
        return f"{viewer().user_id} {viewer().role} {viewer().name} {identity.time_zone()}"

    @own_app.post("/begin")
    def begin() -> str:
        person = identity.ensure_user()
        transactions.commit()
        return f"{person.id} {person.role}"

    for path, action in (("own", "see own progress"), ("teaching", "see teaching pages"), ("take", "take quizzes")):
        own_app.add_url_rule(f"/try-{path}", path, allowed(action)(lambda: "well"), methods=["GET", "POST"])
    saving = allowed("take quizzes", on_the_cookies_word=True)
    own_app.add_url_rule("/try-save", "save", saving(lambda: "well"), methods=["POST"])
    return own_app


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


def begin(visitor: Browser) -> str:
    return visitor.post("/begin", page="/sign-in" if "None" in visitor.get("/who").text else "/account").text


def change(app: Flask, **values: object) -> None:
    with app.app_context():
        transactions.session().execute(update(User).values(**values))
        transactions.commit()


def test_a_page_that_asks_only_who_asks_no_database(app: Flask, visitor: Browser):
    assert visitor.get("/who").text == "None anyone  UTC"
    visitor.sign_up(given_name="Ann")
    with app.app_context(), count_queries(store.db.engine) as statements:
        assert visitor.get("/who").text == "1 student Ann UTC"
    assert statements == []


def test_times_are_in_the_zone_of_the_reader(visitor: Browser):
    visitor.sign_up()
    visitor.post("/account", time_zone="Asia/Tokyo")
    assert visitor.get("/who").text.endswith("Asia/Tokyo")
    visitor.sign_out()
    visitor.sign_in()
    assert visitor.get("/who").text.endswith("Asia/Tokyo")


def test_a_visitor_becomes_a_guest_once(app: Flask, visitor: Browser):
    first = begin(visitor)
    assert first.endswith("guest")
    assert begin(visitor) == first
    assert "guest guest-" in visitor.get("/who").text


def test_whoever_is_signed_in_stays_who_they_are(visitor: Browser):
    visitor.sign_up()
    assert begin(visitor) == "1 student"


def test_a_guest_who_is_gone_becomes_another(app: Flask, visitor: Browser):
    begin(visitor)
    token = visitor.token("/account")
    with app.app_context():
        transactions.session().execute(delete(User))
        transactions.commit()
    assert visitor.client.post("/begin", data={"csrf_token": token}).text.endswith("guest")


def test_a_guest_keeps_the_scores_by_signing_up(app: Flask, visitor: Browser):
    guest_id = begin(visitor).split()[0]
    assert "Keep your scores: sign up" in visitor.get("/account").text
    visitor.sign_up()
    assert visitor.get("/who").text == f"{guest_id} student ann UTC"


def test_a_guest_who_signs_in_is_the_account_and_no_guest_is_left(app: Flask, visitor: Browser):
    Browser(app.test_client()).sign_up()
    begin(visitor)
    visitor.sign_in()
    assert visitor.get("/who").text == "1 student ann UTC"
    with app.app_context():
        assert transactions.session().scalars(select(User.username)).all() == ["ann"]


def test_nobody_is_asked_to_sign_in(visitor: Browser):
    assert visitor.get("/try-own?page=2").location == "/sign-in?next=%2Ftry-own%3Fpage%3D2"


@pytest.mark.parametrize(("role", "status"), [("student", 403), ("teacher", 200), ("admin", 200), ("guest", 403)])
def test_teaching_pages_believe_the_database_and_not_the_cookie(app: Flask, visitor: Browser, role: str, status: int):
    visitor.sign_up()
    change(app, role=role)
    assert visitor.get("/who").text.split()[1] == "student", "so says the cookie"
    assert visitor.get("/try-teaching").status_code == status
    assert visitor.get("/who").text.split()[1] == role, "and now it knows better"


@pytest.mark.parametrize("path", ["/try-own", "/try-teaching", "/try-take"])
def test_an_ended_session_is_over(app: Flask, visitor: Browser, path: str):
    visitor.sign_up()
    change(app, session_epoch=User.session_epoch + 1)
    assert visitor.get(path).location is not None
    assert visitor.get("/who").text.startswith("None")


def test_an_ended_session_posts_nothing(app: Flask, visitor: Browser):
    visitor.sign_up()
    token = visitor.token("/account")
    change(app, session_epoch=User.session_epoch + 1)
    assert visitor.client.post("/try-take", data={"csrf_token": token}).status_code == 401


def test_saving_an_answer_costs_no_query_to_know_who_it_is(app: Flask, visitor: Browser):
    visitor.sign_up()
    token = visitor.token("/account")
    with app.app_context(), count_queries(store.db.engine) as statements:
        assert visitor.client.post("/try-save", data={"csrf_token": token}).text == "well"
    assert statements == []


def test_an_action_that_the_table_lacks_is_a_mistake_at_start():
    with pytest.raises(KeyError):
        allowed("rule the world")


@pytest.mark.parametrize("kept", ["", "x", "1", "1:", ":0", "1:-1", "-1:0", "1:0:0", "²:0"])
def test_a_cookie_that_makes_no_sense_is_nobody(visitor: Browser, kept: str):
    with visitor.client.session_transaction() as session:
        session["_user_id"] = kept
    assert visitor.get("/who").text.startswith("None anyone")
    assert visitor.get("/try-own").status_code == 302

"""Preferences come along with the account; and what a page's script is told of who is signed in."""

from __future__ import annotations

import re
import time

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.store import db, users
from tests import databases
from tests.web.browsing import Browser


def somebody(app: Flask) -> Browser:
    return Browser(app.test_client())


def sign_up(browser: Browser, name: str) -> None:
    assert browser.sign_up(name).status_code == 303


def sign_in(browser: Browser, name: str) -> None:
    assert browser.sign_in(name).status_code == 303


def choose(browser: Browser, **chosen: str) -> None:
    assert browser.post("/preferences", page="/sources", **chosen).status_code == 303


def looks(browser: Browser) -> dict[str, str]:
    """What the page says of how it looks."""
    page = browser.get("/sources").text
    return dict(re.findall(r' data-(\w+)="(\w+)"', page.split("<html")[1].split(">")[0]))


def test_they_come_along_to_another_device(app: Flask) -> None:
    phone, laptop = somebody(app), somebody(app)
    sign_up(phone, "ann")
    choose(phone, theme="dark", size="large", timer="hidden", keys="off")
    assert looks(laptop)["theme"] == "auto"
    sign_in(laptop, "ann")
    assert looks(laptop) == looks(phone)
    assert looks(laptop)["timer"] == "hidden"
    assert looks(laptop)["keys"] == "off"


def test_a_visitor_who_signs_up_keeps_them(app: Flask) -> None:
    phone, laptop = somebody(app), somebody(app)
    choose(phone, font="sans")
    sign_up(phone, "ann")
    sign_in(laptop, "ann")
    assert looks(laptop)["font"] == "sans"


def test_an_account_without_any_leaves_the_devices_alone_and_takes_nothing(app: Flask) -> None:
    """Whoever signs in on somebody else's phone does not take over how that one wants to read."""
    shared, own = somebody(app), somebody(app)
    sign_up(own, "ben")
    choose(shared, theme="dark")
    sign_in(shared, "ben")
    assert looks(shared)["theme"] == "dark"
    with app.app_context():
        ben = users.by_key(transactions.session(), "ben")
        assert ben is not None
        assert ben.preferences == {}


def test_signing_out_leaves_the_page_as_it_is(app: Flask) -> None:
    phone = somebody(app)
    sign_up(phone, "ann")
    choose(phone, tint="blue")
    phone.post("/sign-out", page="/sources")
    assert looks(phone)["tint"] == "blue"


def test_choosing_counts_for_whoever_chose(app: Flask) -> None:
    ann, ben = somebody(app), somebody(app)
    sign_up(ann, "ann")
    sign_up(ben, "ben")
    choose(ann, theme="dark")
    choose(ben, theme="light")
    again = somebody(app)
    sign_in(again, "ann")
    assert looks(again)["theme"] == "dark"


def test_what_an_account_kept_before_a_choice_was_new_still_holds(app: Flask) -> None:
    phone = somebody(app)
    sign_up(phone, "ann")
    with app.app_context():
        transactions.begin(read_only=False)
        user = users.by_key(transactions.session(), "ann")
        assert user is not None
        user.preferences = {"reading": {"theme": "dark", "font": "gothic"}, "other": 1}
        transactions.commit()
    laptop = somebody(app)
    sign_in(laptop, "ann")
    assert (looks(laptop)["theme"], looks(laptop)["font"], looks(laptop)["keys"]) == ("dark", "serif", "on")
    choose(laptop, theme="light")
    with app.app_context():
        user = users.by_key(transactions.session(), "ann")
        assert user is not None
        assert user.preferences["other"] == 1


# --- who is signed in ------------------------------------------------------------------------------------------------


def told(browser: Browser) -> dict[str, object]:
    answer = browser.get("/session")
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, object] = answer.get_json()
    return found


def test_nobody_is_told_nothing_and_gets_no_cookie(app: Flask) -> None:
    visitor = somebody(app)
    who = told(visitor)
    assert (who["user"], who["name"], who["csrf_token"]) == ("", "", "")
    assert abs(int(str(who["now"])) - time.time() * 1000) < 5000
    assert visitor.client.get_cookie("quizapp") is None


def test_the_mark_of_an_account_is_its_own_and_says_nothing(app: Flask) -> None:
    ann, ben, again = somebody(app), somebody(app), somebody(app)
    sign_up(ann, "ann")
    sign_up(ben, "ben")
    sign_in(again, "ann")
    marks = [str(told(one)["user"]) for one in (ann, ben, again)]
    assert marks[0] == marks[2] != marks[1]
    assert all(re.fullmatch(r"[0-9a-f]{16}", mark) for mark in marks)
    assert told(ann)["name"] == "ann"


def test_its_token_is_good_for_forms(app: Flask) -> None:
    ann = somebody(app)
    sign_up(ann, "ann")
    token = told(ann)["csrf_token"]
    assert ann.client.post("/preferences", data={"csrf_token": token}, base_url=ann.base_url).status_code == 303


@pytest.mark.parametrize("signed_in", [True, False])
def test_it_asks_the_database_nothing(app: Flask, signed_in: bool) -> None:
    browser = somebody(app)
    if signed_in:
        sign_up(browser, "ann")
    with app.app_context(), databases.count_queries(db.engine) as asked:
        told(browser)
    assert asked == []

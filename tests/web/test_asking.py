"""A question's page is drawn once for all who stand alike: each gets the page that would be drawn for them alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from flask import Flask

from quizapp.domain.items import ITEM_TYPES as TYPES
from quizapp.services import transactions
from quizapp.web.fragments import packed
from tests import builders, small_bank
from tests.web.sittings import Taker, new_taker

ODD = "<b>\"Ann\" & 'Bo'</b> {{ 7 }} \ufdd0token\ufdd1"
SECTION = "One & <i>all</i>"
PREFERENCES = "dark.sans.larger.wide.cream.hidden.off"
MODES = ("practice", "test")


@pytest.fixture
def bank(app: Flask) -> None:
    """A practice quiz and a test of every type of item, one of which asks for a reason, with sections and a note."""
    with app.app_context():
        session = transactions.session()
        small_bank.publish(session, items=1, quizzes=tuple(a_quiz(mode) for mode in MODES), because=(1,))
        small_bank.put_passages(session)
        for kind in TYPES:
            changes = {"note": "It speaks of a wreck."} if kind == "ordering" else {}
            small_bank.put_item(session, builders.an_entry(kind, id=f"of-{kind.replace('_', '-')}", **changes))


def a_quiz(mode: str) -> dict[str, object]:
    names = [f"of-{kind.replace('_', '-')}" for kind in TYPES]
    sections = [{"items": names[:4]}, {"title": SECTION, "items": [*names[4:], "choice-1"]}]
    return small_bank.a_quiz(id=mode, title=f"Of {ODD}", mode=mode, certainty=mode == "test", sections=sections)


@pytest.fixture
def people(app: Flask) -> list[Taker]:
    """A guest, a student with an odd name, and one who reads otherwise."""
    guest, odd, other = Taker(app.test_client()), new_taker(app, "student"), new_taker(app, "student")
    with odd.client.session_transaction() as session:
        session["name"] = ODD
    other.client.set_cookie("reading", PREFERENCES)
    return [guest, odd, other]


@contextmanager
def nothing_remembered(app: Flask) -> Iterator[None]:
    """Templates read anew: every page is drawn for whoever asks, and for nobody else."""
    app.jinja_env.auto_reload = True
    try:
        yield
    finally:
        app.jinja_env.auto_reload = False


def asked(taker: Taker, number: int) -> str:
    """The page, without indentation and what the clock alone changes."""
    response = taker.at(number)
    assert response.status_code == 200
    return packed(re.sub(r'data-seconds-left="\d+"|role="timer">[^<]*', "", response.text))


def same_for_each(app: Flask, people: list[Taker], number: int) -> None:
    seen = [asked(one, number) for one in people]
    with nothing_remembered(app):
        assert seen == [asked(one, number) for one in people]
    assert len(set(seen)) == len(people)


@pytest.mark.parametrize("mode", MODES)
def test_everybody_gets_the_page_that_is_drawn_for_them_alone(app: Flask, bank: None, people: list[Taker], mode: str):
    for one in people:
        one.start(mode)
    for number in range(1, len(TYPES) + 2):
        same_for_each(app, people, number)


@pytest.mark.parametrize(("flagged", "answered"), product((False, True), repeat=2))
def test_a_page_of_before_does_not_come_again_once_something_has_changed(
    app: Flask, bank: None, people: list[Taker], flagged: bool, answered: bool
):
    number = len(TYPES) + 1
    for one in people:
        one.start("test")
        one.at(number)
    mine = people[0]
    if answered:
        assert mine.script(number, 1, answer="1", certainty="2", because="So <it> was & is").status_code == 200
    if flagged:
        mine.press(f"{number}/flag", flagged="1", unchanged="1")
        mine.at(number)  # which shows what was said of it
    same_for_each(app, people, number)
    page = asked(mine, number)
    assert ("Unflag" in page) is flagged
    assert ("So &lt;it&gt; was &amp; is" in page) is answered


def test_what_is_said_once_stands_on_one_page_alone(app: Flask, bank: None, people: list[Taker]):
    number = len(TYPES) + 1
    for one in people[:2]:
        one.start("practice")
        one.at(number)
    first, second = people[:2]
    first.press(number, answer="1")
    assert "Saved." in first.at(number).text
    assert "Saved." not in first.at(number).text
    assert "Saved." not in second.at(number).text


def test_nobody_gets_another_ones_name_address_or_token(app: Flask, bank: None, people: list[Taker]):
    for one in people:
        one.start("test")
    pages = {one.attempt: asked(one, 1) for one in people}
    tokens = {one.attempt: set(re.findall(r'name="csrf_token" value="([^"]+)"', pages[one.attempt])) for one in people}
    assert all(len(found) == 1 for found in tokens.values())
    assert len(set.union(*tokens.values())) == len(people)
    for mine, page in pages.items():
        assert mine in page
        assert not any(other in page for other in pages if other != mine)
        assert not re.search("[\ufdd0\ufdd1]", page.replace("\ufdd0token\ufdd1", ""))

"""The reader pages as a browser gets them: escaping, highlights, withholding, closed sources, openings, robots."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from quizapp import store
from quizapp.services import taking, transactions
from quizapp.store.tables import PassageOpening
from tests import small_bank, small_catalogue
from tests.small_catalogue import PASSAGES, TEXT

PILOTS = "/sources/almanac/pilots"
ADDRESSES = ("/sources", "/sources/almanac", PILOTS, "/disputes", "/disputes/wall")


@pytest.fixture
def published(app: Flask) -> Flask:
    """The app with the small catalogue, without its document."""
    with app.app_context():
        small_catalogue.publish(transactions.session(), record=True)
    return app


@pytest.fixture
def attached(app: Flask) -> Flask:
    """The app with the small catalogue and its document."""
    with app.app_context():
        small_catalogue.publish(transactions.session(), attach=TEXT, record=True)
    return app


def somebody(app: Flask, name: str = "ann") -> tuple[FlaskClient, int]:
    """A browser with somebody signed in, and who that is."""
    with app.app_context():
        user = small_bank.a_user(transactions.session(), name)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update({"_user_id": f"{user}:0", "role": "student", "name": name})
    return browser, user


def an_attempt(app: Flask, user: int, quiz: str, *, submitted: bool = False) -> uuid.UUID:
    now = datetime.now(UTC)
    with app.app_context():
        session = transactions.session()
        attempt = taking.start(session, quiz, user_id=user, attempt_id=uuid.uuid4(), seed="s", now=now)
        session.commit()
        if submitted:
            taking.submit(session, attempt.id, user_id=user, now=now)
            session.commit()
        return attempt.id


def version_of(app: Flask, item: str) -> str:
    with app.app_context():
        query = text("SELECT digest FROM content WHERE kind = 'item' AND name = :name")
        return transactions.session().execute(query, {"name": item}).scalar_one()


def read(browser: FlaskClient, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response.text
    return response.text


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_every_page_says_what_it_should_without_the_document(published: Flask) -> None:
    browser = published.test_client()
    sources = words(read(browser, "/sources"))
    assert "none speaks for the other side" in sources
    assert "Medium reliability" in sources
    assert "3 passages · 3 questions rest on it · document not attached" in sources
    source = words(read(browser, "/sources/almanac"))
    assert "A keeper wrote it for sailors." in source
    assert "The almanac tells of basin." in source
    assert "checked against the document on 12 March 2027" in source
    passage = words(read(browser, PILOTS))
    for said in (
        "The almanac tells of pilots.",
        "“until the flood has”",
        "Speaker the keeper",
        "How surely surely",
        "12 of its 26 words",
        "A line is torn.",
        "What of the flood?",
        "Ask the keeper.",
        "These words were checked against the document on 12 March 2027.",
        "Passage 1 of 3",
    ):
        assert said in passage
    dispute = words(read(browser, "/disputes/wall"))
    assert "Emphasis" in dispute
    assert "“on the wall”" in dispute
    assert "Nobody knows of the wall." in dispute
    assert "What of the wall?" in words(read(browser, "/disputes"))


def test_an_empty_installation_says_so(client: FlaskClient) -> None:
    assert "There are no sources here yet" in read(client, "/sources")
    assert "There are no disputes here yet" in read(client, "/disputes")


@pytest.mark.parametrize("address", ["/sources/no", "/sources/no/no", "/sources/almanac/no", "/disputes/no"])
def test_unknown_names_are_not_found(published: Flask, address: str) -> None:
    assert published.test_client().get(address).status_code == 404


def test_the_text_of_a_document_is_escaped_and_marked_at_the_exact_words(attached: Flask) -> None:
    browser, user = somebody(attached)
    an_attempt(attached, user, "harbours", submitted=True)
    page = read(browser, f"{PILOTS}?item=choice-1&version={version_of(attached, 'choice-1')}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;tide&#39;)&lt;/script&gt;" in page
    marks = re.findall(r"<mark class=\"([\w-]+)\"( id=\"evidence\")?>([^<]*)</mark>", page)
    assert ("quoted-key", ' id="evidence"', "pilots wait until the\nflood") in marks
    assert "nobody leaves" in [text for kind, _, text in marks if kind == "quoted-other"]
    assert page.count('id="evidence"') == 1
    assert "[supports the answer]" in page
    assert "[about another answer]" in page
    assert "<p" in page.split("The last page tells of lamps &amp; ropes.")[0]


def test_every_page_of_a_passage_has_one_place_to_land_on(published: Flask) -> None:
    browser, user = somebody(published)
    assert read(browser, PILOTS).count('id="evidence"') == 1
    an_attempt(published, user, "harbours", submitted=True)
    assert read(browser, f"{PILOTS}?item=choice-1").count('id="evidence"') == 1


def test_only_attached_text_keeps_robots_away(app: Flask) -> None:
    browser = app.test_client()
    with app.app_context():
        small_catalogue.publish(transactions.session())
    response = browser.get(PILOTS)
    assert "X-Robots-Tag" not in response.headers
    assert "noindex" not in response.text
    with app.app_context():
        small_catalogue.publish(transactions.session(), attach=TEXT)
    response = browser.get(PILOTS)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "X-Robots-Tag" not in browser.get("/sources/almanac").headers


def test_a_question_is_shown_to_who_has_seen_it_reviewed_and_not_kept_by_the_browser(published: Flask) -> None:
    ann, user = somebody(published)
    bob, _ = somebody(published, "bob")
    an_attempt(published, user, "harbours", submitted=True)
    address = f"{PILOTS}?item=choice-1&version={version_of(published, 'choice-1')}"
    shown = ann.get(address)
    assert "Question 1: which harbour is meant?" in shown.text
    assert "About another answer: “Lure 1”" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    for browser in (bob, published.test_client()):
        page = read(browser, address)
        for secret in ("which harbour is meant", "Lure 1", "pilots wait until the flood", "nobody leaves"):
            assert secret not in page


def test_a_session_that_has_been_ended_sees_what_nobody_sees(published: Flask) -> None:
    ann, user = somebody(published)
    an_attempt(published, user, "harbours", submitted=True)
    assert "which harbour is meant" in read(ann, f"{PILOTS}?item=choice-1")
    with published.app_context():
        session = transactions.session()
        session.execute(text('UPDATE "user" SET session_epoch = 1'))
        session.commit()
    assert "which harbour is meant" not in read(ann, f"{PILOTS}?item=choice-1")
    with published.app_context():
        assert len(transactions.session().scalars(select(PassageOpening)).all()) == 1


def test_an_open_question_keeps_every_trace_of_itself_from_its_taker(attached: Flask) -> None:
    ann, user = somebody(attached)
    an_attempt(attached, user, "harbours", submitted=True)
    an_attempt(attached, user, "harbour-test")
    page = read(ann, f"{PILOTS}?item=choice-1&version={version_of(attached, 'choice-1')}")
    for secret in (
        "which harbour is meant",
        "Lure 1",
        "What of the frost",
        "What of the flood",
        "are patient",
        "quoted-key",
    ):
        assert secret not in page
    assert "Some things are put away for now" in page
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", page) == ["written on the wall"]
    assert "What of the frost?" not in read(ann, "/disputes")
    withheld = read(ann, "/disputes/frost")
    assert "Put away for now" in withheld
    assert "frost" not in words(withheld)


def test_closed_sources_say_so_and_lead_back(published: Flask) -> None:
    ann, user = somebody(published)
    attempt = an_attempt(published, user, "closed")
    for address in ADDRESSES:
        response = ann.get(address)
        assert response.status_code == 403
        assert "Without sources" in response.text
        assert f'href="/attempts/{attempt}"' in response.text
        assert "keeper" not in response.text
        assert somebody(published, f"bob {address}")[0].get(address).status_code == 200


def test_openings_are_recorded_for_who_has_an_account(published: Flask) -> None:
    ann, user = somebody(published)
    attempt = an_attempt(published, user, "harbours")
    published.test_client().get(PILOTS)
    ann.get(f"{PILOTS}?slot={attempt}.2")
    ann.get(PILOTS)
    ann.head(PILOTS)
    ann.get(PILOTS, headers={"Sec-Purpose": "prefetch"})
    ann.get("/sources/almanac/no")
    with published.app_context():
        rows = transactions.session().scalars(select(PassageOpening).order_by(PassageOpening.id)).all()
        assert [(row.user_id, row.passage, row.attempt_id, row.slot) for row in rows] == [
            (user, "almanac/pilots", attempt, 2),
            (user, "almanac/pilots", None, None),
        ]


def test_a_log_that_fails_fails_no_page(published: Flask) -> None:
    ann, _ = somebody(published)
    with published.app_context(), store.db.engine.begin() as connection:
        connection.execute(text("DROP TABLE passage_opening"))
    assert "The almanac tells of pilots." in read(ann, PILOTS)
    assert "Sources" in read(ann, "/sources")


def test_a_changed_passage_is_shown_as_it_was_and_says_so(published: Flask) -> None:
    ann, user = somebody(published)
    an_attempt(published, user, "harbours", submitted=True)
    with published.app_context():
        session = transactions.session()
        small_catalogue.put_passage(session, {**PASSAGES[1], "account": "We read it anew."}, 1)
        session.commit()
    old = read(ann, f"{PILOTS}?item=choice-1&version={version_of(published, 'choice-1')}")
    assert "The almanac tells of pilots." in old
    assert "It has changed since" in old
    assert "We read it anew." in read(ann, PILOTS)


def test_pages_need_no_inline_style_or_script(attached: Flask) -> None:
    ann, user = somebody(attached)
    an_attempt(attached, user, "harbours", submitted=True)
    for address in (*ADDRESSES, f"{PILOTS}?item=choice-1"):
        page = read(ann, address)
        assert " style=" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert "«" not in page

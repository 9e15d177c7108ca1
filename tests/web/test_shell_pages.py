"""Reading preferences, navigation and the filters of templates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask, render_template_string, session
from flask.testing import FlaskClient

from quizapp.web import filters

NOON = datetime(2027, 7, 12, 12, 0, tzinfo=UTC)

# --- preferences -----------------------------------------------------------------------------------------------------


def choose(client: FlaskClient, **chosen: str) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/nothing").text)
    assert token is not None
    return client.post("/preferences", data={"csrf_token": token[1], **chosen}).headers["Location"]


def test_preferences_are_kept_and_applied(client: FlaskClient) -> None:
    assert choose(client, theme="dark", font="sans", size="larger", next="/nothing?x=1") == "/nothing?x=1"
    page = client.get("/nothing").text
    assert 'data-theme="dark" data-font="sans" data-size="larger" data-spacing="normal" data-tint="none"' in page
    assert 'name="theme" value="dark" checked' in page


def test_what_is_no_choice_is_not_kept(client: FlaskClient) -> None:
    assert choose(client, theme='"><script>', next="//evil.example") == "/"
    assert 'data-theme="auto"' in client.get("/nothing").text
    client.set_cookie("reading", 'x.".serif')
    assert 'data-theme="auto" data-font="serif"' in client.get("/nothing").text


# --- navigation ------------------------------------------------------------------------------------------------------


def test_navigation_shows_what_one_may_do(client: FlaskClient) -> None:
    page = client.get("/nothing").text
    assert 'href="/quizzes"' in page
    assert 'href="/sign-in"' in page
    assert "Teaching" not in page
    with client.session_transaction() as kept:
        kept.update({"_user_id": "1:0", "role": "teacher", "name": "Tess"})
    page = client.get("/nothing").text
    assert "Teaching" in page
    assert 'action="/sign-out"' in page


def test_a_page_has_a_way_to_its_content_and_says_its_language(client: FlaskClient) -> None:
    page = client.get("/nothing").text.strip()
    assert page.startswith("<!doctype html>")
    assert '<html lang="en"' in page
    assert 'href="#main"' in page
    assert '<main id="main"' in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)


# --- filters ---------------------------------------------------------------------------------------------------------


def test_times_are_shown_in_the_readers_zone(app: Flask) -> None:
    with app.test_request_context():
        assert filters.localtime(NOON) == '<time datetime="2027-07-12T12:00:00+00:00">12 July 2027, 12:00 UTC</time>'
        session["zone"] = "Europe/Berlin"
        assert "12 July 2027, 14:00 CEST" in filters.localtime(NOON)
        assert ">14:00<" in filters.localtime(NOON, "clock")
        assert filters.localtime(None) == "–"
        session["zone"] = "Pacific/Kiritimati"
        assert filters.short_day(NOON, year=True) == "13 Jul 2027"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1.5000000"), "1.5"), (1234.567, "1,234.57"), (-2, "−2"), (0, "0"), (None, "–"), (Decimal(7), "7")],
)
def test_number(value: Decimal | float | None, shown: str) -> None:
    assert filters.number(value) == shown


@pytest.mark.parametrize(("fraction", "shown"), [(Decimal("0.625"), "63%"), (1, "100%"), (None, "–"), (0.0, "0%")])
def test_percent(fraction: Decimal | float | None, shown: str) -> None:
    assert filters.percent(fraction) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(0), "0 s"),
        (45, "45 s"),
        (125, "2 min 5 s"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(minutes=65), "1 h 5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h"),
        (3601, "1 h"),
        (None, "–"),
    ],
)
def test_duration(length: timedelta | int | None, shown: str) -> None:
    assert filters.duration(length) == shown


def test_markdown_keeps_emphasis_and_drops_harm() -> None:
    assert filters.markdown("*one* **two**") == "<p><em>one</em> <strong>two</strong></p>\n"
    assert filters.inline_markdown("of the *Iskra*") == "of the <em>Iskra</em>"
    for harm in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](http://evil.example/x.png)"):
        assert not re.search(r"<(script|img)", filters.markdown(harm))
    assert "javascript:" not in filters.markdown("[x](javascript:alert(1))").replace("](javascript:", "")
    assert 'rel="noopener noreferrer"' in filters.markdown("[x](https://example.org)")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("signed on", "“signed on”"), ("“signed on”", "“signed on”"), ("a & b", "“a &amp; b”"), ("a “b” c", "“a “b” c”")],
)
def test_quoted(words: str, shown: str) -> None:
    assert str(filters.quoted(words)) == shown


def test_filters_are_there_in_templates(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string("{{ 0.5 | percent }} {{ 90 | duration }} {{ 'A b' | anchor }}")
    assert shown == "50% 1 min 30 s a-b"

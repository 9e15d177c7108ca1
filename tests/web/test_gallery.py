"""The page of every component and every item type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp import create_app
from quizapp.domain.items import ITEM_TYPES
from quizapp.services import transactions
from tests.conftest import settings_for
from tests.web.sittings import new_taker


@pytest.mark.parametrize("role", ["guest", "student"])
def test_the_gallery_is_for_teachers(app: Flask, client: FlaskClient, role: str) -> None:
    assert client.get("/teach/gallery").headers["Location"] == "/sign-in?next=%2Fteach%2Fgallery"
    assert new_taker(app, role).get("/teach/gallery").status_code == 403


def test_teaching_has_a_page_to_begin(app: Flask, client: FlaskClient) -> None:
    assert client.get("/teach/").headers["Location"] == "/sign-in?next=%2Fteach%2F"
    assert new_taker(app, "student").get("/teach/").status_code == 403
    page = new_taker(app, "teacher").get("/teach/").text
    assert 'href="/teach/gallery"' in page
    assert 'href="/teach/" aria-current="page"' in page


def test_the_gallery_shows_each_type_in_each_state(app: Flask) -> None:
    response = new_taker(app, "teacher").get("/teach/gallery")
    assert response.status_code == 200
    for name, item_type in ITEM_TYPES.items():
        section = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', response.text, re.DOTALL)
        assert section is not None, name
        assert item_type.label in section[1]
        states = re.findall(r"<h3>([\w ]+) <span", section[1])
        assert {"Blank", "Right", "Wrong"} <= set(states) <= {"Blank", "Right", "Half right", "Wrong"}
        assert section[1].count("<form") == len(states)


def test_ids_are_unique_and_nothing_is_inline(app: Flask) -> None:
    page = new_taker(app, "teacher").get("/teach/gallery").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert " style=" not in page
    assert " onclick=" not in page
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page):
        assert set(described.split()) <= set(ids)


def test_a_field_that_is_wrong_says_why_beside_it(app: Flask) -> None:
    page = new_taker(app, "teacher").get("/teach/gallery").text
    control = re.search(r'<input[^>]*id="wrong-username"[^>]*>', page)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="wrong-username-help wrong-username-error"' in control[0]
    assert re.search(r'id="wrong-username-error">Type a user name', page)


def test_without_examples_the_page_says_so(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path).model_copy(update={"bank_dir": tmp_path}))
    with app.app_context():
        transactions.upgrade()
    response = new_taker(app, "teacher").get("/teach/gallery")
    assert response.status_code == 404
    assert "examples.yaml is missing" in response.text

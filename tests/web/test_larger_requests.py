"""The few forms that take a large file or text: up to their limit, and with a clear page beyond it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from quizapp.services import transactions
from quizapp.web.requests import LARGER_REQUESTS, LARGER_TEXTS, LARGEST_TEXT
from tests import own_sources
from tests.web import everything
from tests.web.addresses import Places, addresses
from tests.web.sittings import Taker

BOUNDARY = "between-the-fields"


@pytest.fixture
def places(app: Flask, teacher: Taker) -> Places:
    """A source of the catalogue without its document, and one that the teacher has added."""
    everything.publish(app)
    with app.app_context():
        return Places(source="almanac", own_source=own_sources.added(transactions.session(), teacher.id))


def send(teacher: Taker, path: str, text: str) -> TestResponse:
    """The form with a text pasted into it."""
    return sent(teacher, path, encoded({"pasted": text, "csrf_token": teacher.token("/sources")}))


def send_file(teacher: Taker, path: str, size: int) -> TestResponse:
    """The form with a file that makes a request of so many bytes, all that stands around it included."""
    token = teacher.token("/sources")

    def form(length: int) -> bytes:
        return encoded({"file": FileStorage(io.BytesIO(b"x" * length), "large.txt"), "csrf_token": token})

    body = form(size - len(form(1)) + 1)
    assert len(body) == size
    return sent(teacher, path, body)


def encoded(fields: dict[str, Any]) -> bytes:
    """The form as a page sends it that has a field for a file."""
    return encode_multipart({"title": "Large", **fields}, BOUNDARY)[1]


def sent(teacher: Taker, path: str, body: bytes) -> TestResponse:
    return teacher.client.post(path, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")


def assert_too_much(answer: TestResponse) -> None:
    assert answer.status_code == 413
    assert "<h1>Too much at once</h1>" in answer.text
    assert "one megabyte, or eight for a file of questions or a source" in answer.text
    assert "Send something shorter. What you had saved before is still there." in answer.text


@pytest.mark.parametrize("endpoint", sorted(LARGER_REQUESTS))
def test_a_file_is_looked_at_up_to_the_limit_of_its_request(places: Places, teacher: Taker, endpoint: str):
    [path] = addresses(places)[endpoint]
    looked_at = send_file(teacher, path, LARGER_REQUESTS[endpoint])
    assert looked_at.status_code == 422
    assert "8 MB" in looked_at.text, "it says beside the field how large a file may be"
    assert_too_much(send_file(teacher, path, LARGER_REQUESTS[endpoint] + 1))


@pytest.mark.parametrize("endpoint", sorted(LARGER_TEXTS))
def test_a_text_is_looked_at_up_to_the_limit_of_its_field(places: Places, teacher: Taker, endpoint: str):
    [path] = addresses(places)[endpoint]
    looked_at = send(teacher, path, ("word " * LARGEST_TEXT)[:LARGEST_TEXT])
    assert looked_at.status_code == 422
    assert "838,861 words" in looked_at.text, "it says beside the field how much text is taken"
    assert_too_much(send(teacher, path, ("word " * LARGEST_TEXT)[: LARGEST_TEXT + 1]))

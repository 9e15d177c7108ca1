"""Pages go out compressed to whoever takes that; what is said does not change, and lengths tell nothing."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable

import pytest
from flask import Flask

from quizapp.services import transactions
from quizapp.web import compression
from quizapp.web.compression import PADDING, gzipped
from tests import small_bank
from tests.web.sittings import Taker, new_taker


@pytest.fixture
def ann(app: Flask) -> Taker:
    with app.app_context():
        small_bank.publish(transactions.session())
    return new_taker(app, "student")


def untold(page: bytes) -> bytes:
    """The page without its form's token, which tells the second that it was made in."""
    return re.sub(rb'name="csrf_token" value="[^"]+"', b"", page)


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "gzip;q=0.5"])
def test_a_page_is_compressed_for_who_takes_it(ann: Taker, accepted: str):
    plain = ann.client.get("/quizzes")
    packed = ann.client.get("/quizzes", headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert untold(gzip.decompress(packed.data)) == untold(plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Cookie" in ", ".join(answer.headers.getlist("Vary"))


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0"])
def test_whoever_does_not_take_it_gets_the_page_as_it_is(ann: Taker, accepted: str):
    answer = ann.client.get("/quizzes", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text.rstrip().endswith("</html>")


def test_error_pages_and_downloads_too_but_nothing_short(ann: Taker):
    taking = {"Accept-Encoding": "gzip"}
    missing = ann.client.get("/nothing", headers=taking)
    assert (missing.status_code, missing.headers["Content-Encoding"]) == (404, "gzip")
    ann.start()
    ann.press("submit")
    data = ann.client.get("/account/data.json", headers=taking)
    assert data.headers["Content-Encoding"] == "gzip"
    assert b'"account"' in gzip.decompress(data.data)
    assert "Content-Encoding" not in ann.client.get("/healthz", headers=taking).headers


@pytest.mark.parametrize("compress", [compression.compress, zlib.compress])
def test_what_is_packed_comes_out_again(monkeypatch: pytest.MonkeyPatch, compress: Callable[..., bytes]):
    monkeypatch.setattr(compression, "compress", compress)  # zlib's, where the quicker one does not exist
    for content in (b"", b"x", "«Война»".encode() * 5_000, bytes(range(256)) * 40):
        assert gzip.decompress(gzipped(content)) == content


def test_the_same_page_has_many_lengths():
    page = b"<p>always the same</p>" * 100
    lengths = {len(gzipped(page)) for _ in range(200)}
    assert len(lengths) > PADDING / 2
    assert {gzip.decompress(gzipped(page)) for _ in range(20)} == {page}

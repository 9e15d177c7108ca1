"""Quizzes as PDFs: tagged, in order, fetched from nowhere; and what the page says where none can be made."""

from __future__ import annotations

import io
import os
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from quizapp.formats import pdf
from tests.web.sittings import Taker, new_taker

PRINT = "/teach/quizzes/harbours/print"


@pytest.fixture
def _pango() -> None:
    """A test that makes a PDF is skipped where this machine cannot."""
    if not pdf.is_possible():
        if os.environ.get("QUIZAPP_REQUIRE_PDF") == "1":
            pytest.fail("Pango is not installed")
        pytest.skip("Pango is not installed")


def read(teacher: Taker, address: str) -> PdfReader:
    response = teacher.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(response.data))


def text(found: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in found.pages))


def tags(found: PdfReader) -> set[str]:
    """The kinds of structure that the PDF names."""
    kinds: set[str] = set()
    waiting = [found.root_object["/StructTreeRoot"].get_object()]  # type: ignore[index]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += [part.get_object() for part in one]
        elif isinstance(one, dict):
            kinds |= {str(one["/S"])} if "/S" in one else set()
            waiting += [one["/K"].get_object()] if "/K" in one else []
    return kinds


@pytest.mark.usefixtures("bank", "_pango")
def test_a_pdf_has_tags_a_language_and_a_title(teacher: Taker):
    found = read(teacher, f"{PRINT}.pdf?variant=B")
    root = found.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert found.metadata
    assert found.metadata.title == "Harbours, questions, variant B"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()  # type: ignore[attr-defined]
    assert {"/H1", "/P", "/L", "/LI"} <= tags(found)
    assert {"/Table", "/TH", "/TD", "/TR"} <= tags(read(teacher, f"{PRINT}.pdf?part=sheet"))


@pytest.mark.usefixtures("bank", "_pango")
@pytest.mark.parametrize("variant", ["A", "C"])
def test_it_reads_as_the_page_does(teacher: Taker, variant: str):
    page = teacher.get(f"{PRINT}?variant={variant}").text
    order = re.findall(r"Question (\d): which harbour", page)
    said = text(read(teacher, f"{PRINT}.pdf?variant={variant}"))
    assert re.findall(r"Question (\d): which harbour", said) == order
    assert "Praise" not in said
    assert "Explanation" not in said
    key = text(read(teacher, f"{PRINT}.pdf?variant={variant}&part=key"))
    assert all(f"Explanation {number}." in key for number in order)


@pytest.mark.usefixtures("_pango")
def test_nothing_that_a_page_names_is_fetched():
    pictures = "".join(f'<img src="{one}" alt="none">' for one in ("file:///etc/hostname", "http://127.0.0.1:1/"))
    html = f'<html lang="en"><title>x</title>{pictures}<p>Here</p>'
    found = PdfReader(io.BytesIO(pdf.write(html, "p { background: url(file:///etc/hostname) }")))
    assert "Here" in text(found)
    assert not list(found.pages[0].images)


@pytest.mark.usefixtures("bank")
def test_the_page_offers_a_pdf_or_says_what_is_missing(app: Flask, teacher: Taker):
    page = teacher.get(PRINT).text
    assert ("print.pdf" in page) == pdf.is_possible()
    assert ("Pango is missing" in page) == (not pdf.is_possible())


@pytest.mark.usefixtures("bank")
def test_students_get_none(app: Flask):
    assert new_taker(app, "student").get(f"{PRINT}.pdf").status_code == 403

"""What teachers send is read as text or refused with a clear message, whatever it is, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.domain.exchange import UnreadableFile
from quizapp.domain.own_document import OwnDocument
from quizapp.formats import document_pdf, document_text, document_word, pdf_pages
from tests.own_documents import HTML, LANTERN, MARKDOWN, a_paragraph, docx, packed, pdf

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = "The harbour keeper counted every ship that came in before the fog."


def read(name: str, data: bytes, encoding: str = "") -> OwnDocument | str:
    """The document, or why it is refused; never anything else."""
    try:
        found = document_text.read(name, data, encoding)
    except UnreadableFile as error:
        return str(error)[:400]
    assert found.text == found.text.strip()
    assert all(found.text[a:b].strip() for a, b in found.headings)
    assert "\0" not in found.text
    found.text.encode()
    return found


def made(name: str, data: bytes, encoding: str = "") -> OwnDocument:
    found = read(name, data, encoding)
    assert isinstance(found, OwnDocument), found
    return found


def refused(name: str, data: bytes, *words: str) -> None:
    found = read(name, data)
    assert isinstance(found, str), found
    for word in words:
        assert word in found, found


def headings(found: OwnDocument) -> list[str]:
    return [found.text[a:b] for a, b in found.headings]


# --- each kind


def test_plain_text_has_its_paragraphs_and_headings() -> None:
    found = made("strike.txt", LANTERN.encode())
    assert headings(found) == ["The Lantern Street Strike", "What the owner said", "How it ended"]
    assert found.text.count("\n\n") == LANTERN.count("\n\n")
    assert found.title == "strike"


def test_lines_are_paragraphs_where_there_is_no_blank_one() -> None:
    assert (
        made("a.txt", b"One went to sea.\r\nTwo stayed at home.\r\n").text == "One went to sea.\n\nTwo stayed at home."
    )


def test_html_is_its_text_and_nothing_else() -> None:
    found = made("page.html", HTML.encode())
    assert found.text.split("\n\n") == [
        "Home", "The Ferry", "The ferry crossed twice a day & carried mail.", "In winter it stayed\nat the quay.",
        "Mon noon",
    ]  # fmt: skip
    assert headings(found) == ["The Ferry"]
    assert found.title == "The Ferry"


def test_html_in_the_encoding_that_it_declares() -> None:
    page = '<html><meta charset="windows-1251"><p>Она ушла домой вечером одна.</p></html>'
    assert made("a.htm", page.encode("cp1251")).text == "Она ушла домой вечером одна."


def test_markdown_is_its_words() -> None:
    found = made("ferry.md", MARKDOWN.encode())
    assert headings(found) == ["The Ferry", "In winter"]
    assert found.text.split("\n\n")[1::2] == [
        "The ferry crossed twice a day and carried mail.",
        "It stayed at the quay. Nobody sailed.",
    ]


def test_word_has_its_paragraphs_headings_in_any_language_and_boxes_once() -> None:
    box = (
        "<w:p><mc:AlternateContent xmlns:mc='x'><mc:Choice>" + a_paragraph("In a box.") + "</mc:Choice><mc:Fallback>"
        + a_paragraph("In a box.") + "</mc:Fallback></mc:AlternateContent></w:p>"
    )  # fmt: skip
    found = made("a.docx", docx("# The Ferry", WORDS, "It sailed twice.", body=box))
    assert found.text.split("\n\n") == ["The Ferry", WORDS, "It sailed twice.", "In a box."]
    assert headings(found) == ["The Ferry"]


def test_headings_that_are_not_styled_as_such_are_known_by_their_look() -> None:
    assert headings(made("a.docx", docx(*LANTERN.split("\n\n"))))[1:] == ["What the owner said", "How it ended"]


def test_pdf_lines_become_paragraphs_without_numbers_and_running_heads() -> None:
    line = "The harbour keeper counted every ship that came in before the"
    pages = [
        [
            "Annals of the Harbour",
            f"{line} fog, for he was a care-",
            "ful man.",
            f"{line} rain.",
            "Nobody knew.",
            str(i),
        ]
        for i in range(1, 5)
    ]
    found = made("harbour.pdf", pdf(*pages))
    assert "Annals" not in found.text
    assert found.text.split("\n\n")[:2] == [f"{line} fog, for he was a careful man.", f"{line} rain. Nobody knew."]
    assert any("8 page numbers" in one for one in found.remarks)


# --- what cannot be read


def test_a_scan_and_a_locked_pdf_are_named() -> None:
    refused("scan.pdf", pdf([], [], []), "scanned", "0 words on 3 pages", "OCR")
    refused("locked.pdf", pdf([WORDS], encrypt=True), "locked with a password")
    refused("broken.pdf", b"%PDF-1.7\n" + b"x" * 500, "damaged")


def test_too_many_pages_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MOST_PAGES", 2)
    assert pdf_pages.pages(pdf([WORDS], [WORDS], [WORDS])) == {"refused": "pages", "number": 3}


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_pdf, "PATIENCE", 0.001)
    refused("slow.pdf", pdf([WORDS]), "too long")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_a_wrong_encoding_is_named_with_its_guess(encoding: str) -> None:
    text = "Она ушла домой вечером одна и никому не сказала."
    refused("a.txt", text.encode(encoding), "not UTF-8", "byte 1", document_text.ENCODINGS[encoding])
    assert made("a.txt", text.encode(encoding), encoding).text == text


def test_western_and_wide_encodings_are_guessed_too() -> None:
    refused("a.txt", "The café was closed on that day.".encode("latin-1"), "Windows-1252", "byte 8")
    refused("a.txt", "The café was closed all day.".encode("utf-16-le"), "UTF-16")
    assert made("a.txt", "The café was closed all day.".encode("utf-16")).text == "The café was closed all day."


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.txt", b"   ", "empty"),
        ("a.txt", b"two words", "hardly any text"),
        ("a.exe", b"MZ" + WORDS.encode(), "(.exe)"),
        ("a.pdf", WORDS.encode(), "none of that kind"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(500), "old kind"),
        ("a.docx", packed({"xl/workbook.xml": "<a/>"}), "no Word document"),
        ("a.docx", packed({"../word/document.xml": "<a/>"}), "outside of itself"),
        ("a.docx", packed({"word/document.xml": b"0" * 50_000_000}), "inflates"),
        ("a.docx", packed({"word/document.xml": "<a><b></a>"}), "not XML"),
        ("a.docx", packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "entities"),
        ("a.docx", packed({"word/document.xml": "<a>" * 5_000}), "absurd"),
        ("a.txt", b"a" * (9 * 1024 * 1024), "8 MB"),
        ("a.txt", b"a " * 1_000_000, "words"),
        ("a.txt", b"abc " * 9 + b"a" * 5_000, "more than a thousand letters"),
    ],
)
def test_what_is_no_document_is_refused(name: str, data: bytes, word: str) -> None:
    refused(name, data, word)


def test_it_is_known_by_what_it_is() -> None:
    assert "twice" in made("page.txt", HTML.encode()).text
    assert made("letter.pdf", docx(WORDS)).text == WORDS


# --- anything at all


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.docx"])
@FUZZ
@given(data=st.binary(max_size=600), encoding=st.sampled_from(["", *document_text.ENCODINGS]))
def test_any_bytes_are_read_or_refused(name: str, data: bytes, encoding: str) -> None:
    read(name, data, encoding)


PIECES = st.sampled_from(
    [*"<>/&;#*_[]()`\\\"'= \n", "<!--", "-->", "<p>", "</p>", "<script>", "</script", "<title>", "<svg>", "</svg>",
     "<a href='", "&#xD800;", "&#99999999999;", "# ", "> ", "]( ", "\n\n", "===\n", "word ", "Ünïcode ", "\u2028",
     "\ufeff", "\x1f"]
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@FUZZ
@given(parts=st.lists(PIECES, max_size=150))
def test_any_text_is_read_or_refused(name: str, parts: list[str]) -> None:
    read(name, ("five words and some more " + "".join(parts)).encode())


def mangled(data: bytes, at: int, cut: int, put: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + put + data[at + cut :]


DAMAGE = {"at": st.integers(0, 10**6), "cut": st.integers(0, 60), "put": st.binary(max_size=12)}
PDF = pdf(["Some words of a page."] * 3, ["And of another page."])


@FUZZ
@given(**DAMAGE)
def test_a_damaged_word_document_is_read_or_refused(at: int, cut: int, put: bytes) -> None:
    whole = docx("# One", WORDS)
    read("a.docx", mangled(whole, at, cut, put))
    inside = mangled(b"<document><p><r><t>Some words.</t></r></p></document>", at, cut, put)
    read("a.docx", packed({document_word.TEXT: inside}))


@FUZZ
@given(**DAMAGE)
def test_a_damaged_pdf_is_read_or_refused(at: int, cut: int, put: bytes) -> None:
    found = pdf_pages.pages(mangled(PDF, at, cut, put))
    assert set(found) in ({"pages", "title"}, {"refused"}, {"refused", "number"})


@pytest.mark.parametrize(
    ("name", "unit"),
    [("a.html", one) for one in ("<", "<!--", "<a '", "&#", "<p>", "<svg>", "<script>", "</", "<title>", '<a b="')]
    + [("a.md", one) for one in ("*", "_a", "[", "![", "[a](", "`", "<", "\\", "#", "> ")],
)
def test_a_hostile_page_takes_no_longer_than_any_other(name: str, unit: str) -> None:
    began = time.process_time()
    read(name, (unit * (400_000 // len(unit))).encode())
    assert time.process_time() - began < 20  # a reader that goes over it again and again needs many minutes

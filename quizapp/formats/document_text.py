"""Documents that teachers add, from whatever file they have: as text in blocks, or a reason why not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import replace

from quizapp.domain.exchange import UnreadableFile
from quizapp.domain.own_document import OwnDocument, blocks_of_text, compose, headings_in
from quizapp.formats import document_html, document_markdown, document_pdf, document_word

LARGEST = 8 * 1024 * 1024  # bytes of a file
LARGEST_TEXT = 2 * 1024 * 1024  # bytes of text, and of HTML
MOST_WORDS = 100_000
FEWEST_WORDS = 5
LONGEST_WORD = 1_000  # characters without a space
ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252 (Western Europe)", "cp1250": "Windows-1250 "
    "(Central Europe)", "cp1251": "Windows-1251 (Cyrillic)", "koi8-r": "KOI8-R (Cyrillic)", "iso8859-15": "ISO 8859-15",
}  # fmt: skip
ENDINGS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".docx": "word", ".pdf": "pdf",
}  # fmt: skip
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""", re.IGNORECASE)
_HTML_BEGINS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")


def read(file_name: str, data: bytes, encoding: str = "") -> OwnDocument:
    """The text of a file, recognised by what it is rather than by its name. Raises UnreadableFile.

    ``encoding`` is what its sender says of a text; UTF-8, or what the file says of itself, where they say nothing.
    """
    if not data.strip():
        raise UnreadableFile("The file is empty. Choose another, or look whether it was saved.")
    if len(data) > LARGEST:
        raise UnreadableFile(f"The file has {len(data) / 1024 / 1024:.1f} MB; 8 MB is the most that is read.")
    kind = kind_of(file_name, data)
    made = BINARY[kind](data) if kind in BINARY else TEXTUAL[kind](decode(data, encoding, is_html=kind == "html"))
    return _checked(replace(made, title=made.title or _title_of(file_name)))


def of_pasted(text: str) -> OwnDocument:
    """The text that somebody pasted. Raises UnreadableFile."""
    return _checked(compose(blocks_of_text(text)))


def _title_of(file_name: str) -> str:
    stem = re.split(r"[/\\]", file_name)[-1].rpartition(".")[0]
    return " ".join(re.sub(r"[_\W]+", " ", stem).split())[:200]


def kind_of(file_name: str, data: bytes) -> str:
    """What a file is: its first bytes say it or, of text, its name. Raises UnreadableFile for what is neither."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", document_word.OLD_WORD)):
        return "word"
    named = next((kind for ending, kind in ENDINGS.items() if file_name.casefold().endswith(ending)), "")
    if named in BINARY:
        raise UnreadableFile(f"The file is called “{file_name[-60:]}”, but it is none of that kind. Save it anew.")
    if head.startswith(_HTML_BEGINS) and named != "markdown":
        return "html"
    if named:
        return named
    ending = re.search(r"\.\w{1,8}\Z", file_name)
    raise UnreadableFile(
        f"Files of this kind{f' ({ending[0]})' if ending else ''} are not read. "
        "Send .txt, .md, .html, .docx or .pdf; or copy the text and paste it."
    )


def decode(data: bytes, encoding: str = "", *, is_html: bool = False) -> str:
    """The bytes as text. Raises UnreadableFile, which names the encoding that it looks like."""
    if len(data) > LARGEST_TEXT * 2:
        raise UnreadableFile(f"The text has {len(data) / 1024 / 1024:.1f} MB; 2 MB is the most that is read.")
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    said = marked or (encoding if encoding in ENCODINGS else "") or (_declared(data) if is_html else "") or "utf-8"
    try:
        text = data.decode(said)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableFile(_not_decodable(data, said, getattr(error, "start", 0))) from error
    if "\0" in text:
        raise UnreadableFile(f"This is no text: it holds zero bytes. {_advice('utf-16' if said == 'utf-8' else '')}")
    if len(text) > LARGEST_TEXT:
        raise UnreadableFile(f"The text has {len(text):,} characters; {LARGEST_TEXT:,} is the most that is read.")
    return text


def _declared(data: bytes) -> str:
    """The encoding that an HTML page says it has, if it is one that pages have."""
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii", "ignore").casefold() if found else ""
    try:
        known = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    return known if known in ENCODINGS or known.startswith(("iso8859", "cp125", "utf-8", "koi8", "ascii")) else ""


def _not_decodable(data: bytes, encoding: str, at: int) -> str:
    name = ENCODINGS.get(encoding, encoding).partition(" (")[0]
    line = data[:at].count(b"\n") + 1
    where = (
        f"byte {at + 1} (line {line}) is 0x{data[at]:02X}, which has no meaning there"
        if at < len(data)
        else "it is cut"
    )
    return f"This is not {name}: {where}. {_advice(guess(data) if encoding != guess(data) else '')}"


def _advice(encoding: str) -> str:
    if not encoding:
        return "Save it as UTF-8, or paste the text."
    return f"It looks like {ENCODINGS[encoding]}: choose that under “Encoding” and send it again, or save it as UTF-8."


def guess(data: bytes) -> str:
    """The encoding that bytes which are not UTF-8 look like."""
    sample = data[:20_000]
    if sample.count(0) > len(sample) // 5:
        return "utf-16"
    letters = sum(1 for byte in sample if chr(byte).isascii() and chr(byte).isalpha())
    high = [byte for byte in sample if byte >= 0xC0]
    if len(high) < letters:
        return "cp1252"
    return "cp1251" if sum(1 for byte in high if byte >= 0xE0) * 2 >= len(high) else "koi8-r"


def _checked(made: OwnDocument) -> OwnDocument:
    if made.words < FEWEST_WORDS:
        raise UnreadableFile("There is hardly any text in it. Look whether it is the right file, or paste the text.")
    if any(len(word) > LONGEST_WORD for word in made.text.split()):
        raise UnreadableFile("It holds words of more than a thousand letters: this is no text that people read.")
    if made.words > MOST_WORDS:
        raise UnreadableFile(
            f"The text has {made.words:,} words; {MOST_WORDS:,} is the most that is taken. Send the chapters you need."
        )
    return made if made.headings else replace(made, headings=tuple(headings_in(made.text)))


def _text(text: str) -> OwnDocument:
    return compose(blocks_of_text(text))


TEXTUAL: dict[str, Callable[[str], OwnDocument]] = {
    "text": _text,
    "markdown": document_markdown.read,
    "html": document_html.read,
}
BINARY: dict[str, Callable[[bytes], OwnDocument]] = {"word": document_word.read, "pdf": document_pdf.read}

"""A PDF with text as blocks: lines put together to paragraphs, page numbers and running heads left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from quizapp.domain.exchange import UnreadableFile
from quizapp.domain.own_document import Block, OwnDocument, clean, compose, looks_like_heading

PATIENCE = 40  # seconds, until the process is stopped
WORDS_A_PAGE = 8  # fewer, on the whole, is a scan
SHORT = 0.8  # of the usual length: a line that ends a paragraph
REFUSALS = {
    "locked": "This PDF is locked with a password. Print it to a new PDF without one, or copy its text and paste it.",
    "pages": "This PDF has too many pages: {number:,}; 500 are the most that is read. Send the chapter that you need.",
    "damaged": "This PDF is damaged, or is none: it cannot be read. Save or print it anew, or paste its text.",
    "too much": "This PDF needs more memory than we give it. Copy its text and paste it instead.",
}
SCAN = (
    "This PDF holds pictures of pages and no text ({words} words on {pages} pages): it was scanned. Have a program "
    "recognise its text first (OCR), or type what you need and paste it."
)
SLOW = "This PDF takes too long to read. Copy its text and paste it instead."
_NUMBER = re.compile(r"(?:page |p\. ?|[-–—] ?)?\d{1,4}(?: ?[-–—]| ?(?:of|/) ?\d{1,4})?\Z", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…:][\"')\]’”»]{0,4}\Z")


def read(data: bytes) -> OwnDocument:
    """The document's text. Raises UnreadableFile."""
    found = _pages(data)
    if "refused" in found:
        raise UnreadableFile(REFUSALS[found["refused"]].format(**found))
    pages = [clean(page).split("\n") for page in found["pages"]]
    words = sum(len(line.split()) for page in pages for line in page)
    if words < WORDS_A_PAGE * len(pages):
        raise UnreadableFile(SCAN.format(words=words, pages=len(pages)))
    return document(pages, found["title"])


def _pages(data: bytes) -> dict[str, Any]:
    command = [sys.executable, "-m", "quizapp.formats.pdf_pages"]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, cwd=root, check=False)  # noqa: S603 our own words
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(SLOW) from error
    if done.returncode < 0:
        raise UnreadableFile(SLOW)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"refused": "damaged"}
    return found


def document(pages: Sequence[list[str]], title: str = "") -> OwnDocument:
    """Pages of lines as one document."""
    heads = _running_heads(pages)
    kept = [[line for i, line in enumerate(page) if not _is_furniture(page, i, heads)] for page in pages]
    left_out = sum(map(len, pages)) - sum(map(len, kept))
    remarks = ["Lines were joined to paragraphs; look whether each is whole, and words divided at line ends are right."]
    if left_out:
        remarks.append(f"{left_out} page numbers and running heads are left out.")
    return compose(_blocks([line for page in kept for line in page]), title, remarks)


def _running_heads(pages: Sequence[list[str]]) -> set[str]:
    """First and last lines that come again and again, whatever their numbers."""
    edges = Counter(one for page in pages for one in {_bare(page[0]), _bare(page[-1])} if one)
    return {line for line, number in edges.items() if number >= max(3, len(pages) // 3)}


def _bare(line: str) -> str:
    return re.sub(r"\d+", "", line).strip().casefold()


def _is_furniture(page: list[str], i: int, heads: set[str]) -> bool:
    is_edge = i in (0, len(page) - 1)
    return is_edge and (bool(_NUMBER.fullmatch(page[i])) or _bare(page[i]) in heads)


def _blocks(lines: Sequence[str]) -> Iterable[Block]:
    usual = median([len(line) for line in lines if len(line.split()) > 3] or [0])
    block: list[str] = []
    for line in lines:
        is_heading = looks_like_heading(line) and len(line) < SHORT * usual and (not block or _ends(block[-1]))
        if not line or is_heading:
            yield from _joined(block)
            block = []
        if line:
            block.append(line)
        if is_heading or (_ends(line) and len(line) < SHORT * usual):
            yield from _joined(block)
            block = []
    yield from _joined(block)


def _ends(line: str) -> bool:
    return _ENDS.search(line) is not None


def _joined(lines: Sequence[str]) -> Iterable[Block]:
    if not lines:
        return
    text = lines[0]
    for line in lines[1:]:
        is_divided = text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()
        text = text[:-1] + line if is_divided else f"{text} {line}"
    yield Block(text, looks_like_heading(text))

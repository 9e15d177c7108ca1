"""A document that a teacher adds, as blocks of text, put together in one form: offsets into it hold for ever."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK = re.compile(r"\n{3,}")
_STARTS = re.compile(r"[\"'“‘«(]?[^\W_]")
LONGEST_HEADING, HEADING_WORDS = 90, 12


@dataclass(frozen=True)
class Block:
    """A paragraph, a line of verse, or a heading."""

    text: str
    is_heading: bool = False


@dataclass(frozen=True)
class OwnDocument:
    """A text with blank lines between its blocks, where its headings stand in it, and what was lost on the way."""

    text: str
    headings: tuple[tuple[int, int], ...] = ()
    title: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def clean(text: str) -> str:
    """The text composed (NFC), with newlines alone between lines, single spaces, and nothing that cannot be seen."""
    lines = _SPACES.sub(" ", _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text))).split("\n")
    return unicodedata.normalize("NFC", "\n".join(line.strip() for line in lines)).strip()


def compose(blocks: Iterable[Block], title: str = "", remarks: Iterable[str] = ()) -> OwnDocument:
    """The blocks as one document; those without any text are left out."""
    parts: list[str] = []
    headings: list[tuple[int, int]] = []
    length = 0
    for block in blocks:
        text = re.sub(r"\n{2,}", "\n", clean(block.text))
        if not text:
            continue
        if block.is_heading:
            text = text.replace("\n", " ")
            headings.append((length, length + len(text)))
        parts.append(text)
        length += len(text) + 2
    return OwnDocument("\n\n".join(parts), tuple(headings), clean(title), tuple(remarks))


def blocks_of_text(text: str) -> list[Block]:
    """The blocks of plain text: blank lines part them or, where there is none, every line is one."""
    whole = clean(text)
    parts = _BLANK.sub("\n\n", whole).split("\n\n") if "\n\n" in whole else whole.split("\n")
    return [Block(part, looks_like_heading(part)) for part in parts]


def headings_in(text: str) -> list[tuple[int, int]]:
    """Where in a composed text blocks stand that look like headings."""
    found, at = [], 0
    for part in text.split("\n\n"):
        if looks_like_heading(part):
            found.append((at, at + len(part)))
        at += len(part) + 2
    return found


def looks_like_heading(block: str) -> bool:
    """Whether a block is one short line that ends like no sentence: a heading, as far as one can see."""
    short = "\n" not in block and len(block) <= LONGEST_HEADING and len(block.split()) <= HEADING_WORDS
    return short and block[-1:] not in '.,;:!?…”"’)-–—' and bool(_STARTS.match(block)) and not block.isdigit()

"""Markdown as blocks of text: headings known by their marks, links and emphasis as the words that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.domain.own_document import Block, OwnDocument, clean, compose

_HEADING = re.compile(r"#{1,6} +(.*?)[ #]*\Z")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})\Z")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\](?:\([^()\s]{0,500}(?: \"[^\"]{0,200}\")?\)|\[[^\[\]]{0,80}\])")
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,2000})(?<=\S)\1(?![\w*_])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,500}-->")
_MARKS = re.compile(r"`{1,3}([^`\n]{1,500})`{1,3}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(text: str) -> OwnDocument:
    """The document's text; its title is its first heading."""
    blocks = list(_blocks(clean(text).split("\n")))
    title = next((one.text for one in blocks if one.is_heading), "")
    return compose(blocks, title)


def _blocks(lines: list[str]) -> Iterator[Block]:
    block: list[str] = []
    for line in [*lines, ""]:
        heading = _HEADING.match(line)
        is_underline = len(block) == 1 and _UNDERLINE.match(line) is not None
        if not line or heading or is_underline:
            if block:
                yield Block(_plain("\n".join(block)), is_underline)
            block = []
            if heading:
                yield Block(_plain(heading[1]), is_heading=True)
        elif not line.startswith("```"):
            block.append(line.lstrip("> "))


def _plain(text: str) -> str:
    bare = _MARKS.sub(r"\1", _LINK.sub(r"\1", _TAG.sub("", text)))
    for _ in range(2):  # emphasis within emphasis
        bare = _EMPHASIS.sub(r"\2", bare)
    return _ESCAPED.sub(r"\1", bare)

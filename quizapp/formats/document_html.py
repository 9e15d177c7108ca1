"""An HTML page as blocks of text; nothing of it is executed, and its markup is gone.

The standard library's parser needs time that grows with the square of a hostile page: this one goes over it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from quizapp.domain.own_document import Block, OwnDocument, compose

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BREAKS = HEADINGS | frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tr", "ul",
})  # fmt: skip
UNSEEN = frozenset({
    "head", "template", "noscript", "svg", "math", "object", "iframe", "select", "button",
})  # fmt: skip
RAW = frozenset({"script", "style", "textarea", "title"})  # what stands in them is no markup
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})")
_MARK = re.compile("[\"'>]")
DEEPEST = 100

Token = tuple[str, str]  # start | end | text | title, and which tag or what text


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of a page, in order; comments, attributes and scripts are passed over."""
    at, last = 0, {mark: html.rfind(mark) for mark in "\"'>"}
    while (tag_at := html.find("<", at)) >= 0:
        if tag_at > at:
            yield "text", html[at:tag_at]
        tag = _TAG.match(html, tag_at)
        if tag is None:
            at = _after_no_tag(html, tag_at)
            if at == tag_at + 1:
                yield "text", "<"
            continue
        name = tag[2].lower()
        at = _after_tag(html, tag.end(), last)
        if name in RAW and not tag[1]:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            if name == "title" and closing:
                yield "title", html[at : closing.start()]
            at = _after_tag(html, closing.end(), last) if closing else len(html)
        else:
            yield ("end" if tag[1] else "start"), name
    yield "text", html[at:]


def _after_no_tag(html: str, at: int) -> int:
    """After a comment or a declaration; one character on where the mark is a mark and nothing else."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 4)
        return len(html) if end < 0 else end + 3
    if html.startswith(("<!", "<?", "</"), at):
        end = html.find(">", at)
        return len(html) if end < 0 else end + 1
    return at + 1


def _after_tag(html: str, at: int, last: dict[str, int]) -> int:
    """After the tag that goes on here; what stands in quotation marks does not end it."""
    while at <= last[">"]:
        mark = _MARK.search(html, at)
        if mark is None:
            break
        if mark[0] == ">":
            return mark.end()
        at = html.find(mark[0], mark.end()) + 1 if mark.end() <= last[mark[0]] else mark.end()
    return len(html)


class _Blocks:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._parts: list[str] = []
        self._unseen: list[str] = []
        self._is_heading = False

    def take(self, kind: str, what: str) -> None:
        """The next tag or text."""
        if kind == "title":
            self.title = self.title or " ".join(_plain(what).split())
        elif kind == "text":
            if not self._unseen:
                self._parts.append(re.sub(r"\s+", " ", _plain(what)))
        elif kind == "start":
            self._start(what)
        else:
            self._end(what)

    def _start(self, tag: str) -> None:
        if tag == "body":
            self._unseen = []
        if tag in UNSEEN:
            self._unseen = [*self._unseen[:DEEPEST], tag]
        if tag in BREAKS:
            self.flush()
            self._is_heading = tag in HEADINGS
        elif tag in ("br", "td", "th"):
            self._parts.append("\n" if tag == "br" else " ")

    def _end(self, tag: str) -> None:
        if tag in self._unseen:
            self._unseen = self._unseen[: self._unseen.index(tag)]
        if tag in BREAKS:
            self.flush()

    def flush(self) -> None:
        """Ends a block."""
        text = "".join(self._parts).strip()
        if text:
            self.blocks.append(Block(text, self._is_heading))
        self._parts, self._is_heading = [], False


def _plain(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a reference with thousands of digits
        return text


def read(html: str) -> OwnDocument:
    """The page's text; its title is its first heading or, failing that, what it says of itself."""
    reader = _Blocks()
    for kind, what in tokens(html):
        reader.take(kind, what)
    reader.flush()
    first = next((one.text for one in reader.blocks if one.is_heading), "")
    return compose(reader.blocks, first or reader.title)

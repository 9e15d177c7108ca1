"""HTML of foreign questions as plain text, and our texts as HTML; nothing of it is executed."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

BREAKS = {"p", "div", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table", "li"}
UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
MEDIA = {"img": "an image", "audio": "a sound", "video": "a film", "iframe": "an embedded page", "object": "an object"}
ADDRESS = re.compile(r"https?://[^\s<>“”\"]+[^\s<>“”\".,;:!?)]")


class TextMaker:
    """Makes text of elements and their texts, met one after the other; ``left_out`` is what is no text."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._parts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in MEDIA:
            name = (attributes.get("src") or attributes.get("data") or "")[:80]
            self.left_out.append(f"{MEDIA[tag]} is left out{f': {name}' if name else ''}")
            self._parts.append(attributes.get("alt") or "")
        elif tag in BREAKS:
            self._parts.append("\n- " if tag == "li" else "\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in BREAKS and tag not in ("li", "br"):
            self._parts.append("\n")

    def data(self, text: str) -> None:
        """A text, in which any amount of white space is one space."""
        inside = " ".join(text.split())
        if inside:
            inside = f"{' ' if text[0].isspace() else ''}{inside}{' ' if text[-1].isspace() else ''}"
        self._parts.append(inside or (" " if text else ""))

    @property
    def text(self) -> str:
        """The text, a line for each block and a blank one between paragraphs."""
        lines = [" ".join(line.split()) for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.maker = TextMaker()
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.maker.start(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self.maker.end(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.maker.data(data)


def text_of_html(html: str) -> tuple[str, list[str]]:
    """The text of the HTML, and what it holds that is no text."""
    if "<" not in html and "&" not in html:
        return html.strip(), []
    reader = _Html()
    reader.feed(html)
    reader.close()
    return reader.maker.text, reader.maker.left_out


def html_of_text(text: str) -> str:
    """The text as HTML: a line break for each newline, and addresses as links."""
    lines = (_linked(line) for line in text.split("\n"))
    return "<br>".join(lines)


def _linked(line: str) -> str:
    made, end = [], 0
    for found in ADDRESS.finditer(line):
        address = escape(found[0])
        made.append(f'{escape(line[end : found.start()], quote=False)}<a href="{address}">{address}</a>')
        end = found.end()
    return "".join([*made, escape(line[end:], quote=False)])

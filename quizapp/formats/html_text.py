"""HTML of foreign questions as the plain text with emphasis that ours are written in; nothing of it is executed."""

from __future__ import annotations

from html.parser import HTMLParser

BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table"}
UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
MEDIA = {"img": "an image", "audio": "a sound", "video": "a film", "iframe": "an embedded page", "object": "an object"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.left_out: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._unseen += tag in UNSEEN
        if tag in MEDIA:
            name = (given.get("src") or given.get("data") or "")[:80]
            self.left_out.append(f"{MEDIA[tag]} is left out{f': {name}' if name else ''}")
            self.parts.append(given.get("alt") or "")
        elif tag in BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(_folded(data))


def _folded(data: str) -> str:
    """White space as HTML takes it: any amount of it is one space."""
    inside = " ".join(data.split())
    if not inside:
        return " " if data else ""
    return f"{' ' if data[0].isspace() else ''}{inside}{' ' if data[-1].isspace() else ''}"


def text_of_html(html: str) -> tuple[str, list[str]]:
    """The text of the HTML, a line for each block, and what it holds that is no text."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return "\n".join(line for line in lines if line), reader.left_out


def html_of_text(text: str) -> str:
    """The text as HTML with a line break for each newline."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<br>".join(escaped.split("\n"))

"""Text in the XML of workbooks: escaped, and without the characters that XML cannot hold."""

from __future__ import annotations

from functools import lru_cache

_ESCAPED: dict[int, str | None] = {
    **dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535)),
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("\r"): "\n",
}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """The text as it stands in an element or in an attribute."""
    return text.replace("\r\n", "\n").translate(_ESCAPED)

"""Plain data as YAML that is pleasant to read and edit: block style, short lines, quoted where YAML has traps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from quizapp.formats.yaml_scalar import what_it_is_taken_for

WIDTH = 120
STEP = 2
_PLAIN = re.compile(r"[^\W_](?:[^\n:#]|:(?=\S)|(?<=\S)#)*", re.UNICODE)
_PROSE = re.compile(r"\S+(?: \S+)*")
_UNPRINTABLE = re.compile(r"[\x7f-\x84\x86-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff\x85]")
_SINGLE_SPACE = re.compile(r"(?<=\S) (?=\S)")


def write(data: dict[str, Any]) -> str:
    """The YAML of a mapping of mappings, lists, texts, numbers and truth values."""
    return "".join(f"{line}\n" for line in _mapping(data, 0))


def _mapping(data: dict[str, Any], indent: int) -> Iterator[str]:
    for name, value in data.items():
        head = f"{' ' * indent}{_key(name)}:"
        if isinstance(value, dict) and value:
            yield head
            yield from _mapping(value, indent + STEP)
        elif isinstance(value, list | tuple) and value:
            yield head
            yield from _list(value, indent + STEP)
        else:
            yield from _scalar(head, value, indent + STEP)


def _list(values: list[Any] | tuple[Any, ...], indent: int) -> Iterator[str]:
    dash = f"{' ' * indent}-"
    for value in values:
        if isinstance(value, dict) and value:
            first, *others = _mapping(value, indent + STEP)
            yield f"{dash} {first.lstrip()}"
            yield from others
        elif isinstance(value, list | tuple) and value:
            first, *others = _list(value, indent + STEP)
            yield f"{dash} {first.lstrip()}"
            yield from others
        else:
            yield from _scalar(dash, value, indent + STEP)


def _key(name: str) -> str:
    return name if _is_plain(name) else _quoted(name)


def _scalar(head: str, value: Any, indent: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{head} {json.dumps(value)}"
        return
    text = value if _is_plain(value) else _quoted(value)
    if len(head) + 1 + len(text) <= WIDTH:
        yield f"{head} {text}"
    elif _PROSE.fullmatch(value) and not _UNPRINTABLE.search(value):
        yield f"{head} >-"
        yield from _filled(value.split(" "), indent)
    else:
        yield from _filled(_SINGLE_SPACE.split(text), indent, f"{head} ")


def _is_plain(text: str) -> bool:
    """Whether the text needs no quotation marks: it begins with a letter or digit, and is nothing else to anybody."""
    printable = text.isprintable() and not _UNPRINTABLE.search(text)
    return printable and _PLAIN.fullmatch(text) is not None and text == text.strip() and not what_it_is_taken_for(text)


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def _filled(words: list[str], indent: int, head: str = "") -> Iterator[str]:
    """The words in lines that are as long as may be; the first one begins with ``head``, the others are indented."""
    margin = " " * indent
    line = (head or margin) + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = margin + word
        else:
            line = f"{line} {word}"
    yield line

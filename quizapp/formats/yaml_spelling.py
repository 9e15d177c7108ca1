"""What YAML has and our files may not (tabs, anchors, several documents), and errors of syntax in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_MAY_ANCHOR = re.compile(r"(?:^|[\s\[{,])[&*][^\s,\[\]{}]")
_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_QUOTES_NEEDED = "put the text in quotation marks"
_WRITE_OUT = f"; write everything out or, if it is text, {_QUOTES_NEEDED}"
_IN_WORDS = (
    ("mapping values are not allowed", f"a colon and a space inside text look like a field; {_QUOTES_NEEDED}"),
    ("found character that cannot start any token", f"text cannot begin with this character; {_QUOTES_NEEDED}"),
    ("found unexpected end of stream", "a quotation mark is opened in or before this place and never closed"),
    ("did not find expected ',' or ']'", "a list in square brackets is not closed, or lacks a comma"),
    ("did not find expected ',' or '}'", "a mapping in curly brackets is not closed, or lacks a comma"),
    ("did not find expected '-' indicator", "this line does not fit its list: indent it, or begin it with «- »"),
    (
        "did not find expected key",
        "this does not fit: check indentation and quotation marks from the line before on",
    ),
    ("could not find expected ':'", "a field's name without its colon, or text whose lines are not indented"),
    ("found unknown escape character", "a backslash in double quotation marks; write \\\\ or take single ones"),
    ("found undefined alias", f"text cannot begin with *; {_QUOTES_NEEDED}"),
)


@dataclass(frozen=True)
class Misspelling:
    """A mistake at a line and column, both counted from 0."""

    line: int
    column: int
    message: str


def misspellings(text: str) -> Iterator[Misspelling]:
    """Every tab (the first of a line), anchor, alias and second document."""
    for number, line in enumerate(text.split("\n")):
        if "\t" in line:
            yield Misspelling(number, line.index("\t"), "a tab; use spaces")
    if _MAY_ANCHOR.search(text) or _DOCUMENT.search(text):
        yield from _in_events(text.replace("\t", " "))


def _in_events(text: str) -> Iterator[Misspelling]:
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line, column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    yield Misspelling(line, column, "a second document begins here; a file holds one")
            elif isinstance(event, yaml.AliasEvent):
                yield Misspelling(line, column, f"«*{event.anchor}» refers to another place{_WRITE_OUT}")
            elif isinstance(event, yaml.NodeEvent) and event.anchor:
                yield Misspelling(line, column, f"«&{event.anchor}» marks a place to refer to{_WRITE_OUT}")
    except yaml.YAMLError as error:
        yield syntax_mistake(error, text)


def syntax_mistake(error: yaml.YAMLError, text: str) -> Misspelling:
    """Where the file stops being YAML, and what is probably the matter."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        column = len(before.rpartition("\n")[2])
        return Misspelling(before.count("\n"), column, f"the character U+{_code(error):04X} may not stand in YAML")
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    words = next((words for pattern, words in _IN_WORDS if pattern in problem), f"this is not YAML: {problem}")
    return Misspelling(line, column, words)


def _code(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)

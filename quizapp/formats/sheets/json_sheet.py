"""Sheets as one JSON document: decimals as strings, times in ISO 8601 with their zone, columns with what they mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from quizapp.formats.sheets import Cell, Sheet, Style, in_chunks, plain

MEDIA_TYPE = "application/json"


def stream(sheets: Iterable[Sheet], style: Style, about: Mapping[str, object]) -> Iterator[bytes]:
    """The document, chunk by chunk: what ``about`` says, then each sheet under its key."""
    return in_chunks(_parts(sheets, style, about))


def _parts(sheets: Iterable[Sheet], style: Style, about: Mapping[str, object]) -> Iterator[str]:
    def time(value: datetime) -> str:
        return f'"{value.astimezone(style.zone).isoformat(timespec="seconds")}"'

    write: dict[type, Callable[..., str]] = {
        str: _text, int: str, bool: _yes_or_no, Decimal: _number, datetime: time, type(None): lambda _: "null",
    }  # fmt: skip
    yield _text(about)[:-1]
    for sheet in sheets:
        columns = [{"name": one.name, "head": one.head, "meaning": one.meaning} for one in sheet.columns]
        yield f',\n{_text(sheet.key)}: {{"columns": {_text(columns)}, "rows": ['
        names = [_text(column.name) for column in sheet.columns]
        between = "\n"
        for row in sheet.rows:
            yield between + _row(names, row, write)
            between = ",\n"
        yield "\n]}"
    yield "\n}\n"


def _row(names: Sequence[str], row: Sequence[Cell], write: Mapping[type, Callable[..., str]]) -> str:
    pairs = [f"{name}: {write[type(value)](value)}" for name, value in zip(names, row, strict=True)]
    return f"{{{', '.join(pairs)}}}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"


def _number(value: Decimal) -> str:
    return f'"{plain(value)}"'

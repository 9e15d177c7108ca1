"""The order of lists: names as a list of names has them (Åberg beside Abel, Łuczak beside Lund), the unknown last."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Row = TypeVar("Row")
PLAIN = str.maketrans("łøđħı", "lodhi")  # letters whose mark is no accent to take away


def collated(text: str) -> str:
    """The text without regard to case and accents, as a list of names is ordered and searched."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(PLAIN)


def in_order(rows: Iterable[Row], value: Callable[[Row], Any], sort: str) -> list[Row]:
    """Rows by their values, backwards where ``sort`` begins with «-»; those whose value is None last either way."""
    valued = [(_comparable(value(row)), row) for row in rows]
    known = [(found, row) for found, row in valued if found is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [row for _, row in known] + [row for found, row in valued if found is None]


def _comparable(value: Any) -> Any:
    return collated(value) if isinstance(value, str) else value

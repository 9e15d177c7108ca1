"""Changing the rows of what is typed: one more, one less, one further up. A place is written «options-1-evidence-0»."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from quizapp.domain.entry import Entry
from quizapp.domain.typed import Field, Typed, fields, typed

MOST_ROWS = 40


def add(given: Typed, model: type[Entry], place: str) -> tuple[Typed, str]:
    """One row more at the end of the list there; the place of the new row. A full list stays as it is."""
    changed = deepcopy(given)
    field, rows = _list_at(changed, model, place)
    if field is None or field.inner is None or len(rows) >= MOST_ROWS:
        return changed, place
    rows.append(typed({}, field.inner))
    return changed, f"{place}-{len(rows) - 1}"


def remove(given: Typed, model: type[Entry], place: str) -> tuple[Typed, str]:
    """Without the row there; the place of the row that has moved up, else of the list."""
    changed, rows, at = _row(given, model, place)
    if rows is None:
        return changed, place
    del rows[at]
    parent = place.rpartition("-")[0]
    return changed, f"{parent}-{min(at, len(rows) - 1)}" if rows else parent


def move(given: Typed, model: type[Entry], place: str, by: int) -> tuple[Typed, str]:
    """With the row there further up (-1) or down (1); its new place."""
    changed, rows, at = _row(given, model, place)
    if rows is None or not 0 <= at + by < len(rows):
        return changed, place
    rows[at], rows[at + by] = rows[at + by], rows[at]
    return changed, f"{place.rpartition('-')[0]}-{at + by}"


def put(given: Typed, place: str, name: str, value: str) -> Typed:
    """With the value in the field of this name of the row or entry there."""
    changed = deepcopy(given)
    held: Any = changed
    for part in place.split("-"):
        held = _inside(held, part)
    if isinstance(held, dict) and name in held:
        held[name] = value
    return changed


def at(given: Typed, place: str) -> Any:
    """What is typed there; None where there is no such place."""
    held: Any = given
    for part in place.split("-"):
        held = _inside(held, part)
    return held


def _inside(held: Any, part: str) -> Any:
    if isinstance(held, dict):
        return held.get(part)
    if isinstance(held, list) and part.isdecimal() and len(part) < 4 and int(part) < len(held):
        return held[int(part)]
    return None


def _row(given: Typed, model: type[Entry], place: str) -> tuple[Typed, list[Any] | None, int]:
    changed = deepcopy(given)
    parent, _, last = place.rpartition("-")
    field, rows = _list_at(changed, model, parent)
    if field is None or not last.isdecimal() or len(last) > 3 or int(last) >= len(rows):
        return changed, None, 0
    return changed, rows, int(last)


def _list_at(given: Typed, model: type[Entry], place: str) -> tuple[Field | None, list[Any]]:
    """The list of rows at a place, and the field that it is; it is made where it was missing."""
    held: Any = given
    here: type[Entry] | None = model
    field: Field | None = None
    for part in place.split("-"):
        if isinstance(held, dict) and here is not None:
            field = next((one for one in fields(here) if one.name == part), None)
            here = field.inner if field else None
            if field is not None and field.kind == "entries":
                held.setdefault(part, [])
        held = _inside(held, part)
    return (field, held) if field is not None and isinstance(held, list) else (None, [])

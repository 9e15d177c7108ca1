"""An entry as a form holds it: every field as text, whatever was typed. The shape follows from the entry's own model.

A new item type, or a new field of one, needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from quizapp.domain.entry import Entry
from quizapp.domain.source import Evidence
from quizapp.domain.written_date import iso

Typed = dict[str, Any]
Kind = Literal[
    "text", "date", "lines", "quotes", "choice", "level", "truth", "flag", "number", "id", "entry", "entries"
]
BLANKS = ("", None, False)
BY_NAME: dict[str, Kind] = {"id": "id", "difficulty": "level", "quote": "quotes", "date": "date"}
LEVELS = tuple(str(level) for level in range(1, 6))


@dataclass(frozen=True)
class Field:
    """A field of an entry: what is typed into it. ``inner`` is the entry that it holds, once or in rows."""

    name: str
    kind: Kind
    is_required: bool
    choices: tuple[str, ...] = ()
    inner: type[Entry] | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether its rows are evidence and nothing else."""
        return self.inner is Evidence


@cache
def fields(model: type[Entry]) -> tuple[Field, ...]:
    """The fields of an entry, in the order of the model; ``type`` is no field to type into."""
    return tuple(_field(name, info) for name, info in model.model_fields.items() if name != "type")


def _field(name: str, info: FieldInfo) -> Field:
    bare, required = _bare(info.annotation), info.is_required()
    if name in BY_NAME:
        return Field(name, BY_NAME[name], required, LEVELS if name == "difficulty" else ())
    if get_origin(bare) is Literal:
        return Field(name, "choice", required, get_args(bare))
    if get_origin(bare) is tuple:
        return _rows(name, _bare(get_args(bare)[0]), required)
    if isinstance(bare, type) and issubclass(bare, Entry):
        return Field(name, "entry", required, inner=bare)
    return _simple(name, bare, required)


def _rows(name: str, inner: Any, required: bool) -> Field:
    if isinstance(inner, type) and issubclass(inner, Entry):
        return Field(name, "entries", required, inner=inner)
    return Field(name, "lines", required)


def _simple(name: str, bare: Any, required: bool) -> Field:
    if bare is bool:
        return Field(name, "truth", required, ("true", "false")) if required else Field(name, "flag", required)
    return Field(name, "number" if bare in (int, Decimal) else "text", required)


def _bare(annotation: Any) -> Any:
    """The annotation without what is optional or constrains it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(one for one in get_args(annotation) if one is not NoneType)
        else:
            return annotation


# --- from an entry, and to it ----------------------------------------------------------------------------------------


def typed(entry: Mapping[str, Any], model: type[Entry]) -> Typed:
    """The entry as it would have been typed; what it lacks is blank."""
    return {field.name: _typed(entry.get(field.name), field) for field in fields(model)}


def _typed(value: Any, field: Field) -> Any:
    if field.kind == "entry" and field.inner is not None:
        return typed(value or {}, field.inner)
    if field.kind == "entries" and field.inner is not None:
        return [typed(one, field.inner) for one in value or ()]
    if field.kind == "flag":
        return bool(value)
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value).lower() if field.kind == "truth" else str(value)


def untyped(given: Mapping[str, Any], model: type[Entry]) -> dict[str, Any]:
    """The entry that was typed; what is blank is left out. It may be wrong in every way: ``build`` says how."""
    entry = {field.name: _untyped(given.get(field.name), field) for field in fields(model)}
    return {name: value for name, value in entry.items() if value is not None}


def _untyped(value: Any, field: Field) -> Any:
    if field.inner is not None and field.kind == "entry":
        held = value if isinstance(value, Mapping) else {}
        return untyped(held, field.inner) if field.is_required or not is_blank(held) else None
    if field.inner is not None and field.kind == "entries":
        rows = [untyped(one, field.inner) for one in value or () if isinstance(one, Mapping)]
        return rows or ([] if field.is_required else None)
    if field.kind == "flag":
        return True if value else None
    return _plain(str(value or "").replace("\r\n", "\n"), field)


def _plain(text: str, field: Field) -> Any:
    if field.kind in ("lines", "quotes"):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return (lines[0] if len(lines) == 1 and field.kind == "quotes" else lines) or None
    if not text.strip():
        return None
    if field.kind == "truth":
        return {"true": True, "false": False}.get(text, text)
    if field.kind in ("number", "level") and re.fullmatch(r"-?\d{1,18}", text.strip()):
        return int(text)
    return iso(text.strip()) if field.kind == "date" else text.strip()


def is_blank(given: Any) -> bool:
    """Whether nothing was typed anywhere in it; ids don't count, which nobody types."""
    if isinstance(given, Mapping):
        return all(is_blank(value) for name, value in given.items() if name != "id")
    if isinstance(given, list):
        return all(is_blank(one) for one in given)
    return given in BLANKS or not str(given).strip()


def tidied(given: Mapping[str, Any], model: type[Entry]) -> Typed:
    """The same without rows in which nothing was typed, and with an id for each row that wants one."""
    return {field.name: _tidied(given.get(field.name), field) for field in fields(model)}


def _tidied(value: Any, field: Field) -> Any:
    if field.inner is not None and field.kind == "entry":
        return tidied(value if isinstance(value, Mapping) else {}, field.inner)
    if field.inner is not None and field.kind == "entries":
        inner = field.inner
        rows = [tidied(one, inner) for one in value or () if isinstance(one, Mapping) and not is_blank(one)]
        return _with_ids(rows) if any(one.kind == "id" for one in fields(inner)) else rows
    return value if value is not None else ""


def _with_ids(rows: list[Typed]) -> list[Typed]:
    taken = {row["id"] for row in rows if row["id"]}
    for row in rows:
        if not row["id"]:
            row["id"] = _free(_slug(_words_of(row)) or "option", taken)
            taken.add(row["id"])
    return rows


def _words_of(row: Typed) -> str:
    return str(next((row[name] for name in ("text", "quote", "passage") if row.get(name)), ""))


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.casefold())[:4])[:40].strip("-")


def _free(wanted: str, taken: Iterable[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{i}" for i in range(2, 10_000) if f"{wanted}-{i}" not in taken)


def blank(model: type[Entry], rows: Mapping[str, int]) -> Typed:
    """A blank form, with so many rows to begin with in these fields."""
    given = typed({}, model)
    for field in fields(model):
        if field.kind == "entries" and field.inner is not None and field.name in rows:
            given[field.name] = [typed({}, field.inner) for _ in range(rows[field.name])]
    return given


FILLING: dict[Kind, str] = {"text": "…", "date": "1900", "number": "0", "level": "1", "truth": "true"}


def filled(given: Mapping[str, Any], model: type[Entry]) -> Typed:
    """The same with something in each field that has to have something, so that half a question can be looked at."""
    return {field.name: _filled(given.get(field.name), field) for field in fields(model)}


def _filled(value: Any, field: Field) -> Any:
    if field.inner is not None and field.kind == "entries":
        inner = field.inner
        return [filled(one, inner) for one in value or () if one.get("passage", "-")]
    if field.inner is not None:
        held = value if isinstance(value, Mapping) else {}
        return filled(held, field.inner) if field.is_required or not is_blank(held) else held
    if not field.is_required or str(value or "").strip():
        return value
    return field.choices[0] if field.kind == "choice" else FILLING.get(field.kind, value)

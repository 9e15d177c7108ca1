"""The JSON Schema of the bank's files: whatever one parsed file shows to be wrong, an editor says as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

from pydantic import TypeAdapter

from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, Source

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema(kind: str) -> Schema:
    """The JSON Schema of a kind of file, one of ``KINDS``."""
    return {"$schema": DIALECT, **_mended(FILES[kind]()), "title": f"quizapp: a {kind} file"}


def _topic_file() -> Schema:
    any_item: Any = Union[tuple(ITEM_TYPES.values())]  # noqa: UP007 made from a table
    made = TypeAdapter(any_item).json_schema()
    definitions: Schema = made["$defs"]
    for item_type in ITEM_TYPES.values():
        definition = definitions[item_type.__name__]
        del definition["properties"]["topic"]
        definition["required"].remove("topic")
    topic = TypeAdapter(Source).json_schema()["properties"]
    items = {"type": "array", "minItems": 1, "items": {"oneOf": made["anyOf"]}}
    return _file({"topic": topic["id"], "title": topic["title"], "items": items}, definitions)


def _list_file(name: str, model: type) -> Callable[[], Schema]:
    def make() -> Schema:
        made = TypeAdapter(model).json_schema()
        definitions = made.pop("$defs", {})
        return _file({name: {"type": "array", "items": made}}, definitions)

    return make


def _file(properties: Schema, definitions: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
        "$defs": definitions,
    }


def _source_file() -> Schema:
    return TypeAdapter(Source).json_schema()


FILES: dict[str, Callable[[], Schema]] = {
    "topic": _topic_file,
    "quizzes": _list_file("quizzes", Quiz),
    "source": _source_file,
    "disputes": _list_file("disputes", Dispute),
}
KINDS = tuple(FILES)


def _mended(part: Any) -> Any:
    """The schema without null, which no field takes, and with pydantic's bounds of decimals in JSON Schema's words."""
    if isinstance(part, list):
        return [_mended(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _mended(value) for name, value in part.items() if not (name == "default" and value is None)}
    return _without_null(_with_bounds(made))


def _without_null(part: Schema) -> Schema:
    choices = part.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return part
    rest = [one for one in choices if one != {"type": "null"}]
    others = {name: value for name, value in part.items() if name != "anyOf"}
    return {**others, **rest[0]} if len(rest) == 1 else {**others, "anyOf": rest}


def _with_bounds(part: Schema) -> Schema:
    """Decimals may be written as numbers or as text."""
    if part.get("anyOf") != [{"type": "number"}, {"type": "string"}]:
        return part
    words = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
    named = {words.get(name, name): value for name, value in part.items() if name != "anyOf"}
    return {**named, "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?[0-9]+(\.[0-9]+)?$"}]}

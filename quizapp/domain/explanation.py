"""Pydantic's complaints about an entry in the words of the person who wrote the entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

Place = tuple[str | int, ...]

WRONG_KIND = frozenset(
    f"{kind}_type" for kind in ("string", "bool", "int", "tuple", "list", "model", "dict", "mapping")
)


def mistakes(error: ValidationError, base: type[BaseModel], forms: Mapping[str, str]) -> tuple[tuple[Place, str], ...]:
    """Every mistake once: its place in the entry, without pydantic's union tags, and what to do about it.

    ``base`` is the class that all entries derive from; ``forms`` says in words what each pattern wants.
    The place of a missing field ends with that field's name, though the entry has no such key.
    """
    root = _entry_class(error.title, base)
    placed = [(_place(detail, root), detail) for detail in error.errors()]
    apt = _of_apt_branches(placed)
    return tuple(dict.fromkeys((place, _message(place, detail, root, forms)) for place, detail in apt))


def _entry_class(name: str, base: type[BaseModel]) -> type[BaseModel] | None:
    """The class of entries that a validation error names."""
    waiting = [base]
    while waiting:
        one = waiting.pop()
        if one.__name__ == name:
            return one
        waiting.extend(one.__subclasses__())
    return None


def _entries_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The classes of entries that an annotation mentions, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _entries_in(argument)


def _fields(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for model in models for name, field in model.model_fields.items()}


def _has_free_keys(annotation: Any) -> bool:
    """Whether an annotation mentions a mapping, whose keys belong to the place."""
    origin = get_origin(annotation) or annotation
    return (isinstance(origin, type) and issubclass(origin, Mapping)) or any(map(_has_free_keys, get_args(annotation)))


def _walk(loc: Place, root: type[BaseModel] | None) -> tuple[Place, tuple[type[BaseModel], ...]]:
    """The parts of ``loc`` that are keys and indexes of the entry, and the classes of entries at its parent."""
    place: list[str | int] = []
    models: tuple[type[BaseModel], ...] = (root,) if root else ()
    parents, free = models, False
    for depth, part in enumerate(loc):
        fields = _fields(models)
        last = depth == len(loc) - 1
        if isinstance(part, int) or part in fields or free or (last and models) or root is None:
            place.append(part)
            parents = models
        free = isinstance(part, str) and part in fields and _has_free_keys(fields[part])
        if isinstance(part, str) and part in fields:
            models = tuple(_entries_in(fields[part]))
    return tuple(place), parents


def _place(detail: ErrorDetails, root: type[BaseModel] | None) -> Place:
    loc = detail["loc"]
    if detail["type"] in ("missing", "extra_forbidden"):
        return _walk(loc, root)[0]
    place, _ = _walk((*loc, 0), root)  # so that the last part, too, may be a union's tag
    return place[:-1]


def _of_apt_branches(placed: list[tuple[Place, ErrorDetails]]) -> Iterator[tuple[Place, ErrorDetails]]:
    """Without those complaints of a union's branches that another branch of the same union makes pointless."""
    for i, (place, detail) in enumerate(placed):
        others = [other for j, other in enumerate(placed) if j != i]
        if not any(_better(place, detail, *other) for other in others):
            yield place, detail


def _better(place: Place, detail: ErrorDetails, other_place: Place, other: ErrorDetails) -> bool:
    """Whether the other complaint makes this one pointless: it goes deeper, or is of a union's fitter branch."""
    if other_place != place:
        return detail["type"] in {*WRONG_KIND, "too_short"} and other_place[: len(place)] == place
    if detail["type"] not in WRONG_KIND:
        return False
    return other["type"] not in WRONG_KIND or (other["type"] == "string_type" != detail["type"])


def _message(place: Place, detail: ErrorDetails, root: type[BaseModel] | None, forms: Mapping[str, str]) -> str:
    if detail["type"] == "missing":
        return f"missing field «{place[-1]}»"
    if detail["type"] == "extra_forbidden":
        known = sorted(_fields(_walk(detail["loc"], root)[1]))
        return f"unknown field «{place[-1]}»{suggestion(str(place[-1]), known)}"
    if detail["type"] == "string_pattern_mismatch":
        return forms.get(detail.get("ctx", {}).get("pattern", ""), "is not written in the form expected here")
    say = MESSAGES.get(detail["type"])
    return say(detail) if say else detail["msg"]


def suggestion(written: str, known: Iterable[str]) -> str:
    """«; did you mean …?» where one of the known words comes near to what was written, else nothing."""
    found = process.extractOne(written, list(known), score_cutoff=60)
    return f"; did you mean «{found[0]}»?" if found else ""


def _as_written(value: object) -> str:
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _kind(value: object) -> str:
    """What was written instead, where naming it helps."""
    if isinstance(value, dict):
        return ", not fields with names"
    if isinstance(value, list | tuple):
        return ", not a list"
    return ", but nothing is written here" if value is None else f", not «{_as_written(value)}»"


def _text(detail: ErrorDetails) -> str:
    value = detail["input"]
    if value is None:
        return "nothing is written here; write text, or leave the field out"
    if isinstance(value, list | tuple | dict):
        return f"should be text{_kind(value)}"
    return "should be text; put it in quotation marks"


def _choice(detail: ErrorDetails) -> str:
    expected = detail.get("ctx", {}).get("expected", "")
    known = [part.strip(" '") for piece in expected.split(",") for part in piece.split(" or ")]
    value = _as_written(detail["input"])
    return f"«{value}» is not one of {', '.join(known)}{suggestion(value, known)}"


def _bound(words: str, key: str) -> Callable[[ErrorDetails], str]:
    return lambda detail: f"should be {words} {detail.get('ctx', {}).get(key)}{_kind(detail['input'])}"


def _should_be(what: str) -> Callable[[ErrorDetails], str]:
    return lambda detail: f"should be {what}{_kind(detail['input'])}"


def _too_long(detail: ErrorDetails) -> str:
    return f"is too long: at most {detail.get('ctx', {}).get('max_length')} characters"


def _too_few(detail: ErrorDetails) -> str:
    return f"give at least {detail.get('ctx', {}).get('min_length')} here"


def _own_words(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("error", detail["msg"]))


MESSAGES: dict[str, Callable[[ErrorDetails], str]] = {
    "string_type": _text,
    "string_too_short": lambda _: "is empty; write text",
    "string_too_long": _too_long,
    "literal_error": _choice,
    "bool_type": _should_be("true or false"),
    "int_type": _should_be("a whole number"),
    "int_from_float": _should_be("a whole number"),
    "decimal_type": _should_be("a number"),
    "decimal_parsing": _should_be("a number"),
    "is_instance_of": _should_be("a number"),
    "finite_number": _should_be("a number"),
    "greater_than": _bound("more than", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("less than", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "tuple_type": _should_be("a list"),
    "list_type": _should_be("a list"),
    "dict_type": _should_be("fields with names («name: value»)"),
    "mapping_type": _should_be("fields with names («name: value»)"),
    "model_type": _should_be("fields with names («name: value»)"),
    "model_attributes_type": _should_be("fields with names («name: value»)"),
    "too_short": _too_few,
    "value_error": _own_words,
    "assertion_error": _own_words,
}

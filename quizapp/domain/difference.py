"""How two versions of an entry differ: field by field, word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Stretch = tuple[Literal["same", "added", "removed"], str]


@dataclass(frozen=True)
class Difference:
    """A field that differs: what it is called, both texts, and the words that went and came."""

    field: str
    old: str
    new: str
    words: tuple[Stretch, ...]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every field that differs, in the order of the new entry; rows are known by their ids, not by their places."""
    before, after = dict(_flat(old, "")), dict(_flat(new, ""))
    names = dict.fromkeys([*after, *before])
    return tuple(
        Difference(name, before.get(name, ""), after.get(name, ""), _words(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _flat(held, f"{name} · {_plain(key)}" if name else _plain(key))
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        yield from _order(value, name)
        for i, one in enumerate(value, start=1):
            yield from _flat({k: v for k, v in one.items() if k != "id"}, f"{name} · {one.get('id') or i}")
    elif isinstance(value, list | tuple):
        yield name, ", ".join(map(str, value))
    elif value not in (None, "", False):
        yield name, "yes" if value is True else str(value)


def _order(rows: Any, name: str) -> Iterator[tuple[str, str]]:
    ids = [str(one["id"]) for one in rows if one.get("id")]
    if ids:
        yield f"{name} · order", ", ".join(ids)


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def _words(old: str, new: str) -> tuple[Stretch, ...]:
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    found: list[Stretch] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(after[j1:j2])))
            continue
        if i2 > i1:
            found.append(("removed", "".join(before[i1:i2])))
        if j2 > j1:
            found.append(("added", "".join(after[j1:j2])))
    return tuple(found)

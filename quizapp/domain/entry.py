"""Plain data as people write it: the field types that entries share, problems with their place, digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError
from pydantic.types import StrictStr, StringConstraints

from quizapp.domain import explanation

T = TypeVar("T")
KEBAB = r"[a-z0-9]+(?:-[a-z0-9]+)*"
Place = explanation.Place
SHA256 = r"^[0-9a-f]{64}$"
DURATION = r"^[0-9]+ ?(s|min|h|d)$"
WRITTEN_DATE = r"^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$"

Text = Annotated[StrictStr, StringConstraints(min_length=1, pattern=r"\S")]
Id = Annotated[StrictStr, StringConstraints(pattern=rf"^{KEBAB}$", max_length=80)]
PassageRef = Annotated[StrictStr, StringConstraints(pattern=rf"^{KEBAB}/{KEBAB}$", max_length=160)]
Sha256 = Annotated[StrictStr, StringConstraints(pattern=SHA256)]
DateText = Annotated[StrictStr, StringConstraints(pattern=WRITTEN_DATE)]

FORMS = {
    r"\S": "is empty; write text",
    rf"^{KEBAB}$": "should be lower-case letters, digits and single hyphens, such as «brest-litovsk-signed»",
    rf"^{KEBAB}/{KEBAB}$": "should name a source and its passage, such as «columbia/brest-litovsk»",
    SHA256: "should be a SHA-256 checksum: 64 hexadecimal digits in lower case",
    DURATION: "should be a whole number and s, min, h or d, such as «15 min»",
    WRITTEN_DATE: 'should be a year, month or day in quotation marks, such as "1917", "1917-11" or "1917-11-07"',
}


class Entry(BaseModel):
    """Data of a fixed shape: unknown fields are mistakes, and nothing changes after it is built."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Problem:
    """A mistake: where in the entry it stands (keys and list indexes) and, in the author's words, what to do."""

    place: Place
    message: str


class InvalidEntry(Exception):
    """An entry that cannot be built; ``problems`` holds every mistake, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{'.'.join(map(str, p.place))}: {p.message}" for p in self.problems))


def explain(error: ValidationError) -> tuple[Problem, ...]:
    """What pydantic found wrong with an entry, every mistake in its author's words."""
    return tuple(Problem(place, message) for place, message in explanation.mistakes(error, Entry, FORMS))


def _decimal(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


Amount = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(str, return_type=str)]


def plain(thing: Entry) -> dict[str, Any]:
    """The entry that ``thing`` is built from, without its defaults; what YAML, database and exchange formats carry."""
    return thing.model_dump(mode="json", exclude_defaults=True, by_alias=True)


def digest(entry: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the entry's canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def collective_digest(digests: Iterable[str]) -> str:
    """One digest for many things: SHA-256 of their sorted digests, each followed by a newline."""
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(digests)).encode()).hexdigest()


def shuffled(things: Sequence[T], seed: str) -> list[T]:
    """The things in an order that follows from the seed alone, the same on every machine and for ever."""
    order = sorted(range(len(things)), key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())
    return [things[i] for i in order]

"""Correcting how a source's text is cut: merge, split, name, describe, leave out; a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.entry import plain
from quizapp.domain.own_document import headings_in
from quizapp.domain.own_source import Part, beginnings, divided, merged, parts_of
from quizapp.domain.splitting import split, words
from quizapp.services.accounts import Mistakes
from quizapp.services.own_sources import own
from quizapp.services.people import Person
from quizapp.store.own_source_tables import OwnSource

A_PAGE = 12
LONGEST_HEADING, LONGEST_ACCOUNT = 200, 4000


@dataclass(frozen=True)
class Line:
    """A part as its teacher sees it: its number, its words by paragraph, and where it may be split."""

    part: Part
    number: int
    paragraphs: tuple[str, ...]
    words: int
    beginnings: tuple[tuple[int, str], ...]
    is_last: bool


@dataclass(frozen=True)
class Page:
    """Some of the parts of a source."""

    lines: tuple[Line, ...]
    number: int
    last: int
    total: int
    kept: int  # those that are not left out


@dataclass(frozen=True)
class Typed:
    """What is typed about one part."""

    heading: str
    account: str
    is_paratext: bool
    is_left_out: bool


class ChangedMeanwhile(Exception):
    """The source was changed in another window, or by an administrator; nothing was stored."""


def page(source: OwnSource, text: str, number: int, typed: Mapping[str, Typed] | None = None) -> Page:
    """A page of the parts, with what is typed over what is kept."""
    parts = overlaid(own.parts_in(source), typed or {})
    last = max(1, -(-len(parts) // A_PAGE))
    number = min(max(1, number), last)
    first = (number - 1) * A_PAGE
    lines = tuple(_line(text, parts, i) for i in range(first, min(first + A_PAGE, len(parts))))
    return Page(lines, number, last, len(parts), sum(1 for one in parts if not one.left_out))


def _line(text: str, parts: Sequence[Part], i: int) -> Line:
    part = parts[i]
    paragraphs = tuple(text[part.start : part.end].split("\n\n"))
    size = words(text, part.start, part.end)
    return Line(part, i + 1, paragraphs, size, beginnings(part, text), i == len(parts) - 1)


def overlaid(parts: Sequence[Part], typed: Mapping[str, Typed]) -> tuple[Part, ...]:
    """The parts with what was typed about some of them."""
    return tuple(
        one.model_copy(
            update={
                "heading": " ".join(given.heading.split()), "account": given.account.strip(),
                "kind": "paratext" if given.is_paratext else "text", "left_out": given.is_left_out,
            }
        )
        if (given := typed.get(one.id))
        else one
        for one in parts
    )  # fmt: skip


def change(
    session: Session, name: str, typed: Mapping[str, Typed], deed: str, where: int, revision: int, *,
    asking: Person, now: datetime,
) -> str:  # fmt: skip
    """Keeps what is typed, then does the deed: «merge:p3», «split:p3» at the sentence ``where``, «anew», or nothing.

    Says which part to look at next. Raises ``ChangedMeanwhile``, and ``Mistakes`` for what is too long.
    """
    source = own.to_change(session, name, asking)
    if source.revision != revision:
        raise ChangedMeanwhile
    _refuse_too_long(typed)
    text = own.text_of(session, source)
    parts, focus = _done(source, overlaid(own.parts_in(source), typed), deed, where, text)
    kept = [plain(one) for one in parts]
    if kept != source.parts:
        source.parts = kept
        own.touch(source, now)
    session.flush()
    return focus


def _done(source: OwnSource, parts: tuple[Part, ...], deed: str, where: int, text: str) -> tuple[tuple[Part, ...], str]:
    """The parts once the deed is done, and which one it was about."""
    what, _, which = deed.partition(":")
    at = next((i for i, one in enumerate(parts) if one.id == which), -1)
    if what == "anew":
        parts = parts_of(split(text, headings_in(text)), source.next_part)
        source.next_part += len(parts)
        return parts, ""
    if what == "merge" and at >= 0:
        return merged(parts, at), which
    if what == "split" and at >= 0:
        new = f"p{source.next_part}"
        done = divided(parts, at, where, text, new)
        if len(done) > len(parts):
            source.next_part += 1
            return done, new
        raise Mistakes({f"where-{which}": ["Choose the sentence with which the new passage shall begin."]})
    return parts, ""


def _refuse_too_long(typed: Mapping[str, Typed]) -> None:
    wrong = {}
    for name, given in typed.items():
        if len(given.heading) > LONGEST_HEADING:
            wrong[f"heading-{name}"] = [f"{len(given.heading)} characters; {LONGEST_HEADING} at most."]
        if len(given.account) > LONGEST_ACCOUNT:
            wrong[f"account-{name}"] = [f"{len(given.account):,} characters; {LONGEST_ACCOUNT:,} at most."]
    if wrong:
        raise Mistakes(wrong)

"""The list of questions: searched in every text, filtered by conditions that must all hold, a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.items import ITEM_TYPES
from quizapp.services.people import person
from quizapp.store import bank, catalogue, question_lines, reports
from quizapp.store.question_lines import Made, Wanted
from quizapp.store.question_tables import QuestionDraft, QuestionLine
from quizapp.store.tables import User

__all__ = ["Listed", "Page", "Wanted", "choices", "every", "names", "page", "refresh", "wanted_words"]

A_PAGE = 50
MOST = 20_000
LONGEST_STEM = 2_000
NOT_SEARCHED = {"id", "type", "topic", "skill", "passage", "true_in", "show", "disputes", "not_with", "pin", "credit"}
GONE = "an erased account"


@dataclass(frozen=True)
class Listed:
    """A question in the list. ``is_being_changed``: something is typed that students don't get yet."""

    line: QuestionLine
    type_label: str
    topic_title: str
    author: str
    is_being_changed: bool


@dataclass(frozen=True)
class Page:
    """A page of questions."""

    questions: tuple[Listed, ...]
    number: int
    last: int
    total: int


@dataclass(frozen=True)
class Choices:
    """What can be filtered by: values with their labels."""

    topics: Mapping[str, str]
    types: Mapping[str, str]
    sources: Mapping[str, str]
    authors: Mapping[str, str]


def refresh(session: Session, writing: AbstractContextManager[None]) -> None:
    """Brings the list up to date, where anything moved: the files, an import, a draft. It writes only then."""
    moved, gone = question_lines.stale(session), question_lines.gone(session)
    if moved or gone:
        with writing:
            counts = reports.unsettled(session, [one.name for one in moved])
            question_lines.replace(session, [_line(one, counts.get(one.name, 0)) for one in moved], gone)


def page(session: Session, wanted: Wanted, *, sort: str, number: int) -> Page:
    """One page of the questions found; three queries."""
    total = question_lines.count(session, wanted)
    last = max(1, -(-total // A_PAGE))
    number = min(max(1, number), last)
    found = question_lines.page(session, wanted, sort, (number - 1) * A_PAGE, A_PAGE)
    titles = bank.topic_titles(session)
    return Page(tuple(_listed(*one, titles) for one in found), number, last, total)


def every(session: Session, wanted: Wanted, *, sort: str) -> list[Listed]:
    """All questions found, without pages; two queries."""
    titles = bank.topic_titles(session)
    return [_listed(*one, titles) for one in question_lines.page(session, wanted, sort, 0, MOST)]


def names(session: Session, wanted: Wanted) -> list[str]:
    """The names of all questions found."""
    return question_lines.names(session, wanted, MOST)


def choices(session: Session) -> Choices:
    """What the list can be filtered by; four queries."""
    titles = bank.topic_titles(session)
    return Choices(
        topics={topic: titles.get(topic, topic) for topic in question_lines.topics(session) if topic},
        types={name: kind.label for name, kind in ITEM_TYPES.items()},
        sources={one.entry["id"]: one.entry["title"] for one in catalogue.sources(session)},
        authors={str(user.id): person(user).name for user in question_lines.authors(session)},
    )


def wanted_words(text: str) -> tuple[str, ...]:
    """What was searched for, as it is compared: each word must stand somewhere; words in “quotation marks” together."""
    parts = folded(text[:200]).split('"')
    together = [" ".join(part.split()) for part in parts[1::2]]
    return tuple(dict.fromkeys(word for word in [*together, *" ".join(parts[::2]).split()] if word))


def folded(text: str) -> str:
    """The text without capitals, accents and needless white space, with plain quotation marks."""
    plain = unicodedata.normalize("NFKD", text.translate(str.maketrans("“”„’‘", '"""\'\'')).casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())


def _listed(line: QuestionLine, author: User | None, draft: QuestionDraft | None, titles: Mapping[str, str]) -> Listed:
    kind = ITEM_TYPES.get(line.type)
    by = person(author).name if author else GONE if line.author_id else "Bank"
    being_changed = draft is not None and not line.stamp.startswith("typed:")
    return Listed(line, kind.label if kind else line.type, titles.get(line.topic, line.topic), by, being_changed)


# --- a line from an entry, or from what was typed --------------------------------------------------------------------


def _line(made: Made, problems: int) -> dict[str, Any]:
    content = made.content
    difficulty = str(content.get("difficulty") or 0)
    return {
        "name": made.name,
        "stamp": made.stamp,
        "status": made.status,
        "stem": _stem(content),
        "topic": str(content.get("topic") or "")[:80],
        "type": str(content.get("type") or "")[:24],
        "skill": str(content.get("skill") or "")[:24],
        "difficulty": int(difficulty) if difficulty in "012345" else 0,
        "sources": _spaced(ref.split("/")[0] for ref in _refs(content)),
        "tags": _spaced(_lines(content.get("tags"))),
        "search": folded(" \n ".join([made.name, *_texts(content)])).replace("\0", ""),
        "author_id": made.author_id,
        "updated_at": made.at,
        "is_unsourced": bool(content.get("unsourced")),
        "problems": problems,
    }


def _stem(content: Mapping[str, Any]) -> str:
    part = content.get("answer")
    first = part.get("stem") if isinstance(part, Mapping) else None
    return str(first or content.get("stem") or "")[:LONGEST_STEM]


def _spaced(words: Any) -> str:
    return "".join(f" {word}" for word in dict.fromkeys(words)) + " "


def _lines(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value or "").split("\n") if value else []


def _texts(value: Any, name: str = "") -> Iterator[str]:
    """Every text that people read."""
    if name in NOT_SEARCHED:
        return
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _texts(held, key)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held, name)
    elif isinstance(value, str):
        yield value


def _refs(value: Any, name: str = "") -> Iterator[str]:
    """Every passage that is named, the key's own first."""
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _refs(held, key)
    elif isinstance(value, list):
        for held in value:
            yield from _refs(held, name)
    elif isinstance(value, str) and name in ("passage", "true_in", "show"):
        yield from (ref for ref in value.split("\n") if "/" in ref)

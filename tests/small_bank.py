"""A small bank of our own, published: two topics of single-choice items, a practice quiz and a test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.store.tables import Content, User, Version

PASSAGES = (
    "bill book calendars candles caesar carrier fire glasses harbours keeper leap letter mayor sticks song summer "
    "sundial tower"
)
NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


def a_choice(number: int, **changes: Any) -> dict[str, Any]:
    """The entry of a single-choice item whose key is option ``a``."""
    return {
        "id": f"choice-{number}",
        "topic": "tides",
        "type": "single_choice",
        "stem": f"Question {number}: which harbour is meant?",
        "difficulty": 1 + number % 5,
        "skill": "recall",
        "explanation": f"Explanation {number}.",
        "evidence": [{"passage": "almanac/harbours", "quote": f"harbour {number}"}],
        "options": [
            {"id": "a", "text": f"Key {number}", "correct": True, "feedback": f"Praise {number}"},
            {"id": "b", "text": f"Lure {number}", "feedback": f"Correction {number}"},
            {"id": "c", "text": f"Decoy {number}", "feedback": f"Warning {number}"},
        ],
        **changes,
    }


def a_quiz(**changes: Any) -> dict[str, Any]:
    """The entry of a practice quiz of five fixed items."""
    return {
        "id": "harbours",
        "title": "Harbours",
        "mode": "practice",
        "sections": [{"items": [f"choice-{n}" for n in range(1, 6)]}],
        **changes,
    }


def a_test(**changes: Any) -> dict[str, Any]:
    """The entry of a test with a limit of twenty minutes and two attempts."""
    changes = {"id": "harbour-test", "title": "Harbour test", "mode": "test", "time_limit": "20 min", **changes}
    return a_quiz(**{"attempts": 2, "pass_mark": "60", **changes})


def publish(
    session: Session, *, items: int = 5, quizzes: tuple[dict[str, Any], ...] = (), because: tuple[int, ...] = ()
) -> None:
    """Put the items and quizzes into the database as published, and commit; the numbers in ``because`` ask why."""
    for number in range(1, items + 1):
        item = plain(build(a_choice(number, because=number in because)))
        _put(session, "item", item["id"], item, topic=item["topic"], type=item["type"], difficulty=item["difficulty"])
    for quiz in quizzes or (a_quiz(), a_test()):
        _put(session, "quiz", quiz["id"], plain(Quiz.model_validate(quiz)))
    session.commit()


def put_item(session: Session, entry: dict[str, Any]) -> str:
    """Publish an item, or a new version of one, and commit; its digest."""
    item = plain(build(entry))
    columns = {name: item[name] for name in ("topic", "type", "difficulty", "skill")}
    _put(session, "item", item["id"], item, **columns)
    session.commit()
    return digest(item)


def _put(session: Session, kind: str, name: str, entry: dict[str, Any], **columns: Any) -> None:
    key = digest(entry)
    session.merge(Version(digest=key, kind=kind, name=name, entry=entry, created_at=NOON))
    session.flush()
    session.merge(Content(kind=kind, name=name, digest=key, published_digest=key, **columns))


def a_user(session: Session, name: str = "ann", role: str = "student") -> int:
    """A user, committed; the id."""
    user = User(username=name, username_key=name, role=role, created_at=NOON)
    session.add(user)
    session.commit()
    return user.id


def put_passages(session: Session) -> None:
    """Publish a source of our own without its document, with every passage that the builders' items name."""
    source = {
        "id": "almanac", "file": "almanac.txt", "sha256": "0" * 64, "title": "The Almanac", "publisher": "nobody",
        "year": "undated", "kind": "almanac", "rights": "ours", "language": "en", "find": "It is made up.",
        "reliability": "medium", "good_for": "tests", "poor_for": "history", "assessment": "Made up.",
    }  # fmt: skip
    _put(session, "source", "almanac", source)
    for i, name in enumerate(PASSAGES.split()):
        passage = {
            "id": name, "heading": f"On {name}", "start": 100 * i, "end": 100 * i + 50, "sha256": "0" * 64,
            "account": f"It speaks of {name}.",
        }  # fmt: skip
        _put(session, "passage", f"almanac/{name}", passage, topic="almanac", position=i)
    session.commit()

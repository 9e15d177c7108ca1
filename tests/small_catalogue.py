"""A source of our own with passages, disputes and questions that rest on them; its document is ours too."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, EditionRecord, Passage, Source
from quizapp.store import versions
from quizapp.store.tables import Content
from quizapp.store.versions import Thing
from tests import small_bank
from tests.small_bank import NOON

LATER = NOON + timedelta(minutes=1)
TEXT = (
    "The Almanac of Harbours\n\n"
    "Ships come in with the tide, and the keeper counts them from his tower.\n\n"
    "At Skerry the pilots wait until the\nflood has turned. <script>alert('tide')</script> is written on the wall.\n\n"
    "At Holm the basin freezes in January, and nobody leaves.\n\n"
    "The last page tells of lamps & ropes.\n"
)


def between(first: str, last: str) -> tuple[int, int]:
    """Where in the document the stretch from one phrase to another stands."""
    return TEXT.index(first), TEXT.index(last) + len(last)


def a_passage(name: str, first: str, last: str, **changes: Any) -> dict[str, Any]:
    """The entry of a passage of the almanac."""
    start, end = between(first, last)
    return {
        "id": name,
        "heading": f"Of {name}",
        "start": start,
        "end": end,
        "sha256": hashlib.sha256(TEXT[start:end].encode()).hexdigest(),
        "account": f"The almanac tells of {name}.",
        **changes,
    }


SOURCE: dict[str, Any] = {
    "id": "almanac",
    "file": "almanac.txt",
    "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    "title": "The Almanac of Harbours",
    "publisher": "Tide Press (third printing)",
    "year": "1891",
    "kind": "almanac",
    "rights": "ours",
    "language": "en",
    "find": "Ask the keeper.",
    "reliability": "medium",
    "good_for": "tides",
    "poor_for": "people",
    "reading_order": ["pilots", "ships", "basin"],
    "assessment": "A keeper wrote it for sailors.",
}
PASSAGES = [
    a_passage("ships", "Ships come", "his tower."),
    a_passage(
        "pilots",
        "At Skerry",
        "leaves.",
        claims=[
            {"says": "pilots are patient", "speaker": "the keeper", "hedge": "surely", "quote": "until the flood has"},
            {"says": "walls are written on", "quote": "written on the wall"},
        ],
        damage="A line is torn.",
    ),
    a_passage("basin", "The last page", "ropes."),
]
DISPUTES = [
    {
        "id": dispute,
        "question": f"What of the {dispute}?",
        "kind": kind,
        "positions": [
            {
                "says": f"one thing of {dispute}",
                "who": "the almanac",
                "evidence": [{"passage": "almanac/pilots", "quote": quote}],
            },
            {"says": f"another of {dispute}", "who": "the almanac, later", "evidence": [{"passage": "almanac/ships"}]},
        ],
        "judgement": f"Nobody knows of the {dispute}.",
    }
    for dispute, kind, quote in (
        ("frost", "contradiction", "the basin freezes"),
        ("flood", "emphasis", "flood has turned"),
        ("wall", "emphasis", "on the wall"),
    )
]


def a_question(number: int, quote: str, other: str, **changes: Any) -> dict[str, Any]:
    """The entry of an item that rests on the pilots' passage, with evidence about its first distractor."""
    entry = small_bank.a_choice(number, evidence=[{"passage": "almanac/pilots", "quote": quote}], **changes)
    entry["options"][1]["evidence"] = [{"passage": "almanac/pilots", "quote": other}]
    return entry


ITEMS = [
    a_question(1, "pilots wait until the flood", "nobody leaves", disputes=["frost"]),
    a_question(3, "wait until the flood", "on the wall"),
    small_bank.a_choice(2, evidence=[{"passage": "almanac/basin", "quote": "lamps & ropes"}]),
]
SECTIONS = [{"items": ["choice-1", "choice-2"]}]
QUIZZES = [
    small_bank.a_quiz(sections=SECTIONS),
    small_bank.a_quiz(id="another", title="Another", sections=[{"items": ["choice-3"]}]),
    small_bank.a_test(sections=SECTIONS),
    small_bank.a_test(id="closed", title="Without sources", sources="closed", sections=SECTIONS),
    small_bank.a_test(
        id="silent", review={"right_after": ["score"], "while_open": ["score", "evidence"]}, sections=SECTIONS
    ),
]


def publish(session: Session, *, attach: str | None = None, record: bool = False) -> None:
    """Put it all into the database; ``attach`` is the text of the document, where one is attached."""
    put(session, "source", "almanac", plain(Source.model_validate(SOURCE)))
    for position, entry in enumerate(PASSAGES):
        put_passage(session, entry, position)
    for entry in DISPUTES:
        put(session, "dispute", entry["id"], plain(Dispute.model_validate(entry)))
    for entry in ITEMS:
        put(session, "item", entry["id"], plain(build(entry)), topic=entry["topic"])
    for entry in QUIZZES:
        put(session, "quiz", entry["id"], plain(Quiz.model_validate(entry)))
    if attach is not None:
        versions.attach(session, "almanac", hashlib.sha256(attach.encode()).hexdigest(), attach, NOON)
    if record:
        put(session, "edition", "edition", plain(edition()))
    session.commit()


def put_passage(session: Session, entry: dict[str, Any], position: int = 0) -> str:
    """Publish a state of a passage; its digest."""
    return put(
        session, "passage", f"almanac/{entry['id']}", plain(Passage.model_validate(entry)), position, topic="almanac"
    )


def put(session: Session, kind: str, name: str, entry: dict[str, Any], position: int = 0, **columns: Any) -> str:
    """Publish a state of a thing; its digest."""
    thing = Thing(kind, name, digest(entry), entry, position, **columns)
    versions.add_versions(session, [thing], NOON)
    content = session.get(Content, (kind, name))
    if content is None:
        versions.add_content(session, thing)
    else:
        content.digest = thing.digest
        versions.place(content, thing)
    session.flush()
    return thing.digest


def edition() -> EditionRecord:
    """A record in which all quotes of the pilots' passage stand where they do."""
    quotes = {
        "until the flood has": (5, 9),
        "written on the wall": (12, 16),
        "the basin freezes": (18, 21),
        "flood has turned": (7, 10),
        "on the wall": (13, 16),
        "pilots wait until the flood": (3, 8),
        "nobody leaves": (24, 26),
    }
    return EditionRecord.model_validate(
        {
            "bank": "0" * 64,
            "date": "2027-03-12",
            "documents": [{"source": "almanac", "sha256": SOURCE["sha256"], "bytes": len(TEXT), "words": 60}],
            "passages": [
                {
                    "passage": "almanac/pilots",
                    "sha256": PASSAGES[1]["sha256"],
                    "words": 26,
                    "quotes": [{"quote": quote, "start": a, "end": b} for quote, (a, b) in quotes.items()],
                }
            ],
        }
    )

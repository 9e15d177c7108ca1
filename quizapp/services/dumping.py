"""The published bank as files, for whoever wants to edit it as YAML or keep it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from quizapp.domain.entry import Entry
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Dispute, EditionRecord, Passage, Source
from quizapp.formats.bank_dump import Bank, dump
from quizapp.formats.bank_yaml import Topic
from quizapp.services import demo_reasons
from quizapp.services.own_sources.leaving_out import without_own
from quizapp.store import versions

E = TypeVar("E", bound=Entry)


def dump_bank(session: Session, folder: Path) -> list[Path]:
    """Writes what is published now to ``question_bank/`` and ``seeds/`` below the folder; says which files it wrote.

    ``bank check`` accepts them, and they load to the same things. What ``left_out`` names is not among them, nor what
    the demo class has of its own.
    """
    written = []
    for name, text in dump(without_own(_published(session))[0]).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def left_out(session: Session) -> tuple[str, ...]:
    """What stays in the database, by kind and name: sources that teachers added, and what rests on them alone."""
    return without_own(_published(session))[1]


def _published(session: Session) -> Bank:
    items = [build(entry) for entry in _entries(session, "item")]
    titles = {topic.id: topic for topic in _all(session, "topic", Topic)}
    topics = dict.fromkeys([*titles, *(item.topic for item in items)])
    return Bank(
        topics=[titles.get(topic) or Topic(id=topic, title=topic) for topic in topics],
        items=items,
        quizzes=[quiz for quiz in _all(session, "quiz", Quiz) if quiz.id != demo_reasons.QUIZ],
        sources=published_sources(session),
        disputes=_all(session, "dispute", Dispute),
        record=next(iter(_all(session, "edition", EditionRecord)), None),
    )


def _entries(session: Session, kind: str) -> list[dict[str, Any]]:
    return [entry for _, entry in versions.current(session, kind)]


def _all(session: Session, kind: str, model: type[E]) -> list[E]:
    return [model.model_validate(entry) for entry in _entries(session, kind)]


def published_sources(session: Session) -> list[Source]:
    """The published sources with their passages."""
    passages: dict[str | None, list[Passage]] = {}
    for content, entry in versions.current(session, "passage"):
        passages.setdefault(content.topic, []).append(Passage.model_validate(entry))
    return [
        source.model_copy(update={"passages": tuple(passages.get(source.id, ()))})
        for source in _all(session, "source", Source)
    ]

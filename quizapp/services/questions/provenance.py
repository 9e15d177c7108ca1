"""What rests on what: where a document or a passage has changed, its questions wait until somebody has looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.verification import verify
from quizapp.services import audit
from quizapp.services.questions import evidence
from quizapp.store import bank, questions
from quizapp.store.versions import Name

TELLING = {"source": {"sha256"}, "passage": {"start", "end", "sha256"}}
CHANGED = {"source": "The document of «{}» has changed.", "passage": "The place or text of passage «{}» has changed."}
GONE = {"source": "The source «{}» is gone from the catalogue.", "passage": "The passage «{}» is gone."}


@dataclass(frozen=True)
class Waiting:
    """A question that waits for somebody to look at it: why, and where it was used. ``holds`` says how its evidence
    stands now: verified | unattached | broken.
    """

    name: str
    stem: str
    reason: str
    holds: str
    quizzes: tuple[str, ...]
    attempts: int


def reasons(changed: Mapping[Name, tuple[str, ...]], gone: Iterable[Name]) -> dict[Name, str]:
    """Of what changed (with the names of the fields) or is gone, what shakes the questions that rest on it, and why."""
    found = {
        (kind, name): CHANGED[kind].format(name)
        for (kind, name), fields in changed.items()
        if TELLING.get(kind, set()) & set(fields)
    }
    return found | {(kind, name): GONE[kind].format(name) for kind, name in gone if kind in GONE}


def send_back(session: Session, shaken: Mapping[Name, str], looked_at: set[str], now: datetime) -> list[str]:
    """Sends the ready questions that rest on any of it back to draft, but for those just looked at; their names."""
    if not shaken:
        return []
    sent: dict[str, list[str]] = {}
    for name, item in bank.current_items(session).items():
        why = next((shaken[one] for ref in item.passages() for one in _rests_on(ref) if one in shaken), None)
        if why and name not in looked_at:
            sent.setdefault(why, []).append(name)
    for why, names in sent.items():
        digests = bank.current_digests(session, "item", names)
        questions.set_aside(session, names, "draft", why, now)
        questions.remember(session, "item", digests.items(), "draft", actor_id=None, now=now, note=why)
        for name in names:
            audit.record(
                session,
                None,
                "send back",
                "item",
                name,
                {"status": "ready"},
                {"status": "draft", "reason": why},
                now=now,
            )
    return [name for names in sent.values() for name in names]


def _rests_on(ref: str) -> tuple[Name, Name]:
    return ("passage", ref), ("source", ref.split("/", maxsplit=1)[0])


def waiting(session: Session) -> tuple[Waiting, ...]:
    """The questions that wait, each with the quizzes that name it or set it, and how many attempts did; six queries."""
    found = questions.waiting(session)
    if not found:
        return ()
    items = bank.items(session, [digest for _, digest, _ in found])
    known = evidence.library(session, {ref for item in items.values() for ref in item.passages()})
    named = bank.current_quizzes(session)
    used = questions.uses(session, [name for name, _, _ in found])
    lines = []
    for name, digest, reason in found:
        item = items[digest]
        titles = [quiz.title for _, quiz in named.values() if any(name in one.items for one in quiz.sections)]
        taken = [named[quiz][1].title if quiz in named else quiz for quiz, _ in used.get(name, ())]
        attempts = sum(number for _, number in used.get(name, ()))
        holds = verify(item.all_evidence(), known).outcome
        quizzes = tuple(dict.fromkeys([*titles, *taken]))
        lines.append(Waiting(name, item.stem, reason or "Set aside by a teacher.", holds, quizzes, attempts))
    return tuple(lines)

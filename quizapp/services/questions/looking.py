"""Looking at a question: as students get it, where it stands, how to cite it, and how it became what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy.orm import Session

from quizapp.domain.difference import Difference, differences
from quizapp.domain.item import Skill
from quizapp.domain.items import build
from quizapp.services.errors import NotFound
from quizapp.services.people import person
from quizapp.services.questions import preview
from quizapp.services.questions.preview import Preview
from quizapp.store import bank, questions
from quizapp.store.tables import User

SKILLS: tuple[str, ...] = get_args(Skill)
ACTIONS = {
    "publish": "made ready", "restore": "restored", "retire": "retired", "draft": "back to draft",
    "import": "imported", "undo import": "import undone",
    "ready": "ready again", "look at": "looked at: still right", "files": "from the files",
}  # fmt: skip
FILES = "the bank’s files"
GONE = "an erased account"


@dataclass(frozen=True)
class QuestionPage:
    """A question with all that its page says. ``version`` is «» for one that was never ready."""

    name: str
    type: str
    status: str
    reason: str | None
    to_look_at: str | None
    version: str
    topic: str
    difficulty: int
    skill: str
    shown: Preview | None
    is_being_changed: bool
    author: str
    quizzes: tuple[tuple[str, str], ...]
    citation: str


@dataclass(frozen=True)
class Moment:
    """Something that happened to a question."""

    version: str
    action: str
    who: str
    at: datetime
    note: str | None
    changes: tuple[Difference, ...]
    attempts: int
    is_current: bool


@dataclass(frozen=True)
class HistoryPage:
    """What happened to a question, the newest first."""

    name: str
    stem: str
    moments: tuple[Moment, ...]


def question(session: Session, name: str) -> QuestionPage:
    """The question's page. Raises ``NotFound``."""
    standing, draft = questions.standing(session, name), questions.draft(session, name)
    if standing is None and draft is None:
        raise NotFound("There is no question of this name.")
    if standing is None:
        assert draft is not None  # noqa: S101 one of the two is there
        shown = preview.of_typed(session, draft.type, dict(draft.typed))
        by = questions.names_of(session, [draft.author_id])
        return QuestionPage(
            name, draft.type, "draft", None, None, "", "", 0, "", shown, True, _who(by, draft.author_id), (), ""
        )
    item = build(standing.entry)
    shown = preview.of_item(session, item)
    by = questions.names_of(session, [standing.author_id])
    return QuestionPage(
        name=name,
        type=item.type,
        status=standing.status,
        reason=standing.reason,
        to_look_at=standing.to_look_at,
        version=standing.digest,
        topic=bank.topic_titles(session).get(item.topic, item.topic),
        difficulty=item.difficulty,
        skill=item.skill,
        shown=shown,
        is_being_changed=draft is not None,
        author=_who(by, standing.author_id) if standing.author_id else FILES,
        quizzes=quizzes_that_name(session, name),
        citation=citation(name, standing.digest, item.passages()),
    )


def citation(name: str, version: str, passages: tuple[str, ...]) -> str:
    """How to cite a question: its stable id, its version and the passages that it rests on."""
    resting = f"; rests on {', '.join(passages)}" if passages else "; no source given"
    return f"Question {name}, version {version[:12]}{resting}"


def quizzes_that_name(session: Session, name: str) -> tuple[tuple[str, str], ...]:
    """The published quizzes that set this question by name: their ids and titles."""
    found = bank.current_quizzes(session).values()
    return tuple((quiz.id, quiz.title) for _, quiz in found if any(name in one.items for one in quiz.sections))


def history(session: Session, name: str) -> HistoryPage:
    """How the question became what it is. Raises ``NotFound`` where it was never ready."""
    standing = questions.standing(session, name)
    if standing is None:
        raise NotFound("This question was never ready, so it has no history yet.")
    entries = questions.item_versions(session, name)
    told = questions.history(session, "item", name)
    by = questions.names_of(session, [one.actor_id for one in told])
    used = questions.slots_by_version(session, name)
    steps = [(one.digest, one.action, _by(by, one.actor_id), one.at, one.note) for one in reversed(told)]
    known = {step[0] for step in steps}
    before = [(key, "files", FILES, at, None) for key, (_, at) in entries.items() if key not in known]
    moments: list[Moment] = []
    last: Mapping[str, object] = {}
    for key, action, who, at, note in [*before, *steps]:
        entry = entries.get(key, (last, at))[0]
        changes = differences(last, entry) if last else ()
        moments.append(
            Moment(key, ACTIONS.get(action, action), who, at, note, changes, used.get(key, 0), key == standing.digest)
        )
        last = entry
    return HistoryPage(name, str(standing.entry["stem"]), tuple(reversed(moments)))


def _by(users: Mapping[int, User], actor: int | None) -> str:
    return FILES if actor is None else _who(users, actor)


def _who(users: Mapping[int, User], actor: int | None) -> str:
    return person(users[actor]).name if actor is not None and actor in users else GONE

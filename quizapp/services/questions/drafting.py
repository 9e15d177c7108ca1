"""Writing a question: what is typed is kept as it is, right or wrong; two who write the same one are told."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import Typed, blank, typed
from quizapp.services.errors import NotFound, Refusal
from quizapp.services.people import person
from quizapp.store import questions
from quizapp.store.question_tables import QuestionDraft
from quizapp.store.questions import Standing

LARGEST = 200_000  # characters, as JSON
FIRST_ROWS = {"options": 4, "evidence": 1, "wrong": 1, "accept": 0}
A_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FILED = ("topic", "new_topic", "difficulty", "skill", "tags")
SOMEBODY = "somebody else"


@dataclass(frozen=True)
class Sheet:
    """A question open for writing: what is typed, and what that was begun from.

    ``base`` is the digest of the version that it changes («» for a new one), ``revision`` that of the kept draft (0
    where none is kept yet).
    """

    name: str
    type: str
    typed: Typed
    base: str = ""
    revision: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Theirs:
    """What somebody else has kept meanwhile, and where one who saw it goes on from."""

    sheet: Sheet
    who: str
    at: datetime | None


class EditConflict(Exception):
    """The question was changed meanwhile; ``theirs`` is how it stands now. Nothing was stored."""

    def __init__(self, theirs: Theirs) -> None:
        super().__init__(f"changed meanwhile by {theirs.who}")
        self.theirs = theirs


class TooLarge(Refusal):
    """More was typed than is kept."""

    status = 413
    title = "Too much at once"


def new_sheet(name: str, type_name: str) -> Sheet:
    """A blank question of this type, with a few rows to fill. Raises ``NotFound`` for a type that is none."""
    if type_name not in ITEM_TYPES or not A_NAME.fullmatch(name) or len(name) > 80:
        raise NotFound("There is no such type of question. Choose one from the list.")
    model = ITEM_TYPES[type_name]
    given = blank(model, FIRST_ROWS)
    answer = given.get("answer")
    if isinstance(answer, dict):
        answer["options"] = []
    return Sheet(name, type_name, {**given, "id": name, "marks": "1", "new_topic": ""})


def another(session: Session, name: str, like: str) -> Sheet:
    """A blank question filed as another is: of its type, topic, difficulty, skill and tags. Raises ``NotFound``."""
    model = sheet(session, like)
    fresh = new_sheet(name, model.type)
    return replace(fresh, typed={**fresh.typed, **{one: model.typed.get(one, "") for one in FILED}})


def sheet(session: Session, name: str) -> Sheet:
    """The question of this name, as it was last typed, else as it is published. Raises ``NotFound``."""
    draft = questions.draft(session, name)
    if draft is not None:
        return _of_draft(draft)
    standing = questions.standing(session, name)
    if standing is None:
        raise NotFound(
            "There is no question of this name. Perhaps its draft was thrown away; the list shows those there are."
        )
    return of_standing(standing)


def of_standing(standing: Standing) -> Sheet:
    """The published question, to be changed."""
    type_name = str(standing.entry["type"])
    given = {**typed(standing.entry, ITEM_TYPES[type_name]), "new_topic": ""}
    return Sheet(standing.name, type_name, given, base=standing.digest)


def _of_draft(draft: QuestionDraft) -> Sheet:
    return Sheet(draft.name, draft.type, dict(draft.typed), draft.base or "", draft.revision, draft.updated_at)


def save(session: Session, mine: Sheet, *, actor_id: int, now: datetime) -> int:
    """Keeps what is typed, whole or not; the new revision. Raises ``EditConflict``, ``TooLarge``."""
    if len(json.dumps(mine.typed)) > LARGEST:
        raise TooLarge("This question is longer than what we keep. Make it shorter, or two of it.")
    standing, draft = unchanged(session, mine)
    if draft is not None and draft.typed == mine.typed:
        return draft.revision
    if draft is not None:
        draft.typed, draft.saved_by, draft.updated_at = dict(mine.typed), actor_id, now
        draft.revision += 1
        session.flush()
        return draft.revision
    author = standing.author_id if standing else actor_id
    new = QuestionDraft(
        name=mine.name, type=mine.type, typed=dict(mine.typed), base=mine.base or None, revision=mine.revision + 1,
        author_id=author, saved_by=actor_id, created_at=now, updated_at=now,
    )  # fmt: skip
    questions.add_draft(session, new)
    return new.revision


def unchanged(session: Session, mine: Sheet) -> tuple[Standing | None, QuestionDraft | None]:
    """What stands under the name and what is kept of it, locked; raises ``EditConflict`` where either has moved."""
    standing = questions.standing(session, mine.name, for_change=True)
    draft = questions.draft(session, mine.name, for_change=True)
    if draft is not None and draft.revision != mine.revision and draft.typed != mine.typed:
        raise EditConflict(_theirs(session, _of_draft(draft), draft.saved_by, draft.updated_at))
    if draft is None and standing is not None and standing.digest != mine.base:
        raise conflict_with(session, standing)
    return standing, draft


def conflict_with(session: Session, standing: Standing, revision: int = 0) -> EditConflict:
    """The conflict with what is published now."""
    history = questions.history(session, "item", standing.name)
    last = history[0] if history else None
    theirs = of_standing(standing)
    theirs = Sheet(theirs.name, theirs.type, theirs.typed, theirs.base, revision)
    return EditConflict(_theirs(session, theirs, last.actor_id if last else None, last.at if last else None))


def _theirs(session: Session, theirs: Sheet, who: int | None, at: datetime | None) -> Theirs:
    found = questions.names_of(session, [who])
    return Theirs(theirs, person(found[who]).name if who in found else SOMEBODY, at)


def discard(session: Session, name: str) -> None:
    """Throws away what was typed; what is published stays. Raises ``NotFound`` where nothing was kept."""
    if questions.draft(session, name, for_change=True) is None:
        raise NotFound("There is no draft of this question any more.")
    questions.drop_draft(session, name)

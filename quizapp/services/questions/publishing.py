"""From draft to ready, to retired, and back: every step makes a version or keeps one, and is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.difference import differences
from quizapp.domain.entry import InvalidEntry, Place, Problem, digest, plain
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES, build, item_digest
from quizapp.domain.items import entry as entry_of
from quizapp.domain.typed import Typed, tidied, untyped
from quizapp.domain.verification import verify
from quizapp.formats.bank_yaml import Topic
from quizapp.services import audit
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.questions import drafting, evidence
from quizapp.services.questions.drafting import Sheet
from quizapp.services.reports import mending
from quizapp.store import bank, questions
from quizapp.store.questions import Standing
from quizapp.store.versions import Thing

NO_EVIDENCE = "Name the passage that proves the answer; or say under “no source” why there is none"
LONGEST_CHANGE = 400


def entry_typed(type_name: str, given: Typed) -> tuple[Typed, dict[str, Any]]:
    """What was typed, tidied, and the entry that it makes; the entry may be wrong."""
    model = ITEM_TYPES[type_name]
    clean = {**tidied(given, model), "new_topic": str(given.get("new_topic") or "").strip()}
    entry = {**untyped(clean, model), "type": type_name}
    if clean["new_topic"]:
        entry["topic"] = topic_id(clean["new_topic"])
    return clean, entry


def topic_id(title: str) -> str:
    """The id of a topic of this title."""
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in title.casefold()).split()
    return "-".join(words)[:80].strip("-") or "more"


def make_ready(session: Session, mine: Sheet, *, actor_id: int, now: datetime) -> Item:
    """Publishes what is typed as a new version, for students to get from now on.

    Raises ``InvalidEntry`` with every mistake at once, and ``EditConflict``.
    """
    _, entry = entry_typed(mine.type, mine.typed)
    standing, draft = drafting.unchanged(session, mine)
    if standing is not None and standing.digest != mine.base:
        raise drafting.conflict_with(session, standing, draft.revision if draft else 0)
    item = _checked(session, entry)
    if mine.typed.get("new_topic"):
        _add_topic(session, item.topic, str(mine.typed["new_topic"]).strip(), now)
    questions.drop_draft(session, mine.name)
    _put(session, item, standing, "publish", actor_id=actor_id, now=now)
    mending.made_ready(session, {("item", item.id): item_digest(item)}, now=now)
    return item


def _checked(session: Session, entry: Mapping[str, Any]) -> Item:
    """The item, if nothing is wrong with it; raises ``InvalidEntry``."""
    problems: list[Problem] = []
    try:
        item = build(dict(entry))
    except InvalidEntry as invalid:
        problems = list(invalid.problems)
        raise InvalidEntry([*problems, *_broken(session, entry, problems)]) from invalid
    problems += _broken(session, entry, problems)
    if not item.key_evidence() and not item.unsourced:
        problems.append(Problem(("evidence",), NO_EVIDENCE))
    if problems:
        raise InvalidEntry(problems)
    return item


def _broken(session: Session, entry: Mapping[str, Any], known: Sequence[Problem]) -> list[Problem]:
    """What is wrong with the evidence, where nothing else was said of it."""
    told = {".".join(map(str, one.place)) for one in known}
    found = []
    for place, one in evidence.checks(session, entry).items():
        way: Place = tuple(int(part) if part.isdecimal() else part for part in place.split("-") if part)
        if one.outcome == "broken" and not any(text.startswith(".".join(map(str, way))) for text in told):
            found.append(Problem((*way, "quote"), one.message))
    return found


def _add_topic(session: Session, name: str, title: str, now: datetime) -> None:
    entry = plain(Topic(id=name, title=title))
    questions.put_topic(session, Thing("topic", name, digest(entry), entry), now=now)


def _put(session: Session, item: Item, standing: Standing | None, action: str, *, actor_id: int, now: datetime) -> None:
    entry = entry_of(item)
    key = digest(entry)
    thing = Thing(
        "item", item.id, key, entry, topic=item.topic, type=item.type, skill=item.skill, difficulty=item.difficulty
    )
    old = standing.entry if standing else {}
    questions.put_item(session, thing, actor_id=actor_id, now=now)
    questions.remember(session, "item", [(item.id, key)], action, actor_id=actor_id, now=now)
    changed = differences(old, entry)
    audit.record(
        session, actor_id, action, "item", item.id,
        {one.field: one.old[:LONGEST_CHANGE] for one in changed if one.old} or None,
        {one.field: one.new[:LONGEST_CHANGE] for one in changed if one.new},
        now=now,
    )  # fmt: skip


def accept_answer(session: Session, name: str, text: str, base: str, *, actor_id: int, now: datetime) -> Item:
    """A new version of a short-answer question that takes this answer, too; ``base`` is the version that was seen.

    Raises ``NotFound``; ``Conflict`` where the question was changed meanwhile, is not ready, or cannot take it.
    """
    standing = questions.standing(session, name, for_change=True)
    if standing is None or standing.entry.get("type") != "short_answer":
        raise NotFound("There is no question with typed answers of this name.")
    if standing.digest != base or standing.status != "ready":
        raise Conflict("This question was changed meanwhile. Look at its answers once more, then accept this one.")
    key = standing.entry["key"]
    try:
        item = _checked(session, {**standing.entry, "key": {**key, "accept": [*key.get("accept", ()), text]}})
    except InvalidEntry as invalid:
        reasons = " ".join(f"{one.message[0].upper()}{one.message[1:]}." for one in invalid.problems)
        raise Conflict(f"The question cannot take this answer as it stands. {reasons} Edit the question.") from None
    _put(session, item, standing, "publish", actor_id=actor_id, now=now)
    return item


def retire(session: Session, names: Sequence[str], *, actor_id: int, now: datetime) -> list[str]:
    """Takes these questions out for new attempts; those that run keep theirs. The names of those that were ready."""
    return _move(session, names, ("ready", "draft"), "retired", "retire", actor_id=actor_id, now=now)


def _move(
    session: Session, names: Sequence[str], given: Sequence[str], to: str, action: str, *, actor_id: int, now: datetime
) -> list[str]:
    found = [one for name in names if (one := questions.standing(session, name, for_change=True))]
    moved = [one for one in found if one.status in given]
    questions.set_aside(session, [one.name for one in moved], None if to == "ready" else to, None, now)
    pairs = [(one.name, one.digest) for one in moved]
    questions.remember(session, "item", pairs, action, actor_id=actor_id, now=now)
    for one in moved:
        audit.record(session, actor_id, action, "item", one.name, {"status": one.status}, {"status": to}, now=now)
    return [one.name for one in moved]


def is_made_ready(session: Session, name: str, *, actor_id: int, now: datetime) -> bool:
    """Makes the question ready, and says whether it was not so already. Raises as ``back_to_ready`` does."""
    standing = questions.standing(session, name)
    if standing is not None and standing.status == "ready":
        return False
    back_to_ready(session, name, actor_id=actor_id, now=now)
    return True


def back_to_ready(session: Session, name: str, *, actor_id: int, now: datetime) -> None:
    """Makes a question that was set aside ready again, as it was, once its evidence holds.

    Raises ``NotFound``, and ``Conflict`` where the evidence does not hold any more.
    """
    standing = questions.standing(session, name, for_change=True)
    if standing is None:
        raise NotFound
    item = build(standing.entry)
    found = verify(item.all_evidence(), evidence.library(session, item.passages()))
    if found.outcome == "broken":
        reasons = " ".join(f"{one.message[0].upper()}{one.message[1:]}." for one in found.reasons)
        raise Conflict(f"Its evidence does not hold as it stands. {reasons} Open the question and mend it.")
    if questions.is_only_a_draft(session, name):
        _put(session, item, None, "publish", actor_id=actor_id, now=now)
    else:
        _move(session, [name], ("draft", "retired"), "ready", "ready", actor_id=actor_id, now=now)


def restore(session: Session, name: str, version: str, *, actor_id: int, now: datetime) -> Item:
    """Makes an earlier version the current one again. Raises ``NotFound``, and ``Conflict`` for evidence that broke."""
    standing = questions.standing(session, name, for_change=True)
    known = questions.item_versions(session, name)
    if standing is None or version not in known:
        raise NotFound("There is no such version of this question.")
    try:
        item = _checked(session, known[version][0])
    except InvalidEntry as invalid:
        reasons = " ".join(one.message for one in invalid.problems)
        raise Conflict(
            f"This version cannot be restored as it stands: {reasons}. Copy what you need from it."
        ) from None
    _put(session, item, standing, "restore", actor_id=actor_id, now=now)
    mending.made_ready(session, {("item", item.id): version}, now=now)
    return item


def tag(session: Session, names: Sequence[str], tag_name: str, *, actor_id: int, now: datetime) -> list[str]:
    """Adds a tag to these questions, a new version each; the names of those that had it not."""
    changed = []
    for name in names:
        standing = questions.standing(session, name, for_change=True)
        if standing is None or standing.status != "ready" or tag_name in standing.entry.get("tags", ()):
            continue
        item = build({**standing.entry, "tags": [*standing.entry.get("tags", ()), tag_name]})
        _put(session, item, standing, "publish", actor_id=actor_id, now=now)
        changed.append(name)
    return changed


def topics(session: Session) -> dict[str, str]:
    """Topic → title, for choosing."""
    return bank.topic_titles(session)

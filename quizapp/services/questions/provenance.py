"""What rests on what: where a document, a passage or a source has changed, somebody looks at the questions.

What shakes a question takes it out of new attempts: it is a draft again. What only bears on how far to trust its source
leaves it in use, and lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from quizapp.domain.catalogue_change import Shift, Weight
from quizapp.domain.item import Item
from quizapp.domain.verification import Outcome, verify
from quizapp.formats import csv_table
from quizapp.services import audit
from quizapp.services.questions import evidence
from quizapp.store import bank, provenance, questions
from quizapp.store.provenance import Waiting as Row
from quizapp.store.versions import Name

MOST = 500  # questions on the page, and made ready at once
Fate = Literal["draft", "look", "stay"]
Decide = Callable[[str, Weight], Fate]  # of the question of this name, when something of this weight changed
SORTS = ("question", "why", "evidence", "quizzes", "attempts")
HOLDS = {"verified": "Evidence verified", "unattached": "Not checked: no document", "broken": "Evidence broken"}


@dataclass(frozen=True)
class Shaken:
    """What a change did: the questions that are drafts again, and those that stay in use and are listed."""

    drafts: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A question that waits for somebody to look at it: why, and where it was used. ``holds`` says how its evidence
    stands now: verified | unattached | broken. ``in_use``: new attempts get it meanwhile.
    """

    name: str
    stem: str
    reason: str
    holds: Outcome
    quizzes: tuple[str, ...]
    attempts: int
    in_use: bool = False


@dataclass(frozen=True)
class StillRight:
    """What came of «these are still right»: how many are done, and whose evidence does not hold, and so wait on."""

    done: int
    broken: tuple[str, ...]


# --- what a change does ----------------------------------------------------------------------------------------------


def by_weight(_name: str, weight: Weight) -> Fate:
    """What happens to any question that nobody has looked at yet."""
    return "look" if weight == "panel" else "draft"


def shake(session: Session, shifts: Mapping[Name, Shift], decide: Decide, now: datetime) -> Shaken:
    """Sends ready questions that rest on what shifted back to draft, or lists them, as ``decide`` says of each."""
    drafts, looks = _fates(session, shifts, decide)
    for why in dict.fromkeys(drafts.values()):
        _send_back(session, [name for name in drafts if drafts[name] == why], why, now)
    provenance.list_to_look_at(session, looks)
    return Shaken(tuple(drafts), tuple(looks))


def foreseen(session: Session, shifts: Mapping[Name, Shift], decide: Decide) -> Shaken:
    """What ``shake`` would do; nothing is changed."""
    drafts, looks = _fates(session, shifts, decide)
    return Shaken(tuple(drafts), tuple(looks))


def _fates(session: Session, shifts: Mapping[Name, Shift], decide: Decide) -> tuple[dict[str, str], dict[str, str]]:
    """Which questions become drafts and which are listed, each with why."""
    drafts: dict[str, str] = {}
    looks: dict[str, str] = {}
    for name, item in bank.current_items(session).items() if shifts else ():
        fated = [(decide(name, shift.weight), shift.why) for shift in _felt(item, shifts)]
        if whys := _told(fated, "draft"):
            drafts[name] = whys
        elif whys := _told(fated, "look"):
            looks[name] = whys
    return drafts, looks


def _felt(item: Item, shifts: Mapping[Name, Shift]) -> list[Shift]:
    things = [one for ref in item.passages() for one in (("passage", ref), ("source", ref.split("/")[0]))]
    return [shifts[one] for one in dict.fromkeys(things) if one in shifts]


def _told(fated: Sequence[tuple[Fate, str]], fate: Fate) -> str:
    return " ".join(why for one, why in fated if one == fate)


def _send_back(session: Session, names: Sequence[str], why: str, now: datetime) -> None:
    digests = bank.current_digests(session, "item", names)
    questions.set_aside(session, names, "draft", why, now)
    questions.remember(session, "item", digests.items(), "draft", actor_id=None, now=now, note=why)
    new = {"status": "draft", "reason": why}
    said: list[audit.Said] = [(None, name, {"status": "ready"}, new) for name in names]
    audit.record_many(session, said, actor_id=None, action="send back", kind="item", now=now)


# --- what waits ------------------------------------------------------------------------------------------------------


def to_look_at(session: Session) -> tuple[Waiting, ...]:
    """All that wait to be looked at, each with the quizzes that name it or set it, and how many attempts did; those
    left out of new attempts first; six queries.
    """
    found = provenance.waiting(session)
    if not found:
        return ()
    items = bank.items(session, [one.digest for one in found])
    known = evidence.library(session, {ref for item in items.values() for ref in item.passages()})
    named = bank.current_quizzes(session)
    titles: dict[str, list[str]] = {}
    for _, quiz in named.values():
        for item in {name for one in quiz.sections for name in one.items}:
            titles.setdefault(item, []).append(quiz.title)
    used = provenance.uses(session, [one.name for one in found])
    lines = []
    for one in found:
        taken = [named[quiz][1].title if quiz in named else quiz for quiz, _ in used.get(one.name, ())]
        lines.append(
            Waiting(
                one.name,
                items[one.digest].stem,
                one.reason or "Set aside by a teacher.",
                verify(items[one.digest].all_evidence(), known).outcome,
                tuple(dict.fromkeys([*titles.get(one.name, ()), *taken])),
                sum(number for _, number in used.get(one.name, ())),
                one.in_use,
            )
        )
    return tuple(lines)


def by(lines: Sequence[Waiting], sort: str) -> list[Waiting]:
    """The lines by one of ``SORTS``, or with “-” before it the other way round; as they come for any other word."""
    keys: Mapping[str, Callable[[Waiting], object]] = {
        "question": lambda one: one.stem.casefold(),
        "why": lambda one: one.reason.casefold(),
        "evidence": lambda one: one.holds,
        "quizzes": lambda one: [title.casefold() for title in one.quizzes],
        "attempts": lambda one: one.attempts,
    }
    key = keys.get(sort.removeprefix("-"))
    return sorted(lines, key=key, reverse=sort.startswith("-")) if key else list(lines)  # type: ignore[arg-type]


def as_csv(lines: Sequence[Waiting]) -> str:
    """The same as a table."""
    heads = ("Name", "Question", "Why", "New attempts", "Evidence now", "Quizzes", "Attempts that set it")
    return csv_table.dump(
        heads,
        [
            (
                one.name, one.stem, one.reason, "get it" if one.in_use else "leave it out", HOLDS[one.holds],
                "; ".join(one.quizzes), one.attempts,
            )
            for one in lines
        ],
    )  # fmt: skip


# --- still right -----------------------------------------------------------------------------------------------------


def still_right(session: Session, names: Sequence[str], *, actor_id: int, now: datetime) -> StillRight:
    """Somebody has looked at these: drafts are ready again, those in use are listed no more. The evidence of each is
    checked anew; where it does not hold, the question waits on. Names of what does not wait are passed over.
    """
    found = provenance.waiting(session, names[:MOST], for_change=True)
    items = bank.items(session, [one.digest for one in found])
    known = evidence.library(session, {ref for item in items.values() for ref in item.passages()})
    broken = {one.name for one in found if verify(items[one.digest].all_evidence(), known).outcome == "broken"}
    right = [one for one in found if one.name not in broken]
    questions.set_aside(session, [one.name for one in right], None, None, now)
    _remember(session, [one for one in right if not one.in_use], "ready", actor_id, now)
    _remember(session, [one for one in right if one.in_use], "look at", actor_id, now)
    return StillRight(len(right), tuple(sorted(broken)))


def _remember(session: Session, rows: Sequence[Row], action: str, actor_id: int, now: datetime) -> None:
    for why in dict.fromkeys(one.reason for one in rows):
        pairs = [(one.name, one.digest) for one in rows if one.reason == why]
        questions.remember(session, "item", pairs, action, actor_id=actor_id, now=now, note=why)
    old = "ready" if action == "look at" else "draft"
    said: list[audit.Said] = [
        (None, one.name, {"status": old, "reason": one.reason}, {"status": "ready"}) for one in rows
    ]
    audit.record_many(session, said, actor_id=actor_id, action=action, kind="item", now=now)

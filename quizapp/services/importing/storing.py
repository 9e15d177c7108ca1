"""Importing what was chosen of a dry run, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest
from quizapp.domain.item import Item
from quizapp.domain.items import build, entry
from quizapp.services import audit
from quizapp.services.errors import Conflict, Refusal
from quizapp.services.importing import receiving
from quizapp.services.importing.preview import Line, dry_run
from quizapp.store import imports, questions, versions
from quizapp.store.imports import DRAFT, ITEM, ImportBatch, Standing
from quizapp.store.versions import Thing

LONGEST_REASON = 500


class NothingChosen(Refusal):
    """No question was ticked that could come in."""

    title = "Nothing was chosen"


@dataclass(frozen=True)
class Outcome:
    """How many questions students may be asked now, how many wait as drafts, and which were left alone."""

    ready: int = 0
    drafts: int = 0
    left_alone: tuple[str, ...] = ()


def import_these(
    session: Session,
    user_id: int,
    batch_id: uuid.UUID,
    numbers: Collection[int],
    *,
    as_ready: bool,
    unsourced: str = "",
    now: datetime,
) -> Outcome:
    """Imports the questions of these numbers: ready where that is wanted and their evidence allows it, else as drafts.

    ``unsourced`` is why those have no evidence that have none: given that, they may be ready too, and students see it.

    A question that is published already and changes is published only as ready: as a draft it waits beside the old one.
    """
    run = dry_run(session, user_id, batch_id)
    if run.batch.imported_at is not None:
        raise Conflict("This file has been imported already. Undo that, or upload it anew.")
    chosen = [line for line in run.lines if line.number in numbers and line.can_come_in]
    if not chosen:
        raise NothingChosen("Tick at least one question that is new or changed, then import.")
    chosen = [_explained(line, unsourced.strip()) for line in chosen] if as_ready and unsourced.strip() else chosen
    ready = [line for line in chosen if as_ready and line.may_be_ready]
    drafts = [line for line in chosen if line not in ready]
    changes = [
        one for kind, lines in ((ITEM, ready), (DRAFT, drafts)) for one in _put(session, kind, lines, user_id, now)
    ]
    run.batch.changes, run.batch.data, run.batch.imported_at = changes, b"", now
    new = {"file": run.batch.file_name, "ready": len(ready), "drafts": len(drafts)}
    audit.record(session, user_id, "import", "questions", run.batch.file_name, None, new, now=now)
    session.flush()
    return Outcome(len(ready), len(drafts))


def _explained(line: Line, reason: str) -> Line:
    """The line with the reason why its item has no evidence, if it has none."""
    if line.item is None or line.evidence != "none" or line.item.unsourced:
        return line
    return replace(line, item=build({**entry(line.item), "unsourced": reason[:LONGEST_REASON]}))


def _put(session: Session, kind: str, lines: Sequence[Line], user_id: int, now: datetime) -> list[dict[str, Any]]:
    """Stores the lines' items and says what stood there before, of the same kind."""
    things = [_thing(line.item) for line in lines if line.item is not None]
    before = imports.standing_as(session, kind, [thing.name for thing in things])
    imports.put(session, kind, things, now, actor_id=user_id)
    pairs = [(thing.name, thing.digest) for thing in things]
    questions.remember(session, "item", pairs, "import", actor_id=user_id, now=now)
    return [_change(kind, thing, before.get(thing.name)) for thing in things]


def _change(kind: str, thing: Thing, before: Standing | None) -> dict[str, Any]:
    old, retired = (before.digest, before.is_retired) if before else (None, False)
    return {"name": thing.name, "kind": kind, "old": old, "new": thing.digest, "retired": retired}


def _thing(item: Item) -> Thing:
    plain = entry(item)
    return Thing(
        "item", item.id, digest(plain), plain, topic=item.topic, type=item.type, skill=item.skill,
        difficulty=item.difficulty,
    )  # fmt: skip


def undo(session: Session, user_id: int, batch_id: uuid.UUID, *, now: datetime) -> Outcome:
    """Takes an import back as a whole; what somebody has changed since stays as it is, and is named."""
    batch = receiving.batch(session, user_id, batch_id)
    if batch.imported_at is None or batch.undone_at is not None:
        raise Conflict("There is nothing to undo: this file is not imported, or was taken back already.")
    moved = [name for kind in (ITEM, DRAFT) for name in _undo(session, kind, batch, user_id, now)]
    batch.undone_at = now
    old = {"file": batch.file_name, "questions": len(batch.changes)}
    audit.record(session, user_id, "undo import", "questions", batch.file_name, old, {"left alone": moved}, now=now)
    session.flush()
    return Outcome(left_alone=tuple(moved))


def _undo(session: Session, kind: str, batch: ImportBatch, user_id: int, now: datetime) -> list[str]:
    """Takes back what the import did to things of a kind; names those that have moved on."""
    changes = [one for one in batch.changes if one["kind"] == kind]
    standing = imports.standing_as(session, kind, [one["name"] for one in changes])
    there = [one for one in changes if one["name"] in standing and standing[one["name"]].digest == one["new"]]
    new = [one["name"] for one in there if one["old"] is None]
    old = {one["name"]: one for one in there if one["old"] is not None}
    entries = versions.entries(session, (one["old"] for one in old.values()))
    things = [_old_thing(name, one["old"], entries[one["old"]]) for name, one in old.items()]
    imports.put(session, kind, things, now, actor_id=user_id)
    pairs = [(one["name"], one["old"] or one["new"]) for one in there]
    questions.remember(session, "item", pairs, "undo import", actor_id=user_id, now=now)
    imports.take_away(session, kind, [*new, *(name for name, one in old.items() if one["retired"])], now)
    return [one["name"] for one in changes if one not in there]


def _old_thing(name: str, key: str, plain: dict[str, Any]) -> Thing:
    return Thing(
        "item", name, key, plain, topic=plain["topic"], type=plain["type"], skill=plain["skill"],
        difficulty=plain["difficulty"],
    )  # fmt: skip

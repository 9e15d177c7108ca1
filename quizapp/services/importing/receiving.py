"""Receiving a file: what it is, whether it can be read, and keeping it until its teacher has seen the dry run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from sqlalchemy.orm import Session

from quizapp.domain.exchange import Arrivals, Defaults, UnreadableFile
from quizapp.domain.item import Skill
from quizapp.formats import incoming_text, registry
from quizapp.formats.evidence_lines import Links
from quizapp.services import gallery
from quizapp.services.errors import NotFound, Refusal
from quizapp.store import imports
from quizapp.store.imports import ImportBatch

READABLE = {name: one.label for name, one in registry.FORMATS.items()}
SKILLS = tuple((name, name.replace("_", " ").capitalize()) for name in get_args(Skill))
LARGEST = incoming_text.LARGEST
MOST_QUESTIONS = 500  # a dry run shows them all on one page
MOST_WAITING = 5  # files of one teacher that are neither imported nor forgotten
WAITS = timedelta(days=2)
PAST = 20
_ENDINGS = {
    ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".gift": "gift", ".aiken": "aiken",
    ".gift.txt": "gift", ".aiken.txt": "aiken",
}  # fmt: skip


class CannotImport(Refusal):
    """The file cannot be read, or is refused; the message says where and why."""

    status = 422
    title = "This file cannot be read"
    next_step = "Nothing was stored. Mend the file, or choose another format, and try again."


@dataclass(frozen=True)
class Upload:
    """A file as it came, with what its teacher said of it. ``format`` is empty where the file is to show it itself."""

    file_name: str
    data: bytes
    format: str
    defaults: Defaults


def receive(session: Session, user_id: int, upload: Upload, *, now: datetime) -> uuid.UUID:
    """Keeps the file for its dry run and says under which id. Raises CannotImport where it cannot be read."""
    name = upload.format if upload.format in READABLE else guess(upload.file_name, upload.data)
    found = read(name, upload.data, upload.defaults)
    if not found.questions:
        raise CannotImport(f"There is no question in this file, read as {READABLE[name]}. {_wrong_format(found)}")
    imports.forget_unconfirmed(session, user_id, before=now - WAITS, keep=MOST_WAITING - 1)
    batch = ImportBatch(
        id=uuid.uuid4(),
        user_id=user_id,
        file_name=Path(upload.file_name.replace("\\", "/")).name.replace("\0", "")[-200:] or "questions",
        format=name,
        data=upload.data,
        defaults=asdict(upload.defaults),
        created_at=now,
    )
    imports.add(session, batch)
    return batch.id


def _wrong_format(found: Arrivals) -> str:
    return str(found.remarks[0]) if found.remarks else "Is it another format? Choose it from the list and try again."


def read(name: str, data: bytes, defaults: Defaults) -> Arrivals:
    """What a file holds. Raises CannotImport."""
    try:
        found = registry.read(name, data, defaults)
    except UnreadableFile as error:
        raise CannotImport(str(error)) from error
    if len(found.questions) > MOST_QUESTIONS:
        raise CannotImport(
            f"The file holds {len(found.questions):,} questions; {MOST_QUESTIONS} are the most that one import takes, "
            "so that you can look at each. Split it into several files."
        )
    return found


def guess(file_name: str, data: bytes) -> str:
    """The format that the file's name and its first bytes show."""
    lower = file_name.casefold()
    named = next(
        (name for ending, name in sorted(_ENDINGS.items(), key=lambda e: -len(e[0])) if lower.endswith(ending)), ""
    )
    head = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK"):
        return "xlsx" if named == "xlsx" else "yaml" if lower.endswith(".yaml.zip") else "qti3"
    if head.startswith(b"<"):
        return "moodle" if b"<quiz" in head else "qti3"
    if named:
        return named
    return "aiken" if b"ANSWER:" in data[:100_000] and b"{" not in head else "gift"


def past(session: Session, user_id: int, sort: str = "-when") -> Sequence[ImportBatch]:
    """The teacher's last imports and files that wait; by when, file or format, a hyphen before it turns the order."""
    found = imports.of_user(session, user_id, PAST)
    keys = {"file": lambda one: one.file_name.casefold(), "format": lambda one: one.format}
    by = keys.get(sort.lstrip("-"), lambda one: one.imported_at or one.created_at)
    return sorted(found, key=by, reverse=sort.startswith("-"))


def batch(session: Session, user_id: int, batch_id: uuid.UUID) -> ImportBatch:
    """The teacher's own batch. Raises NotFound."""
    found = imports.batch(session, user_id, batch_id)
    if found is None:
        raise NotFound("This import is not there. Files that are not imported are kept for two days.")
    return found


def template(bank_dir: Path, name: str, address: str) -> tuple[bytes, str]:
    """A file to start from, with an example of each type, and its name."""
    chosen = registry.FORMATS.get(name)
    if chosen is None or chosen.dump is None or name not in ("csv", "xlsx"):
        raise NotFound
    return chosen.dump(gallery.examples(bank_dir), Links(address)), f"questions-template.{chosen.suffix}"

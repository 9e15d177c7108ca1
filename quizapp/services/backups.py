"""Backups of the database while it is in use: into a file, out of one, and before the tables change."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.store import backups, revisions

KEPT = 10


class BackupRefused(Exception):
    """What cannot be backed up or restored; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Restored:
    """What a restoration did: the revision that the backup had, and where the database before it is kept."""

    revision: str
    before: Path | None


def back_up(session: Session, file: Path, *, force: bool = False) -> None:
    """Copy the database into the file: whole and checked, or not at all. Raises BackupRefused."""
    if file.exists() and not force:
        raise BackupRefused(f"{file} exists already; --force replaces it")
    if not file.parent.is_dir():
        raise BackupRefused(f"there is no folder {file.parent}")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)  # it holds what the database holds: for its owner alone
        backups.of(_engine(session)).save(draft)
        _to_disk(draft)
        draft.replace(file)
        _to_disk(file.parent)
    except (backups.CannotCopy, OSError) as error:
        raise BackupRefused(" ".join(str(error).split())) from error
    finally:
        draft.unlink(missing_ok=True)


def restore(session: Session, file: Path, folder: Path, *, now: datetime) -> Restored:
    """Put the backup in the database's place, and bring it to the newest revision. The app may be running.

    What the database held is backed up in the folder first. Raises BackupRefused, with nothing changed.
    """
    database = backups.of(_engine(session))
    try:
        revision = database.revision_in(file)
        _refuse_newer(revision, f"{file} was made by")
        before = _before_restore(session, folder, now)
        database.load(file)
    except (backups.CannotCopy, OSError) as error:
        raise BackupRefused(" ".join(str(error).split())) from error
    store.upgrade()
    return Restored(revision, before)


def before_upgrade(session: Session, folder: Path, *, now: datetime) -> Path | None:
    """Keep the database as it is if an upgrade is going to change its tables. Raises BackupRefused."""
    revision = revisions.current(_engine(session))
    if revision is None or revision == revisions.every()[-1]:
        return None
    _refuse_newer(revision, "the database belongs to")
    return _keep(session, folder, f"before-upgrade-from-{revision}", now)


def mismatch(session: Session) -> str | None:
    """Why this version cannot serve the database: no tables, or older ones; None where it can."""
    revision, known = revisions.current(_engine(session)), revisions.every()
    if revision in known[:-1] or revision is None:
        return "the database lacks tables that this version needs; `quizapp setup` makes them"
    return None


def _before_restore(session: Session, folder: Path, now: datetime) -> Path | None:
    """What the database holds, kept; None where it holds nothing. It may be damaged: that is what backups are for."""
    try:
        is_empty = revisions.current(_engine(session)) is None
        return None if is_empty else _keep(session, folder, "before-restore", now)
    except (BackupRefused, DatabaseError) as error:
        why = getattr(error, "orig", error)
        raise BackupRefused(
            f"what the database holds now cannot be backed up ({why}); to restore all the same, stop the app, "
            "move the database away, and restore again"
        ) from error


def _refuse_newer(revision: str, what: str) -> None:
    if revision not in revisions.every():
        raise BackupRefused(f"{what} a newer version of quizapp (revision {revision}); install that version first")


def _keep(session: Session, folder: Path, why: str, now: datetime) -> Path:
    """A backup in the folder, of which only the last few stay."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = backups.of(_engine(session)).ending
    file = folder / f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}-{why}.{ending}"
    back_up(session, file)
    for old in sorted(folder.glob(f"*-{why.partition('-from-')[0]}*"))[:-KEPT]:
        old.unlink()
    return file


def _engine(session: Session) -> Engine:
    session.rollback()  # no transaction of ours may stand in the way
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def _to_disk(path: Path) -> None:
    """Wait until the file, or what the folder lists, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

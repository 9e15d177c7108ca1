"""Files imported without a dry run to look at on a page, as a command does: what would happen, or what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import usernames
from quizapp.services.errors import NotFound
from quizapp.services.importing.preview import STATES, DryRun, dry_run
from quizapp.services.importing.receiving import Upload, receive
from quizapp.services.importing.storing import Outcome, import_these
from quizapp.store import users

NOBODY = 0


@dataclass(frozen=True)
class Imported:
    """A file with what becomes of its questions; ``outcome`` is None for a dry run, and where none could come in."""

    run: DryRun
    outcome: Outcome | None

    @property
    def lacks(self) -> bool:
        """Whether any question of it cannot come in."""
        return self.run.count("faulty") > 0

    @property
    def in_short(self) -> str:
        """«2 new, 1 changed, 0 the same, 1 cannot come in»."""
        return ", ".join(f"{self.run.count(state)} {words.lower()}" for state, words in STATES.items())


def teacher_id(session: Session, username: str) -> int:
    """Whose imports they are to be. Raises ``NotFound``."""
    user = users.by_key(session, usernames.key(username))
    if user is None or user.role not in ("teacher", "admin"):
        raise NotFound(f"There is no teacher “{username}”.")
    return user.id


def import_file(
    session: Session, user_id: int, upload: Upload, *, as_ready: bool, unsourced: str, is_dry: bool, now: datetime
) -> Imported:
    """All of a file that is new or changed comes in. Raises ``CannotImport``.

    A dry run stores what it needs meanwhile: the caller rolls back.
    """
    batch_id = receive(session, user_id, upload, now=now)
    run = dry_run(session, user_id, batch_id)
    numbers = {line.number for line in run.lines if line.can_come_in}
    if is_dry or not numbers:
        return Imported(run, None)
    outcome = import_these(session, user_id, batch_id, numbers, as_ready=as_ready, unsourced=unsourced, now=now)
    return Imported(run, outcome)

"""Which revision the tables of the database have, and which ones this version knows."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from quizapp import store


def current(engine: Engine) -> str | None:
    """The revision of the database; None where it has no tables yet."""
    token = store.will_write.set(False)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        store.will_write.reset(token)


def every() -> list[str]:
    """Every revision that this version knows, from the first to the newest."""
    scripts = ScriptDirectory(store.migrations.directory)
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]

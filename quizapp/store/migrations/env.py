"""Runs the migrations on the app's own engine: all that are due in one transaction, one process at a time."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

extension = current_app.extensions["migrate"]
target_metadata = extension.db.metadata
LOCK = 7_241_917  # of all who use this PostgreSQL database, only migrations ask for this lock
LONGEST_WAIT = 600_000  # milliseconds, for another process that migrates


def migrate(connection: Connection) -> None:
    """Run the migrations that are due; whoever comes second waits, and finds nothing left to do."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {LONGEST_WAIT}"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.configure(connection=connection, target_metadata=target_metadata, **extension.configure_args)
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            check_references(connection)


def check_references(connection: Connection) -> None:
    """Raise, and so undo the migrations, where they left rows without the rows that they refer to."""
    if orphans := connection.execute(text("PRAGMA foreign_key_check")).fetchmany(5):
        raise RuntimeError(f"rows without the rows that they refer to: {orphans}")


def migrate_sqlite(connection: Connection) -> None:
    """Without foreign keys, since a table that is copied and dropped takes its children along."""
    driver = connection.connection.driver_connection
    patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute(f"PRAGMA busy_timeout={LONGEST_WAIT}")
    try:
        migrate(connection)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.execute(f"PRAGMA busy_timeout={patience}")


if context.is_offline_mode():
    raise SystemExit("migrations run on a database; there is no offline mode")

with extension.db.engine.connect() as connection:
    (migrate_sqlite if connection.dialect.name == "sqlite" else migrate)(connection)

"""Runs the migrations on the app's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

extension = current_app.extensions["migrate"]
target_metadata = extension.db.metadata


def migrate(connection: Connection) -> None:
    """Run the migrations that are due, all in one transaction."""
    context.configure(connection=connection, target_metadata=target_metadata, **extension.configure_args)
    with context.begin_transaction():
        context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """Without foreign keys, since a table that is copied and dropped takes its children along; checked afterwards."""
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        migrate(connection)
        if orphans := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows without the rows that they refer to: {orphans[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("migrations run on a database; there is no offline mode")

with extension.db.engine.connect() as connection:
    (migrate_sqlite if connection.dialect.name == "sqlite" else migrate)(connection)

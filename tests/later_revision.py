"""A revision of the tests' own on top of the newest one, so that there is always an upgrade to try."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from quizapp import store
from quizapp.store import revisions

REVISION = "later_than_all"
TEMPLATE = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    for table in ("user", "attempt", "slot"):
        with op.batch_alter_table(table, recreate=recreate) as batch:
            batch.add_column(sa.Column("later", sa.Integer(), nullable=False, server_default="7"))
    {more}
"""


def add(monkeypatch: pytest.MonkeyPatch, folder: Path, more: str = "pass") -> None:
    """Have one more revision, which copies tables that others refer to (on SQLite), adds a column and does more."""
    copied = folder / "migrations"
    shutil.copytree(store.migrations.directory, copied, ignore=shutil.ignore_patterns("__pycache__"))
    before = revisions.every()[-1]
    text = TEMPLATE.format(revision=REVISION, before=before, more=more)
    (copied / "versions" / "later.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(store.migrations, "directory", str(copied))

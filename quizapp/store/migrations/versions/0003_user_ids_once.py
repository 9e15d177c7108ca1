"""The id of an erased user is never given to another, whose sessions it would open

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-23 11:40:51.803342

"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    rebuild(sqlite_autoincrement=True)


def downgrade():
    rebuild(sqlite_autoincrement=False)


def rebuild(*, sqlite_autoincrement):
    """Only SQLite gives the highest id again once its row is deleted; PostgreSQL counts on."""
    if op.get_bind().dialect.name == "sqlite":
        options = {"sqlite_autoincrement": sqlite_autoincrement}
        with op.batch_alter_table("user", recreate="always", table_kwargs=options):
            pass

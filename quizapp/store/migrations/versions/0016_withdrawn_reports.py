"""Reports that are withdrawn

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 10:40:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("reporter", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    resize(8, 12)


def downgrade():
    op.execute(sa.text("UPDATE problem_report SET state = 'declined' WHERE state = 'withdrawn'"))
    resize(12, 8)
    with op.batch_alter_table("reporter", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")


def resize(old, new):
    """Make the state longer or shorter; SQLite copies the table for it, and must go on counting where it was."""
    sizes = {"existing_type": sa.String(old), "type_": sa.String(new), "existing_nullable": False}
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("problem_report", "state", **sizes)
        return
    last = op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'problem_report'"))
    with op.batch_alter_table("problem_report", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("state", **sizes)
    op.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'problem_report'"))
    if last is not None:
        keep = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('problem_report', :last)")
        op.get_bind().execute(keep, {"last": last})

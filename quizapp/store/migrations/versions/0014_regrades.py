"""Regrades, and what a question was worth before and after one

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-22 07:30:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("mark_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("old_available", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("new_available", sa.BigInteger(), nullable=True))
    op.create_table(
        "regrade_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("from_digests", sa.JSON(), nullable=False),
        sa.Column("to_digest", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", BIG_ID, nullable=True),
        sa.Column("put_back", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_run")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("regrade_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_run_item"), ["item"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_run_actor_id"), ["actor_id"], unique=False)


def downgrade():
    op.drop_table("regrade_run")
    with op.batch_alter_table("mark_change", schema=None) as batch_op:
        batch_op.drop_column("new_available")
        batch_op.drop_column("old_available")

"""Reasons beside answers, and answers that a teacher accepts for one quiz

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-22 07:20:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("response", sa.Column("because", sa.Text(), nullable=True))
    op.add_column("slot", sa.Column("self_check", sa.String(length=8), nullable=True))
    op.create_table(
        "accepted_answer",
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("quiz", "item", "digest", name=op.f("pk_accepted_answer")),
    )


def downgrade():
    op.drop_table("accepted_answer")
    with op.batch_alter_table("slot", schema=None) as batch:
        batch.drop_column("self_check")
    with op.batch_alter_table("response", schema=None) as batch:
        batch.drop_column("because")

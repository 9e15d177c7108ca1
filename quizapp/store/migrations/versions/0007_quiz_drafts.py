"""Quizzes on which teachers work

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 05:10:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "quiz_draft",
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("quiz", "user_id", name=op.f("pk_quiz_draft")),
    )
    with op.batch_alter_table("quiz_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_draft_user_id"), ["user_id"], unique=False)


def downgrade():
    with op.batch_alter_table("quiz_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_draft_user_id"))
    op.drop_table("quiz_draft")

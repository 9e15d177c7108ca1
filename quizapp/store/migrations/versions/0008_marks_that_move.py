"""Marks that move after submission, comments on them, and notes to people

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 07:10:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_mark", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=True))
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=True))
    op.create_table(
        "mark_change",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        *(
            sa.Column(f"{when}_{what}", sa.BigInteger(), nullable=True)
            for what in ("fraction", "mark")
            for when in ("old", "new")
        ),
        sa.Column("old_reason", sa.Text(), nullable=True),
        sa.Column("new_reason", sa.Text(), nullable=True),
        sa.Column("old_parts", sa.JSON(), nullable=False),
        sa.Column("new_parts", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_mark_change_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mark_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mark_change_attempt_id_mark_change_slot"), ["attempt_id", "slot"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mark_change_run_id"), ["run_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_note_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_user_id_note_read_at"), ["user_id", "read_at"], unique=False)


def downgrade():
    op.drop_table("note")
    op.drop_table("mark_change")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_column("comment")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("comment")
        batch_op.drop_column("set_mark")

"""Questions written in the browser

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 05:00:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def big_id():
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("content", sa.Column("set_aside", sa.String(length=8), nullable=True))
    op.add_column("content", sa.Column("set_aside_reason", sa.Text(), nullable=True))
    op.add_column("content", sa.Column("author_id", big_id(), nullable=True))
    create_drafts()
    create_history()
    create_lines()


def create_drafts():
    op.create_table(
        "question_draft",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", big_id(), nullable=True),
        sa.Column("saved_by", big_id(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_question_draft")),
    )
    op.create_index(op.f("ix_question_draft_author_id"), "question_draft", ["author_id"])


def create_history():
    op.create_table(
        "content_history",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("actor_id", big_id(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_history")),
    )
    op.create_index(op.f("ix_content_history_kind_content_history_name"), "content_history", ["kind", "name"])


def create_lines():
    op.create_table(
        "question_line",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("stamp", sa.String(length=140), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("skill", sa.String(length=24), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("author_id", big_id(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_unsourced", sa.Boolean(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_question_line")),
    )
    op.create_index(op.f("ix_question_line_author_id"), "question_line", ["author_id"])
    op.create_index(op.f("ix_question_line_status"), "question_line", ["status"])


def downgrade():
    for table in ("question_line", "content_history", "question_draft"):
        op.drop_table(table)
    with op.batch_alter_table("content") as batch:
        for column in ("author_id", "set_aside_reason", "set_aside"):
            batch.drop_column(column)

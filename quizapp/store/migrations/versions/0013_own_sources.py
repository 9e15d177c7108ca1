"""Sources that teachers add, and other copies of catalogued documents

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 07:25:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def big_id():
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "own_source",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner_id", big_id(), nullable=True),
        sa.Column("panel", sa.JSON(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("next_part", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_own_source")),
    )
    op.create_index(op.f("ix_own_source_owner_id"), "own_source", ["owner_id"], unique=False)
    op.create_table(
        "own_text",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("added_by", big_id(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "sha256", name=op.f("pk_own_text")),
    )
    op.create_table(
        "other_copy",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("attached_by", big_id(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_other_copy")),
    )


def downgrade():
    op.drop_table("other_copy")
    op.drop_table("own_text")
    op.drop_index(op.f("ix_own_source_owner_id"), table_name="own_source")
    op.drop_table("own_source")

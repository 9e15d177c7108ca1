"""Problems that students report, and challenges to keys and judgements

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 07:30:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def big_id():
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    create_reports()
    create_reporters()
    create_answers()


def create_reports():
    op.create_table(
        "problem_report",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("passage", sa.String(length=160), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("likeness", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("new_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["version.digest"], name=op.f("fk_problem_report_digest_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_report")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_problem_report_state"), "problem_report", ["state"])
    op.create_index(op.f("ix_problem_report_subject"), "problem_report", ["subject"])
    op.create_index(
        "uq_problem_report_open",
        "problem_report",
        ["subject", "digest", "kind", "likeness"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def create_reporters():
    op.create_table(
        "reporter",
        sa.Column("report_id", big_id(), nullable=False),
        sa.Column("user_id", big_id(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_reporter_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["problem_report.id"], name=op.f("fk_reporter_report_id_problem_report")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reporter_user_id_user")),
        sa.PrimaryKeyConstraint("report_id", "user_id", name=op.f("pk_reporter")),
    )
    op.create_index(op.f("ix_reporter_attempt_id"), "reporter", ["attempt_id"])
    op.create_index(op.f("ix_reporter_user_id"), "reporter", ["user_id"])


def create_answers():
    op.create_table(
        "report_answer",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("report_id", big_id(), nullable=False),
        sa.Column("author_id", big_id(), nullable=True),
        sa.Column("deed", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["problem_report.id"], name=op.f("fk_report_answer_report_id_problem_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_answer")),
    )
    op.create_index(op.f("ix_report_answer_report_id"), "report_answer", ["report_id"])


def downgrade():
    for table in ("report_answer", "reporter", "problem_report"):
        op.drop_table(table)

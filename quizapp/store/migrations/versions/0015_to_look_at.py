"""Questions that stay in use and should be looked at

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 10:20:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("content", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_look_at", sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table("content", schema=None) as batch_op:
        batch_op.drop_column("to_look_at")

"""How sure a student was of a response

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-23 10:12:07.415210

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("response", sa.Column("certainty", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("response") as batch:
        batch.drop_column("certainty")

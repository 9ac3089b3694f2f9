"""closing: the lock of past months"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("id", BigId, nullable=False),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    op.execute("INSERT INTO closing (id, row_version) VALUES (1, 1)")


def downgrade() -> None:
    op.drop_table("closing")

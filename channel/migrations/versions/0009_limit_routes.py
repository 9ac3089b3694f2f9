"""limit routes: who signs a change of a limit, and who has"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "maker", sa.Column("limit_raise_bp", sa.Integer(), nullable=False, server_default="2000")
    )
    with op.batch_alter_table("credit_limit") as batch:
        batch.add_column(sa.Column("route", Json, nullable=True))
        batch.add_column(sa.Column("signatures", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("credit_limit") as batch:
        batch.drop_column("signatures")
        batch.drop_column("route")
    op.drop_column("maker", "limit_raise_bp")

"""limits: more kinds, reviews and guarantees"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind IN ('fixed','temporary')"
KINDS = "kind IN ('fixed', 'replacing', 'seasonal', 'guarantee', 'temporary')"


def upgrade() -> None:
    with op.batch_alter_table("credit_limit") as batch:
        batch.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("guarantor", sa.String(length=200), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("guarantee_fen", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("share_bp", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("ck_credit_limit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_credit_limit_kind"), KINDS)


def downgrade() -> None:
    with op.batch_alter_table("credit_limit") as batch:
        batch.drop_constraint(op.f("ck_credit_limit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_credit_limit_kind"), KINDS_BEFORE)
        for name in ("share_bp", "guarantee_fen", "guarantor", "review_on"):
            batch.drop_column(name)

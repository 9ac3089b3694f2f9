"""deposits: their ledger"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, UtcInstant
from channel.migrations.refusals import refuse_changes_when

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Rows of these tables never change again once this holds.
FROZEN_WHEN = {"deposit_entry": "OLD.approved_at IS NOT NULL"}


def upgrade() -> None:
    op.create_table(
        "deposit_entry",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("top_up_by", sa.Date(), nullable=True),
        sa.Column("restores_id", BigId, nullable=True),
        sa.Column("entered_by_id", BigId, nullable=True),
        sa.Column("entered_at", UtcInstant(), nullable=False),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("approved_at", UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('paid', 'topped_up', 'deducted', 'refunded', 'restored')",
            name=op.f("ck_deposit_entry_kind"),
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_deposit_entry_amount")),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR entered_by_id IS NULL OR approved_by_id <> entered_by_id",
            name=op.f("ck_deposit_entry_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_deposit_entry_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["restores_id"], ["deposit_entry.id"], name=op.f("fk_deposit_entry_restores_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_deposit_entry_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_deposit_entry_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_deposit_entry_number")),
        sa.UniqueConstraint("restores_id", name=op.f("uq_deposit_entry_restores_id")),
    )
    with op.batch_alter_table("deposit_entry") as batch:
        batch.create_index(
            "ix_deposit_entry_owner", ["distributor_id", "currency", "on_date", "amount_fen"]
        )
    refuse_changes_when(FROZEN_WHEN)


def downgrade() -> None:
    op.drop_table("deposit_entry")

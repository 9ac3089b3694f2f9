"""stock checks: restatements, causes, quality scores"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEPT = ["stock_quality", "stock_reminder"]


def upgrade() -> None:
    op.create_table(
        "stock_quality",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("full_score", sa.Integer(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("scored_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "score >= 0 AND score <= full_score", name=op.f("ck_stock_quality_score")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["inventory_report.id"], name=op.f("fk_stock_quality_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_quality")),
        sa.UniqueConstraint("report_id", name=op.f("uq_stock_quality_report_id")),
    )
    op.create_table(
        "stock_reminder",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("step", sa.String(length=6), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("step IN ('before','on','after')", name=op.f("ck_stock_reminder_step")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_stock_reminder_distributor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reminder")),
        sa.UniqueConstraint(
            "distributor_id",
            "period_start",
            "step",
            name=op.f("uq_stock_reminder_distributor_id_period_start_step"),
        ),
    )
    refuse_changes(KEPT)
    with op.batch_alter_table("inventory_report") as batch:
        batch.add_column(
            sa.Column("state", sa.String(length=10), nullable=False, server_default="accepted")
        )
        batch.add_column(sa.Column("decided_by_id", BigId, nullable=True))
        batch.add_column(sa.Column("decided_at", UtcInstant(), nullable=True))
        batch.add_column(
            sa.Column("decision", sa.String(length=500), nullable=False, server_default="")
        )
        batch.create_foreign_key(
            op.f("fk_inventory_report_decided_by_id"), "user_account", ["decided_by_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_inventory_report_state"), "state IN ('submitted','accepted','returned')"
        )
        batch.create_check_constraint(
            op.f("ck_inventory_report_two_persons"),
            "decided_by_id IS NULL OR filed_by_id IS NULL OR decided_by_id <> filed_by_id",
        )


def downgrade() -> None:
    with op.batch_alter_table("inventory_report") as batch:
        batch.drop_constraint(op.f("ck_inventory_report_two_persons"), type_="check")
        batch.drop_constraint(op.f("ck_inventory_report_state"), type_="check")
        batch.drop_constraint(op.f("fk_inventory_report_decided_by_id"), type_="foreignkey")
        for column in ("decision", "decided_at", "decided_by_id", "state"):
            batch.drop_column(column)
    allow_changes(KEPT)
    for table in reversed(KEPT):
        op.drop_table(table)

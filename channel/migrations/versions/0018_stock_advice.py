"""stock advice: methods and layers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, UtcInstant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_policy",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("product_id", BigId, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("service_bp", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("safety_days", sa.Integer(), nullable=False),
        sa.Column("cover_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", BigId, nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "method IN ('','days_of_cover','cycle_service','fill_rate','poisson','croston',"
            "'sba','tsb')",
            name=op.f("ck_stock_policy_method"),
        ),
        sa.CheckConstraint(
            "service_bp BETWEEN 5000 AND 9999", name=op.f("ck_stock_policy_service")
        ),
        sa.CheckConstraint(
            "review_days >= 0 AND safety_days >= 0 AND cover_days > 0"
            " AND (lead_days IS NULL OR lead_days >= 0)",
            name=op.f("ck_stock_policy_days"),
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_stock_policy_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_policy_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_stock_policy_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_policy")),
    )
    op.create_index(
        "ix_stock_policy_goods", "stock_policy", ["distributor_id", "product_id", "valid_from"]
    )


def downgrade() -> None:
    op.drop_index("ix_stock_policy_goods", table_name="stock_policy")
    op.drop_table("stock_policy")
